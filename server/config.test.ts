import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, parseConfig, readRawConfig } from './config.ts';
import type { Config, ConfigFault } from './config.ts';

const FILE = '/etc/foyer.json';
const fromEnvironment = (environment: Record<string, string>): Config => parseConfig({ environment, file: null });
const fromFile = (content: unknown, environment: Record<string, string> = {}): Config =>
  parseConfig({ environment, file: { path: FILE, content } });

function faultsOf(parse: () => Config): ConfigFault[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  test('[D1] nothing has to be set', () => {
    expect(fromEnvironment({})).toMatchObject({
      host: '0.0.0.0',
      port: 3000,
      publicUrl: null,
      viewerUrl: null,
      trustedProxies: 0,
      logLevel: 'info',
      rtc: { port: 40_000, announcedAddress: null, workers: null },
      chatCap: 6,
      hasDemo: true,
      sites: [],
    });
  });

  test('[D1] what is set is taken over, and an empty value counts as not set', () => {
    const config = fromEnvironment({
      FOYER_PORT: '3100',
      FOYER_PUBLIC_URL: 'https://support.example.com/',
      FOYER_TRUSTED_PROXIES: '2',
      FOYER_DATA_DIR: '/var/lib/foyer',
      FOYER_RTC_ANNOUNCED_ADDRESS: '2001:db8::7',
      FOYER_MEDIA_WORKERS: '0',
      FOYER_LOG_LEVEL: '',
      SOMETHING_ELSE: 'of another program',
    });
    expect(config).toMatchObject({
      port: 3100,
      publicUrl: 'https://support.example.com',
      trustedProxies: 2,
      databasePath: '/var/lib/foyer/foyer.db',
      logLevel: 'info',
      rtc: { announcedAddress: '2001:db8::7', workers: 0 },
    });
  });

  test.each([
    ['https://support.example.com', 'https://viewer.example.net', []],
    ['https://support.example.com', 'https://support.example.com:8443', ['FOYER_VIEWER_URL']],
    ['https://support.example.com', 'https://viewer.example.net/path', ['FOYER_VIEWER_URL']],
    ['', 'https://viewer.example.net', ['FOYER_PUBLIC_URL']],
  ])('[B11] public address %j and viewer %j: wrong are %j', (publicUrl, viewerUrl, wrong) => {
    const faults = faultsOf(() => fromEnvironment({ FOYER_PUBLIC_URL: publicUrl, FOYER_VIEWER_URL: viewerUrl }));
    expect(faults.map(({ key }) => key)).toEqual(wrong);
  });

  test('[D1] every fault is told at once, with key, what was seen and what would be right', () => {
    const wrong = {
      FOYER_PORT: '70000',
      FOYER_PUBLIC_URL: 'support.example.com/path',
      FOYER_TRUSTED_PROXIES: 'one',
      FOYER_LOG_LEVEL: 'loud',
      FOYER_ADMIN_EMAIL: 'admin',
      FOYER_RTC_PORT: '0',
      FOYER_MEDIA_WORKERS: '-1',
    };
    const faults = faultsOf(() => fromEnvironment(wrong));
    expect(faults.map(({ key, seen }) => [key, JSON.parse(seen)])).toEqual(Object.entries(wrong));
    expect(faults.every(({ example, problem }) => example.length > 0 && problem.length > 0)).toBe(true);
    const { message } = new ConfigError(faults);
    for (const [key, seen] of Object.entries(wrong)) {
      expect(message).toContain(key);
      expect(message).toContain(seen);
    }
    expect(message).toContain('7 settings are wrong');
  });

  test('[D1] every example is itself a good value', () => {
    const spoiled: Record<string, string> = {
      FOYER_HOST: 'a b',
      FOYER_NODE_ID: 'a b',
      FOYER_RTC_ANNOUNCED_ADDRESS: 'a b',
      FOYER_PORT: '-',
      FOYER_PUBLIC_URL: '-',
      FOYER_TRUSTED_PROXIES: '-',
      FOYER_LOG_LEVEL: '-',
      FOYER_ADMIN_EMAIL: '-',
      FOYER_ADMIN_PASSWORD: '-',
      FOYER_CHAT_CAP: '-',
      FOYER_RTC_PORT: '-',
      FOYER_MEDIA_WORKERS: '-',
      FOYER_DEMO: '-',
    };
    const faults = faultsOf(() => fromEnvironment(spoiled));
    expect(faults).toHaveLength(Object.keys(spoiled).length);
    const examples = Object.fromEntries(faults.map(({ key, example }) => [key, example]));
    expect(faultsOf(() => fromEnvironment(examples))).toEqual([]);
  });

  test.each(['3000.5', '0x50', '1e3', ' 3000', '+1', '٣', 'Infinity', 'null', '3000 '])(
    '[D1] %j is no port, because a number is written in digits',
    (value) => expect(faultsOf(() => fromEnvironment({ FOYER_PORT: value }))).toHaveLength(1),
  );

  test.each([
    'ftp://support.example.com',
    'https://support.example.com/foyer',
    'https://support.example.com?a=1',
    'https://support.example.com/#top',
    'https://admin:secret@support.example.com',
    'javascript:alert(1)',
    'https://',
  ])('[D1] %j is no public address', (value) => {
    expect(faultsOf(() => fromEnvironment({ FOYER_PUBLIC_URL: value }))).toHaveLength(1);
  });

  test('[D1] a password that is too short is refused and shown nowhere', () => {
    const faults = faultsOf(() => fromEnvironment({ FOYER_ADMIN_PASSWORD: 'hunter2' }));
    expect(faults).toHaveLength(1);
    expect(new ConfigError(faults).message).not.toContain('hunter2');
    const inFile = faultsOf(() => fromFile({ adminPassword: 'hunter2' }));
    expect(new ConfigError(inFile).message).not.toContain('hunter2');
  });

  test('[D1] what later versions will understand is refused by name, without its secrets', () => {
    const faults = faultsOf(() =>
      fromEnvironment({ DATABASE_URL: 'postgres://foyer:secret@db/foyer', REDIS_URL: 'redis://:secret@cache' }),
    );
    expect(faults.map(({ key }) => key)).toEqual(['DATABASE_URL', 'REDIS_URL']);
    expect(new ConfigError(faults).message).not.toContain('secret');
  });

  test.each([
    ['FOYER_PROT', 'FOYER_PORT'],
    ['FOYER_PUBLICURL', 'FOYER_PUBLIC_URL'],
    ['FOYER_ADMIN_MAIL', 'FOYER_ADMIN_EMAIL'],
    ['FOYER_LOGLEVEL', 'FOYER_LOG_LEVEL'],
    ['FOYER_TRUSTED_PROXY', 'FOYER_TRUSTED_PROXIES'],
  ])('[D1] for the misspelt %s the right %s is proposed', (misspelt, right) => {
    const faults = faultsOf(() => fromEnvironment({ [misspelt]: 'something secret' }));
    expect(faults).toHaveLength(1);
    expect(faults[0]?.key).toBe(misspelt);
    expect(faults[0]?.problem).toContain(`did you mean ${right}?`);
    expect(JSON.stringify(faults)).not.toContain('something secret');
  });

  test('[D1] a name that is like none gets no proposal', () => {
    expect(faultsOf(() => fromEnvironment({ FOYER_SOMETHING_QUITE_DIFFERENT: '1' }))[0]?.problem).toBe(
      'there is no such setting',
    );
  });
});

