import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AgentId } from '../../protocol/ids.ts';
import { addToDepartments, updatePresence } from '../accounts/account-store.ts';
import type { Announcer } from '../announcer.ts';
import { createConversationFixture } from '../conversations/conversation-fixture.ts';
import type { ConversationFixture } from '../conversations/conversation-fixture.ts';
import { insertConnection } from '../db/connection-store.ts';
import { createLogger } from '../logger.ts';
import { createAvailabilityService } from './availability-service.ts';
import type { AvailabilityService } from './availability-service.ts';

const TELLING_MS = 30;

describe('telling open pages whether somebody can be asked', () => {
  let fixture: ConversationFixture;
  let agentId: AgentId;
  let availability: AvailabilityService;
  let told: boolean[];
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    fixture = await createConversationFixture();
    agentId = await fixture.newAgent('Ana Lind');
    await addToDepartments(fixture.db, agentId, [fixture.departmentId]);
    await insertConnection(fixture.db, { socketId: 's1', nodeId: 'node-1', party: 'agent', personId: agentId }, 1);
    told = [];
    const announcer: Pick<Announcer, 'toVisitorsOf'> = {
      toVisitorsOf(_siteId, _name, payload) {
        if ('availability' in payload) told.push(payload.availability.isAvailable);
      },
    };
    availability = createAvailabilityService({
      db: fixture.db,
      now: () => 1_000,
      log: createLogger({ level: 'silent' }),
      announcer,
      sites: fixture.sites,
      hours: { isOpen: () => true, findReopening: () => null },
    });
    await switchTo(0);
    await tell();
    expect(told).toEqual([false]);
  });
  afterEach(async () => {
    availability.close();
    vi.useRealTimers();
    await fixture.close();
  });

  async function switchTo(isAvailable: 0 | 1): Promise<void> {
    await updatePresence(fixture.db, agentId, { isAvailable });
    availability.reconsider(fixture.siteId);
  }
  async function tell(): Promise<void> {
    await vi.advanceTimersByTimeAsync(TELLING_MS);
    // The telling reads first; a read that is asked for after it comes after it.
    await fixture.db.selectFrom('leases').selectAll().execute();
    await fixture.db.selectFrom('leases').selectAll().execute();
    await fixture.db.selectFrom('leases').selectAll().execute();
  }

  test('[V2] it appears and disappears for open pages, and what did not change is not told again', async () => {
    await switchTo(1);
    await tell();
    await switchTo(1);
    await tell();
    await switchTo(0);
    await tell();
    expect(told).toEqual([false, true, false]);
  });

  test('[V2] what comes and goes before it is told is told to nobody', async () => {
    await switchTo(1);
    await switchTo(0);
    await tell();
    expect(told).toEqual([false]);
  });

  test('[V2] a page that opened in between and saw it hears that it is gone again', async () => {
    await switchTo(1);
    expect((await availability.viewOf(fixture.siteId)).isAvailable).toBe(true);
    await switchTo(0);
    await tell();
    expect(told).toEqual([false, false]);
  });

  test('[V2] what a page saw first is still told to those who were there before', async () => {
    await switchTo(1);
    expect((await availability.viewOf(fixture.siteId)).isAvailable).toBe(true);
    await tell();
    expect(told).toEqual([false, true]);
  });
});
