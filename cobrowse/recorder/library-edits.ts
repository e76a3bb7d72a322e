import { join } from 'node:path';
import * as libraryTypes from '@rrweb/types';
import type { Plugin } from 'vite';
import { cutOptions, LIBRARY_CUTS } from './library-cuts.ts';

/**
 * What is cut from the recorder library and mended in it when our script is built. The library comes as one file of a
 * pinned version; an edit that no longer fits stops the build, so that a new version is looked at by a person.
 */
export interface LibraryEdit {
  from: string;
  /** Everything up to this text goes; without it, `from` alone does. */
  upTo?: string;
  to: string;
  /** In every place, of which there must be one at least. Otherwise there must be exactly one. */
  isEverywhere?: boolean;
}

const UNTOUCHED_DOM = join(import.meta.dirname, '..', 'untouched-dom.ts');
const SCRIPT_FONTS = join(import.meta.dirname, 'script-fonts.ts');

const MENDS: readonly LibraryEdit[] = [
  // What the page calls goes on as without us: its own error reaches it (a rule that cannot be read, say), ours does not,
  // and what it asked for happens either way.
  {
    from: 'const callbackWrapper = (cb) => {',
    to: `const betweenPage = (tell) => (target, thisArg, inputs) => {
      let hasRun = false;
      const run = { apply(self, given) { hasRun = true; return target.apply(self, given); } };
      try {
        return tell(run, thisArg, inputs);
      } catch (error) {
        if (hasRun) throw error;
        if (errorHandler) errorHandler(error);
        return target.apply(thisArg, inputs);
      }
    };
    const callbackWrapper = (cb) => {`,
  },
  { from: 'apply: callbackWrapper(', to: 'apply: betweenPage(', isEverywhere: true },
  // All that scrolls within one tick is told: the library keeps the first of it alone, and the rest stays where it was.
  {
    from: 'function initScrollObserver({',
    upTo: 'function initViewportResizeObserver(',
    to: `function initScrollObserver({ scrollCb, doc, mirror: mirror2, blockClass, blockSelector, sampling }) {
      const scrolled = new Set();
      const tell = throttle(callbackWrapper(() => {
        for (const target of scrolled) {
          if (isBlocked(target, blockClass, blockSelector, true)) continue;
          const isPage = target === doc && doc.defaultView;
          const place = isPage ? getWindowScroll(isPage) : { left: target.scrollLeft, top: target.scrollTop };
          scrollCb({ id: mirror2.getId(target), x: place.left, y: place.top });
        }
        scrolled.clear();
      }), sampling.scroll || 100);
      return on("scroll", callbackWrapper((event) => {
        const target = getEventTarget(event);
        if (target) tell(scrolled.add(target));
      }), doc);
    }\n`,
  },
  // What is new in a new shadow tree is told after its host, which it is named by: found earlier, it would be left out.
  {
    from: `            if (this.addedSet.has(parentNode2)) {
              n = parentNode2;
              continue;
            }
            break;`,
    to: `            const around = isShadowRoot(parentNode2) ? index.host(parentNode2) : parentNode2;
            if (!this.addedSet.has(around)) break;
            n = around;`,
  },
  // What moves into something new is told with it, also when that stands in something else that moves.
  {
    from: '.removesSubTreeCache.has(parentNode22) && !this.movedSet.has(parentNode22)) {',
    to: '.removesSubTreeCache.has(parentNode22) && !this.movedSet.has(parentNode22) && !this.addedSet.has(parentNode22)) {',
  },
  // Who tells of a node is settled for one round of notices. Kept until the next frame of the screen, which a page in
  // the background never sees, it would swallow what happens in between.
  {
    from: '      requestAnimationFrame(() => {\n        this.nodeMap',
    to: '      queueMicrotask(() => {\n        this.nodeMap',
  },
  // What is gone takes its shadow tree along.
  {
    from: '    const id = this.getId(n);\n    this.idNodeMap.delete(id);',
    to: `    this.idNodeMap.delete(this.getId(n));
      const inner = index.shadowRoot(n);
      if (inner) this.removeNodeFromMap(inner);`,
  },
  // Buffers of recordings that have ended would be kept, with the nodes they name.
  {
    from: '  mirror.reset();\n  wrappedEmit',
    to:
      '  mirror.reset();\n  generation += 1;\n  mutationBuffers.length = 0;\n' +
      '  recordedRoots.clear();\n  recordedRoots.add(document);\n  wrappedEmit',
  },
  { from: 'let wrappedEmit;', to: 'let generation = 0;\nlet wrappedEmit;' },
  // Closed shadow trees made while a page is recorded are told of like open ones.
  {
    from: '  if (!n || !("shadowRoot" in n)) return null;',
    to: '  if (!n || !("shadowRoot" in n)) return null;\n  if (closedRoots.has(n)) return closedRoots.get(n);',
  },
  {
    from: 'function shadowRoot(n) {',
    to: `import { closedRoots, recordedRoots } from ${JSON.stringify(UNTOUCHED_DOM)};\nfunction shadowRoot(n) {`,
  },
  {
    from: '            const shadowRootEl = index.shadowRoot(this);',
    to: '            if (sRoot.mode === "closed") closedRoots.set(this, sRoot);\n            const shadowRootEl = index.shadowRoot(this);',
  },
  {
    from: '  const mutationBuffer = new MutationBuffer();\n',
    to: '  recordedRoots.add(rootEl);\n  const mutationBuffer = new MutationBuffer();\n',
  },
  // A page asks of its fonts what they are. What they are made of is remembered, since they are told of again and again.
  {
    from: 'function initFontObserver({ fontCb, doc }) {',
    upTo: 'function initSelectionObserver(param) {',
    to: `import { noteFont } from ${JSON.stringify(SCRIPT_FONTS)};
    function initFontObserver({ doc }) {
      const { defaultView } = doc;
      const { FontFace } = defaultView;
      if (!FontFace) return () => {};
      defaultView.FontFace = new Proxy(FontFace, {
        construct(target, inputs, newTarget) {
          const face = Reflect.construct(target, inputs, newTarget);
          noteFont(face, inputs);
          return face;
        },
      });
      return () => { defaultView.FontFace = FontFace; };
    }\n`,
  },
  // A style attribute is refused by the page's own policy, with a complaint in its console; a property is not.
  { from: 'old.setAttribute("style", m.oldValue)', to: 'old.style.cssText = m.oldValue' },
];

