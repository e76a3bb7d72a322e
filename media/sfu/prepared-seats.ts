import type { SeatHolder, SeatMedia } from './seat-media.ts';

/** Who is ready has no seat yet. */
export type PageHolder = Omit<SeatHolder, 'seatId'>;

/** A person may be rung in several tabs; the oldest gives way. */
const MAX_PAGES_PER_PERSON = 3;

/**
 * Pages that are ready to join and have not been let in: connected, with the tracks of the others made for them, of
 * which none flows. What they have becomes a seat's media with their join, or goes with them.
 */
export function createPreparedSeats() {
  const pages = new Map<string, SeatMedia>();

  function drop(fits: (holder: PageHolder) => boolean): void {
    for (const [clientId, media] of pages) {
      if (!fits(media.holder)) continue;
      pages.delete(clientId);
      media.close();
    }
  }

  function find({ personId, clientId }: Pick<PageHolder, 'personId' | 'clientId'>): SeatMedia | undefined {
    const media = pages.get(clientId);
    return media?.holder.personId === personId ? media : undefined;
  }

  return {
    /** The newest of a page replaces what it had; false when another person's page has this name. */
    add(media: SeatMedia): boolean {
      const { personId, clientId } = media.holder;
      if (pages.has(clientId) && find(media.holder) === undefined) return false;
      drop((holder) => holder.clientId === clientId);
      const own = [...pages.values()].filter(({ holder }) => holder.personId === personId);
      const oldest = own.length < MAX_PAGES_PER_PERSON ? undefined : own[0];
      drop((holder) => holder === oldest?.holder);
      pages.set(clientId, media);
      return true;
    },
    find,
    /** Lets the page in: what it prepared is the caller's from now on. Undefined when it is gone or no longer whole. */
    take(page: Pick<PageHolder, 'personId' | 'clientId'>): SeatMedia | undefined {
      const media = find(page);
      if (media === undefined || media.sendTransport.closed || media.receiveTransport.closed) return undefined;
      pages.delete(page.clientId);
      return media;
    },
    drop,
    list: () => [...pages.values()],
  };
}
