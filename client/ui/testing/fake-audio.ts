import { vi } from 'vitest';

/** Which beeps were started, and a browser that may want a touch first. */
export interface FakeAudio {
  /** Frequencies, in the order they were started. */
  readonly beeps: number[];
  /** From now on pages stay silent until `touch`. */
  wantTouch(): void;
  touch(): void;
}

/** As much of WebAudio as a beep needs; the test brings the document. `vi.unstubAllGlobals` takes it away. */
export function installFakeAudio(): FakeAudio {
  const beeps: number[] = [];
  let isTouchWanted = false;
  vi.stubGlobal(
    'AudioContext',
    class extends EventTarget {
      state = isTouchWanted ? 'suspended' : 'running';
      async resume(): Promise<void> {
        if (isTouchWanted) return new Promise(() => {});
        this.state = 'running';
        this.dispatchEvent(new Event('statechange'));
      }
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
  return {
    beeps,
    wantTouch: () => (isTouchWanted = true),
    touch() {
      isTouchWanted = false;
      document.dispatchEvent(new Event('pointerdown'));
    },
  };
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