export function mendRecorderLibrary(): Plugin {
  return {
    name: 'foyer-recorder-library',
    transform(code, id) {
      const isLibrary = id.endsWith('@rrweb/record/dist/record.js');
      if (!isLibrary && !/cobrowse\/recorder\/[^/]+\.ts$/.test(id)) return undefined;
      return {
        code: inlineCodes(isLibrary ? cutOptions([...LIBRARY_CUTS, ...MENDS].reduce(applyEdit, code)) : code),
        map: null,
      };
    },
  };
}

/** Numbers in place of the library's tables of them, which otherwise come twice and with all their names. */
function inlineCodes(code: string): string {
  const tables: Record<string, unknown> = { ...libraryTypes };
  return code.replace(
    /\b(EventType|IncrementalSource|NodeType|MouseInteractions)\.([A-Z]\w*)/g,
    (found, table: string, name: string) => {
      const value = (tables[table] as Record<string, unknown> | undefined)?.[name];
      return typeof value === 'number' ? String(value) : found;
    },
  );
}

function applyEdit(code: string, { from, upTo, to, isEverywhere = false }: LibraryEdit): string {
  const start = code.indexOf(from);
  const end = upTo === undefined ? start + from.length : code.indexOf(upTo, start);
  if (isEverywhere && start >= 0) return code.replaceAll(from, to);
  if (start < 0 || end < 0 || code.includes(from, start + 1)) {
    throw new Error(`The recorder library has changed: "${from}" is not there exactly once. Look at library-edits.ts.`);
  }
  return code.slice(0, start) + to + code.slice(end);
}
