import type { Scene } from './recording-plan.ts';
import { sayRecording } from './recordings-texts.ts';

const GAPS = { behind: 'gapBehind', restarted: 'gapRestarted', failed: 'gapFailed', full: 'gapFull' } as const;

/** Why there is nothing to see in this stretch; null when there is. */
export function saySceneCover(scene: Scene, name: string): string | null {
  switch (scene.kind) {
    case 'page':
      return null;
    case 'nothing':
      return sayRecording('nothing', { name });
    case 'paused':
      return sayRecording('paused', { name });
    case 'unwatched':
      return sayRecording('unwatched');
    case 'gap':
      return sayRecording(GAPS[scene.because]);
  }
}
