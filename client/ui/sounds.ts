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

export interface Sounds {
  /** A short sound for a message that came in. */
  playMessage(): void;
  /** Rings until the returned function is called. Several rings at a time sound as one. */
  startRinging(): () => void;
  setEnabled(isEnabled: boolean): void;
  close(): void;
}

/**
 * Sounds made on the spot, so nothing is downloaded. Browsers keep a page silent until the person has touched it:
 * the first click or key press unlocks them, and a ring that began before is heard from then on.
 */
export function createSounds({ isEnabled = true, volume = 0.14 } = {}): Sounds {
  let audio: AudioContext | undefined;
  let isOn = isEnabled;
  let ringCount = 0;
  let ringTimer: ReturnType<typeof setInterval> | undefined;
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

  return {
    playMessage: () => play(MESSAGE_TONES),
    startRinging() {
      let isRinging = true;
      ringCount += 1;
      if (ringCount === 1) {
        play(RING_TONES);
        ringTimer = setInterval(() => play(RING_TONES), RING_EVERY_MS);
      }
      return () => {
        if (!isRinging) return;
        isRinging = false;
        ringCount -= 1;
        if (ringCount === 0) clearInterval(ringTimer);
      };
    },
    setEnabled(enabled) {
      isOn = enabled;
    },
    close() {
      ending.abort();
      clearInterval(ringTimer);
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
