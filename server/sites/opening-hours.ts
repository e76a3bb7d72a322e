import type { DepartmentId, SiteId } from '../../protocol/ids.ts';
import type { AvailabilityView } from '../../protocol/sites.ts';
import type { DomainEventBus } from '../domain-events.ts';
import { findExceptionAt, isOpenAt, nextChangeAfter } from './business-hours.ts';
import type { BusinessHours } from './business-hours-settings.ts';
import type { LocalText } from './local-text.ts';
import type { SiteService } from './site-service.ts';
import type { Site } from './site-store.ts';

/** Which departments take requests as far as the clock goes, and who hears of it when that changes. */
export interface OpeningHours {
  isOpen(site: Site, departmentId: DepartmentId): boolean;
  /** Of a department that is closed: when it opens again, null for never. Undefined while it is open. */
  findOpening(site: Site, departmentId: DepartmentId): { opensAt: number | null } | undefined;
  /** When the first department opens again; null while one is open, and when none ever will. */
  findReopening(site: Site): AvailabilityView['reopening'];
  /** Publishes `site:hours-turned` for each site whose hours have turned since it last looked, and plans the next look. */
  sweep(): Promise<void>;
}

/** What holds from one moment to another, so that hours are worked out a few times a day and not at every question. */
interface Reading {
  from: number;
  until: number;
  isOpen: boolean;
  changesAt: number | null;
  /** The name of today's exception. */
  occasion: LocalText | null;
}

export function createOpeningHours(parts: {
  now: () => number;
  events: Pick<DomainEventBus, 'publish'>;
  sites: Pick<SiteService, 'all'>;
  remindAt(dueAt: number): void;
}): OpeningHours {
  const { now } = parts;
  const readings = new Map<BusinessHours, Reading>();
  /** Apart from the readings: a page that asks in the moment of a change must not keep the others from hearing of it. */
  const lookedUntil = new Map<SiteId, Pick<Reading, 'from' | 'until'>>();
  let remindedOf: number | null = null;

  function read(hours: BusinessHours): Reading {
    const known = readings.get(hours);
    if (known && holdsAt(known, now())) return known;
    const reading = readHours(hours, now());
    readings.set(hours, reading);
    return reading;
  }

  return {
    isOpen(site, departmentId) {
      const hours = hoursOf(site, departmentId);
      return hours === null || read(hours).isOpen;
    },

    findOpening(site, departmentId) {
      const hours = hoursOf(site, departmentId);
      if (hours === null) return undefined;
      const { isOpen, changesAt } = read(hours);
      return isOpen ? undefined : { opensAt: changesAt };
    },

    findReopening(site) {
      let first: NonNullable<AvailabilityView['reopening']> | null = null;
      for (const { departmentId } of site.departments) {
        const hours = hoursOf(site, departmentId);
        if (hours === null) return null;
        const { isOpen, changesAt, occasion } = read(hours);
        if (isOpen) return null;
        if (changesAt === null || (first && first.at <= changesAt)) continue;
        first = { at: changesAt, timeZone: hours.timeZone, occasion };
      }
      return first;
    },

    async sweep() {
      for (const site of parts.sites.all()) {
        const all = site.departments.flatMap(({ departmentId }) => hoursOf(site, departmentId) ?? []);
        if (all.length === 0) continue;
        const looked = lookedUntil.get(site.siteId);
        if (looked && holdsAt(looked, now())) continue;
        const until = Math.min(...all.map((hours) => read(hours).until));
        lookedUntil.set(site.siteId, { from: now(), until });
        parts.events.publish('site:hours-turned', { siteId: site.siteId });
      }
      const next = Math.min(...[...lookedUntil.values()].map(({ until }) => until));
      if (next === remindedOf || !Number.isFinite(next)) return;
      remindedOf = next;
      parts.remindAt(next);
    },
  };
}

/** A clock that was set back ends a reading as well as one that went on. */
function holdsAt({ from, until }: Pick<Reading, 'from' | 'until'>, now: number): boolean {
  return from <= now && now < until;
}

function readHours(hours: BusinessHours, now: number): Reading {
  const changesAt = nextChangeAfter(hours, now);
  const { exception, dayEndsAt } = findExceptionAt(hours, now);
  return {
    from: now,
    // The name of a day ends with the day, also when nothing opens or closes then.
    until: Math.min(changesAt ?? dayEndsAt, dayEndsAt),
    isOpen: isOpenAt(hours, now),
    changesAt,
    occasion: exception?.name ?? null,
  };
}

/** Those of the department, else those of the site; null is always open. */
function hoursOf(site: Site, departmentId: DepartmentId): BusinessHours | null {
  const name = site.departments.find((department) => department.departmentId === departmentId)?.name;
  const own = site.settings.departments.find((department) => department.name.en === name)?.hours;
  return own === undefined ? site.settings.hours : own;
}
