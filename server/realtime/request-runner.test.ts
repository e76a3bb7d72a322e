import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Ack } from '../../protocol/errors.ts';
import { AppError } from '../errors.ts';
import type { CodedError } from '../errors.ts';
import { createLogger } from '../logger.ts';
import { createRateLimits } from './rate-limits.ts';
import { runRequests } from './request-runner.ts';
import type { RequestRunnerParts } from './request-runner.ts';

interface Caller {
  person: string;
}

const requests = {
  'test:echo': { input: z.object({ text: z.string().max(20) }), output: z.object({ text: z.string() }) },
  'test:break': { input: z.object({}), output: z.object({}) },
  'test:refuse': { input: z.object({}), output: z.object({}) },
  'test:lie': { input: z.object({}), output: z.object({ count: z.int() }) },
  'test:step': { input: z.object({ step: z.int() }), output: z.object({}) },
  'test:unmade': { input: z.object({}), output: z.object({}) },
};

describe('answering what a page asks', () => {
  let logged: string[];
  let observed: { name: string; outcome: string }[];
  let steps: string[];
  let hear: (...heard: unknown[]) => void;

  function listen(changes: Partial<RequestRunnerParts<Caller>> = {}): void {
    runRequests<Caller>(
      { id: 'socket-1', onAny: (listener) => (hear = listener) },
      {
        requests,
        handlers: {
          'test:echo': async ({ text }: { text: string }, { person }: Caller) => ({ text: `${person}: ${text}` }),
          'test:break': async () => {
            throw new Error('password=hunter2 in table agents');
          },
          'test:refuse': async () => {
            throw new AppError('forbidden', 'Not yours.', { details: { field: 'a' }, cause: new Error('inside') });
          },
          'test:lie': async () => ({ count: 'many' }),
          'test:step': async ({ step }: { step: number }) => {
            steps.push(`begin ${step}`);
            await new Promise((resolve) => setImmediate(resolve));
            steps.push(`end ${step}`);
            return {};
          },
        },
        limits: createRateLimits(1),
        log: createLogger({ level: 'debug', destination: { write: (line) => logged.push(line) } }),
        toContext: () => ({ person: 'Ana' }),
        toLimitKey: ({ person }) => person,
        isAnswer: (error): error is CodedError => error instanceof AppError,
        observe: (name, outcome) => observed.push({ name, outcome }),
        checksOutput: false,
        ...changes,
      },
    );
  }

  function ask(name: unknown, ...parameters: unknown[]): Promise<Ack<unknown>> {
    return new Promise((resolve) => hear(name, ...parameters, resolve));
  }

  async function codeOf(name: unknown, ...parameters: unknown[]): Promise<string> {
    const answer = await ask(name, ...parameters);
    return answer.ok ? 'ok' : answer.error.code;
  }

  /** What is counted is counted after the answer has left. */
  const counted = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  beforeEach(() => {
    logged = [];
    observed = [];
    steps = [];
    listen();
  });

  test('[O5] a good request is answered with what its handler says', async () => {
    expect(await ask('test:echo', { text: 'hello' })).toEqual({ ok: true, data: { text: 'Ana: hello' } });
    await counted();
    expect(observed).toEqual([{ name: 'test:echo', outcome: 'ok' }]);
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '', 'test:', 'test:echo '])(
    '[O5] a name that every object has, or nobody, is unknown: %j',
    async (name) => expect(await codeOf(name, {})).toBe('unknown-name'),
  );

  test('[O5] a request in the contract that no handler serves is unknown and not a crash', async () => {
    expect(await codeOf('test:unmade', {})).toBe('unknown-name');
  });

  test('[O5] a long made-up name is not sent back or logged whole', async () => {
    const answer = await ask('x'.repeat(100_000), {});
    expect(JSON.stringify(answer).length).toBeLessThan(400);
    expect(Math.max(...logged.map((line) => line.length))).toBeLessThan(1_000);
  });

  test.each([
    [undefined],
    [null],
    ['text'],
    [7],
    [true],
    [[]],
    [[{ text: 'a' }]],
    [{}],
    [{ text: 7 }],
    [{ text: null }],
    [{ text: ['a'] }],
    [{ text: { toString: 'a' } }],
    [{ text: 'a'.repeat(21) }],
    [JSON.parse('{"__proto__": {"text": "a"}}')],
    [Buffer.from('{"text":"a"}')],
  ])('[O5] input that is not as the contract says is refused by code: %j', async (input: unknown) => {
    expect(await codeOf('test:echo', input)).toBe('bad-input');
  });

  test('[O5] input nested a hundred thousand levels deep is refused and breaks nothing', async () => {
    let deep: unknown = 'end';
    for (let level = 0; level < 100_000; level += 1) deep = { text: deep };
    expect(await codeOf('test:echo', deep)).toBe('bad-input');
    expect(await codeOf('test:echo', { text: 'still here' })).toBe('ok');
  });

  test('[O5] further arguments are not looked at', async () => {
    expect(await ask('test:echo', { text: 'a' }, { text: 'b' }, 'c')).toEqual({ ok: true, data: { text: 'Ana: a' } });
  });

  test('[O5] a request without the wish for an answer runs and answers nobody', async () => {
    const under: Promise<void>[] = [];
    listen({ onAnswering: (answering) => under.push(answering) });
    hear('test:echo', { text: 'quiet' });
    hear('test:break');
    await Promise.all(under);
    await counted();
    expect(observed).toContainEqual({ name: 'test:echo', outcome: 'ok' });
    expect(observed).toContainEqual({ name: 'test:break', outcome: 'bad-input' });
  });

  test('[O5] a handler that breaks answers "internal", and its reason stays in the log', async () => {
    const answer = await ask('test:break', {});
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
    expect(logged.some((line) => line.includes('request failed') && line.includes('hunter2'))).toBe(true);
  });

  test('[O5] a refusal carries code, sentence and details, never its cause', async () => {
    expect(await ask('test:refuse', {})).toEqual({
      ok: false,
      error: { code: 'forbidden', message: 'Not yours.', details: { field: 'a' } },
    });
  });

  test('[O5] a page that may not ask yet is told so before anything runs', async () => {
    listen({
      toContext() {
        throw new AppError('not-signed-in', 'Not yet.');
      },
    });
    expect(await codeOf('test:echo', { text: 'a' })).toBe('not-signed-in');
  });

  test('[O5] one refused after too many requests is told when to come again, another person is not hindered', async () => {
    const outcomes = await Promise.all(Array.from({ length: 101 }, () => codeOf('test:echo', { text: 'a' })));
    expect(outcomes.filter((code) => code === 'ok')).toHaveLength(100);
    const refused = await ask('test:echo', { text: 'a' });
    expect(refused).toMatchObject({ ok: false, error: { code: 'rate-limited' } });
    expect(!refused.ok && Number(refused.error.details?.['retryAfterMs'])).toBeGreaterThan(0);
    listen({ toContext: () => ({ person: 'Ben' }) });
    expect(await codeOf('test:echo', { text: 'a' })).toBe('ok');
  });

  test('[O5] an answer against the contract is noticed where answers are checked', async () => {
    expect(await codeOf('test:lie', {})).toBe('ok');
    listen({ checksOutput: true });
    expect(await codeOf('test:lie', {})).toBe('internal');
  });

  test('[V5] requests that decide who the page is run one after another, others side by side', async () => {
    listen({ takesTurns: new Set(['test:step']) });
    await Promise.all([ask('test:step', { step: 1 }), ask('test:step', { step: 2 })]);
    expect(steps).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
    steps = [];
    listen();
    await Promise.all([ask('test:step', { step: 1 }), ask('test:step', { step: 2 })]);
    expect(steps).toEqual(['begin 1', 'begin 2', 'end 1', 'end 2']);
  });

  test('[O5] an answer that cannot be sent is logged and ends nothing', async () => {
    const answered = Promise.withResolvers<void>();
    listen({ onAnswering: (answering) => void answering.then(answered.resolve) });
    hear('test:echo', { text: 'a' }, () => {
      throw new Error('cannot be encoded');
    });
    await answered.promise;
    expect(logged.some((line) => line.includes('an answer could not be sent'))).toBe(true);
  });

  test('[C1] what a request carries never comes into the log', async () => {
    await ask('test:echo', { text: 'my secret is 4711' });
    await ask('test:echo', { text: 'my secret is 4711 and much too long' });
    await ask('test:break', { text: 'my secret is 4711' });
    expect(logged.join('')).not.toContain('4711');
  });
});
