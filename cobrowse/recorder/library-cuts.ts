// Long, because it is one list: a new version of the library is held against it from top to bottom.
import type { LibraryEdit } from './library-edits.ts';

/** What of the recorder library nobody here uses: more than a third of it. */
export const LIBRARY_CUTS: readonly LibraryEdit[] = [
  // Pictures of canvases are never taken: the code for it, and the worker in it, is a seventh of the library.
  { from: '\nvar chars = "ABC', upTo: 'class StylesheetManager {', to: '\n' },
  { from: '  canvasManager = new CanvasManager({', upTo: '  const shadowDomManager = new', to: '' },
  { from: '  const wrappedCanvasMutationEmit =', upTo: '  const wrappedAdoptedStyleSheetEmit =', to: '' },
  {
    from: '  if (tagName === "canvas" && recordCanvas) {',
    upTo: '  if (["audio", "video"].includes(tagName)) {',
    to: '',
  },
  { from: 'function is2DCanvasBlank(canvas) {', upTo: 'function getInputType(element) {', to: '' },
  // Frames of other origins are never recorded, and nobody's messages are listened to. What is left of frames: one that
  // loads after a restart would be taken up by the recording before it as well, and watched for ever.
  {
    from: 'class CrossOriginIframeMirror {',
    upTo: 'class ShadowDomManager {',
    to: `class IframeManager {
      constructor({ mirror: mirror2, mutationCb, stylesheetManager }) {
        this.attachIframe = (frame, node) => {
          if (!recording || this.generation !== generation) return;
          const add = { parentId: mirror2.getId(frame), nextId: null, node };
          mutationCb({ adds: [add], removes: [], texts: [], attributes: [], isAttachIframe: true });
          this.listener(frame);
          const { contentDocument } = frame;
          const sheets = contentDocument && contentDocument.adoptedStyleSheets;
          if (sheets) stylesheetManager.adoptStyleSheets(sheets, mirror2.getId(contentDocument));
        };
        this.generation = generation;
      }
      addIframe() {}
      addLoadListener(listener) { this.listener = listener; }
    }\n`,
  },
  {
    from: '  const inEmittingFrame = recordCrossOriginIframes ?',
    upTo: '  mirror.reset();',
    to: '',
  },
  // No packing, no plugins, no hooks, no freezing, and key frames only when they are asked for.
  {
    from: '  let lastFullSnapshotEvent;',
    upTo: '  const wrappedMutationEmit =',
    to: '  wrappedEmit = (event) => {\n    event.timestamp = nowTimestamp();\n    emit(event);\n  };\n',
  },
  {
    from: '  for (const plugin of plugins || []) {\n    if (plugin.getMirror)',
    upTo: '  const processedNodeManager =',
    to: '',
  },
  {
    from: '  freeze() {\n    this.frozen = true;',
    upTo: 'function deepDelete(',
    to: `lock() { this.locked = true; }
      unlock() { this.locked = false; this.emit(); }
      reset() { this.shadowDomManager.reset(); }
    }\n`,
  },
  { from: 'record.addCustomEvent = (tag, payload) => {', upTo: 'record.mirror = mirror;', to: '' },
  // Films are not carried, so nobody needs to know how far they are.
  {
    from: '  if (["audio", "video"].includes(tagName)) {',
    upTo: '  if (!newlyAddedElement) {',
    to: '',
  },
  // What may be read, and what of a head is not sent, is for our own filter to say. Passwords never come as far as that.
  {
    from: 'function needMaskingText(',
    upTo: 'function onceIframeLoaded(',
    to: 'function needMaskingText() { return false; }\n',
  },
  {
    from: 'function maskInputValue({',
    upTo: 'function toLowerCase(',
    to: `function maskInputValue({ type, value }) {
      return type === "password" ? "*".repeat((value || "").length) : value || "";
    }\n`,
  },
  {
    from: 'function snapshot(n, options) {',
    upTo: 'class BaseRRNode {',
    to: `function snapshot(n, options) {
      return serializeNodeWithId(n, {
        ...options, doc: n,
      });
    }\n`,
  },
  {
    from: '  const maskInputOptions = maskAllInputs === true ? {',
    upTo: '  const slimDOMOptions = slimDOMDefaults(',
    to: '',
  },
  // What is never sent is always left out: nobody chooses.
  { from: 'function slimDOMDefaults(_slimDOMOptions) {', upTo: 'function slimDOMExcluded(', to: '' },
  {
    from: 'function slimDOMExcluded(sn, slimDOMOptions) {',
    upTo: 'function serializeNodeWithId(n, options) {',
    to: `function slimDOMExcluded(sn) {
      return sn.type === NodeType.Comment || (sn.type === NodeType.Element && sn.tagName === "script");
    }\n`,
  },
  // Of what its own tests or its other side alone call.
  { from: 'takeFullSnapshot = (isCheckout = false) => {', to: 'takeFullSnapshot = () => {' },
  { from: ',\n      isCheckout\n', to: '\n', isEverywhere: true },
  { from: '    if (!previous && options.leading === false) {\n      previous = now;\n    }\n', to: '' },
  { from: 'options.leading === false ? 0 : ', to: '' },
  {
    from: '    if (typeof wrapped === "function") {\n      wrapped.prototype =',
    upTo: '    source[name] = wrapped;',
    to: '',
  },
  {
    from: 'function normalizeCssString(cssText, _testNoPxNorm = false) {',
    upTo: 'function splitCssText(',
    to: `function normalizeCssString(cssText) {
      return cssText.replace(/(\\/\\*[^*]*\\*\\/)|[\\s;]/g, "").replace(/0px/g, "0");
    }\n`,
  },
  { from: ', _testNoPxNorm = false)', to: ')' },
  { from: ', _testNoPxNorm)', to: ')' },
  { from: ',\n          _testNoPxNorm\n', to: '\n' },
  { from: ',\n                _testNoPxNorm\n', to: '\n' },
  { from: '  getIds() {', upTo: '  getMeta(n) {', to: '' },
  { from: '  replace(id, n) {', upTo: '  reset() {', to: '' },
  { from: 'slimDOMOptions.headWhitespace && ', to: '' },
  { from: ' && slimDOMOptions.headTitleMutations', to: '' },
  { from: ', slimDOMOptions)', to: ')', isEverywhere: true },
  { from: ', this.slimDOMOptions)', to: ')', isEverywhere: true },
  { from: '  const slimDOMOptions = slimDOMDefaults(_slimDOMOptions);\n', to: '' },
  // Nodes that are none, for the library's other side.
  { from: 'class BaseRRNode {', upTo: 'function on(type, fn, target', to: '' },
  {
    from: '  if (n instanceof BaseRRNode && "shadowRoot" in n) {\n    return Boolean(n.shadowRoot);\n  }\n',
    to: '',
  },
  { from: 'const DEPARTED_MIRROR_ACCESS_WARNING =', upTo: 'function throttle(', to: '' },
  // Browsers that are older than the script's syntax.
  { from: 'function polyfill(win = window) {', upTo: 'function isSerializedIframe(', to: '' },
  { from: '  polyfill();\n', to: '' },
  {
    from: 'function getWindowScroll(win) {',
    upTo: 'function closestElementOfNode(',
    to: `function getWindowScroll(win) {
      const { scrollLeft, scrollTop } = win.document.scrollingElement || win.document.documentElement;
      return { left: scrollLeft, top: scrollTop };
    }
    const getWindowHeight = () => innerHeight;
    const getWindowWidth = () => innerWidth;\n`,
  },
  // Attributes that our filter never sends are not made absolute, and neither are imports: those are left out.
  {
    from: 'const SRCSET_NOT_SPACES =',
    upTo: 'const cachedDocument =',
    to: 'let canvasService;\n',
  },
  { from: 'let canvasService;\nlet canvasCtx;\n', to: '' },
  { from: '  } else if (name === "srcset") {\n    return getAbsoluteSrcsetString(doc, value);\n', to: '' },
  { from: '  } else if (tagName === "object" && name === "data") {\n    return absoluteToDoc(doc, value);\n', to: '' },
  { from: 'function escapeImportStatement(rule) {', upTo: 'function stringifyStylesheet(s) {', to: '' },
  {
    from: ' || // work around browser issues',
    upTo: '    } catch (error) {\n      importStringified',
    to: ' || "";\n',
  },
  { from: 'function extractFileExtension(', upTo: 'function extractOrigin(', to: '' },
  {
    from: ' && (serializedNode.attributes.rel === "stylesheet" ||',
    upTo: ') {\n    onceStylesheetLoaded(',
    to: ' && serializedNode.attributes.rel === "stylesheet"',
  },
  // Options are handed on as they are: the library names each of them, used or not, wherever they pass.
  {
    from: '  const _serializedNode = serializeNode(n, {',
    upTo: '  let id;\n  if (mirror2.hasNode(n))',
    to: '  const _serializedNode = serializeNode(n, options);\n  if (!_serializedNode) return null;\n',
  },
  {
    from: '      return serializeElementNode(n, {',
    upTo: '    case n.TEXT_NODE:',
    to: '      return serializeElementNode(n, { ...options, rootId });\n',
  },
  {
    from: '      return serializeTextNode(n, {',
    upTo: '    case n.CDATA_SECTION_NODE:',
    to: '      return serializeTextNode(n, { ...options, rootId });\n',
  },
  {
    from: '    const bypassOptions = {',
    upTo: '    if (serializedNode.type === NodeType.Element && serializedNode.tagName === "textarea"',
    to: '    const bypassOptions = { ...options, preserveWhiteSpace, newlyAddedElement: false, cssCaptured: false };\n',
  },
  {
    from: 'const serializedIframeNode = serializeNodeWithId(iframeDoc, {',
    upTo: '          if (serializedIframeNode) {',
    to: `const serializedIframeNode = serializeNodeWithId(iframeDoc, {
            ...options, doc: iframeDoc, skipChild: false, newlyAddedElement: false, preserveWhiteSpace, cssCaptured: false,
          });\n`,
  },
  {
    from: 'const serializedLinkNode = serializeNodeWithId(n, {',
    upTo: '          if (serializedLinkNode) {',
    to: 'const serializedLinkNode = serializeNodeWithId(n, { ...options, skipChild: false, newlyAddedElement: false });\n',
  },
  { from: '  if (!needsMask) {\n', upTo: '  const _serializedNode =', to: '' },
  {
    from: '  if (!isStyle && !isScript && textContent2 && needsMask) {\n',
    upTo: '  return {\n    type: NodeType.Text',
    to: '',
  },
  {
    from: 'value: needMaskingText(\n',
    upTo: ',\n              node: m.target',
    to: 'value',
  },
  { from: 'function needMaskingText() { return false; }\n', to: '' },
  { from: '    if (n.selected && !maskInputOptions["select"]) {', to: '    if (n.selected) {' },
  { from: 'maskInputOptions[tagName.toLowerCase()] || maskInputOptions[type]', to: 'type === "password"' },
  {
    from: 'target.classList.contains(ignoreClass) || ignoreSelector && target.matches(ignoreSelector)',
    to: 'target.classList.contains("rr-ignore")',
  },
  { from: 'userTriggeredOnInput ? { text, isChecked, userTriggered } : ', to: '' },
  { from: 'userTriggeredOnInput ? { text: text2, isChecked: !isChecked, userTriggered: false } : ', to: '' },
  { from: ' && inlineStylesheet) {', to: ') {' },
  { from: ' && !keepIframeSrcFn(attributes.src)', to: '' },
  { from: ' && !this.keepIframeSrcFn(value)', to: '' },
  { from: '  if (!recordDOM) {\n', upTo: '    wrappedEmit(\n', to: '' },
  // Of all that is done with a pointer only clicks and touches are shown on the other side.
  {
    from: 'function initMouseInteractionObserver({',
    upTo: 'function initScrollObserver({',
    to: `function initMouseInteractionObserver({ mouseInteractionCb, doc, mirror: mirror2, blockClass, blockSelector }) {
      const watch = (name, type) => on(name, callbackWrapper((event) => {
        const target = getEventTarget(event);
        if (name !== "click" && event.pointerType !== "touch") return;
        if (isBlocked(target, blockClass, blockSelector, true)) return;
        mouseInteractionCb({ type, id: mirror2.getId(target), x: event.clientX, y: event.clientY });
      }), doc);
      const handlers = [watch("click", MouseInteractions.Click), watch("pointerdown", MouseInteractions.TouchStart)];
      return () => handlers.forEach((stop) => stop());
    }\n`,
  },
  // Whatever changes a style sheet is watched in the same way; the library says it for each of them anew.
  {
    from: 'function getNestedCSSRulePositions(rule) {',
    upTo: 'function initAdoptedStyleSheetObserver(',
    to: `function getNestedCSSRulePositions(rule) {
      const positions = [];
      for (let at = rule; at; at = at.parentRule) {
        const { cssRules } = at.parentRule || at.parentStyleSheet || {};
        if (cssRules) positions.unshift(Array.from(cssRules).indexOf(at));
      }
      return positions;
    }
    function initStyleSheetObserver({ styleSheetRuleCb, styleDeclarationCb, mirror: mirror2, stylesheetManager }, win) {
      const handlers = [];
      const watch = ({ prototype }, name, tell, toSheet, toChange) => {
        const original = prototype[name];
        if (!original) return;
        prototype[name] = new Proxy(original, {
          apply: callbackWrapper((target, thisArg, inputs) => {
            const sheet = toSheet(thisArg);
            const owner = sheet && sheet.ownerNode;
            const id = owner ? mirror2.getId(owner) : stylesheetManager.styleMirror.getId(sheet);
            if (id > 0) tell({ [owner ? "id" : "styleId"]: id, ...toChange(inputs, thisArg) });
            return target.apply(thisArg, inputs);
          }),
        });
        handlers.push(() => { prototype[name] = original; });
      };
      const { CSSStyleSheet, CSSGroupingRule, CSSStyleDeclaration } = win;
      const itself = (sheet) => sheet;
      watch(CSSStyleSheet, "insertRule", styleSheetRuleCb, itself, ([rule, index]) => ({ adds: [{ rule, index }] }));
      watch(CSSStyleSheet, "deleteRule", styleSheetRuleCb, itself, ([index]) => ({ removes: [{ index }] }));
      for (const name of ["replace", "replaceSync"])
        watch(CSSStyleSheet, name, styleSheetRuleCb, itself, ([css]) => ({ [name]: css }));
      CSSStyleSheet.prototype.addRule = function (selector, block, index = this.cssRules.length) {
        return this.insertRule(\`\${selector} { \${block} }\`, index);
      };
      CSSStyleSheet.prototype.removeRule = function (index) {
        return this.deleteRule(index);
      };
      const sheetOf = (rule) => rule && rule.parentStyleSheet;
      watch(CSSGroupingRule, "insertRule", styleSheetRuleCb, sheetOf, ([rule, index], group) => (
        { adds: [{ rule, index: [...getNestedCSSRulePositions(group), index || 0] }] }
      ));
      watch(CSSGroupingRule, "deleteRule", styleSheetRuleCb, sheetOf, ([index], group) => (
        { removes: [{ index: [...getNestedCSSRulePositions(group), index] }] }
      ));
      const ruleOf = ({ parentRule }) => sheetOf(parentRule);
      watch(CSSStyleDeclaration, "setProperty", styleDeclarationCb, ruleOf, ([property, value, priority], style) => (
        { set: { property, value, priority }, index: getNestedCSSRulePositions(style.parentRule) }
      ));
      watch(CSSStyleDeclaration, "removeProperty", styleDeclarationCb, ruleOf, ([property], style) => (
        { remove: { property }, index: getNestedCSSRulePositions(style.parentRule) }
      ));
      return () => handlers.forEach((stop) => stop());
    }\n`,
  },
  { from: 'function initStyleDeclarationObserver({', upTo: 'function initFontObserver({', to: '' },
  // Components are shown as they are drawn, whatever they are called, and there are no hooks to be merged in.
  {
    from: 'function initCustomElementObserver({',
    upTo: 'class IframeManager {',
    to: `function initObservers(o) {
      const win = o.doc.defaultView;
      if (!win) return () => {};
      const [observer, cleanup] = initMutationObserver(o, o.doc);
      const handlers = [
        initMoveObserver(o), initMouseInteractionObserver(o), initScrollObserver(o),
        initViewportResizeObserver(o, { win }), initInputObserver(o), initStyleSheetObserver(o, win),
        initAdoptedStyleSheetObserver(o, o.doc), initFontObserver(o), initSelectionObserver(o),
      ];
      return callbackWrapper(() => {
        mutationBuffers.forEach((buffer) => buffer.reset());
        observer.disconnect();
        cleanup();
        handlers.forEach((stop) => stop());
      });
    }\n`,
  },
  {
    from: '  const wrappedMutationEmit =',
    upTo: '  const stylesheetManager = new',
    to: `  const as = (source) => (data) => wrappedEmit({ type: EventType.IncrementalSnapshot, data: { source, ...data } });
    const wrappedMutationEmit = as(IncrementalSource.Mutation);
    const wrappedScrollEmit = as(IncrementalSource.Scroll);
    const wrappedAdoptedStyleSheetEmit = as(IncrementalSource.AdoptedStyleSheet);\n`,
  },
  {
    from: '    const observe = (doc) => {',
    upTo: '    iframeManager.addLoadListener(',
    to: `    const observe = (doc) => callbackWrapper(initObservers)({
      mutationCb: wrappedMutationEmit,
      mousemoveCb: (positions, source) => as(source)({ positions }),
      mouseInteractionCb: as(IncrementalSource.MouseInteraction),
      scrollCb: wrappedScrollEmit,
      viewportResizeCb: as(IncrementalSource.ViewportResize),
      inputCb: as(IncrementalSource.Input),
      styleSheetRuleCb: as(IncrementalSource.StyleSheetRule),
      styleDeclarationCb: as(IncrementalSource.StyleDeclaration),
      selectionCb: as(IncrementalSource.Selection),
      blockClass, blockSelector, sampling, doc, mirror, iframeManager, stylesheetManager,
      shadowDomManager, processedNodeManager,
    });\n`,
  },
  {
    from: 'class StyleSheetMirror {',
    upTo: 'function getShadowHost(n) {',
    to: `class StyleSheetMirror {
      constructor() { this.reset(); }
      getId(sheet) { return this.ids.get(sheet) ?? -1; }
      has(sheet) { return this.ids.has(sheet); }
      add(sheet) { this.ids.set(sheet, this.next); return this.next++; }
      reset() { this.ids = new WeakMap(); this.next = 1; }
    }\n`,
  },
  // A class is a name and never a pattern, sampling is ours to say, and the page is there when we begin.
  {
    from: '    if (typeof blockClass === "string") {\n      if (element.classList',
    upTo: '    if (blockSelector) {\n      return element.matches(',
    to: '    if (element.classList.contains(blockClass)) return true;\n',
  },
  { from: 'function classMatchesRegex(', upTo: 'function onceIframeLoaded(', to: '' },
  {
    from: '    if (typeof blockClass === "string") {\n      if (el.classList',
    upTo: '  } catch (e) {\n  }\n  if (blockSelector) {',
    to: '    if (checkAncestors ? el.closest("." + blockClass) : el.classList.contains(blockClass)) return true;\n',
  },
  {
    from: '    if (el.matches(blockSelector)) return true;\n    if (checkAncestors &&',
    upTo: '  }\n  return false;\n}\nfunction isSerialized(',
    to: '    if (checkAncestors ? el.closest(blockSelector) : el.matches(blockSelector)) return true;\n',
  },
  {
    from: '  if (sampling.mousemove === false) {',
    upTo: '  let positions = [];',
    to: '  const threshold = sampling.mousemove;\n  const callbackThreshold = 500;\n',
  },
  { from: '    recordAfter = options.recordAfter ===', upTo: '    userTriggeredOnInput', to: '' },
  { from: 'sampling.input === "last" ? ["change"] : ', to: '' },
  {
    from: '    if (["interactive", "complete"].includes(document.readyState)) {',
    upTo: '    return () => {\n      handlers.forEach((handler) => {',
    to: '    init();\n',
  },
  { from: '          const msg = String(error).toLowerCase();', upTo: '        }\n      });\n      processed', to: '' },
];

/** What we never ask for, and whatever hands it on. */
const UNUSED_OPTIONS =
  'maskTextClass|maskTextSelector|maskTextFn|maskInputFn|maskInputOptions|maskAllInputs|dataURLOptions|inlineImages|' +
  'recordCanvas|recordCrossOriginIframes|canvasManager|ignoreClass|ignoreSelector|userTriggeredOnInput|plugins|packFn|' +
  'checkoutEveryNms|checkoutEveryNth|mousemoveWait|inlineStylesheet|needsMask|keepIframeSrcFn|slimDOMOptions|slimDOM|' +
  'hooks|recordDOM|collectFonts|ignoreCSSAttributes';

/** The library without the names of those: in lists of options, of fields, and where one is set from another. */
export function cutOptions(code: string): string {
  return code.replace(
    new RegExp(
      `^ +(?:__publicField\\(this, )?"?(?:${UNUSED_OPTIONS})"?(?:\\);|(?:: \\w+(?:\\.\\w+)?| = [^,\\n]+)?,?)\\n`,
      'gm',
    ),
    '',
  );
}
