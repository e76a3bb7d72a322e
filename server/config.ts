import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import * as z from 'zod';
import { NOT_YET, settings } from './config-settings.ts';
import type { SettingName } from './config-settings.ts';
import { findNearestName } from './nearest-name.ts';
import { siteSettings, toSiteExample } from './sites/site-settings.ts';
import type { SiteSettings } from './sites/site-settings.ts';

/** Everything that may be set, parsed once and passed down. Times in milliseconds. */
export interface Config {
  host: string;
  port: number;
  /** Where browsers reach this server, without a trailing slash; null means "as they asked for it". */
  publicUrl: string | null;
  /** Another hostname of this server for the page that shows shared pages; null means the same one. */
  viewerUrl: string | null;
  /** How many proxies in front may be believed about addresses and https. */
  trustedProxies: number;
  /** `:memory:` keeps everything in memory, for tests. */
  databasePath: string;
  dataDir: string;
  nodeId: string;
  logLevel: string;
  admin: { email: string; password: string | null };
  /** Conversations that one agent may have at once. */
  chatCap: number;
  rtc: { port: number; announcedAddress: string | null; workers: number | null };
  /** The shop under `/demo/` and its site. */
  hasDemo: boolean;
  sites: SiteSettings[];
  timing: Timing;
}

/** Waits that tests shorten and nobody else changes. */
export interface Timing {
  /** How long one agent is rung. */
  offerMs: number;
  /** How long a visitor without a page keeps place and conversation. */
  visitorGraceMs: number;
  /** How long an agent without a connection still counts as here: a reload takes 1 to 5 s, a wifi change up to 12 s. */
  agentGraceMs: number;
  sweepEveryMs: number;
}

export const DEFAULT_TIMING: Timing = {
  offerMs: 30_000,
  visitorGraceMs: 90_000,
  agentGraceMs: 15_000,
  sweepEveryMs: 1_000,
};

/** One thing that is wrong, with what was seen and what would be right. */
export interface ConfigFault {
  key: string;
  seen: string;
  problem: string;
  example: string;
}

/** Every fault at once: nobody should start a server five times to learn of five mistakes. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly faults: ConfigFault[];

  constructor(faults: ConfigFault[]) {
    const lines = faults.map(
      ({ key, seen, problem, example }) => `  ${key}: ${problem}\n    seen: ${seen}\n    for example: ${example}`,
    );
    super(
      `Foyer cannot start, ${faults.length === 1 ? 'one setting is' : `${faults.length} settings are`} wrong:\n${lines.join('\n')}`,
    );
    this.faults = faults;
  }
}

type Environment = Record<string, string | undefined>;

/** What comes from outside: the environment, `.env` and the file that `FOYER_CONFIG` names. */
export interface RawConfig {
  /** That of the process, filled up from `.env`. */
  environment: Environment;
  /** Which of it stands in `.env`, and what is wrong with that file as a whole. */
  envFile?: { path: string; names: ReadonlySet<string>; faults: ConfigFault[] };
  /** Parsed content of the file, or what went wrong with it. */
  file: { path: string; content: unknown } | { path: string; fault: string } | null;
}

/**
 * Reads the process environment, `.env` in the working directory, and the file that one of them names; the only place
 * that does.
 */
export function readRawConfig(ofProcess: Environment = process.env, folder = process.cwd()): RawConfig {
  const envPath = resolve(folder, '.env');
  const { values, faults } = readEnvFile(envPath);
  const fromFile = Object.entries(values).filter(([name]) => !ofProcess[name]);
  const environment = { ...ofProcess, ...Object.fromEntries(fromFile) };
  const envFile = { path: envPath, names: new Set(fromFile.map(([name]) => name)), faults };
  const path = environment['FOYER_CONFIG'];
  if (!path) return { environment, envFile, file: null };
  try {
    return { environment, envFile, file: { path, content: JSON.parse(readFileSync(path, 'utf8')) as unknown } };
  } catch (error) {
    return { environment, envFile, file: { path, fault: toReadFault(error) } };
  }
}

