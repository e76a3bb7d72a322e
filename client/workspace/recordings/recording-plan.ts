import type { GapCause, RecordingChunk, ShareHistoryEntry } from '../../../protocol/recordings.ts';
import type { SharedTab } from '../../../protocol/sharing.ts';
import type { OpenedRecording } from './recording-source.ts';

/** What there was to see during a stretch. Places are milliseconds from the beginning of the recording. */
export type Scene = { from: number; to: number } & (
  | { kind: 'page'; tab: SharedTab }
  /** Shared, but no page was open. */
  | { kind: 'nothing' }
  | { kind: 'paused' }
  | { kind: 'unwatched' }
  | { kind: 'gap'; because: GapCause }
);

export interface Span {
  from: number;
  to: number;
}

/** Another page came in front. */
export interface PageTurn {
  place: number;
  tab: SharedTab;
}

/** A recording as the player follows it. */
export interface RecordingPlan {
  startedAt: number;
  lengthMs: number;
  /** Without holes, from the beginning to the end. */
  scenes: readonly Scene[];
  turns: readonly PageTurn[];
  /** Stretches in which nothing happens that are worth passing over. */
  idle: readonly Span[];
  /** The chunks of one of the visitor's pages, in their order. */
  chunksOf(tabId: string): readonly RecordingChunk[];
  sceneAt(place: number): Scene;
}

/** Shorter quiet is part of reading. */
const IDLE_MS = 4_000;
/** What was done last can be seen, and what comes is seen beginning. */
const AFTER_MS = 1_000;
const BEFORE_MS = 500;

export function toRecordingPlan(
  { recording, marks, chunks }: Omit<OpenedRecording, 'assetPath'>,
  history: readonly ShareHistoryEntry[],
): RecordingPlan {
  // From the first picture to the last thing that came: before and behind there is nothing to see.
  const startedAt = chunks.reduce(
    (first, { firstAt }) => Math.min(first, firstAt),
    chunks[0]?.firstAt ?? recording.startedAt,
  );
  const lengthMs = Math.max(1, chunks.reduce((last, { lastAt }) => Math.max(last, lastAt), startedAt) - startedAt);
  const toPlace = (at: number): number => Math.min(Math.max(0, at - startedAt), lengthMs);
  const byTab = groupByTab(chunks);
  const paused = listPaused(history.filter(({ shareId }) => shareId === recording.shareId)).map(
    ({ from, to }): Span => ({ from: toPlace(from), to: toPlace(to) }),
  );

  const found: Scene[] = [];
  for (const [index, mark] of marks.entries()) {
    const span = { from: toPlace(mark.at), to: toPlace(marks[index + 1]?.at ?? Number.POSITIVE_INFINITY) };
    // A later mark of the same moment says more.
    if (span.to <= span.from && index < marks.length - 1) continue;
    if (mark.kind === 'unwatched') found.push({ ...span, kind: 'unwatched' });
    else if (mark.kind === 'gap') found.push(...toGap(span, mark.because, lastTabs(marks, index), chunks, toPlace));
    else found.push(toScene(span, mark.tabs, paused));
  }
  const scenes = found.filter(({ from }) => from < lengthMs);
  const [first] = scenes;
  if (!first) scenes.push({ from: 0, to: lengthMs, kind: 'nothing' });
  else first.from = 0;

  return {
    startedAt,
    lengthMs,
    scenes,
    turns: listTurns(scenes, (tab) => toPlace(findPicture(byTab, tab)?.firstAt ?? startedAt)),
    idle: listIdle(chunks, scenes, toPlace, lengthMs),
    chunksOf: (tabId) => byTab.get(tabId) ?? [],
    sceneAt: (place) => scenes.findLast(({ from }) => from <= place) ?? scenes[0] ?? NOTHING,
  };
}

const NOTHING: Scene = { from: 0, to: 0, kind: 'nothing' };

