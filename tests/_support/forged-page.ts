/** Pages as no recorder would send them: what a hostile visitor's own program may put into a frame. */

let nextId = 10;
type Attributes = Record<string, string | number | boolean>;
export const element = (
  tagName: string,
  attributes: Attributes = {},
  childNodes: object[] = [],
  more: object = {},
) => ({
  type: 2,
  id: nextId++,
  tagName,
  attributes,
  childNodes,
  ...more,
});
export const text = (textContent: string, more: object = {}) => ({ type: 3, id: nextId++, textContent, ...more });
export const meta = { type: 4, timestamp: 1, data: { href: 'https://shop.example/', width: 800, height: 600 } };
export const snapshot = (body: object[], head: object[] = []) => [
  meta,
  {
    type: 2,
    timestamp: 1,
    data: {
      node: {
        type: 0,
        id: 1,
        childNodes: [
          { type: 1, id: 2, name: 'html', publicId: '', systemId: '' },
          {
            type: 2,
            id: 3,
            tagName: 'html',
            attributes: {},
            childNodes: [
              { type: 2, id: 4, tagName: 'head', attributes: {}, childNodes: head },
              { type: 2, id: 5, tagName: 'body', attributes: {}, childNodes: body },
            ],
          },
        ],
      },
      initialOffset: { left: 0, top: 0 },
    },
  },
];
interface ForgedNode {
  id?: number;
  childNodes?: ForgedNode[];
}

/** Nodes that come later below the body: each one alone, its children after it, as a recorder sends them. */
export const added = (nodes: readonly object[]) => changed({ adds: nodes.flatMap((node) => toAdds(node, 5)) });

function toAdds(node: ForgedNode, parentId: number): object[] {
  const { childNodes = [], id = 0 } = node;
  const alone = 'childNodes' in node ? { ...node, childNodes: [] } : node;
  return [{ parentId, nextId: null, node: alone }, ...childNodes.flatMap((child) => toAdds(child, id))];
}

export const changed = (data: object) => ({
  type: 3,
  timestamp: 2,
  data: { source: 0, texts: [], attributes: [], removes: [], adds: [], ...data },
});

