import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ChosenScope, PrivacyRules } from '../../cobrowse/recorder/recorder-messages.ts';
import { createRecorderWorld, WHOLE_PAGE, type RecordedPage, type RecorderWorld } from '../_support/recorder-page.ts';

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
/** A picture of its own for each place; what follows the end of a GIF nobody reads. */
const toPicture = (name: string) => Buffer.concat([GIF, Buffer.from(name)]);
const IN_TEXT = toPicture('in-text').toString('base64');
const PLACES = ['denied', 'hidden', 'masked', 'shown', 'unused', 'undrawn', 'pseudo', 'font', 'later'] as const;
const PICTURES = [...PLACES, 'denied-img', 'masked-img', 'shown-img', 'inline-hidden', 'inline-shown', 'wide'];

const PAGE = `<!doctype html><title>Shop</title><style>${PLACES.map((name) => `.${name}-bg { background: url(/${name}.gif) }`).join('\n')}
    .pseudo-bg { background: none } .pseudo-bg::before { content: url("/pseudo.gif") }
    .denied-text { background: url(data:image/gif;base64,${IN_TEXT}) }
    .undrawn-bg { display: none } .wide-bg { background: image-set("/wide.gif" 1x, "/wider.gif" 2x) }
    @font-face { font-family: Used; src: url(/used.woff2) } @font-face { font-family: Unused; src: url(/unused.woff2) }
    main { font-family: Used } p, img { height: 10px; width: 10px }</style>
  <main id="main"><p class="denied denied-bg"></p><p class="denied denied-text"></p><p id="hide" class="hidden-bg"></p>
  <p data-foyer="mask" class="masked-bg">masked</p><p class="shown-bg"></p><p class="undrawn-bg"></p><p class="pseudo-bg"></p>
  <p class="wide-bg"></p><img class="denied" src="/denied-img.gif"><img data-foyer="mask" src="/masked-img.gif">
  <img src="/shown-img.gif"><p class="denied" style="background:url(/inline-hidden.gif)"></p>
  <p style="background:url(/inline-shown.gif)"></p></main><section id="part"><p class="shown-bg"></p></section>`;

describe('pictures of a shared page', () => {
  let world: RecorderWorld;
  let recorded: RecordedPage;

  beforeAll(async () => {
    world = await createRecorderWorld();
    for (const name of PICTURES) world.site.setPage(`/${name}.gif`, toPicture(name), { 'content-type': 'image/gif' });
    world.site.setPage('/used.woff2', Buffer.from('used'), { 'content-type': 'font/woff2' });
  });
  afterAll(() => world.close());
  afterEach(() => recorded.context.close());

  const nameOf = (hash: string | null) =>
    [...PICTURES, 'in-text'].find((name) => createHash('sha256').update(toPicture(name)).digest('hex') === hash) ??
    hash;
  const sharedPictures = async () =>
    (await recorded.heard())
      .flatMap((message) => (message.type === 'asset' ? [nameOf(message.hash)] : []))
      .filter((name) => PICTURES.includes(name ?? '') || name === 'in-text')
      .toSorted();
  /** Begins, and waits for a picture that comes into use last: by then every element has been looked at. */
  const share = async (rules: Partial<PrivacyRules>, scope: ChosenScope = WHOLE_PAGE, last = '#main') => {
    await recorded.page.waitForLoadState('networkidle');
    // As scripts that measure pages do: what a page has loaded cannot be read there any more.
    await recorded.page.evaluate(() => performance.clearResourceTimings());
    await recorded.start(rules, scope);
    await recorded.page.evaluate((parent) => {
      document.querySelector(parent)!.insertAdjacentHTML('beforeend', '<p class="later-bg allowed"></p>');
    }, last);
    await recorded.page.waitForFunction(
      (hash) => window.recorderHeard.some((message) => message.type === 'asset' && message.hash === hash),
      createHash('sha256').update(toPicture('later')).digest('hex'),
    );
  };
  const hide: ChosenScope = { onlyPart: null, hidden: [{ path: '/', selector: '#hide', label: '' }] };

  test('[B4] of what style sheets name, only what is seen is shared; nothing is fetched that the page has not', async () => {
    recorded = await world.open(PAGE);
    const before = world.site.requests().length;
    await share({ deny: ['.denied'] }, hide);
    expect(await sharedPictures()).toEqual(['inline-shown', 'later', 'pseudo', 'shown', 'shown-img'].toSorted());
    expect(await recorded.posted()).not.toContain(IN_TEXT);
    const fetched = world.site.requests().slice(before);
    expect(fetched.filter((path) => /unused|undrawn|denied|hidden|masked|wide/.test(path))).toEqual([]);
  });

  test('[B4] where the site is private by default, pictures of what it allows are shared and no others', async () => {
    recorded = await world.open(PAGE);
    await share({ isPrivateByDefault: true, allow: ['.allowed', '#part'] });
    expect(await sharedPictures()).toEqual(['later', 'shown']);
  });

  test('[B3] of a narrowed page the pictures of the part alone are shared', async () => {
    recorded = await world.open(PAGE);
    const part = { path: '/', selector: '#part', label: '' };
    await share({}, { onlyPart: part, hidden: [] }, '#part');
    expect(await sharedPictures()).toEqual(['later', 'shown']);
  });

  test('[B5] fonts and pictures of several sizes are shared once the page has loaded them', async () => {
    recorded = await world.open(PAGE);
    await recorded.page.waitForLoadState('networkidle');
    await recorded.start();
    const used = createHash('sha256').update('used').digest('hex');
    const wide = createHash('sha256').update(toPicture('wide')).digest('hex');
    await recorded.page.waitForFunction(
      (wanted) => wanted.every((each) => window.recorderHeard.some((m) => m.type === 'asset' && m.hash === each)),
      [used, wide],
    );
    expect(world.site.requests().filter((path) => /unused|wider/.test(path))).toEqual([]);
  });
});