function groupByTab(chunks: readonly RecordingChunk[]): Map<string, RecordingChunk[]> {
  const byTab = new Map<string, RecordingChunk[]>();
  for (const chunk of chunks) byTab.set(chunk.tabId, [...(byTab.get(chunk.tabId) ?? []), chunk]);
  for (const list of byTab.values()) list.sort((a, b) => a.epoch - b.epoch || a.firstSeq - b.firstSeq);
  return byTab;
}

/** In the server's time. What is paused at the end stays so. */
function listPaused(history: readonly ShareHistoryEntry[]): Span[] {
  const spans: Span[] = [];
  for (const { what, at } of history) {
    if (what === 'share-paused') spans.push({ from: at, to: Number.POSITIVE_INFINITY });
    const last = spans.at(-1);
    if ((what === 'share-resumed' || what === 'share-ended') && last) last.to = Math.min(last.to, at);
  }
  return spans;
}

function toScene(span: Span, tabs: readonly SharedTab[], paused: readonly Span[]): Scene {
  const tab = tabs.find(({ isFront }) => isFront) ?? tabs.at(-1);
  if (tab) return { ...span, kind: 'page', tab };
  const isPaused = paused.some(({ from, to }) => from < span.to && to > span.from);
  return { ...span, kind: isPaused ? 'paused' : 'nothing' };
}

function lastTabs(marks: OpenedRecording['marks'], before: number): readonly SharedTab[] {
  const mark = marks.slice(0, before).findLast(({ kind }) => kind === 'tabs');
  return mark?.kind === 'tabs' ? mark.tabs : [];
}

/** Until the next whole picture; from then on the page is there again. */
function toGap(
  span: Span,
  because: GapCause,
  tabs: readonly SharedTab[],
  chunks: readonly RecordingChunk[],
  toPlace: (at: number) => number,
): Scene[] {
  const next = chunks
    .filter(({ isKey }) => isKey)
    .map(({ firstAt }) => toPlace(firstAt))
    .find((place) => place > span.from && place < span.to);
  const to = next ?? span.to;
  const gap: Scene = { from: span.from, to, kind: 'gap', because };
  return next === undefined ? [gap] : [gap, toScene({ from: to, to: span.to }, tabs, [])];
}

/** The first whole picture of this page. */
function findPicture(byTab: ReadonlyMap<string, RecordingChunk[]>, { tabId, epoch }: SharedTab) {
  return byTab.get(tabId)?.find((chunk) => chunk.isKey && chunk.epoch === epoch);
}

/** @param pictureOf where the first picture of a page is: who goes to a page wants to see it */
function listTurns(scenes: readonly Scene[], pictureOf: (tab: SharedTab) => number): PageTurn[] {
  const turns: PageTurn[] = [];
  let before: SharedTab | undefined;
  for (const scene of scenes) {
    if (scene.kind !== 'page') continue;
    const { tab } = scene;
    const from = Math.max(scene.from, pictureOf(tab));
    const last = turns.at(-1);
    if (before?.tabId !== tab.tabId || before.url !== tab.url) turns.push({ place: from, tab });
    // A page tells its title a moment after its address.
    else if (last?.tab.title === '') last.tab = tab;
    before = tab;
  }
  return turns;
}

function listIdle(
  chunks: readonly RecordingChunk[],
  scenes: readonly Scene[],
  toPlace: (at: number) => number,
  lengthMs: number,
): Span[] {
  const active = chunks
    .flatMap(({ activeFrom, activeTo }) =>
      activeFrom === null || activeTo === null ? [] : [{ from: toPlace(activeFrom), to: toPlace(activeTo) }],
    )
    .concat(scenes.map(({ from }) => ({ from, to: from })))
    .toSorted((a, b) => a.from - b.from);
  const idle: Span[] = [];
  let quietSince = 0;
  for (const { from, to } of [...active, { from: lengthMs, to: lengthMs }]) {
    if (from - quietSince >= IDLE_MS) idle.push({ from: quietSince + AFTER_MS, to: from - BEFORE_MS });
    quietSince = Math.max(quietSince, to);
  }
  return idle;
}
