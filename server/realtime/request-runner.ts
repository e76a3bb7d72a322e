import type { RequestSchema } from '../../protocol/contract.ts';
import type { Ack } from '../../protocol/errors.ts';
import { AppError, toWireError } from '../errors.ts';
import type { CodedError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { RateLimits } from './rate-limits.ts';

const MAX_LOGGED_NAME = 80;

/** The part of a socket that is needed here. */
export interface RequestSocket {
  readonly id: string;
  onAny(listener: (...heard: unknown[]) => void): unknown;
}

export interface RequestRunnerParts<Context> {
  requests: Record<string, RequestSchema>;
  /** Typed by the contract where they are made; here only the name decides, and the schema has checked the input. */
  handlers: Record<string, (input: never, context: never) => unknown>;
  limits: RateLimits;
  log: Logger;
  /** What must be done before the first request, such as joining rooms. */
  ready?: Promise<void>;
  /** Who asks; throws when the page may not ask this yet. */
  toContext(wireName: string): Context;
  /** The person, or the address, that limits count for. */
  toLimitKey(context: Context, wireName: string): string;
  /** Names that one page asks one after another, however fast it sends them. */
  takesTurns?: ReadonlySet<string>;
  /** Names that build on such a request of the same page, sent right behind it: they wait for it, nothing waits for them. */
  followsTurns?: ReadonlySet<string>;
  /** Hears of every request under way, so that a closing server can answer them first. */
  onAnswering?(answered: Promise<void>): void;
  isAnswer(error: unknown): error is CodedError;
  observe(wireName: string, outcome: string, tookMs: number): void;
  /** Also checks what goes out, against the same contract; costs time, so only tests switch it on. */
  checksOutput: boolean;
}

/**
 * Answers every request of a socket: parse → limit → run → ack → log. Nothing a page sends can throw out of here, and
 * everything that asks for an answer gets exactly one.
 */
export function runRequests<Context>(socket: RequestSocket, parts: RequestRunnerParts<Context>): void {
  let turn: Promise<void> = Promise.resolve();
  let isReady = parts.ready === undefined;
  parts.ready?.then(
    () => (isReady = true),
    // Each request hears it.
    () => {},
  );
  socket.onAny((name: unknown, ...parameters: unknown[]) => {
    const wireName = String(name);
    const last = parameters.at(-1);
    const acknowledge = typeof last === 'function' ? (last as (ack: Ack<unknown>) => void) : undefined;
    const input = parameters.length > (acknowledge ? 1 : 0) ? parameters[0] : undefined;
    const run = () => answer(socket, parts, wireName, input, isReady ? undefined : parts.ready, acknowledge);
    const takesTurn = parts.takesTurns?.has(wireName) ?? false;
    const answered = takesTurn || parts.followsTurns?.has(wireName) ? turn.then(run) : run();
    if (!answered) return;
    if (takesTurn) turn = answered;
    parts.onAnswering?.(answered);
  });
}

/**
 * Never throws and never rejects. What needs nobody else is answered within this very call: each promise on the way would
 * be a detour that the page waits for. Counted is in a turn of its own, for the same reason.
 */
function answer<Context>(
  socket: RequestSocket,
  parts: RequestRunnerParts<Context>,
  wireName: string,
  input: unknown,
  ready: Promise<void> | undefined,
  acknowledge: ((ack: Ack<unknown>) => void) | undefined,
): Promise<void> | undefined {
  const startedAt = performance.now();

  function reply(ack: Ack<unknown>): void {
    const tookMs = performance.now() - startedAt;
    try {
      acknowledge?.(ack);
    } catch (error) {
      parts.log.error({ err: error, name: wireName }, 'an answer could not be sent');
    }
    setImmediate(() => {
      const outcome = ack.ok ? 'ok' : ack.error.code;
      parts.observe(wireName, outcome, tookMs);
      if (!parts.log.isLevelEnabled('debug')) return;
      const name = wireName.slice(0, MAX_LOGGED_NAME);
      const rounded = Math.round(tookMs * 100) / 100;
      parts.log.debug({ name, outcome, tookMs: rounded, socketId: socket.id }, '<-- request');
    });
  }
  function refuse(error: unknown): void {
    const wireError = toWireError(error, parts.isAnswer);
    if (wireError.code === 'internal')
      parts.log.error({ err: error, name: wireName, socketId: socket.id }, 'request failed');
    reply({ ok: false, error: wireError });
  }

  let output: unknown;
  try {
    output = perform(parts, wireName, input, ready);
  } catch (error) {
    refuse(error);
    return undefined;
  }
  if (output instanceof Promise) return output.then((data: unknown) => reply({ ok: true, data }), refuse);
  reply({ ok: true, data: output });
  return undefined;
}

function perform<Context>(
  parts: RequestRunnerParts<Context>,
  wireName: string,
  input: unknown,
  ready: Promise<void> | undefined,
): unknown {
  // `hasOwn`, because a page may well ask for "constructor".
  const schema = Object.hasOwn(parts.requests, wireName) ? parts.requests[wireName] : undefined;
  const handler = Object.hasOwn(parts.handlers, wireName) ? parts.handlers[wireName] : undefined;
  if (!schema || !handler) {
    throw new AppError('unknown-name', 'The server does not know this request.', {
      details: { name: wireName.slice(0, MAX_LOGGED_NAME) },
    });
  }
  const context = parts.toContext(wireName);
  parts.limits.check(wireName, parts.toLimitKey(context, wireName));
  const parsed = schema.input.safeParse(input);
  if (!parsed.success) {
    throw new AppError('bad-input', 'Something in this request is not as it should be.', {
      details: {
        issues: parsed.error.issues
          .slice(0, 5)
          .map((issue) => ({ field: issue.path.join('.'), problem: issue.message })),
      },
    });
  }
  const run = (): unknown => {
    const output = handler(parsed.data as never, context as never);
    return parts.checksOutput ? check(schema, output) : output;
  };
  return ready ? ready.then(run) : run();
}

function check(schema: RequestSchema, output: unknown): unknown {
  if (output instanceof Promise) return output.then((data: unknown) => check(schema, data));
  schema.output.parse(output);
  return output;
}
