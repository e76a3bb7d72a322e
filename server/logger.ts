import { pino } from 'pino';
import type { Logger } from 'pino';

export type { Logger } from 'pino';

/** Never in a log: what people wrote, secrets, and the descriptions of connections. */
const REDACTED_FIELDS = [
  'text',
  'password',
  'token',
  'visitorToken',
  'cookie',
  'authorization',
  'dtlsParameters',
  'rtpParameters',
  'rtpCapabilities',
  'iceParameters',
  'email',
  'sdp',
  'iceCandidates',
  'body',
  'passwordHash',
  'tokenHash',
  'req.headers.cookie',
  'req.headers.authorization',
  'auth.visitorToken',
];

export interface LoggerOptions {
  level: string;
  /** Replaces standard output, for tests. */
  destination?: { write(line: string): void };
}

/** JSON lines on standard output; one `info` line per step of a life cycle, fields instead of sentences with ids. */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: {},
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[hidden]' },
  };
  return destination ? pino(options, destination) : pino(options);
}
