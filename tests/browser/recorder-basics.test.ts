import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createRecorderWorld, type RecordedPage, type RecorderWorld } from '../_support/recorder-page.ts';

describe('the recorder on a page', () => {
  let world: RecorderWorld;
  let recorded: RecordedPage;

  beforeAll(async () => {
    world = await createRecorderWorld();
  });
  afterAll(() => world.close());
  afterEach(() => recorded.context.close());

  const open = async (body: string, head = '') => {
    recorded = await world.open(
      `<!doctype html><html lang="en"><head><title>Shop</title>${head}</head><body>${body}</body></html>`,
    );
  };

  test('[B5] the first events of a stream are a key frame, and changes follow it', async () => {
    await open('<main><h1>Lamps</h1><p id="price">12 €</p></main>');
    await recorded.start();
    const [key] = (await recorded.heard()).filter(({ type }) => type === 'events');
    expect(key).toMatchObject({ isKey: true });
    expect(await recorded.posted()).toContain('Lamps');
    await recorded.page.evaluate(() => {
      document.querySelector('#price')!.textContent = '13 €';
    });
    await recorded.settle();
    const later = (await recorded.heard()).filter((message) => message.type === 'events' && !message.isKey);
    expect(JSON.stringify(later)).toContain('13 €');
  });

  test('[B2] after a stop nothing is sent, whatever the page does', async () => {
    await open('<p id="price">12 €</p>');
    await recorded.start();
    await recorded.tell({ type: 'stop' });
    const count = (await recorded.heard()).length;
    await recorded.page.evaluate(() => {
      document.querySelector('#price')!.textContent = '13 €';
      document.body.click();
    });
    await recorded.start();
    const epochs = (await recorded.heard()).slice(count).map((message) => ('epoch' in message ? message.epoch : null));
    const latest = epochs.at(-1);
    expect(epochs.filter((epoch) => epoch !== null && epoch !== latest)).toEqual([]);
  });

  test('[B5] however often a stream begins anew, nothing of those before stays on the page', async () => {
    await open('<p>12 €</p><input><select><option>1</option></select>');
    const session = await recorded.context.newCDPSession(recorded.page);
    await session.send('Performance.enable');
    const countListeners = async () => {
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'JSEventListeners')?.value;
    };
    const counts: unknown[] = [];
    for (let round = 0; round < 4; round += 1) {
      await recorded.start();
      counts.push(await countListeners());
    }
    expect(counts[0]).toBeGreaterThan(0);
    expect(new Set(counts).size).toBe(1);
  });

  test('[B5] held back it stays silent until a key frame is wanted', async () => {
    await open('<p id="price">12 €</p>');
    await recorded.start();
    await recorded.tell({ type: 'hold' });
    const count = (await recorded.heard()).length;
    await recorded.page.evaluate(() => {
      document.querySelector('#price')!.textContent = '13 €';
    });
    await recorded.tell({ type: 'key' });
    const key = await recorded.until('events', count);
    expect(key).toMatchObject({ isKey: true });
    expect(key.events).toContain('13 €');
    expect(key.events).not.toContain('12 €');
  });

  test('[V1] a page with a strict policy hears no complaint about it, and its changes of style are seen', async () => {
    recorded = await world.open(
      '<!doctype html><html lang="en"><head><title>Shop</title></head><body><p id="price">12 €</p></body></html>',
      {
        headers: {
          'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'",
        },
      },
    );
    const complaints: string[] = [];
    recorded.page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await recorded.start();
    await recorded.page.evaluate(() => {
      const price = document.querySelector<HTMLElement>('#price')!;
      price.style.setProperty('color', 'rgb(1, 2, 3)');
    });
    await recorded.settle();
    await recorded.page.evaluate(() => {
      document.querySelector<HTMLElement>('#price')!.style.setProperty('color', 'rgb(4, 5, 6)');
    });
    await recorded.settle();
    expect(await recorded.posted()).toContain('rgb(4, 5, 6)');
    expect(complaints).toEqual([]);
  });
});
