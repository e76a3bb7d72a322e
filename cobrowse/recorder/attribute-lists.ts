const toSet = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** Say something about the look and nothing that could be read. Sent of what is shown and of what is masked. */
export const LOOK_ATTRIBUTES = toSet(
  'dir hidden popover inert open width height align valign bgcolor color border ' +
    'cellpadding cellspacing colspan rowspan span size face start reversed type disabled multiple readonly required ' +
    'rows cols wrap media controls frameborder hspace vspace nowrap noshade contenteditable rel charset xmlns ' +
    'rr_scrollLeft rr_scrollTop rr_open_mode',
);

/** Can be read, or give away what was filled in: sent of what is shown alone. */
export const SHOWN_ATTRIBUTES = toSet(
  'title alt label placeholder aria-label aria-valuetext checked selected min max low high optimum step kind tabindex ' +
    'lang role exportparts',
);

/** Geometry and paint of drawings and formulas. */
export const DRAWING_ATTRIBUTES = toSet(
  'viewBox preserveAspectRatio d x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy rotate points pathLength transform ' +
    'transform-origin fill fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin ' +
    'stroke-miterlimit stroke-dasharray stroke-dashoffset stroke-opacity opacity clip-path clip-rule mask filter ' +
    'marker-start marker-mid marker-end offset stop-color stop-opacity gradientUnits gradientTransform spreadMethod ' +
    'patternUnits patternContentUnits patternTransform clipPathUnits maskUnits maskContentUnits filterUnits ' +
    'primitiveUnits in in2 result stdDeviation mode values operator k1 k2 k3 k4 flood-color flood-opacity ' +
    'lighting-color tableValues slope intercept amplitude exponent baseFrequency numOctaves seed scale ' +
    'xChannelSelector yChannelSelector markerWidth markerHeight markerUnits refX refY orient font-family font-size ' +
    'font-weight font-style text-anchor dominant-baseline alignment-baseline baseline-shift letter-spacing ' +
    'word-spacing text-decoration textLength lengthAdjust startOffset visibility display paint-order vector-effect ' +
    'shape-rendering text-rendering image-rendering color-interpolation-filters pointer-events overflow version ' +
    'mathvariant displaystyle scriptlevel columnalign rowalign stretchy fence separator accent lspace rspace ' +
    'linethickness notation',
);
