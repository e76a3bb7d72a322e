import type { DepartmentId, SiteId } from '../../protocol/ids.ts';
import type { AvailabilityView } from '../../protocol/sites.ts';
import { canTakeRequests } from '../accounts/agent-presence.ts';
import type { Announcer } from '../announcer.ts';
import { createCoalescer } from '../coalesce.ts';
import { listRecentServices } from '../conversations/conversation-store.ts';
import type { Db } from '../db/open.ts';
import type { Logger } from '../logger.ts';
import type { OpeningHours } from '../sites/opening-hours.ts';
import type { SiteService } from '../sites/site-service.ts';
import type { Site } from '../sites/site-store.ts';
import { listDesk } from './desk-store.ts';
import { median } from './wait-estimate.ts';

/** Whether "Click for Live Help" may show (V2), told to every open page of the site when it changes. */
export interface AvailabilityService {
  viewOf(siteId: SiteId): Promise<AvailabilityView>;
  /** The wanted department, or the first one, that can take a request. */
  findOpenDepartment(site: Site, wanted: DepartmentId | undefined): Promise<DepartmentId | undefined>;
  /** Something that decides it may have changed. */
  reconsider(siteId: SiteId): void;
  close(): void;
}

const FACES_SHOWN = 3;
const RECENT_SERVICES = 20;
/** Many pages connect at once after a restart; they may share an answer this old. */
const CACHE_MS = 1_000;
const TELL_AFTER_MS = 30;

export function createAvailabilityService(parts: {
  db: Db;
  now: () => number;
  log: Logger;
  announcer: Pick<Announcer, 'toVisitorsOf'>;
  sites: SiteService;
  hours: Pick<OpeningHours, 'isOpen' | 'findReopening'>;
}): AvailabilityService {
  const { db, now, sites, hours } = parts;
  const cache = new Map<SiteId, { readAt: number; view: Promise<AvailabilityView> }>();
  const told = new Map<SiteId, string>();

  async function read(site: Site): Promise<AvailabilityView> {
    const present = new Map<string, string>();
    const departments = [];
    const waits: number[] = [];
    for (const { departmentId } of site.departments) {
      const desk = hours.isOpen(site, departmentId) ? await listDesk(db, departmentId, now()) : [];
      const ready = desk.filter(canTakeRequests);
      for (const agent of ready) present.set(agent.agentId, agent.name);
      departments.push({ departmentId, isAvailable: ready.length > 0 });
      waits.push(...(await listRecentServices(db, departmentId, RECENT_SERVICES)).map((service) => service.waitedMs));
    }
    return {
      isAvailable: present.size > 0,
      departments,
      agentCount: present.size,
      agentNames: [...present.values()].sort().slice(0, FACES_SHOWN).map(toFirstName),
      typicalAnswerMs: median(waits) ?? null,
      reopening: hours.findReopening(site),
    };
  }

  function readShared(siteId: SiteId): Promise<AvailabilityView> {
    const cached = cache.get(siteId);
    if (cached && Math.abs(now() - cached.readAt) < CACHE_MS) return cached.view;
    const view = read(sites.requireSite(siteId));
    cache.set(siteId, { readAt: now(), view });
    view.catch(() => cache.delete(siteId));
    return view;
  }

  const teller = createCoalescer<SiteId>(
    async (siteId) => {
      cache.delete(siteId);
      const availability = await readShared(siteId);
      const fingerprint = toFingerprint(availability);
      if (told.get(siteId) === fingerprint) return;
      told.set(siteId, fingerprint);
      parts.announcer.toVisitorsOf(siteId, 'routing:availability-changed', { availability });
    },
    { delayMs: TELL_AFTER_MS, onError: (error) => parts.log.error({ err: error }, 'availability could not be told') },
  );

  return {
    async viewOf(siteId) {
      const view = await readShared(siteId);
      // This page knows what was not told yet. Should it not last until then, what lasts must be told all the same.
      if (told.get(siteId) !== toFingerprint(view)) told.delete(siteId);
      return view;
    },
    async findOpenDepartment(site, wanted) {
      cache.delete(site.siteId);
      const { departments } = await readShared(site.siteId);
      const open = departments.filter((department) => department.isAvailable);
      if (wanted) return open.find((department) => department.departmentId === wanted)?.departmentId;
      return open[0]?.departmentId;
    },
    reconsider(siteId) {
      cache.delete(siteId);
      teller.ask(siteId);
    },
    close: () => teller.close(),
  };
}

function toFingerprint({ typicalAnswerMs: _changesWithEveryAnswer, ...visible }: AvailabilityView): string {
  return JSON.stringify(visible);
}

function toFirstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name;
}
