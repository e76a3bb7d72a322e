export type CallTone = 'ringing' | 'ring-back' | 'ended';

/** Sounds of a call, made by oscillators so that nothing is loaded. One at a time; a new one replaces the old. */
export interface CallTones {
  /** Call it in a click or key press: browsers keep a page silent until the person has done something. */
  unlock(): Promise<void>;
  play(tone: CallTone): void;
  stop(): void;
  close(): void;
}

interface Beep {
  startMs: number;
  lengthMs: number;
  frequenciesHz: number[];
}

interface Pattern {
  beeps: Beep[];
  /** Null plays once. */
  everyMs: number | null;
  gain: number;
}

/** Ring-back is the tone European networks use while it rings at the other side. */
const PATTERNS: Record<CallTone, Pattern> = {
  ringing: {
    everyMs: 3_000,
    gain: 0.12,
    beeps: [
      { startMs: 0, lengthMs: 180, frequenciesHz: [659.3, 880] },
      { startMs: 220, lengthMs: 180, frequenciesHz: [784, 1_046.5] },
      { startMs: 440, lengthMs: 380, frequenciesHz: [880, 1_174.7] },
    ],
  },
  'ring-back': { everyMs: 5_000, gain: 0.06, beeps: [{ startMs: 0, lengthMs: 1_000, frequenciesHz: [425] }] },
  ended: {
    everyMs: null,
    gain: 0.06,
    beeps: [
      { startMs: 0, lengthMs: 140, frequenciesHz: [494] },
      { startMs: 180, lengthMs: 220, frequenciesHz: [370] },
    ],
  },
};

/** Softens both ends of a beep; a hard edge is heard as a click. */
const FADE_MS = 15;

export function createCallTones(createContext: () => AudioContext = () => new AudioContext()): CallTones {
  let context: AudioContext | undefined;
  let output: GainNode | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let isClosed = false;

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    // Taking the output away also silences beeps that are planned but not yet heard.
    output?.disconnect();
    output = undefined;
  }

  function playPattern(pattern: Pattern): void {
    // NOTE: the clock of a locked context stands still: what is planned meanwhile would all sound at once later.
    if (context?.state !== 'running' || output === undefined) return;
    const startAt = context.currentTime + 0.02;
    for (const beep of pattern.beeps) playBeep(context, output, beep, startAt, pattern.gain);
  }

  return {
    async unlock() {
      if (isClosed) return;
      try {
        context ??= createContext();
        if (context.state !== 'running') await context.resume();
      } catch {
        // A machine without sound output still gets the call on screen.
      }
    },
    play(tone) {
      stop();
      if (isClosed) return;
      const pattern = PATTERNS[tone];
      try {
        context ??= createContext();
        output = context.createGain();
        output.connect(context.destination);
        // Without a gesture this stays pending and silent; the pattern repeats, so it is heard after the first click.
        if (context.state !== 'running') void context.resume().catch(() => {});
      } catch {
        return;
      }
      playPattern(pattern);
      if (pattern.everyMs !== null) timer = setInterval(() => playPattern(pattern), pattern.everyMs);
    },
    stop,
    close() {
      if (isClosed) return;
      isClosed = true;
      stop();
      void context?.close().catch(() => {});
    },
  };
}

function playBeep(context: AudioContext, output: AudioNode, beep: Beep, startAt: number, gain: number): void {
  const from = startAt + beep.startMs / 1_000;
  const until = from + beep.lengthMs / 1_000;
  const fade = FADE_MS / 1_000;
  const envelope = context.createGain();
  envelope.gain.setValueAtTime(0, from);
  envelope.gain.linearRampToValueAtTime(gain / beep.frequenciesHz.length, from + fade);
  envelope.gain.setValueAtTime(gain / beep.frequenciesHz.length, until - fade);
  envelope.gain.linearRampToValueAtTime(0, until);
  envelope.connect(output);
  for (const frequencyHz of beep.frequenciesHz) {
    const oscillator = context.createOscillator();
    oscillator.type = 'sine';
    oscillator.frequency.value = frequencyHz;
    oscillator.connect(envelope);
    oscillator.start(from);
    oscillator.stop(until);
  }
}
