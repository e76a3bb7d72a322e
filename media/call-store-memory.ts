import type { CallStore, QualityRecord } from './call-host.ts';
import type { CallRecord } from './call-record.ts';

/** Keeps calls in memory, for tests of what stands above a store. */
export function createMemoryCallStore(): CallStore & { qualitySamples: QualityRecord[] } {
  const records = new Map<string, CallRecord>();
  const qualitySamples: QualityRecord[] = [];
  const open = () => [...records.values()].filter((record) => record.phase !== 'ended');
  const copy = (record: CallRecord): CallRecord => structuredClone(record);

  return {
    qualitySamples,
    async insertCall(record) {
      if (open().some(({ conversationId }) => conversationId === record.conversationId)) return false;
      records.set(record.callId, copy(record));
      return true;
    },
    async findCall(callId) {
      const record = records.get(callId);
      return record && copy(record);
    },
    async findOpenCallOf(conversationId) {
      const record = open().find((candidate) => candidate.conversationId === conversationId);
      return record && copy(record);
    },
    async listOpenCalls() {
      return open().map(copy);
    },
    async listDueCalls(now) {
      return open()
        .filter(({ dueAt }) => dueAt !== null && dueAt <= now)
        .map(copy);
    },
    async saveCall(record, expectedRevision) {
      if (records.get(record.callId)?.revision !== expectedRevision) return false;
      records.set(record.callId, copy(record));
      return true;
    },
    async insertQualitySamples(samples) {
      qualitySamples.push(...samples);
    },
  };
}
