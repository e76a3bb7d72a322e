import type { ShareGrantName, ShareMark } from '../../../protocol/sharing.ts';
import type { CreateHostTools } from '../host-tools.ts';
import type { ToRecorder } from '../recorder-messages.ts';
import { createActRunner } from './acts/act-runner.ts';
import { createElementPicker } from './element-picker.ts';
import { attempt, guarded } from './guarded.ts';
import { createHiddenOverlay } from './hidden-overlay.ts';
import { createLayer } from './layer.ts';
import { createMarks } from './marks.ts';
import { createPagePlaces } from './page-places.ts';
import { createReach } from './reach.ts';
import { createVisitorTools } from './visitor-tools.ts';
import { createWatermark } from './watermark.ts';

/** What a mark needs, as the server has it; asked again here, where the visitor may just have taken it back. */
const GRANT_FOR: Record<ShareMark['kind'], ShareGrantName> = {
  pointer: 'point',
  laser: 'point',
  highlight: 'point',
  ink: 'draw',
};

/** Everything that is seen and done on the visitor's page beside recording. */
export const createHostTools: CreateHostTools = (options) => {
  let { look } = options;
  let grants: readonly ShareGrantName[] = [];
  const { claim, post, hiddenElements } = options;
  const isOwn = (node: Node): boolean => options.isOwnInterface(node) || layer.owns(node);
  const layer = createLayer({ claim, isOwnInterface: options.isOwnInterface, accent: look.accent });
  const places = createPagePlaces({ nodeOf: options.nodeOf, idOf: options.idOf, isOwn });
  const marks = createMarks(layer, places);
  const picker = createElementPicker({ layer, look: () => look, isOwn, post });
  const overlay = createHiddenOverlay(layer, () => attempt(hiddenElements, []), look);
  const visitorTools = createVisitorTools({ layer, marks, places, isOwn, post });
  const watermark = createWatermark(layer);
  const reach = createReach(options, () => look);
  const acts = createActRunner({ ...options, isOwnInterface: isOwn }, layer, () => look);

  function setGrants(next: readonly ShareGrantName[]): void {
    grants = next;
    acts.setGrants(next);
    const taken = (Object.keys(GRANT_FOR) as ShareMark['kind'][]).filter((kind) => !next.includes(GRANT_FOR[kind]));
    if (taken.length > 0) marks.clear(taken);
  }

  /** Nothing of the sharing stays. Choosing a part goes on: it also comes before there is anything to share. */
  function clear(): void {
    grants = [];
    acts.clear();
    marks.clear();
    overlay.show(false);
    visitorTools.set('none');
    watermark.set(null);
  }

  function handle(message: ToRecorder): void {
    switch (message.type) {
      case 'look':
        ({ look } = message);
        layer.setAccent(look.accent);
        overlay.setLook(look);
        return;
      case 'start':
        // Places are said by the numbers of a recording, and this is another one.
        marks.clear();
        return;
      case 'stop':
        clear();
        return;
      case 'pick':
        picker.start(message.purpose);
        return;
      case 'cancel-pick':
        picker.cancel();
        return;
      case 'show-hidden':
        overlay.setName(message.agentName ?? null);
        overlay.show(message.isOn);
        return;
      case 'marks':
        overlay.setName(message.name);
        marks.show(
          message.name,
          message.marks.filter(({ kind }) => grants.includes(GRANT_FOR[kind])),
        );
        return;
      case 'tool':
        visitorTools.set(message.tool);
        return;
      case 'grants':
        setGrants(message.grants);
        return;
      case 'act':
        overlay.setName(message.agentName);
        acts.run(message.actId, message.act, message.agentName);
        return;
      case 'watermark':
        watermark.set(message.text);
        return;
      case 'keep-reach':
        reach.keep(message.isOn);
    }
  }

  return {
    handle: guarded(handle),
    close: guarded(() => {
      clear();
      picker.close();
      acts.close();
      reach.close();
      layer.close();
    }),
  };
};
