import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createRecorderWorld, type RecordedPage, type RecorderWorld } from '../_support/recorder-page.ts';

const INTER = join(import.meta.dirname, '../../node_modules/@fontsource-variable/inter/files');

declare global {
  interface Window {
    /** How often something has looked through the bytes of a font. */
    timesRead: number;
  }
}

/** What was told of fonts since this message: their rules, and how many cannot be shown. */
interface ToldFonts {
  rules: string[];
  notShown: number[];
}

describe('fonts that scripts add to a shared page', () => {
  let world: RecorderWorld;
  let recorded: RecordedPage;

  beforeAll(async () => {
    world = await createRecorderWorld();
    world.site.setPage('/inter.woff2', readFileSync(join(INTER, 'inter-latin-wght-normal.woff2')), {
      'content-type': 'font/woff2',
    });
    world.site.setPage('/frame', '<p style="font-family: cn-frame-x">In a frame</p>');
  });
  afterAll(() => world.close());
  afterEach(() => recorded.context.close());

  const open = async (): Promise<void> => {
    recorded = await world.open(
      `<!doctype html><title>Fonts</title><style>@font-face { font-family: Ruled; src: url(/inter.woff2) }</style>
        <p style="font-family: Ruled, Early, Late">Text</p>
        <iframe data-foyer="mask" src="/frame" title="Private"></iframe>`,
    );
    await recorded.page.evaluate(() => document.fonts.load('1em Ruled'));
  };
  /** Made of an address or of bytes, in the page or in its frame, and loaded. */
  const addFont = (family: string, from: 'address' | 'bytes' | 'frame'): Promise<void> =>
    recorded.page.evaluate(
      async ([name, kind]) => {
        const view = (kind === 'frame' ? window.frames[0] : window) as Window & typeof globalThis;
        const bytes = await (await fetch('/inter.woff2')).arrayBuffer();
        const face = new view.FontFace(name, kind === 'bytes' ? bytes : 'url(/inter.woff2)', { weight: '700' });
        if (!(face instanceof view.FontFace)) throw new Error('It is none for the page.');
        view.document.fonts.add(face);
        await face.load();
      },
      [family, from] as const,
    );
  const readTold = async (from: number): Promise<ToldFonts> => {
    const payloads = (await recorded.heard())
      .slice(from)
      .flatMap((message) => (message.type === 'events' ? (JSON.parse(message.events) as unknown[]) : []))
      .map((event) => (event as { data: { payload?: { css?: string; fonts?: number } } }).data.payload);
    return {
      rules: payloads.flatMap((payload) => payload?.css ?? []),
      notShown: payloads.flatMap((payload) => payload?.fonts ?? []),
    };
  };

  test('[B5] a font that a script adds is carried, and again with every change of what is shared', async () => {
    await open();
    await recorded.start();
    await addFont('Of an address', 'address');
    await addFont('Of bytes', 'bytes');
    await addFont('cn-frame-x', 'frame');
    await expect.poll(async () => (await readTold(0)).rules.length).toBe(2);
    const from = (await recorded.heard()).length;
    await recorded.start();
    await expect.poll(async () => (await readTold(from)).rules.length).toBe(2);
    const { rules, notShown } = await readTold(from);
    expect(rules[0]).toMatch(/font-family:"Of an address";.*font-weight:700;.*src:url\("foyer-asset:\d+"\)/);
    expect(rules[1]).toMatch(/font-family:"Of bytes";.*src:url\("foyer-asset:\d+"\)/);
    expect(notShown).toEqual([]);
    await recorded.page.waitForFunction(() =>
      window.recorderHeard.some((message) => message.type === 'asset' && (message.bytes as never as number) > 10_000),
    );
    expect(await recorded.posted()).not.toContain('cn-');
  });

  test('[B5] fonts that scripts have added before are counted as not shown, others are not', async () => {
    await open();
    await addFont('cn-early-x', 'address');
    await addFont('cn-frame-x', 'frame');
    await recorded.start();
    await expect.poll(async () => (await readTold(0)).notShown).toEqual([1]);
    await addFont('Late', 'bytes');
    await expect.poll(async () => (await readTold(0)).rules.length).toBe(1);
    await recorded.page.evaluate(() => document.fonts.clear());
    await expect.poll(async () => (await readTold(0)).notShown).toEqual([1, 0]);
    expect(await recorded.posted()).not.toContain('cn-');
  });

  test('[B5] what a font was made of is gone through once, not anew with each key frame', async () => {
    await open();
    await recorded.start();
    await addFont('Of bytes', 'bytes');
    await expect.poll(async () => (await readTold(0)).rules.length).toBe(1);
    await recorded.page.evaluate(() => {
      const isFont = (text: unknown): boolean => String(text).includes('data:font');
      window.timesRead = 0;
      const { exec } = RegExp.prototype;
      Object.assign(RegExp.prototype, {
        exec(this: RegExp, text: string) {
          if (isFont(text)) window.timesRead += 1;
          return exec.call(this, text);
        },
      });
      window.URL = new Proxy(URL, {
        construct(target, inputs: [string, string?]) {
          if (isFont(inputs[0])) window.timesRead += 1;
          return new target(...inputs);
        },
      });
    });
    const from = (await recorded.heard()).length;
    await recorded.tell({ type: 'key' });
    await expect.poll(async () => (await readTold(from)).rules.length).toBe(1);
    expect((await readTold(from)).rules).toEqual((await readTold(0)).rules.slice(0, 1));
    expect(await recorded.page.evaluate(() => window.timesRead)).toBe(0);
  });

  test('[V1] a page with an element that is called "fonts" is shared like any other', async () => {
    recorded = await world.open(
      '<!doctype html><title>Fonts</title><img name="fonts" alt="A sheet of letters"><p>Text</p>',
    );
    await recorded.start();
    await recorded.settle();
    expect((await recorded.heard()).map(({ type }) => type)).not.toContain('failed');
  });
});
