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
  { from: '  handleMessage(message) {', upTo: 'class ShadowDomManager {', to: '}\n' },
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
  { from: 'let wrappedEmit;', to: 'let generation = 0;\nlet wrappedEmit;' },
];

export function mendRecorderLibrary(): Plugin {
  return {
    name: 'foyer-recorder-library',
    transform(code, id) {
      if (!id.endsWith('@rrweb/record/dist/record.js')) return undefined;
      return { code: EDITS.reduce(applyEdit, code), map: null };
    },
  };
}

function applyEdit(code: string, { from, upTo, to }: Edit): string {
  const start = code.indexOf(from);
  const end = upTo === undefined ? start + from.length : code.indexOf(upTo, start);
  if (start < 0 || end < 0 || code.includes(from, start + 1)) {
    throw new Error(`The recorder library has changed: "${from}" is not there exactly once. Look at library-edits.ts.`);
  }
  return code.slice(0, start) + to + code.slice(end);
}
