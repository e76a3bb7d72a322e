import type { Modality } from '../../protocol/ids.ts';
import { say } from './texts.ts';

/** "Voice call" in a sentence. */
export function toModalityWords(modality: Modality): string {
  switch (modality) {
    case 'text':
      return say('textChat');
    case 'voice':
      return say('voiceCall');
    case 'video':
      return say('videoCall');
  }
}

/** "Voice" on a chip. */
export function toModalityWord(modality: Modality): string {
  return say(modality);
}
