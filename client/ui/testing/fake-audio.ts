import { vi } from 'vitest';

/** Which beeps were started. */
export interface FakeAudio {
  /** Frequencies, in the order they were started. */
  readonly beeps: number[];
}

/** As much of WebAudio as a beep needs. `vi.unstubAllGlobals` takes it away. */
export function installFakeAudio(): FakeAudio {
  const beeps: number[] = [];
  vi.stubGlobal(
    'AudioContext',
    class extends EventTarget {
      state = 'running';
      currentTime = 0;
      destination = {};
      close = async () => undefined;
    },
  );
  vi.stubGlobal(
    'OscillatorNode',
    class {
      readonly frequency: number;
      constructor(_audio: unknown, options: { frequency: number }) {
        this.frequency = options.frequency;
      }
      connect<Next>(next: Next): Next {
        return next;
      }
      start(): void {
        beeps.push(this.frequency);
      }
      stop(): void {}
    },
  );
  vi.stubGlobal(
    'GainNode',
    class {
      gain = new FakeParameter();
      connect<Next>(next: Next): Next {
        return next;
      }
    },
  );
  return { beeps };
}

class FakeParameter {
  setValueAtTime(): this {
    return this;
  }
  linearRampToValueAtTime(): this {
    return this;
  }
  exponentialRampToValueAtTime(): this {
    return this;
  }
}
