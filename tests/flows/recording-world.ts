import { decodeChunk } from '../../cobrowse/chunk-format.ts';
import type { ChunkFrame } from '../../cobrowse/chunk-format.ts';
import type { ShareId } from '../../protocol/ids.ts';
import type { RecordingChunk, RecordingMark } from '../../protocol/recordings.ts';
import { unpackRuns } from '../_support/stored-recording.ts';
import type { AgentPage } from '../_support/story.ts';

export interface OpenedRecording {
  playbackId: string;
  marks: RecordingMark[];
  chunks: RecordingChunk[];
}

/** A recording with all that is known of it but its frames. */
export async function openRecording(agent: AgentPage, shareId: ShareId): Promise<OpenedRecording> {
  const { playbackId, marks } = await agent.request('recording:open-recording', { shareId });
  const chunks: RecordingChunk[] = [];
  for (;;) {
    const listed = await agent.request('recording:list-chunks', {
      playbackId,
      afterId: chunks.at(-1)?.chunkId ?? null,
    });
    chunks.push(...listed.chunks);
    if (!listed.hasMore) return { playbackId, marks, chunks };
  }
}

/** A recording as a workspace would read it, unpacked. */
export async function readRecording(
  agent: AgentPage,
  shareId: ShareId,
): Promise<{ marks: RecordingMark[]; frames: (ChunkFrame & { scopeNumber: number })[]; text: string }> {
  const { playbackId, marks, chunks } = await openRecording(agent, shareId);
  const frames: (ChunkFrame & { scopeNumber: number })[] = [];
  for (const { chunkId, bytes, scopeNumber } of chunks) {
    const pieces: Uint8Array[] = [];
    for (let read = 0; read < bytes; read += pieces.at(-1)?.byteLength ?? bytes) {
      const { data } = await agent.request('recording:fetch-chunk', { playbackId, chunkId, offset: read });
      pieces.push(data);
    }
    for (const frame of decodeChunk(Buffer.concat(pieces))) frames.push({ ...frame, scopeNumber });
  }
  await agent.request('recording:close-recording', { playbackId });
  return { marks, frames, text: unpackRuns(frames) };
}
