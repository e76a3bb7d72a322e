import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createRecorderWorld, type RecordedPage, type RecorderWorld } from '../_support/recorder-page.ts';

const CLIENT_DIR = join(import.meta.dirname, '..', '..', 'dist', 'client');

interface SharedEvent {
  type: number;
  data: { tag?: string; payload?: Record<string, unknown>; source?: number };
}

describe('what happens on a shared page', () => {
  let world: RecorderWorld;
  let recorded: RecordedPage;

  beforeAll(async () => {
    world = await createRecorderWorld();
  });
  afterAll(() => world.close());
  afterEach(() => recorded.context.close());

  const open = async (body: string, headers: Record<string, string> = {}) => {
    recorded = await world.open(
      `<!doctype html><html lang="en"><head><title>Shop</title></head><body>${body}</body></html>`,
      { headers },
    );
    await recorded.start();
  };
  const events = async (): Promise<SharedEvent[]> =>
    (await recorded.heard()).flatMap((message) =>
      message.type === 'events' ? (JSON.parse(message.events) as SharedEvent[]) : [],
    );
  /** Waits for an event of ours with something in it. */
  const untilOwn = async (tag: string, part: string) => {
    await recorded.page.waitForFunction(
      ([name, wanted]) =>
        window.recorderHeard.some(
          (message) =>
            message.type === 'events' &&
            (JSON.parse(message.events) as SharedEvent[]).some(
              ({ data }) => data.tag === name && JSON.stringify(data.payload).includes(wanted),
            ),
        ),
      [tag, part] as const,
    );
    return (await events()).filter(({ data }) => data.tag === tag).at(-1)?.data.payload;
  };

  test('[B5] another address and title of a single-page site are told, without query and fragment', async () => {
    await open('<p>Lamps</p>');
    const from = (await recorded.heard()).length;
    await recorded.page.evaluate(() => {
      history.pushState({}, '', '/lamps?cn-query-x#cn-fragment-x');
      document.title = 'All lamps';
    });
    expect(await untilOwn('foyer:route', 'All lamps')).toEqual({
      url: `${world.site.origin}/lamps`,
      title: 'All lamps',
    });
    await recorded.until('page', from);
    expect(await recorded.posted()).not.toContain('cn-');
  });

  test('[B5] a page that writes itself anew is taken up anew', async () => {
    await open('<p>Lamps</p>');
    await recorded.page.evaluate(() => {
      document.open();
      document.write('<!doctype html><title>New</title><p>ok-written-x</p>');
      document.close();
    });
    await recorded.page.waitForFunction(() =>
      window.recorderHeard.some((m) => m.type === 'events' && m.isKey && m.events.includes('ok-written-x')),
    );
    await recorded.page.evaluate(() => {
      document.querySelector('p')!.textContent = 'ok-after-x';
    });
    await recorded.page.waitForFunction(() => JSON.stringify(window.recorderHeard).includes('ok-after-x'));
  });

  test('[B5] popovers, several choices, half-ticked boxes and animated ends are told', async () => {
    await open(`<div popover id="pop">Hello</div><select multiple id="many"><option selected>a<option>b<option selected>c</select>
      <input type="checkbox" id="half"><p id="fade">x</p>`);
    expect(await untilOwn('foyer:state', 'selected')).toMatchObject({ selected: [0, 2] });
    await recorded.page.evaluate(() => {
      document.querySelector<HTMLElement>('#pop')!.showPopover();
      document.querySelector<HTMLInputElement>('#half')!.indeterminate = true;
      document.querySelector('#fade')!.animate([{ opacity: 1 }, { opacity: 0.25 }], { duration: 1, fill: 'forwards' });
    });
    expect(await untilOwn('foyer:state', 'isPopoverOpen')).toBeTruthy();
    expect(await untilOwn('foyer:state', 'isIndeterminate')).toBeTruthy();
    expect(await untilOwn('foyer:state', '"opacity":"0.25"')).toBeTruthy();
  });

  test('[B5] what cannot be carried is named with its reason', async () => {
    world.site.setPage('/foreign', '<p>cn-foreign-x</p>');
    await open(
      `<canvas></canvas><video></video><object></object><iframe src="${world.site.foreignOrigin}/foreign"></iframe>`,
    );
    const told = await untilOwn('foyer:not-shown', 'canvas');
    const reasons = ((told?.['nodes'] ?? []) as { because: string }[]).map(({ because }) => because).sort();
    expect(reasons).toEqual(['canvas', 'foreign-frame', 'media', 'plugin']);
    expect(await recorded.posted()).not.toContain('cn-');
  });

  test('[B5] a closed shadow tree from before is named, and nothing that only looks like one', async () => {
    await open(`<style>x-tag { display: inline } .block { display: block } .icon { display: inline-block; width: 24px;
        height: 24px; background: red } .pseudo::before { content: "words" } .filled { position: absolute; inset: 0 }
        .padded { display: block; padding: 8px; border: 1px solid } .tall { display: block; min-height: 40px }
        .flex { display: flex; height: 60px } .flex > * { flex: 1 }</style>
      <x-tag class="closed">drawn</x-tag><p><x-block class="closed block">drawn</x-block></p>
      <x-sized class="closed icon">drawn far beyond the size that a rule has given it, over several lines</x-sized>
      <x-empty></x-empty><x-empty class="block"></x-empty><x-icon class="icon"></x-icon><x-word class="pseudo"></x-word>
      <x-over class="filled"></x-over><x-pad class="padded"></x-pad><x-tall class="tall"></x-tall>
      <div class="flex"><x-side></x-side></div><x-light class="block">in the light</x-light><x-open class="open"></x-open>
      <script>
        for (const host of document.querySelectorAll('.closed, .open')) {
          const mode = host.classList.contains('open') ? 'open' : 'closed';
          const words = host.textContent;
          host.textContent = '';
          host.attachShadow({ mode }).innerHTML = '<span>' + words + ' cn-closed</span>';
        }
      </script>`);
    await untilOwn('foyer:not-shown', 'closed-shadow-root');
    const told = (await events()).filter(({ data }) => data.tag === 'foyer:not-shown');
    const ids = told.flatMap(({ data }) =>
      (data.payload as { nodes: { nodeId: number }[] }).nodes.map((n) => n.nodeId),
    );
    const names = new Map<number, string>();
    const read = (node: { id: number; tagName?: string; childNodes?: never[] }): void => {
      if (node.tagName !== undefined) names.set(node.id, node.tagName);
      node.childNodes?.forEach(read);
    };
    read(((await events()).find(({ type }) => type === 2)!.data as never as { node: { id: number } }).node);
    expect(ids.map((id) => names.get(id)).toSorted()).toEqual(['x-block', 'x-sized', 'x-tag']);
  });

  test('[B4] the box in the place of what is hidden follows its size', async () => {
    await open('<section data-foyer="block" style="width: 200px; height: 50px">secret</section><p>Lamps</p>');
    expect(await recorded.posted()).toContain('200px');
    await recorded.page.evaluate(() => document.querySelector('section')!.style.setProperty('height', '333px'));
    await recorded.page.waitForFunction(() => JSON.stringify(window.recorderHeard).includes('333px'));
    const changed = (await events()).findLast(({ data }) => JSON.stringify(data).includes('333px'));
    expect(changed?.data).toMatchObject({
      attributes: [{ attributes: { style: { width: '200px', height: '333px' } } }],
    });
    expect(await recorded.posted()).not.toContain('secret');
  });

  test('[B5] a closed shadow tree that is made while the page is shared is shown', async () => {
    await open('<main></main>');
    await recorded.page.evaluate(() => {
      const host = document.createElement('div');
      document.querySelector('main')!.append(host);
      host.attachShadow({ mode: 'closed' }).innerHTML = '<p>ok-closed-x</p><p data-foyer="block">cn-closed-x</p>';
    });
    await recorded.page.waitForFunction(() => JSON.stringify(window.recorderHeard).includes('ok-closed-x'));
    expect(await recorded.posted()).not.toContain('cn-closed-x');
  });

  test('[B4] what stands in a slot of a closed shadow tree is as private as what is around the slot', async () => {
    await open('<main></main>');
    await recorded.page.evaluate(() => {
      const make = (light: string, closed: string) => {
        const host = document.createElement('div');
        host.innerHTML = light;
        host.attachShadow({ mode: 'closed' }).innerHTML = closed;
        document.querySelector('main')!.append(host);
        return host;
      };
      make(
        '<p slot="a">cn-masked-x</p>cn-direct-x<p slot="b">cn-blocked-x</p><p slot="c">ok-open-x</p>',
        '<div data-foyer="mask"><slot name="a"></slot><slot></slot></div><div data-foyer="block"><slot name="b"></slot></div><slot name="c"></slot>',
      );
      make('<p slot="a">cn-nested-x</p>', '<x-inner data-foyer="mask"><slot name="a"></slot></x-inner>');
    });
    await recorded.page.waitForFunction(() => JSON.stringify(window.recorderHeard).includes('ok-open-x'));
    await recorded.page.evaluate(() => {
      document.querySelector('[slot=a]')!.textContent = 'cn-changed-x';
      document.querySelector('[slot=c]')!.textContent = 'ok-changed-x';
    });
    await recorded.page.waitForFunction(() => JSON.stringify(window.recorderHeard).includes('ok-changed-x'));
    expect(await recorded.posted()).not.toContain('cn-');
  });

  test('[B5] pictures in use go along once with their hash, and foreign ones by their address', async () => {
    const picture = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
    world.site.setPage('/pic.gif', picture, { 'content-type': 'image/gif' });
    await open(`<img src="/pic.gif?a=1"><img src="/pic.gif?a=1"><img src="${world.site.foreignOrigin}/pic.gif?b=2">`);
    await recorded.page.waitForFunction(() => window.recorderHeard.filter(({ type }) => type === 'asset').length >= 2);
    const assets = (await recorded.heard()).filter((message) => message.type === 'asset');
    expect(assets).toHaveLength(2);
    expect(assets.find(({ url }) => url === null)).toMatchObject({
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      bytes: picture.length,
    });
    expect(assets.find(({ url }) => url !== null)).toMatchObject({
      url: `${world.site.foreignOrigin}/pic.gif?b=2`,
      hash: null,
      bytes: null,
    });
    const key = JSON.stringify(await events());
    expect(key).toContain('"foyer-asset:0"');
    expect(key).not.toContain('/pic.gif');
  });

  test('[B4] the address of a foreign picture is told only when it opens nothing that is closed to others', async () => {
    const picture = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
    world.site.setPage('/pic.gif', picture, { 'content-type': 'image/gif' });
    const closed = ['X-Amz-Signature=cn-x', 'token=cn-x', 'u=cn-a-name-that-is-long-x', 'Expires=1&Key-Pair-Id=cn-x'];
    await open(
      [...closed, 'w=1', 'w=2', 'w=3', 'w=200&fit=crop&v=ok-x']
        .map((query) => `<img src="${world.site.foreignOrigin}/pic.gif?${query}">`)
        .join(''),
    );
    await recorded.page.waitForFunction(() => JSON.stringify(window.recorderHeard).includes('v=ok-x'));
    expect(await recorded.posted()).not.toContain('cn-');
  });

  test('[B5] of a picture’s addresses the one in use is told, also when the picture comes later', async () => {
    const picture = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
    for (const path of ['/plain.gif', '/used.gif']) world.site.setPage(path, picture, { 'content-type': 'image/gif' });
    await open('<main></main>');
    await recorded.page.evaluate(() => {
      document.querySelector('main')!.innerHTML = '<img src="/plain.gif" srcset="/used.gif 1x">';
    });
    await recorded.page.waitForFunction(() => window.recorderHeard.some(({ type }) => type === 'asset'));
    const asset = await recorded.until('asset');
    await recorded.page.waitForFunction(
      (address) => JSON.stringify(window.recorderHeard.filter(({ type }) => type === 'events')).includes(address),
      `foyer-asset:${asset.assetKey}\\"`,
    );
    expect(world.site.requests()).not.toContain('/plain.gif');
  });

  test('[B5] a picture that takes the place of another is told, however the page says so', async () => {
    const picture = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
    world.site.setPage('/old.gif', picture, { 'content-type': 'image/gif' });
    world.site.setPage('/new.gif', Buffer.concat([picture, Buffer.from(' ')]), { 'content-type': 'image/gif' });
    await open(`<img class="src" src="/old.gif"><img class="srcset" srcset="/old.gif 1x">
      <img class="neither" src="/new.gif" srcset="/old.gif 1x"><x-part></x-part>`);
    await recorded.until('asset');
    await recorded.page.evaluate(async () => {
      const root = document.querySelector('x-part')!.attachShadow({ mode: 'open' });
      root.innerHTML = '<img srcset="/old.gif 1x">';
      await new Promise((resolve) => root.querySelector('img')!.addEventListener('load', resolve));
    });
    await recorded.settle();
    await recorded.page.evaluate(() => {
      document.querySelector('x-part')!.shadowRoot!.querySelector('img')!.setAttribute('srcset', '/new.gif 1x');
      document.querySelector('.src')!.setAttribute('src', '/new.gif');
      document.querySelector('.srcset')!.setAttribute('srcset', '/new.gif 1x');
      document.querySelector('.neither')!.removeAttribute('srcset');
    });
    const findKey = async (): Promise<number | undefined> =>
      (await recorded.heard()).flatMap((message) =>
        message.type === 'asset' && message.bytes === ((picture.length + 1) as never) ? [message.assetKey] : [],
      )[0];
    await expect.poll(findKey).toBeDefined();
    const last = async (): Promise<unknown[]> => {
      const told = (await events()).flatMap(
        ({ data }) => (data as { attributes?: { id: number; attributes: { src?: string } }[] }).attributes ?? [],
      );
      const sources = told.map(({ id, attributes }) => [id, attributes.src] as const);
      return [...new Map(sources.filter(([, src]) => src !== undefined)).values()];
    };
    await expect.poll(last).toEqual(Array(4).fill(`foyer-asset:${await findKey()}`));
  });

  test('[B5] a flood of changes is sent in larger steps, each with the last value', async () => {
    await open('<p id="a"></p>');
    await recorded.page.evaluate(async () => {
      const text = document.querySelector('#a')!;
      for (let round = 0; round < 400; round += 1) {
        text.textContent = `${round} ${'x'.repeat(20_000)}`;
        await new Promise((resolve) => {
          requestAnimationFrame(resolve);
        });
        if (JSON.stringify(window.recorderHeard.slice(-3)).includes('foyer:reduced')) break;
      }
      text.textContent = 'ok-last-x';
    });
    await recorded.page.waitForFunction(() => JSON.stringify(window.recorderHeard).includes('ok-last-x'));
    expect(await untilOwn('foyer:reduced', 'tickMs')).toMatchObject({ tickMs: expect.any(Number) });
  });

  test('[B1] the recorder works beside a policy that lets in our scripts and no more', async () => {
    await open('<p style="color:red">ok-strict-x</p>', {
      'content-security-policy': "default-src 'none'; script-src 'self'; img-src 'self'",
    });
    expect(await recorded.posted()).toContain('ok-strict-x');
  });

  test('[B1] the loader brings a script of our own origin with its port, and nothing else', async () => {
    world.site.setPage('/embed.js', readFileSync(join(CLIENT_DIR, 'embed.js')), { 'content-type': 'text/javascript' });
    world.site.setPage(
      '/widget/',
      `<!doctype html><script>addEventListener('message', ({ data, ports: [port] }) => {
        if (data.foyer !== 'connect') return;
        for (const script of ['${world.site.foreignOrigin}/evil.js', '//localhost/evil.js', '/a/../evil.js', 'evil.js',
          'data:text/javascript,evil', '/recorder.js']) {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = ({ data }) => parent.postMessage({ said: data.type, script }, '*');
          port.postMessage({ type: 'load', script }, [port2]);
        }
      })</script>`,
    );
    await open(
      '<script>addEventListener("message", ({ data }) => { window.saidByScripts = [...(window.saidByScripts ?? []), data] })</script>',
    );
    await recorded.page.evaluate(() => {
      const tag = document.createElement('script');
      tag.src = '/embed.js';
      tag.dataset['site'] = 'x';
      document.head.append(tag);
    });
    const said = await recorded.page.waitForFunction(() => {
      const heard = (window as { saidByScripts?: { said: string; script: string }[] }).saidByScripts;
      return heard?.length === 6 ? heard : null;
    });
    const answers = (await said.jsonValue()) ?? [];
    expect(answers.filter((one) => one.said !== 'failed')).toEqual([{ said: 'ready', script: '/recorder.js' }]);
    expect(world.site.requests().filter((path) => path.includes('vil'))).toEqual([]);
  });

  test('[V1] what the page’s own calls throw reaches the page, and what they ask for happens', async () => {
    await open('<style>p { color: red }</style><p>Lamps</p>');
    const outcome = await recorded.page.evaluate(() => {
      const sheet = document.styleSheets[0]!;
      const attempt = (act: () => unknown): unknown => {
        try {
          return act();
        } catch (error) {
          return (error as Error).name;
        }
      };
      return [
        attempt(() => sheet.insertRule('no rule at all')),
        attempt(() => sheet.deleteRule(9)),
        attempt(() => sheet.insertRule('p { margin: 0 }', 1)),
        attempt(() => (sheet.cssRules[1] as CSSStyleRule).style.setProperty('padding', '1px')),
        sheet.cssRules[1]?.cssText,
      ];
    });
    expect(outcome).toEqual(['SyntaxError', 'IndexSizeError', 1, undefined, 'p { margin: 0px; padding: 1px; }']);
    await recorded.page.waitForFunction(() => JSON.stringify(window.recorderHeard).includes('padding'));
  });

  test('[B8] going away is said, with everything that was there before it', async () => {
    await open('<p>Lamps</p>');
    const left = recorded.page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          document.querySelector('p')!.textContent = 'ok-before-x';
          queueMicrotask(() => {
            dispatchEvent(new PageTransitionEvent('pagehide'));
            const wait = () => {
              if (window.recorderHeard.some(({ type }) => type === 'leaving'))
                resolve(JSON.stringify(window.recorderHeard));
              else setTimeout(wait);
            };
            wait();
          });
        }),
    );
    expect(await left).toMatch(/ok-before-x.*"leaving"/);
  });

  test('[B2] our own interface on the page is never part of what is shared', async () => {
    await open(`<div><iframe src="/widget/?site=x" title="Live help"></iframe></div><p>ok-page-x</p>`);
    expect(await recorded.posted()).toContain('ok-page-x');
    expect(await recorded.posted()).not.toContain('iframe');
  });
});
