import type { CopyWords } from './copy/own-styles.ts';

/** What the viewer says to the agent. Its page supplies both languages. */
export interface ViewerWords extends CopyWords {
  /** Name of the area that takes pointer and keys. */
  sharedPage: string;
  waiting: string;
  navigating: string;
  failed: string;
  behind(seconds: number): string;
  /** Name of the field in which an agent types for the visitor. */
  typeHere: string;
  chooseHere: string;
  /** Why an act was not even sent. */
  refused: Record<'not-granted' | 'private' | 'read-only' | 'nothing-there', string>;
}
