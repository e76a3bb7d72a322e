const MATHML = 'http://www.w3.org/1998/Math/MathML';
/** No element of HTML has one of these names, so the name alone tells what it is. */
const MATHML_NAMES = new Set(
  (
    'math maction annotation annotation-xml merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot ' +
    'mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics'
  ).split(' '),
);

/**
 * The recorder library says of an element whether it is SVG and otherwise takes it for HTML. Formulas are mended here,
 * on the one document that the builder makes elements with.
 */
export function mendElementNames(document: Document): void {
  const createElement = Document.prototype.createElement.bind(document);
  const mended = (name: string, options?: ElementCreationOptions): Element =>
    MATHML_NAMES.has(name) ? document.createElementNS(MATHML, name) : createElement(name, options);
  Object.defineProperty(document, 'createElement', { value: mended, configurable: true });
}
