import type { CallLine, CallStore, QualityRecord } from './call-host.ts';
import type { CallRecord } from './call-record.ts';

/** Keeps calls in memory, for tests of what stands above a store. */
export function createMemoryCallStore(): CallStore & { lines: CallLine[]; qualitySamples: QualityRecord[] } {
  const records = new Map<string, CallRecord>();
  const lines: CallLine[] = [];
  const qualitySamples: QualityRecord[] = [];
  const open = () => [...records.values()].filter((record) => record.phase !== 'ended');
  const copy = (record: CallRecord): CallRecord => structuredClone(record);

  return {
    lines,
    qualitySamples,
    async insertCall(record) {
      const isTaken = open().some((other) => other.conversationId === record.conversationId && isLike(other, record));
      if (isTaken || records.has(record.callId)) return false;
      records.set(record.callId, copy(record));
      return true;
    },
    async findCall(callId) {
      const record = records.get(callId);
      return record && copy(record);
    },
    async findOpenCallOf(conversationId) {
      const record = open().find((one) => one.conversationId === conversationId && one.modality !== 'screen');
      return record && copy(record);
    },
    async findOpenScreenOf(conversationId) {
      const record = open().find((one) => one.conversationId === conversationId && one.modality === 'screen');
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
    async saveCall(record, expectedRevision, line) {
      if (records.get(record.callId)?.revision !== expectedRevision) return false;
      records.set(record.callId, copy(record));
      if (line) lines.push(line);
      return true;
    },
    async insertQualitySamples(samples) {
      qualitySamples.push(...samples);
    },
  };
}

function isLike(one: CallRecord, other: CallRecord): boolean {
  return (one.modality === 'screen') === (other.modality === 'screen');
}
