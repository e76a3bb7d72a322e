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

export interface Sounds {
  /** A short sound for a message that came in. */
  playMessage(): void;
  /** Rings until the returned function is called. Several rings at a time sound as one. */
  startRinging(): () => void;
  /** While it rings at the other side, until the returned function is called. */
  startRingBack(): () => void;
  setEnabled(isEnabled: boolean): void;
  close(): void;
}

interface Repeater {
  start(): () => void;
  close(): void;
}

/**
 * Sounds made on the spot, so nothing is downloaded. Browsers keep a page silent until the person has touched it:
 * the first click or key press unlocks them, and a ring that began before is heard from then on.
 */
export function createSounds({ isEnabled = true, volume = 0.14 } = {}): Sounds {
  let audio: AudioContext | undefined;
  let isOn = isEnabled;
  const repeaters: Repeater[] = [];
  const ending = new AbortController();

  const unlock = () => {
    audio ??= createAudio();
    if (audio?.state === 'suspended') audio.resume().catch(() => undefined);
  };
  for (const gesture of ['pointerdown', 'keydown', 'touchend']) {
    document.addEventListener(gesture, unlock, { capture: true, passive: true, signal: ending.signal });
  }

  function play(tones: readonly Tone[]): void {
    if (!isOn || audio?.state !== 'running') return;
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
    playMessage: () => play(MESSAGE_TONES),
    startRinging: createRepeater(RING_TONES, RING_EVERY_MS).start,
    startRingBack: createRepeater(RING_BACK_TONES, RING_BACK_EVERY_MS).start,
    setEnabled(enabled) {
      isOn = enabled;
    },
    close() {
      ending.abort();
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
