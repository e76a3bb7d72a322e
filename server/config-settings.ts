import { isIP } from 'node:net';
import * as z from 'zod';
import { isOrigin } from './origins.ts';

/** In digits: text as it comes from the environment, or a number of the file. Nothing else passes for one. */
const wholeNumber = (min: number, max: number) =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ])
    .pipe(z.int().min(min).max(max));

const port = (example: number) => ({
  example: String(example),
  problem: 'a port is a whole number from 1 to 65535',
  schema: wholeNumber(1, 65_535),
});

/** Each variable: what is right, how that reads, and an example. File keys are the same names in camel case. */
export const settings = {
  FOYER_PORT: { fileKey: 'port', ...port(3000), schema: wholeNumber(0, 65_535) },
  FOYER_HOST: {
    fileKey: 'host',
    example: '0.0.0.0',
    problem: 'this is the address to listen on: an IP address or a host name',
    schema: z.string().regex(/^[A-Za-z0-9.:_-]+$/),
  },
  FOYER_PUBLIC_URL: {
    fileKey: 'publicUrl',
    example: 'https://support.example.com',
    problem: 'this is an http or https address without path',
    schema: z.string().refine(isOrigin),
  },
  FOYER_VIEWER_URL: {
    fileKey: 'viewerUrl',
    example: 'https://viewer.example.net',
    problem: 'this is an http or https address without path, of another host than FOYER_PUBLIC_URL',
    schema: z.string().refine(isOrigin),
  },
  FOYER_TRUSTED_PROXIES: {
    fileKey: 'trustedProxies',
    example: '1',
    problem: 'this is the number of proxies in front of Foyer, 0 to 10',
    schema: wholeNumber(0, 10),
  },
  FOYER_DATA_DIR: {
    fileKey: 'dataDir',
    example: './data',
    problem: 'this is the folder for the database and files',
    schema: z.string().min(1),
  },
  FOYER_NODE_ID: {
    fileKey: 'nodeId',
    example: 'node-1',
    problem: 'this names the node: letters, digits and hyphens, at most 40',
    schema: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
  },
  FOYER_LOG_LEVEL: {
    fileKey: 'logLevel',
    example: 'info',
    problem: 'this is one of fatal, error, warn, info, debug, trace, silent',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  },
  FOYER_ADMIN_EMAIL: {
    fileKey: 'adminEmail',
    example: 'you@example.com',
    problem: 'this is the e-mail address that the first admin signs in with',
    schema: z.email().max(254),
  },
  FOYER_ADMIN_PASSWORD: {
    fileKey: 'adminPassword',
    example: 'a sentence of at least 10 characters',
    problem: 'a password has 10 to 256 characters',
    schema: z.string().min(10).max(256),
    isSecret: true,
  },
  FOYER_CHAT_CAP: {
    fileKey: 'chatCap',
    example: '6',
    problem: 'this is how many conversations an agent may have at once, 1 to 100',
    schema: wholeNumber(1, 100),
  },
  FOYER_RTC_PORT: { fileKey: 'rtcPort', ...port(40_000) },
  FOYER_RTC_ANNOUNCED_ADDRESS: {
    fileKey: 'rtcAnnouncedAddress',
    example: '203.0.113.7',
    problem: 'this is the IP address or host name under which browsers reach the media ports',
    schema: z
      .string()
      .refine((value) => isIP(value) !== 0 || /^(?=.{1,253}$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(value)),
  },
  FOYER_MEDIA_WORKERS: {
    fileKey: 'mediaWorkers',
    example: '2',
    problem: 'this is the number of media workers, 0 (no calls) to 64',
    schema: wholeNumber(0, 64),
  },
  FOYER_DEMO: {
    fileKey: 'demo',
    example: 'off',
    problem: 'this is on or off',
    schema: z.enum(['on', 'off']),
  },
} as const;

export type SettingName = keyof typeof settings;

/** Announced in the documents for later versions: refused by name, so that nobody believes they are in use. */
export const NOT_YET = {
  DATABASE_URL: 'PostgreSQL is not supported by this version: leave it empty, data goes to a file in FOYER_DATA_DIR',
  REDIS_URL: 'several nodes are not supported by this version: leave it empty',
} as const;
