import { beforeEach, describe, expect, test } from 'vitest';
import type { DepartmentId, SiteId } from '../../protocol/ids.ts';
import { createOpeningHours } from './opening-hours.ts';
import type { OpeningHours } from './opening-hours.ts';
import { siteSettings } from './site-settings.ts';
import type { Site } from './site-store.ts';

const at = (time: string): number => Date.parse(time);
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const daily = (from: string, to: string) => Object.fromEntries(WEEKDAYS.map((day) => [day, [{ from, to }]]));

const berlin = { timeZone: 'Europe/Berlin', weekly: daily('09:00', '17:00') };
const kolkata = { timeZone: 'Asia/Kolkata', weekly: daily('10:00', '18:00') };
const never = { timeZone: 'Europe/Berlin', weekly: {} };

let now: number;
let turned: string[];
let reminders: number[];
beforeEach(() => {
  now = at('2026-11-23T12:00Z');
  turned = [];
  reminders = [];
});

function siteOf(key: string, settings: object): Site {
  const parsed = siteSettings.parse({ key, name: key, ...settings });
  return {
    siteId: key as SiteId,
    tenantId: 'tenant',
    settings: parsed,
    departments: parsed.departments.map(({ name }) => ({
      departmentId: name.en as DepartmentId,
      name: name.en,
      names: name,
    })),
  };
}

function open(...sites: Site[]): OpeningHours {
  return createOpeningHours({
    now: () => now,
    events: { publish: (_name, payload) => void turned.push('siteId' in payload ? payload.siteId : '') },
    sites: { all: () => sites },
    remindAt: (dueAt) => reminders.push(dueAt),
  });
}

describe('whose hours count', () => {
  test('[PR7] a department has its own hours, else those of its site, and null is always open', () => {
    const site = siteOf('shop', {
      hours: berlin,
      departments: ['Orders', { name: 'Returns', hours: kolkata }, { name: 'Emergencies', hours: null }],
    });
    const hours = open(site);
    const openAt = (time: string) => {
      now = at(time);
      return site.departments.flatMap(({ departmentId }) => (hours.isOpen(site, departmentId) ? departmentId : []));
    };
    expect(openAt('2026-11-23T05:00Z')).toEqual(['Returns', 'Emergencies']);
    expect(openAt('2026-11-23T09:00Z')).toEqual(['Orders', 'Returns', 'Emergencies']);
    expect(openAt('2026-11-23T15:59Z')).toEqual(['Orders', 'Emergencies']);
    expect(openAt('2026-11-23T16:00Z')).toEqual(['Emergencies']);
    // The clock may also be set back.
    expect(openAt('2026-11-23T09:00Z')).toEqual(['Orders', 'Returns', 'Emergencies']);
  });

  test('[PR7] a site without hours is always open and is never looked at again', async () => {
    const site = siteOf('shop', {});
    const hours = open(site);
    expect(hours.isOpen(site, 'Customer care' as DepartmentId)).toBe(true);
    expect(hours.findReopening(site)).toBeNull();
    await hours.sweep();
    expect([turned, reminders]).toEqual([[], []]);
  });
});

describe('when somebody is there again', () => {
  test('[PR11] the first department that opens counts, in its time zone', () => {
    const site = siteOf('shop', { hours: berlin, departments: ['Orders', { name: 'Returns', hours: kolkata }] });
    const hours = open(site);
    expect(hours.findReopening(site)).toBeNull();
    now = at('2026-11-23T16:00Z');
    expect(hours.findReopening(site)).toEqual({
      at: at('2026-11-24T04:30Z'),
      timeZone: 'Asia/Kolkata',
      occasion: null,
    });
  });

  test('[PR11] nothing is promised where nobody is ever going to be there, or somebody always is', () => {
    const closed = siteOf('shop', { hours: never });
    expect(open(closed).findReopening(closed)).toBeNull();
    const half = siteOf('shop', { hours: never, departments: ['Orders', { name: 'Emergencies', hours: null }] });
    expect(open(half).findReopening(half)).toBeNull();
    const later = siteOf('shop', { hours: never, departments: ['Orders', { name: 'Returns', hours: kolkata }] });
    now = at('2026-11-23T16:00Z');
    expect(open(later).findReopening(later)?.timeZone).toBe('Asia/Kolkata');
  });

  test('[PR11] a day with a name is named until it is over', async () => {
    const name = { en: 'Christmas Day', de: 'Weihnachten' };
    const site = siteOf('shop', { hours: { ...berlin, exceptions: [{ date: '2026-12-25', name }] } });
    const hours = open(site);
    now = at('2026-12-24T20:00Z');
    expect(hours.findReopening(site)).toMatchObject({ at: at('2026-12-26T08:00Z'), occasion: null });
    now = at('2026-12-24T23:00Z');
    expect(hours.findReopening(site)).toMatchObject({ at: at('2026-12-26T08:00Z'), occasion: name });
    await hours.sweep();
    expect(reminders).toEqual([at('2026-12-25T23:00Z')]);
    now = at('2026-12-25T23:00Z');
    expect(hours.findReopening(site)).toMatchObject({ occasion: null });
  });
});

describe('hearing of it', () => {
  test('[PR9] a site is told of once at each change, and the next one is planned', async () => {
    const hours = open(siteOf('shop', { hours: berlin }), siteOf('bank', { hours: kolkata }), siteOf('club', {}));
    await hours.sweep();
    turned.length = 0;
    expect(reminders).toEqual([at('2026-11-23T12:30Z')]);
    now = at('2026-11-23T12:30Z') - 1;
    await hours.sweep();
    expect([turned, reminders.length]).toEqual([[], 1]);
    now += 1;
    await hours.sweep();
    await hours.sweep();
    expect(turned).toEqual(['bank']);
    expect(reminders.slice(1)).toEqual([at('2026-11-23T16:00Z')]);
  });

  test('[PR9] a page that asked in the moment of the change keeps nobody from hearing of it', async () => {
    const site = siteOf('shop', { hours: berlin });
    const hours = open(site);
    await hours.sweep();
    turned.length = 0;
    now = at('2026-11-23T16:00Z');
    expect(hours.findReopening(site)).not.toBeNull();
    await hours.sweep();
    expect(turned).toEqual(['shop']);
  });

  test('[PR9] a clock that leaps, sleeps through changes or is set back is noticed', async () => {
    const hours = open(siteOf('shop', { hours: berlin }));
    await hours.sweep();
    for (const time of ['2026-11-30T12:00Z', '2026-11-23T02:00Z', '2026-11-23T01:00Z']) {
      turned.length = 0;
      now = at(time);
      await hours.sweep();
      expect(turned).toEqual(['shop']);
    }
  });
});
