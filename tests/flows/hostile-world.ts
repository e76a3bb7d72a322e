import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { InputOf, VisitorRequests } from '../../protocol/contract.ts';
import type { Ack, ErrorCode } from '../../protocol/errors.ts';
import { openVisitor } from '../_support/story.ts';
import type { Stage } from '../_support/story.ts';

interface AnyPage {
  requestRaw(name: string, ...parameters: unknown[]): Promise<Ack<unknown>>;
}

/** Asks for something that must be refused, and gives the code. */
export async function refusalOf(page: AnyPage, name: string, ...parameters: unknown[]): Promise<ErrorCode | 'ok'> {
  const answer = await page.requestRaw(name, ...parameters);
  return answer.ok ? 'ok' : answer.error.code;
}

/** What a well-behaved widget sends to begin; each test spoils one part of it. */
export function startInput(
  changes: Partial<InputOf<VisitorRequests, 'conversation:start-conversation'>> = {},
): InputOf<VisitorRequests, 'conversation:start-conversation'> {
  return { clientRequestId: randomUUID(), modality: 'text', name: 'Grace Hofer', agreedTextVersion: '1', ...changes };
}

/** After an attack: the process serves HTTP, and a newcomer gets a session. */
export async function expectServing(stage: Pick<Stage, 'url'>): Promise<void> {
  expect((await fetch(`${stage.url}/healthz`)).status).toBe(200);
  const page = await openVisitor(stage);
  page.close();
}
