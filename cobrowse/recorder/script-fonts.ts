import { STANDING } from '../privacy.ts';
import type { OwnEvents } from '../stream-events.ts';
import type { StyleMentions } from './style-mentions.ts';
import { rewriteStyle, toAssetAddress, type ToAssetKey } from './style-text.ts';
import { nodeTypeOf } from '../untouched-dom.ts';
import { quietly } from './tools/guarded.ts';

const DESCRIPTORS = {
  style: 'font-style',
  weight: 'font-weight',
  stretch: 'font-stretch',
  unicodeRange: 'unicode-range',
  display: 'font-display',
} as const;
const MAX_SOURCE_LENGTH = 1_400_000;
const DATA_FONT = 'data:font/woff2;base64,';

/**
 * What fonts were made of that scripts have made while the page was recorded: no font says so of itself. The words of
 * the script, or a bare address of what it had as bytes.
 */
const sources = new WeakMap<FontFace, string>();

const readFonts = Object.getOwnPropertyDescriptor(Document.prototype, 'fonts')?.get;

/** An element of the page may be called "fonts", and would be read in their place. */
function fontsOf(root: Document | ShadowRoot): Iterable<FontFace> {
  return nodeTypeOf(root) === Node.DOCUMENT_NODE ? (readFonts?.call(root) as FontFaceSet) : [];
}

/** Called by the recorder library with what a script has made a font of. */
export function noteFont(face: FontFace, [, source]: ConstructorParameters<typeof FontFace>): void {
  quietly(() => {
    if (typeof source !== 'string' && source.byteLength > MAX_SOURCE_LENGTH) return;
    const src = typeof source === 'string' ? source : toDataAddress(source);
    if (src.length <= MAX_SOURCE_LENGTH) sources.set(face, src);
  });
}

export interface ScriptFontsOptions {
  /** The page, its frames and its shadow trees. */
  roots: Iterable<Document | ShadowRoot>;
  standingOf(node: Node): number;
  mentions: Pick<StyleMentions, 'hasFont'>;
  toAssetKey: ToAssetKey;
  tellRule(css: string): void;
  tellNotShown(told: OwnEvents['foyer:not-shown']): void;
}

/**
 * Fonts that scripts have added to the page, told as the rules that a style sheet would have. Of those that were made
 * before the page was recorded, nobody can know what they were made of: they are counted.
 */
export function createScriptFonts(options: ScriptFontsOptions): { look(): void } {
  const known = new WeakSet<FontFace>();
  let seen = 0;
  let told = 0;
  return {
    look() {
      let fonts = 0;
      for (const root of options.roots) {
        if (options.standingOf(root) & (STANDING.masked | STANDING.blocked)) continue;
        for (const face of fontsOf(root)) {
          const src = sources.get(face);
          if (src === undefined) {
            if (face.status === 'loaded' && !options.mentions.hasFont(face.family)) fonts += 1;
          } else if (!known.has(face)) {
            known.add(face);
            // Bytes are long, and told of with each key frame: nothing looks for addresses in them.
            const isBytes = src.startsWith(DATA_FONT);
            const named = isBytes ? `url("${toAssetAddress(src, options.toAssetKey)}")` : src;
            options.tellRule(rewriteStyle(toRule(face, named), options.toAssetKey));
          }
        }
      }
      // Twice the same: a sheet of another origin is read a moment after its fonts are there.
      if (fonts === seen && fonts !== told) options.tellNotShown({ nodes: [], fonts: (told = fonts) });
      seen = fonts;
    },
  };
}

function toRule(face: FontFace, src: string): string {
  const family = JSON.stringify(face.family.replace(/^["']|["']$/g, ''));
  const rest = Object.entries(DESCRIPTORS).map(([name, property]) => {
    return `${property}:${face[name as keyof typeof DESCRIPTORS]};`;
  });
  return `@font-face{font-family:${family};${rest.join('')}src:${src}}`;
}

function toDataAddress(source: BufferSource): string {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return DATA_FONT + btoa(text);
}
