import { describe, expect, test } from 'vitest';
import { ConfigError, parseConfig } from '../config.ts';
import type { Config, ConfigFault } from '../config.ts';
import { siteSettings } from './site-settings.ts';

const FILE = '/etc/foyer.json';
const fromFile = (content: unknown): Config => parseConfig({ environment: {}, file: { path: FILE, content } });

function faultsOf(content: unknown): ConfigFault[] {
  try {
    fromFile(content);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('business hours in the configuration file', () => {
  test('[D3] hours are taken over, of the site and of a department that has its own', () => {
    const hours = {
      timeZone: 'Asia/Kolkata',
      weekly: { monday: [{ from: '22:00', to: '24:00' }] },
      exceptions: [{ date: '2028-02-29', name: { en: 'Leap day' } }],
    };
    const departments = ['Orders', { name: 'Returns', hours }, { name: 'Emergencies', hours: null }];
    const [always, site] = fromFile({
      sites: [
        { key: 'a', name: 'A' },
        { key: 'b', name: 'B', hours, departments },
      ],
    }).sites;
    expect(always?.hours).toBeNull();
    expect(site?.hours).toMatchObject({
      timeZone: 'Asia/Kolkata',
      weekly: { monday: [{ from: '22:00', to: '24:00' }], sunday: [] },
      exceptions: [{ date: '2028-02-29', spans: [], name: { en: 'Leap day' } }],
    });
    expect(site?.departments).toEqual([
      { name: { en: 'Orders' } },
      { name: { en: 'Returns' }, hours: site?.hours },
      { name: { en: 'Emergencies' }, hours: null },
    ]);
  });

  const goodHours = { timeZone: 'Europe/Berlin', weekly: {} };
  test.each([
    [
      'timeZone',
      { ...goodHours, timeZone: 'Europe/Berln' },
      '"Europe/Berln"',
      'did you mean Europe/Berlin?',
      '"Europe/Berlin"',
    ],
    ['timeZone', { ...goodHours, timeZone: '+02:00' }, '"+02:00"', 'no such time zone', '"Europe/Berlin"'],
    ['timeZone', { weekly: {} }, 'nothing', 'expected string', '"Europe/Berlin"'],
    ['weekly', { ...goodHours, weekly: { mondey: [] } }, '{"mondey":[]}', 'mondey', '"monday": ['],
    [
      'weekly.monday.0.from',
      { ...goodHours, weekly: { monday: [{ from: '9:00', to: '10:00' }] } },
      '"9:00"',
      'HH:MM',
      '"09:00"',
    ],
    [
      'weekly.monday.0.from',
      { ...goodHours, weekly: { monday: [{ from: '24:00', to: '10:00' }] } },
      '"24:00"',
      '23:59',
      '"09:00"',
    ],
    [
      'weekly.friday.0.to',
      { ...goodHours, weekly: { friday: [{ from: '09:00', to: '24:01' }] } },
      '"24:01"',
      '24:00',
      '"17:30"',
    ],
    [
      'weekly.friday.0',
      { ...goodHours, weekly: { friday: [{ from: '09:00', to: '09:00' }] } },
      '{"from":"09:00","to":"09:00"}',
      'another time',
      '"monday": [',
    ],
    [
      'exceptions.0.date',
      { ...goodHours, exceptions: [{ date: '2027-02-29' }] },
      '"2027-02-29"',
      'calendar',
      '"2026-12-25"',
    ],
    [
      'exceptions.1.date',
      { ...goodHours, exceptions: [{ date: '2026-12-25' }, { date: '2026-12-25' }] },
      '"2026-12-25"',
      'already',
      '"2026-12-25"',
    ],
    [
      'exceptions.0.spans',
      { ...goodHours, exceptions: [{ date: '2026-12-25', spans: 'closed' }] },
      '"closed"',
      'array',
      '[{ "from"',
    ],
  ])(
    '[D1] a fault at %s of the hours %j is told with what was seen and a good example',
    (place, hours, seen, problem, example) => {
      const departments = ['Orders', { name: 'Returns', hours }];
      const faults = faultsOf({ sites: [{ key: 'a', name: 'A', hours, departments }] });
      expect(faults.map(({ key }) => key).sort()).toEqual([
        `sites.0.departments.1.hours.${place} (in ${FILE})`,
        `sites.0.hours.${place} (in ${FILE})`,
      ]);
      for (const fault of faults) {
        expect(fault.seen).toBe(seen);
        expect(fault.problem).toContain(problem);
        expect(fault.example).toContain(example);
      }
    },
  );

  test.each([
    [[''], '.0.name', '""'],
    [[7], '.0', '7'],
    [[{ hours: null }], '.0.name', 'nothing'],
    [[{ name: 'Orders', open: true }], '.0', '{"name":"Orders","open":true}'],
    [['Orders', 'Returns', 'Orders'], '.2', '"Orders"'],
  ])('[D1] the departments %j are refused with their place', (departments, place, seen) => {
    const faults = faultsOf({ sites: [{ key: 'a', name: 'A', departments }] });
    expect(faults.map((fault) => [fault.key, fault.seen])).toEqual([
      [`sites.0.departments${place} (in ${FILE})`, seen],
    ]);
  });

  test('[D3] what is stored of a site reads the same again, as does what was stored before there were hours', () => {
    const [site] = fromFile({ sites: [{ key: 'a', name: 'A', hours: goodHours, departments: ['Orders'] }] }).sites;
    expect(siteSettings.parse(JSON.parse(JSON.stringify(site)))).toEqual(site);
    const { hours: _none, ...before } = { ...site, departments: ['Orders'] };
    expect(siteSettings.parse(JSON.parse(JSON.stringify(before)))).toEqual({ ...site, hours: null });
  });
});
