import { STANDING } from '../privacy.ts';
import { isDrawn, isElement } from '../untouched-dom.ts';
import type { AssetCollector } from './asset-collector.ts';
import type { SentNodes } from './sent-nodes.ts';
import { listAddresses } from './style-text.ts';

const PROPERTIES = ['background-image', 'border-image-source', 'list-style-image', 'mask-image', 'content', 'cursor'];
const PLACES = ['', '::before', '::after'];
/** The first look is for the agent who waits, the others are for what changes. Twice a second. */
const FIRST_BUDGET_MS = 25;
const BUDGET_MS = 5;

/**
 * Finds the pictures of style sheets that elements which may be seen really show: the others are none of an agent's
 * business, and one that is shown the page has loaded. Looks at some of the elements each time, and at all again and again.
 */
export function createUsedPictures(
  sent: SentNodes,
  standingOf: (node: Node) => number,
  assets: Pick<AssetCollector, 'isWaiting' | 'use'>,
): { look(): void } {
  let pass: Iterator<[id: number, node: Node, standing: number]> | undefined;
  let budgetMs = FIRST_BUDGET_MS;
  return {
    look() {
      const until = performance.now() + budgetMs;
      while (assets.isWaiting() && performance.now() < until) {
        pass ??= sent.present()[Symbol.iterator]();
        const { value, done } = pass.next();
        if (done) {
          pass = undefined;
          budgetMs = BUDGET_MS;
          return;
        }
        const node = value[1];
        if (!isElement(node) || standingOf(node) !== STANDING.shown || !isDrawn(node)) continue;
        for (const place of PLACES) {
          const style = getComputedStyle(node, place);
          for (const property of PROPERTIES) {
            const text = style.getPropertyValue(property);
            for (const address of listAddresses(text)) assets.use(address, text.includes('image-set'));
          }
        }
      }
    },
  };
}