/** Everything by which a document fetches, sends, runs or goes somewhere without anybody's doing. */
export function loaders(at: string): object[] {
  const svg = { isSVG: true };
  return [
    element('img', { src: `${at}/img` }),
    element('img', { srcset: `${at}/srcset 1x, ${at}/srcset2 2x` }),
    element('img', { src: 'foyer-asset:1', srcset: `foyer-asset:2 1x,${at}/mixed 2x` }),
    element('img', { rr_dataURL: `${at}/rr-data` }),
    element('canvas', { rr_dataURL: `${at}/canvas`, width: '10', height: '10' }),
    element('picture', {}, [element('source', { srcset: `${at}/source` }), element('img', {})]),
    element('video', { src: `${at}/video`, poster: `${at}/poster`, autoplay: '' }, [
      element('source', { src: `${at}/video-source` }),
    ]),
    element('video', { rr_mediaState: 'played', src: `${at}/played` }),
    element('audio', { src: `${at}/audio`, autoplay: '' }),
    element('track', { src: `${at}/track`, default: '' }),
    element('object', { data: `${at}/object`, type: 'image/svg+xml' }),
    element('embed', { src: `${at}/embed` }),
    element('applet', { archive: `${at}/applet` }),
    element('iframe', { src: `${at}/iframe` }),
    element('iframe', { srcdoc: `<img src="${at}/srcdoc"><script>parent.parent.hacked = 1</script>` }),
    element('iframe', { rr_src: `${at}/rr-src` }),
    element('iframe', { src: 'javascript:top.hacked=1' }),
    element('iframe', { src: `data:text/html,<img src="${at}/data-frame"><script>top.hacked=1</script>` }),
    element('object', { data: 'data:text/html,<script>top.hacked=1</script>' }),
    element('embed', { src: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="top.hacked=1"/>' }),
    element('img', {
      src: `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><image href="${at}/data-svg"/></svg>`,
    }),
    element('frame', { src: `${at}/frame` }),
    element('portal', { src: `${at}/portal` }),
    element('fencedframe', { src: `${at}/fenced` }),
    element('input', { type: 'image', src: `${at}/input` }),
    element('body', { background: `${at}/background` }),
    element('table', { background: `${at}/table` }),
    element('script', { src: `${at}/script` }, [text('top.hacked = 1; parent.hacked = 1')]),
    element('script', { type: 'speculationrules' }, [
      text(`{"prefetch":[{"source":"list","urls":["${at}/speculation"]}]}`),
    ]),
    element('script', { xlink: 'x', href: `${at}/svg-script` }, [], svg),
    element('image', { href: `${at}/svg-image` }, [], svg),
    element('image', { 'xlink:href': `${at}/svg-xlink` }, [], svg),
    element('use', { href: `${at}/svg-use#a` }, [], svg),
    element(
      'svg',
      { width: '20', height: '20' },
      [
        element(
          'image',
          { width: '9', height: '9' },
          [element('set', { attributeName: 'href', to: `${at}/svg-set` }, [], svg)],
          svg,
        ),
        element(
          'rect',
          { width: '9', height: '9', fill: `url(${at}/svg-fill#a)`, style: `filter: url(${at}/svg-filter#b)` },
          [],
          svg,
        ),
        element('feImage', { href: `${at}/fe-image` }, [], svg),
        element('a', { href: 'javascript:top.hacked=1' }, [], svg),
        element(
          'image',
          {},
          [element('animate', { attributeName: 'href', values: `${at}/svg-animate;${at}/svg-animate2` }, [], svg)],
          svg,
        ),
        element(
          'foreignObject',
          { width: '9', height: '9' },
          [element('img', { src: `${at}/foreign` }), element('iframe', { src: `${at}/foreign-frame` })],
          svg,
        ),
      ],
      svg,
    ),
    element('div', { style: `background: url(${at}/style); list-style: url('${at}/style-quoted')` }),
    element('div', { style: `background: u\\72l(${at}/escaped)` }),
    element('div', { style: `background-image: image-set("${at}/image-set" 1x)` }),
    element('div', {
      style: `background-image: -webkit-image-set(url(${at}/webkit-set) 1x); cursor: url(${at}/cursor), auto`,
    }),
    element('div', {
      style: `mask-image: url(${at}/mask); border-image: url(${at}/border) 1; content: url(${at}/content)`,
    }),
    element('style', {}, [text(`@import "${at}/import"; @import url(${at}/import-url) layer(a);`, { isStyle: true })]),
    element('style', {
      _cssText: `@im\\port "${at}/import-escaped"; @font-face { font-family: x; src: url(${at}/font) } body { font-family: x }`,
    }),
    element('style', {}, [text(`/* " */ body::after { content: url(${at}/after) } /* " */`, { isStyle: true })]),
    element('link', { rel: 'stylesheet', href: `${at}/sheet` }),
    element('link', { rel: 'prefetch', href: `${at}/prefetch` }),
    element('link', { rel: 'preload', as: 'image', href: `${at}/preload`, imagesrcset: `${at}/preload-set 1x` }),
    element('link', { rel: 'modulepreload', href: `${at}/modulepreload` }),
    element('link', { rel: 'prerender', href: `${at}/prerender` }),
    element('link', { rel: 'dns-prefetch', href: at }),
    element('link', { rel: 'preconnect', href: at }),
    element('link', { rel: 'icon', href: `${at}/icon` }),
    element('link', { rel: 'manifest', href: `${at}/manifest` }),
    element('base', { href: `${at}/base/`, target: '_top' }),
    element('img', { src: 'relative-to-base' }),
    element('meta', { 'http-equiv': 'refresh', content: `0;url=${at}/refresh` }),
    element('meta', { 'http-equiv': 'set-cookie', content: 'agent=stolen' }),
    element('form', { action: `${at}/form`, method: 'post' }, [
      element('button', { formaction: `${at}/formaction`, autofocus: '' }),
    ]),
    element('a', { href: 'javascript:top.hacked=1', ping: `${at}/ping` }, [text('go')]),
    element('img', { src: 'x:', onerror: 'top.hacked = 1; parent.hacked = 1' }),
    element('body', { onload: 'top.hacked = 1', onpageshow: 'top.hacked = 1' }),
    element('details', { open: '', ontoggle: 'top.hacked = 1' }),
    element('div', { onanimationstart: 'top.hacked = 1', style: 'animation: x 1s' }),
    element(
      'x-part',
      {},
      [element('img', { src: `${at}/in-shadow`, onerror: 'top.hacked=1' }, [], { isShadow: true })],
      { isShadowHost: true, isCustom: true },
    ),
    element('font-face', {}, [], { isCustom: true }),
    element('not a name<script>', {}),
    element('template', {}, [element('img', { src: `${at}/template` })]),
  ];
}
