import type { ShareAct } from '../../../protocol/sharing.ts';
import type { RecorderLook } from '../recorder-messages.ts';

export interface ToolWords {
  pickOnly: string;
  pickHide: string;
  pickByKeys: string;
  pickByTouch: string;
  larger: string;
  choose: string;
  chooseHide: string;
  cancel: string;
  hiddenFrom(name: string | null): string;
  did(name: string, kind: ShareAct['kind']): string;
  agent: string;
  sharing: string;
  pageIsShared: string;
  end: string;
}

const DONE_EN: Record<ShareAct['kind'], string> = {
  click: 'clicked',
  type: 'typed',
  press: 'pressed a key',
  select: 'made a choice',
  scroll: 'scrolled',
  navigate: 'is changing the page',
  open: 'is opening a page',
};
const DONE_DE: Record<ShareAct['kind'], string> = {
  click: 'hat geklickt',
  type: 'hat getippt',
  press: 'hat eine Taste gedrückt',
  select: 'hat etwas ausgewählt',
  scroll: 'hat gescrollt',
  navigate: 'wechselt die Seite',
  open: 'öffnet eine Seite',
};

export const WORDS: Record<RecorderLook['language'], ToolWords> = {
  en: {
    pickOnly: 'Choose the part you want to share',
    pickHide: 'Choose the part you want to hide',
    pickByKeys: 'Click it, or use the arrow keys and Enter. Escape cancels.',
    pickByTouch: 'Tap it, then confirm.',
    larger: 'Larger',
    choose: 'Share this part',
    chooseHide: 'Hide this part',
    cancel: 'Cancel',
    hiddenFrom: (name) => (name === null ? 'Hidden from the agent' : `Hidden from ${name}`),
    did: (name, kind) => `${name} ${DONE_EN[kind]}`,
    agent: 'The agent',
    sharing: 'Sharing',
    pageIsShared: 'You are sharing this page',
    end: 'END SCREEN SHARE',
  },
  de: {
    pickOnly: 'Wählen Sie den Teil, den Sie zeigen möchten',
    pickHide: 'Wählen Sie den Teil, den Sie verbergen möchten',
    pickByKeys: 'Anklicken, oder mit Pfeiltasten und Eingabetaste. Escape bricht ab.',
    pickByTouch: 'Antippen und dann bestätigen.',
    larger: 'Größer',
    choose: 'Teil zeigen',
    chooseHide: 'Teil verbergen',
    cancel: 'Abbrechen',
    hiddenFrom: (name) => (name === null ? 'Nicht sichtbar für den Support' : `Nicht sichtbar für ${name}`),
    did: (name, kind) => `${name} ${DONE_DE[kind]}`,
    agent: 'Der Support',
    sharing: 'Freigabe',
    pageIsShared: 'Sie zeigen diese Seite',
    end: 'BILDSCHIRMFREIGABE BEENDEN',
  },
};
