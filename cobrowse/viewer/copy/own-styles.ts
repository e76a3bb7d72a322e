import { OWN_FONT } from '../../own-font.ts';
import { HIDDEN_ATTRIBUTE } from '../../stream-events.ts';
import type { NotShownReason } from './not-shown.ts';

/** Marks a node of the copy whose content cannot be shown; the value is the reason. */
export const NOT_SHOWN_ATTRIBUTE = 'data-foyer-not-shown';

/** Words that stand in the copy itself. */
export interface CopyWords {
  hidden: string;
  notShown: Record<NotShownReason, string>;
}

/**
 * Style sheets of ours on a document of the copy. They are adopted, so that they are no child of the page's head and no
 * element of the page's count; `!important` wins against the page's own.
 */
export interface OwnStyles {
  /** Again after the page has set adopted sheets itself. */
  dress(document: Document): void;
  addFonts(css: string): void;
  /** Where no script may run, browsers give a canvas no room; it gets the room that its attributes ask for. */
  addCanvas(canvas: Element): void;
}

export function createOwnStyles(words: CopyWords): OwnStyles {
  const rules = toRules(words);
  const sheets = new WeakMap<Document, { base: CSSStyleSheet; fonts: CSSStyleSheet }>();
  let fontCss = '';
  const canvasRules = new Set<string>();

  function sheetsOf(document: Document): { base: CSSStyleSheet; fonts: CSSStyleSheet } | undefined {
    const known = sheets.get(document);
    const window = document.defaultView;
    if (known !== undefined || window === null) return known;
    // Of that window: a document adopts no sheet of another one.
    const Sheet = (window as Window & typeof globalThis).CSSStyleSheet;
    const made = { base: new Sheet(), fonts: new Sheet() };
    made.base.replaceSync(rules);
    made.fonts.replaceSync(joinAdded());
    sheets.set(document, made);
    return made;
  }

  const joinAdded = (): string => `${[...canvasRules].join('\n')}\n${fontCss}`;

  function spread(): void {
    for (const reference of dressed) {
      const document = reference.deref();
      if (document === undefined) dressed.delete(reference);
      else sheets.get(document)?.fonts.replaceSync(joinAdded());
    }
  }

  const dressed = new Set<WeakRef<Document>>();
  return {
    dress(document) {
      const own = sheetsOf(document);
      if (own === undefined) return;
      const adopted = document.adoptedStyleSheets;
      if (adopted.includes(own.base) && adopted.includes(own.fonts)) return;
      document.adoptedStyleSheets = [
        ...adopted.filter((sheet) => sheet !== own.base && sheet !== own.fonts),
        own.fonts,
        own.base,
      ];
      dressed.add(new WeakRef(document));
    },
    addFonts(css) {
      fontCss += `\n${css}`;
      spread();
    },
    addCanvas(canvas) {
      const rule = toCanvasRule(canvas);
      if (canvasRules.has(rule) || canvasRules.size >= MAX_CANVAS_RULES) return;
      canvasRules.add(rule);
      spread();
    },
  };
}

const MAX_CANVAS_RULES = 500;

/** Without weight of its own, so that whatever the page says of its size wins. */
function toCanvasRule(canvas: Element): string {
  const [width, height] = [toSide(canvas, 'width', 300), toSide(canvas, 'height', 150)];
  const { css, size: wide } = width;
  return (
    `:where(canvas${css}${height.css}) { display: inline-block; overflow: hidden; width: ${wide}px; ` +
    `aspect-ratio: ${wide} / ${height.size}; }`
  );
}

function toSide(canvas: Element, name: string, otherwise: number): { css: string; size: number } {
  const written = canvas.getAttribute(name);
  const size = Number.parseInt(written ?? '', 10);
  if (written === null || !/^\d{1,5}$/.test(written) || size === 0) return { css: `:not([${name}])`, size: otherwise };
  return { css: `[${name}="${written}"]`, size };
}

/** The place of a page is the visitor's: a copy in which words are wider or narrower must not hold on to another line. */
function toRules({ hidden, notShown }: CopyWords): string {
  const hatch = 'repeating-linear-gradient(-45deg, #8a8f8833 0 6px, #8a8f8814 6px 12px)';
  const hiddenBox = `[${HIDDEN_ATTRIBUTE}]`;
  const boxes = Object.entries(notShown).map(
    ([reason, text]) =>
      `[${NOT_SHOWN_ATTRIBUTE}="${reason}"] { background: ${toPicture(text)} center / contain no-repeat, ${hatch} !important; ` +
      `outline: 1px dashed #8a8f88 !important; outline-offset: -1px !important; }`,
  );
  return `
    * { overflow-anchor: none !important; }
    noscript, foyer-base, foyer-applet { display: none !important; }
    ${hiddenBox} { background: ${hatch} #f0ede7 !important; outline: 1px solid #8a8f8866 !important;
      outline-offset: -1px !important; color: #5a605b !important; overflow: hidden !important; }
    ${hiddenBox}:empty::before { content: ${JSON.stringify(hidden)} !important; display: block !important;
      font: 12px/16px ${OWN_FONT} !important; padding: 4px 6px !important; color: #5a605b !important; }
    ${boxes.join('\n')}
    [${NOT_SHOWN_ATTRIBUTE}="closed-shadow-root"] { display: inline-block; min-width: 120px; min-height: 32px; }
  `;
}

/** The words as a picture, since an element that shows a canvas or a film has no text of its own. */
function toPicture(text: string): string {
  const letters = Array.from(text, (sign) => `&#${sign.codePointAt(0) ?? 32};`).join('');
  const width = text.length * 6.4 + 20;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="24" viewBox="0 0 ${width} 24">` +
    `<rect width="${width}" height="24" rx="6" fill="#fffdfa" fill-opacity=".92"/>` +
    `<text x="50%" y="16" text-anchor="middle" font-family="${OWN_FONT}" font-size="12" fill="#5a605b">${letters}</text></svg>`;
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`;
}
