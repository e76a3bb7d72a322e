import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';

/** A tone of a sound: when it starts, how high, how long. */
interface Tone {
  atMs: number;
  frequencyHz: number;
  durationMs: number;
}

const MESSAGE_TONES: readonly Tone[] = [
  { atMs: 0, frequencyHz: 784, durationMs: 90 },
  { atMs: 80, frequencyHz: 1_047, durationMs: 140 },
];

const RING_TONES: readonly Tone[] = [
  { atMs: 0, frequencyHz: 659, durationMs: 220 },
  { atMs: 180, frequencyHz: 880, durationMs: 220 },
  { atMs: 480, frequencyHz: 659, durationMs: 220 },
  { atMs: 660, frequencyHz: 880, durationMs: 260 },
];
const RING_EVERY_MS = 2_600;

/** What European networks play while it rings at the other side. */
const RING_BACK_TONES: readonly Tone[] = [{ atMs: 0, frequencyHz: 425, durationMs: 1_000 }];
const RING_BACK_EVERY_MS = 5_000;

/** Browsers that let a page sound start its audio within milliseconds, the others never say no. */
const BLOCKED_AFTER_MS = 1_000;

export interface Sounds {
  /** The browser keeps this page silent until somebody touches it. */
  readonly isBlocked: ReadonlySignal<boolean>;
  /** Whether a sound asked for right now would be heard. */
  canPlay(): boolean;
  /** Within a click or a key press, otherwise the browser does not listen. */
  unlock(): void;
  /** A short sound for a message that came in. */
  playMessage(): void;
  /** Rings until the returned function is called. Several rings at a time sound as one. */
  startRinging(): () => void;
  /** While it rings at the other side, until the returned function is called. */
  startRingBack(): () => void;
  setEnabled(isEnabled: boolean): void;
  close(): void;
}

export interface SoundOptions {
  isEnabled?: boolean;
  volume?: number;
  /**
   * Tries to sound before the page was touched, which browsers allow where the person often listens. Not on pages of
   * other people: some browsers write a warning in their console.
   */
  startsUntouched?: boolean;
}

interface Repeater {
  start(): () => void;
  close(): void;
}

/**
 * Sounds made on the spot, so nothing is downloaded. Browsers keep a page silent until the person has touched it:
 * the first click or key press unlocks them, and a ring that began before is heard from then on.
 */
export function createSounds(options: SoundOptions = {}): Sounds {
  const { isEnabled = true, volume = 0.14, startsUntouched = false } = options;
  let audio: AudioContext | undefined;
  const isBlocked = signal(false);
  let isOn = isEnabled;
  const repeaters: Repeater[] = [];
  const ending = new AbortController();

  const canPlay = (): boolean => isOn && audio?.state === 'running';
  const noteBlocked = (): void => {
    isBlocked.value = audio !== undefined && audio.state !== 'running';
  };
  const unlock = (): void => {
    if (!audio) {
      audio = createAudio();
      audio?.addEventListener('statechange', noteBlocked, { signal: ending.signal });
    }
    if (audio?.state === 'suspended') audio.resume().catch(() => undefined);
  };
  for (const gesture of ['pointerdown', 'keydown', 'touchend']) {
    document.addEventListener(gesture, unlock, { capture: true, passive: true, signal: ending.signal });
  }

  let blockedTimer: ReturnType<typeof setTimeout> | undefined;
  if (startsUntouched) {
    unlock();
    blockedTimer = setTimeout(noteBlocked, BLOCKED_AFTER_MS);
  }

  function play(tones: readonly Tone[]): void {
    if (!audio || !canPlay()) return;
    for (const tone of tones) playTone(audio, tone, volume);
  }

  function createRepeater(tones: readonly Tone[], everyMs: number): Repeater {
    let startCount = 0;
    let timer: ReturnType<typeof setInterval> | undefined;
    const repeater: Repeater = {
      start() {
        let isOver = false;
        startCount += 1;
        if (startCount === 1) {
          play(tones);
          timer = setInterval(() => play(tones), everyMs);
        }
        return () => {
          if (isOver) return;
          isOver = true;
          startCount -= 1;
          if (startCount === 0) clearInterval(timer);
        };
      },
      close: () => clearInterval(timer),
    };
    repeaters.push(repeater);
    return repeater;
  }

  return {
    isBlocked,
    canPlay,
    unlock,
    playMessage: () => play(MESSAGE_TONES),
    startRinging: createRepeater(RING_TONES, RING_EVERY_MS).start,
    startRingBack: createRepeater(RING_BACK_TONES, RING_BACK_EVERY_MS).start,
    setEnabled(enabled) {
      isOn = enabled;
    },
    close() {
      ending.abort();
      clearTimeout(blockedTimer);
      isBlocked.value = false;
      for (const repeater of repeaters) repeater.close();
      audio?.close().catch(() => undefined);
      audio = undefined;
      isOn = false;
    },
  };
}

function createAudio(): AudioContext | undefined {
  try {
    return new AudioContext();
  } catch {
    return undefined;
  }
}

/** Rises fast and fades softly: a bare oscillator would click at both ends. */
function playTone(audio: AudioContext, { atMs, frequencyHz, durationMs }: Tone, volume: number): void {
  const startAt = audio.currentTime + atMs / 1_000;
  const endAt = startAt + durationMs / 1_000;
  const oscillator = new OscillatorNode(audio, { type: 'sine', frequency: frequencyHz });
  const gain = new GainNode(audio, { gain: 0 });
  gain.gain.setValueAtTime(0, startAt);
  gain.gain.linearRampToValueAtTime(volume, startAt + 0.012);
  gain.gain.exponentialRampToValueAtTime(0.000_1, endAt);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(startAt);
  oscillator.stop(endAt + 0.02);
}
