import { signal, type ReadonlySignal } from '@preact/signals';

export interface MicrophoneLevel {
  /** 0 is silence, 1 is as loud as it gets; follows speech about twelve times a second. */
  readonly level: ReadonlySignal<number>;
  close(): void;
}

const SAMPLE_EVERY_MS = 80;
/** Below this speech cannot be told from a quiet room's noise. */
const FLOOR_DB = -60;

/** Measures one's own microphone on this machine; nothing of it is sent. For the meter beside the device choice. */
export function createMicrophoneLevel(track: MediaStreamTrack): MicrophoneLevel {
  const level = signal(0);
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1_024;
  // NOTE: ends at the analyser, never at the speaker: a microphone one hears would cry out.
  const source = context.createMediaStreamSource(new MediaStream([track]));
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);

  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    level.value = toLevel(samples);
  }, SAMPLE_EVERY_MS);

  let isClosed = false;
  return {
    level,
    close() {
      if (isClosed) return;
      isClosed = true;
      clearInterval(timer);
      source.disconnect();
      void context.close();
      level.value = 0;
    },
  };
}

/** Loudness of one moment on a scale that looks even to the eye. */
export function toLevel(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rootMeanSquare = Math.sqrt(sum / Math.max(1, samples.length));
  if (rootMeanSquare === 0) return 0;
  const decibels = 20 * Math.log10(rootMeanSquare);
  return Math.min(1, Math.max(0, 1 - decibels / FLOOR_DB));
}
