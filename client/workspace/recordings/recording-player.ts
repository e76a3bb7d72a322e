import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { ShareHistoryEntry } from '../../../protocol/recordings.ts';
import type { Clock } from '../../connection/clock.ts';
import { createViewerPort } from '../share/viewer-port.ts';
import { createRecordingFeed, type RecordingFeed } from './recording-feed.ts';
import { toRecordingPlan, type RecordingPlan, type Scene } from './recording-plan.ts';
import type { OpenedRecording, RecordingSource } from './recording-source.ts';

export const SPEEDS = [0.5, 1, 2, 4, 8] as const;
export type Speed = (typeof SPEEDS)[number];

/** Plays one recording in the viewer's page. */
export interface RecordingPlayer {
  /** Null until it is there. */
  readonly plan: ReadonlySignal<RecordingPlan | null>;
  readonly phase: ReadonlySignal<'opening' | 'ready' | 'failed'>;
  readonly isPlaying: ReadonlySignal<boolean>;
  /** What comes next is on its way. */
  readonly isWaiting: ReadonlySignal<boolean>;
  /** Milliseconds from the beginning. */
  readonly place: ReadonlySignal<number>;
  readonly scene: ReadonlySignal<Scene | null>;
  readonly speed: ReadonlySignal<Speed>;
  readonly skipsIdle: ReadonlySignal<boolean>;
  /** The viewer's frame has loaded and hands over its end of the channel. */
  attach(port: MessagePort): void;
  open(): Promise<void>;
  toggle(): void;
  seek(place: number): void;
  setSpeed(speed: Speed): void;
  setSkipsIdle(isOn: boolean): void;
  setLook(look: PlayerLook): void;
  close(): void;
}

export interface PlayerLook {
  language: 'en' | 'de';
  scheme: 'light' | 'dark';
  visitorName: string;
  watermark: string;
}

export interface RecordingPlayerParts {
  source: RecordingSource;
  loadHistory(): Promise<readonly ShareHistoryEntry[]>;
  clock: Clock;
}

const TICK_MS = 50;
/** A wait that is shorter would only flicker. */
const HINT_AFTER_MS = 200;
/** A tab in the background ticks seldom; it should not leap. */
const MAX_STEP_MS = 1_000;

export function createRecordingPlayer({ source, loadHistory, clock }: RecordingPlayerParts): RecordingPlayer {
  const plan = signal<RecordingPlan | null>(null);
  const phase = signal<'opening' | 'ready' | 'failed'>('opening');
  const isPlaying = signal(false);
  const isWaiting = signal(false);
  const place = signal(0);
  const scene = signal<Scene | null>(null);
  const speed = signal<Speed>(1);
  const skipsIdle = signal(true);
  let feed: RecordingFeed | null = null;
  let look: PlayerLook | null = null;
  let opened: OpenedRecording | null = null;
  let isViewerReady = false;
  let isClosed = false;
  let tickedAt = 0;
  let stopTicking = (): void => undefined;
  /** Grows with each: only the latest says that it has arrived. */
  let showing = 0;
  let isBusy = false;
  let stopHinting = (): void => undefined;

  const viewer = createViewerPort({
    onReady() {
      isViewerReady = true;
      tellLook();
      feed?.rewind();
      show();
    },
    // It plays what there is: it can neither point nor act, nor is there anybody to ask for more.
    onMessage: () => undefined,
  });

  function tellLook(): void {
    if (look === null || opened === null) return;
    const { language, scheme, visitorName, watermark } = look;
    viewer.tell({
      type: 'look',
      language,
      scheme,
      visitorName,
      assetPath: opened.assetPath,
      isRecording: true,
    });
    viewer.tell({ type: 'watermark', text: watermark });
  }

  function show(): void {
    const current = plan.peek();
    if (!current || !feed) return;
    scene.value = current.sceneAt(place.peek());
    if (!isViewerReady) return;
    showing += 1;
    const own = showing;
    if (!isBusy) stopHinting = clock.after(HINT_AFTER_MS, () => (isWaiting.value = true));
    isBusy = true;
    feed.showUntil(place.peek()).then(
      () => {
        if (own === showing) settle();
      },
      () => {
        if (own === showing && !isClosed) fail();
      },
    );
  }

  function settle(): void {
    isBusy = false;
    stopHinting();
    isWaiting.value = false;
  }

  function fail(): void {
    setPlaying(false);
    settle();
    phase.value = 'failed';
  }

  function tick(): void {
    const current = plan.peek();
    const now = clock.now();
    const elapsedMs = Math.min(now - tickedAt, MAX_STEP_MS);
    tickedAt = now;
    if (current && !isBusy) {
      const next = Math.min(passIdle(current, place.peek() + elapsedMs * speed.peek()), current.lengthMs);
      place.value = next;
      show();
      if (next >= current.lengthMs) return setPlaying(false);
    }
    stopTicking = clock.after(TICK_MS, tick);
  }

  function passIdle({ idle }: RecordingPlan, next: number): number {
    if (!skipsIdle.peek()) return next;
    const span = idle.find(({ from, to }) => next > from && next < to);
    return span ? span.to : next;
  }

  function setPlaying(isOn: boolean): void {
    stopTicking();
    isPlaying.value = isOn;
    if (!isOn) return;
    tickedAt = clock.now();
    stopTicking = clock.after(TICK_MS, tick);
  }

  function seek(wanted: number): void {
    const current = plan.peek();
    if (!current) return;
    place.value = Math.min(Math.max(0, wanted), current.lengthMs);
    feed?.rewind();
    show();
  }

  return {
    plan,
    phase,
    isPlaying,
    isWaiting,
    place,
    scene,
    speed,
    skipsIdle,
    attach(port) {
      isViewerReady = false;
      viewer.attach(port);
    },
    async open() {
      phase.value = 'opening';
      try {
        const [answer, history] = await Promise.all([source.open(), loadHistory()]);
        if (isClosed) return source.close();
        opened = answer;
        plan.value = toRecordingPlan(answer, history);
        feed = createRecordingFeed({ plan: plan.value, source, tell: viewer.tell });
        phase.value = 'ready';
        tellLook();
        show();
      } catch {
        if (!isClosed) phase.value = 'failed';
      }
    },
    toggle() {
      const current = plan.peek();
      if (!current || phase.peek() !== 'ready') return;
      if (!isPlaying.peek() && place.peek() >= current.lengthMs) seek(0);
      setPlaying(!isPlaying.peek());
    },
    seek,
    setSpeed(next) {
      speed.value = next;
    },
    setSkipsIdle(isOn) {
      skipsIdle.value = isOn;
    },
    setLook(next) {
      look = next;
      tellLook();
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      stopTicking();
      stopHinting();
      feed?.rewind();
      viewer.close();
      source.close();
    },
  };
}