const ENV_LINE = 'FOYER_PORT=3000';

/** Nothing when there is no such file. What Node's reader would pass over in silence is a fault. */
function readEnvFile(path: string): { values: Environment; faults: ConfigFault[] } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { values: {}, faults: [] };
    const problem = `the file cannot be read: ${toReadFault(error)}`;
    return { values: {}, faults: [{ key: '.env', seen: path, problem, example: ENV_LINE }] };
  }
  const misspelt = [...text.matchAll(/^[ \t]*(?:export[ \t]+)?(FOYER_\w*)(?![ \t]*=|\w)/gm)].map(
    ([, name = '']) => name,
  );
  const problem = 'a line of this file is a name, = and a value';
  return {
    values: parseEnv(text),
    faults: misspelt.map((name) => ({ key: `${name} (in ${path})`, seen: 'no =', problem, example: ENV_LINE })),
  };
}

/**
 * Turns what was read into a {@link Config}. The environment wins over the file.
 *
 * @throws ConfigError that names every fault
 */
export function parseConfig(raw: RawConfig): Config {
  const faults: ConfigFault[] = [...(raw.envFile?.faults ?? [])];
  const placeOf = (name: string): string => (raw.envFile?.names.has(name) ? `${name} (in ${raw.envFile.path})` : name);
  const fileValues = readFileValues(raw, faults);
  const read = <Name extends SettingName>(name: Name): z.output<(typeof settings)[Name]['schema']> | undefined => {
    const setting = settings[name];
    const fromEnvironment = raw.environment[name];
    const isSet = fromEnvironment !== undefined && fromEnvironment !== '';
    const value = isSet ? fromEnvironment : fileValues[setting.fileKey];
    if (value === undefined) return undefined;
    const parsed = setting.schema.safeParse(value);
    if (parsed.success) return parsed.data as z.output<(typeof settings)[Name]['schema']>;
    faults.push({
      key: isSet ? placeOf(name) : `${setting.fileKey} (in ${raw.file?.path})`,
      seen: 'isSecret' in setting ? 'a value that is not shown here' : JSON.stringify(value),
      problem: setting.problem,
      example: setting.example,
    });
    return undefined;
  };

  const dataDir = toAbsolute(read('FOYER_DATA_DIR') ?? './data');
  const config: Config = {
    host: read('FOYER_HOST') ?? '0.0.0.0',
    port: read('FOYER_PORT') ?? 3000,
    publicUrl: toOrigin(read('FOYER_PUBLIC_URL')),
    viewerUrl: toOrigin(read('FOYER_VIEWER_URL')),
    trustedProxies: read('FOYER_TRUSTED_PROXIES') ?? 0,
    dataDir,
    databasePath: resolve(dataDir, 'foyer.db'),
    nodeId: read('FOYER_NODE_ID') ?? 'node-1',
    logLevel: read('FOYER_LOG_LEVEL') ?? 'info',
    admin: { email: read('FOYER_ADMIN_EMAIL') ?? 'admin@example.com', password: read('FOYER_ADMIN_PASSWORD') ?? null },
    chatCap: read('FOYER_CHAT_CAP') ?? 6,
    rtc: {
      port: read('FOYER_RTC_PORT') ?? 40_000,
      announcedAddress: read('FOYER_RTC_ANNOUNCED_ADDRESS') ?? null,
      workers: read('FOYER_MEDIA_WORKERS') ?? null,
    },
    hasDemo: read('FOYER_DEMO') !== 'off',
    sites: readSites(fileValues['sites'], raw, faults),
    timing: DEFAULT_TIMING,
  };
  checkViewerUrl(config, faults);
  for (const [name, problem] of Object.entries(NOT_YET)) {
    if (raw.environment[name]) faults.push({ key: placeOf(name), seen: 'a value', problem, example: '(empty)' });
  }
  for (const name of Object.keys(raw.environment)) {
    if (name.startsWith('FOYER_') && name !== 'FOYER_CONFIG' && !(name in settings)) {
      faults.push({
        key: placeOf(name),
        seen: 'a value',
        problem: `there is no such setting${suggest(name)}`,
        example: '(remove it)',
      });
    }
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/** The viewer lets itself be framed by the workspace alone, so it must know where that is. */
function checkViewerUrl({ publicUrl, viewerUrl }: Config, faults: ConfigFault[]): void {
  if (viewerUrl === null) return;
  if (publicUrl === null) {
    faults.push({
      key: 'FOYER_PUBLIC_URL',
      seen: 'nothing',
      problem: 'FOYER_VIEWER_URL needs it: the viewer must know where the workspace is',
      example: settings.FOYER_PUBLIC_URL.example,
    });
  } else if (new URL(publicUrl).hostname === new URL(viewerUrl).hostname) {
    faults.push({
      key: 'FOYER_VIEWER_URL',
      seen: JSON.stringify(viewerUrl),
      problem: 'it must be another host than FOYER_PUBLIC_URL: another port alone would share its cookies',
      example: settings.FOYER_VIEWER_URL.example,
    });
  }
}

function readFileValues(raw: RawConfig, faults: ConfigFault[]): Record<string, unknown> {
  if (!raw.file) return {};
  const example = '{ "port": 3000, "publicUrl": "https://support.example.com" }';
  if ('fault' in raw.file) {
    faults.push({
      key: 'FOYER_CONFIG',
      seen: raw.file.path,
      problem: `the file cannot be read as JSON: ${raw.file.fault}`,
      example,
    });
    return {};
  }
  const { path, content } = raw.file;
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    faults.push({ key: 'FOYER_CONFIG', seen: path, problem: 'the file must hold one JSON object', example });
    return {};
  }
  const known = new Set<string>([...Object.values(settings).map((setting) => setting.fileKey), 'sites', '$schema']);
  for (const key of Object.keys(content)) {
    if (!known.has(key)) {
      faults.push({
        key: `${key} (in ${path})`,
        seen: 'a value',
        problem: 'there is no such setting',
        example: [...known].join(', '),
      });
    }
  }
  return content as Record<string, unknown>;
}

function readSites(value: unknown, raw: RawConfig, faults: ConfigFault[]): SiteSettings[] {
  if (value === undefined) return [];
  const parsed = z.array(siteSettings).safeParse(value);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      faults.push({
        key: `sites.${issue.path.join('.')} (in ${raw.file?.path})`,
        seen: JSON.stringify(issue.path.reduce<unknown>(step, value)) ?? 'nothing',
        problem: issue.message,
        example: toSiteExample(issue.path),
      });
    }
    return [];
  }
  const keys = parsed.data.map((site) => site.key);
  const doubled = keys.find((key, index) => keys.indexOf(key) !== index);
  if (doubled) {
    faults.push({
      key: `sites (in ${raw.file?.path})`,
      seen: JSON.stringify(doubled),
      problem: 'two sites have the same key',
      example: '"shop", "shop-de"',
    });
  }
  return parsed.data;
}

/** One step into what was written; where a mere value stands in the place of an object, it is what was seen. */
function step(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : value;
}

function suggest(name: string): string {
  const nearest = findNearestName(name, Object.keys(settings));
  return nearest ? `; did you mean ${nearest}?` : '';
}

/** Without the excerpt of the file that the parser quotes: it may be a password. */
function toReadFault(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof SyntaxError ? message.replace(/,? *(\.\.\.)?".*$/s, '') : message;
}

function toOrigin(address: string | undefined): string | null {
  return address === undefined ? null : new URL(address).origin;
}

function toAbsolute(path: string): string {
  return isAbsolute(path) ? path : resolve(process.cwd(), path);
}