describe('the configuration file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'foyer-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('[D1] the environment wins over the file, and the file over what is assumed', () => {
    const config = fromFile({ port: 3100, logLevel: 'warn' }, { FOYER_PORT: '3200' });
    expect([config.port, config.logLevel]).toEqual([3200, 'warn']);
  });

  test.each([
    ['port', ''],
    ['port', null],
    ['port', true],
    ['port', [3000]],
    ['port', '0x50'],
    ['port', 3000.5],
    ['trustedProxies', true],
    ['mediaWorkers', {}],
    ['host', 7],
    ['logLevel', null],
  ])('[D1] %s may not be %j in a file', (key, value) => {
    const faults = faultsOf(() => fromFile({ [key]: value }));
    expect(faults.map((fault) => [fault.key, fault.seen])).toEqual([[`${key} (in ${FILE})`, JSON.stringify(value)]]);
  });

  test('[D1] numbers may stand in a file with and without quotes', () => {
    expect(fromFile({ port: '3100' }).port).toBe(3100);
    expect(fromFile({ port: 3100 }).port).toBe(3100);
  });

  test.each([[[]], ['text'], [null], [7]])('[D1] a file that holds %j is refused', (content: unknown) => {
    expect(faultsOf(() => fromFile(content)).map(({ key }) => key)).toEqual(['FOYER_CONFIG']);
  });

  test('[D1] unknown keys are all named', () => {
    const content: unknown = JSON.parse('{"prot": 1, "__proto__": {"port": 1}, "constructor": 2, "$schema": "x"}');
    expect(faultsOf(() => fromFile(content)).map(({ key }) => key)).toEqual([
      `prot (in ${FILE})`,
      `__proto__ (in ${FILE})`,
      `constructor (in ${FILE})`,
    ]);
  });

  test('[D1] a file that is not there is named, with what would be right in it', () => {
    const path = join(folder, 'missing.json');
    const [fault] = faultsOf(() => parseConfig(readRawConfig({ FOYER_CONFIG: path }, folder)));
    expect(fault).toMatchObject({ key: 'FOYER_CONFIG', seen: path });
    expect(fault?.problem).toContain('ENOENT');
  });

  test.each([
    '{"adminPassword": "hunter2hunter2" oops}',
    '{"adminPassword": hunter2hunter2}',
    '"hunter2hunter2',
    'hunter2hunter2',
  ])('[D1] a file that is no JSON is refused, and what is in it stays there: %s', (text) => {
    const path = join(folder, 'foyer.json');
    writeFileSync(path, text);
    const faults = faultsOf(() => parseConfig(readRawConfig({ FOYER_CONFIG: path }, folder)));
    expect(faults.map(({ key, seen }) => [key, seen])).toEqual([['FOYER_CONFIG', path]]);
    expect(new ConfigError(faults).message).not.toContain('unter2');
  });

  test('[D1] a good file is read from disk', () => {
    const path = join(folder, 'foyer.json');
    writeFileSync(path, '{"port": 3300, "sites": [{"key": "shop", "name": "Shop"}]}');
    const config = parseConfig(readRawConfig({ FOYER_CONFIG: path }, folder));
    expect(config.port).toBe(3300);
    expect(config.sites.map(({ key, departments }) => [key, departments])).toEqual([
      ['shop', [{ name: { en: 'Customer care', de: 'Kundenservice' } }]],
    ]);
  });

  function readWithEnvFile(text: string, environment: Record<string, string> = {}): Config {
    writeFileSync(join(folder, '.env'), text);
    return parseConfig(readRawConfig(environment, folder));
  }

  test('[D1] what stands in .env counts, and the environment wins over it', () => {
    const text = [
      '# Where the server listens.',
      'FOYER_PORT=3300',
      'export FOYER_HOST = "127.0.0.1" # here alone',
      "FOYER_ADMIN_PASSWORD='a sentence # of many words'",
      'OF_ANOTHER_PROGRAM=1',
    ].join('\n');
    expect(readWithEnvFile(text)).toMatchObject({
      port: 3300,
      host: '127.0.0.1',
      admin: { password: 'a sentence # of many words' },
    });
    expect(readWithEnvFile(text, { FOYER_PORT: '3400', FOYER_HOST: '' })).toMatchObject({
      port: 3400,
      host: '127.0.0.1',
    });
  });

  test('[D1] .env may name the file of the sites, and wins over what is in that', () => {
    const path = join(folder, 'foyer.json');
    writeFileSync(path, '{"port": 3300, "nodeId": "north"}');
    const config = readWithEnvFile(`FOYER_CONFIG=${path}\nFOYER_PORT=3400\n`);
    expect(config).toMatchObject({ port: 3400, nodeId: 'north' });
  });

  test('[D1] faults in .env are told with all others, with their place', () => {
    const path = join(folder, '.env');
    const text = 'FOYER_PORT=70000\nFOYER_HOTS=0.0.0.0\nFOYER_NODE_ID: north\n  FOYER_LOG_LEVEL debug\n#FOYER_X\n';
    const faults = faultsOf(() => readWithEnvFile(text, { FOYER_RTC_PORT: '0' }));
    expect(faults.map(({ key }) => key)).toEqual([
      `FOYER_NODE_ID (in ${path})`,
      `FOYER_LOG_LEVEL (in ${path})`,
      `FOYER_PORT (in ${path})`,
      'FOYER_RTC_PORT',
      `FOYER_HOTS (in ${path})`,
    ]);
  });

  test('[D1] a .env that cannot be read is named', () => {
    mkdirSync(join(folder, '.env'));
    const faults = faultsOf(() => parseConfig(readRawConfig({}, folder)));
    expect(faults).toEqual([expect.objectContaining({ key: '.env', seen: join(folder, '.env') })]);
  });

  test('[D1] every fault of every site is told at once, with its place in the file', () => {
    const sites = [
      { key: 'Shop 1', name: '' },
      { key: 'b', name: 'B', allowedOrigins: ['https://b.example/path', 'https://ok.example'], accent: 'red' },
      { key: 'c', name: 'C', departmnets: ['Sales'] },
    ];
    const faults = faultsOf(() => fromFile({ sites, port: 'x' }));
    const keys = faults.map(({ key }) => key);
    for (const place of [
      'sites.0.key',
      'sites.0.name',
      'sites.1.allowedOrigins.0',
      'sites.1.accent',
      'sites.2',
      'port',
    ]) {
      expect(keys).toContain(`${place} (in ${FILE})`);
    }
    expect(faults.find(({ key }) => key.startsWith('sites.1.accent'))?.seen).toBe('"red"');
    expect(faults.find(({ key }) => key.startsWith('sites.2'))?.problem).toContain('departmnets');
  });

  test('[D1] two sites may not have the same key', () => {
    const site = { key: 'shop', name: 'Shop' };
    expect(faultsOf(() => fromFile({ sites: [site, site] }))[0]?.problem).toBe('two sites have the same key');
  });

  test.each(['https://a.example/', 'https://a.example:8443', 'http://localhost:5173'])(
    '[D3] a site may be embedded by pages of %s',
    (origin) => {
      const [site] = fromFile({ sites: [{ key: 'a', name: 'A', allowedOrigins: [origin] }] }).sites;
      expect(site?.allowedOrigins).toEqual([new URL(origin).origin]);
    },
  );

  test.each([
    '*',
    'https://*.example',
    'https://a.example; script-src *',
    "'self'",
    'https://a.example b.example',
    'null',
    'data:text/html,x',
    'https://user@a.example',
  ])('[D3] %j is no origin, so that nothing strange comes into a policy', (origin) => {
    const faults = faultsOf(() => fromFile({ sites: [{ key: 'a', name: 'A', allowedOrigins: [origin] }] }));
    expect(faults.map(({ key }) => key)).toEqual([`sites.0.allowedOrigins.0 (in ${FILE})`]);
  });
});
