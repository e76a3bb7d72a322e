import * as libraryTypes from '@rrweb/types';
import type { Plugin } from 'vite';

/**
 * What is cut from the recorder library and mended in it when our script is built. The library comes as one file of a
 * pinned version; an edit that no longer fits stops the build, so that a new version is looked at by a person.
 */
interface Edit {
  from: string;
  /** Everything up to this text goes; without it, `from` alone does. */
  upTo?: string;
  to: string;
}

const EDITS: readonly Edit[] = [
  // Pictures of canvases are never taken: the code for it, and the worker in it, is a seventh of the library.
  {
    from: '\nvar chars = "ABC',
    upTo: 'class StylesheetManager {',
    to: 'class CanvasManager { freeze() {} unfreeze() {} lock() {} unlock() {} reset() {} }\n',
  },
  // Frames of other origins are never recorded, and nobody's messages are listened to.
  {
    from: 'class CrossOriginIframeMirror {',
    upTo: 'class IframeManager {',
    to: 'class CrossOriginIframeMirror {}\n',
  },
  {
    from: '  const inEmittingFrame = recordCrossOriginIframes ?',
    upTo: '  if (mousemoveWait !== void 0',
    to: '  const inEmittingFrame = true;\n  const passEmitsToParent = false;\n',
  },
  { from: 'record.addCustomEvent = (tag, payload) => {', upTo: 'record.mirror = mirror;', to: '' },
  { from: '  handleMessage(message) {', upTo: 'class ShadowDomManager {', to: '}\n' },
  {
    from: '  if (tagName === "canvas" && recordCanvas) {',
    upTo: '  if (["audio", "video"].includes(tagName)) {',
    to: '',
  },
  { from: 'function is2DCanvasBlank(canvas) {', upTo: 'function getInputType(element) {', to: '' },
  // Films are not carried, so nobody needs to know how far they are.
  {
    from: '  if (["audio", "video"].includes(tagName)) {',
    upTo: '  if (!newlyAddedElement) {',
    to: '',
  },
  {
    from: 'function initMediaInteractionObserver({',
    upTo: 'function initFontObserver({',
    to: 'function initMediaInteractionObserver() { return () => {}; }\n',
  },
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
  // What of a head is not sent is for our own filter to say.
  {
    from: 'function slimDOMDefaults(_slimDOMOptions) {',
    upTo: 'function slimDOMExcluded(sn, slimDOMOptions) {',
    to: 'function slimDOMDefaults(options) { return options; }\n',
  },
  { from: '  mergeHooks(o, hooks);\n', to: '' },
  {
    from: 'function slimDOMExcluded(sn, slimDOMOptions) {',
    upTo: 'function serializeNodeWithId(n, options) {',
    to: `function slimDOMExcluded(sn) {
      return sn.type === NodeType.Comment || (sn.type === NodeType.Element && sn.tagName === "script");
    }\n`,
  },
  // A frame that loads after a restart would be taken up by the recording before it as well, and watched for ever.
  {
    from: '  attachIframe(iframeEl, childSn) {',
    to: '  attachIframe(iframeEl, childSn) {\n    if (!recording || this.generation !== generation) return;',
  },
  {
    from: '    this.mirror = options.mirror;\n    if (this.recordCrossOriginIframes)',
    to: '    this.mirror = options.mirror;\n    this.generation = generation;\n    if (this.recordCrossOriginIframes)',
  },
  // Buffers of recordings that have ended would be kept, with the nodes they name.
  {
    from: '  mirror.reset();\n  const maskInputOptions',
    to: '  mirror.reset();\n  generation += 1;\n  mutationBuffers.length = 0;\n  const maskInputOptions',
  },
  // Closed shadow trees made while a page is recorded are told of like open ones.
  {
    from: '  if (!n || !("shadowRoot" in n)) return null;',
    to: '  if (!n || !("shadowRoot" in n)) return null;\n  if (closedRoots.has(n)) return closedRoots.get(n);',
  },
  {
    from: 'function shadowRoot(n) {',
    to: 'const closedRoots = /* @__PURE__ */ new WeakMap();\nfunction shadowRoot(n) {',
  },
  {
    from: '            const shadowRootEl = index.shadowRoot(this);',
    to: '            if (sRoot.mode === "closed") closedRoots.set(this, sRoot);\n            const shadowRootEl = index.shadowRoot(this);',
  },
  // A style attribute is refused by the page's own policy, with a complaint in its console; a property is not.
  { from: 'old.setAttribute("style", m.oldValue)', to: 'old.style.cssText = m.oldValue' },
  { from: 'let wrappedEmit;', to: 'let generation = 0;\nlet wrappedEmit;' },
];

export function mendRecorderLibrary(): Plugin {
  return {
    name: 'foyer-recorder-library',
    transform(code, id) {
      const isLibrary = id.endsWith('@rrweb/record/dist/record.js');
      if (!isLibrary && !/cobrowse\/recorder\/[^/]+\.ts$/.test(id)) return undefined;
      return { code: inlineCodes(isLibrary ? EDITS.reduce(applyEdit, code) : code), map: null };
    },
  };
}

/** Numbers in place of the library's tables of them, which otherwise come twice and with all their names. */
function inlineCodes(code: string): string {
  const tables: Record<string, unknown> = { ...libraryTypes };
  return code.replace(
    /\b(EventType|IncrementalSource|NodeType|PointerTypes|MediaInteractions|CanvasContext)\.([A-Z]\w*)/g,
    (found, table: string, name: string) => {
      const value = (tables[table] as Record<string, unknown> | undefined)?.[name];
      return typeof value === 'number' ? String(value) : found;
    },
  );
}

function applyEdit(code: string, { from, upTo, to }: Edit): string {
  const start = code.indexOf(from);
  const end = upTo === undefined ? start + from.length : code.indexOf(upTo, start);
  if (start < 0 || end < 0 || code.includes(from, start + 1)) {
    throw new Error(`The recorder library has changed: "${from}" is not there exactly once. Look at library-edits.ts.`);
  }
  return code.slice(0, start) + to + code.slice(end);
}
