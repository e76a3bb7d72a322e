import { signal, type ReadonlySignal } from '@preact/signals';
import type { QualitySample } from '../../protocol/media.ts';
import type { MediaLink } from './media-link.ts';
import { rateDirection, UNMEASURED, type CallQuality, type DirectionScore } from './quality.ts';
import { toQualitySamples, toStatsReading, type StatsReading } from './stats-reading.ts';

const MEASURE_EVERY_MS = 2_000;
const REPORT_EVERY = 5;
/** A microphone that has given nothing at all for this many readings is dead or switched off at the device. */
const DEAD_AFTER_READINGS = 4;

export interface QualityWatch {
  readonly quality: ReadonlySignal<CallQuality>;
  /** True while the microphone is on, not muted, and gives not the faintest noise. */
  readonly isMicrophoneDead: ReadonlySignal<boolean>;
  setServerScores(scores: { sending: number | null; receiving: number | null }): void;
  close(): void;
}

export interface QualityWatchOptions {
  link: MediaLink;
  isMicrophoneOpen: () => boolean;
  report: (samples: QualitySample[]) => void;
}

/** Measures one link every two seconds, says how it is, and wakes pictures that stand still. */
export function createQualityWatch({ link, isMicrophoneOpen, report }: QualityWatchOptions): QualityWatch {
  const quality = signal<CallQuality>({ sending: 'good', receiving: 'good' });
  const isMicrophoneDead = signal(false);
  let sending: DirectionScore = UNMEASURED;
  let receiving: DirectionScore = UNMEASURED;
  let serverScores: { sending: number | null; receiving: number | null } = { sending: null, receiving: null };
  let before: StatsReading | undefined;
  let measuredCount = 0;
  let deadCount = 0;
  let isMeasuring = false;
  let isClosed = false;

  async function measure(): Promise<void> {
    const { sending: sent, receiving: got } = await link.readStats();
    if (isClosed) return;
    const now = toStatsReading(sent, got, performance.now());
    watchMicrophone(now);
    const previous = before;
    before = now;
    if (previous === undefined) return;
    const samples = toQualitySamples(previous, now);
    rate(samples);
    wakeStillPictures(previous, now);
    measuredCount += 1;
    if (measuredCount % REPORT_EVERY === 0 && samples.length > 0) report(samples);
  }

  function rate(samples: QualitySample[]): void {
    const of = (direction: QualitySample['direction']) => samples.filter((sample) => sample.direction === direction);
    const isExpected = link.received.peek().some((one) => !one.isPaused);
    const received = of('receive');
    const isSilent = isExpected && received.every((sample) => sample.bitrate === 0);
    sending = rateDirection(sending, of('send'), serverScores.sending, false);
    receiving = rateDirection(receiving, received, serverScores.receiving, isSilent);
    const current = quality.peek();
    if (current.sending !== sending.level || current.receiving !== receiving.level) {
      quality.value = { sending: sending.level, receiving: receiving.level };
    }
  }

  /** A picture that should move and does not gets a fresh start; the server answers with a whole frame. */
  function wakeStillPictures(previous: StatsReading, now: StatsReading): void {
    const stillIds = link.received
      .peek()
      .filter(({ source, isPaused, track }) => {
        if (source !== 'camera' || isPaused) return false;
        const shown = now.decodedFrames.get(track.id);
        return shown !== undefined && shown === previous.decodedFrames.get(track.id);
      })
      .map((one) => one.consumerId);
    if (stillIds.length > 0) link.resume(stillIds).catch(() => {});
  }

  function watchMicrophone(now: StatsReading): void {
    const isDead = now.microphoneEnergy === 0 && isMicrophoneOpen();
    deadCount = isDead ? deadCount + 1 : 0;
    isMicrophoneDead.value = deadCount >= DEAD_AFTER_READINGS;
  }

  const timer = setInterval(() => {
    if (isMeasuring) return;
    isMeasuring = true;
    measure()
      .catch(() => {}) // the link was closed under the measurement
      .finally(() => (isMeasuring = false));
  }, MEASURE_EVERY_MS);

  return {
    quality,
    isMicrophoneDead,
    setServerScores(scores) {
      serverScores = scores;
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      clearInterval(timer);
    },
  };
}
