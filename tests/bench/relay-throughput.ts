import { createRelayStage, keyFrame, openPage, openViewer } from '../../cobrowse/relay/relay-fixture.ts';
import type { Figure } from './figures.ts';

/** Changes a second at which rrweb itself was measured: a lively page, and one that is flooded. */
const LOADS = [950, 8_700];
const SECONDS = 30;
const FRAMES_PER_SECOND = 10;
const ROWS = 1_500;

/** Processor time of the relay for each second of a stream: unpack, clean, pack, hand to one viewer. */
export async function measureRelay(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const load of LOADS) {
    const stage = createRelayStage({ limits: { viewerWindowBytes: Infinity, bytesAtOnce: Infinity } });
    await openViewer(stage, 'viewer');
    const page = await openPage(stage);
    await page.send(keyFrame(makeRows()), true);
    const packed: Buffer[][] = [];
    for (let frame = 0; frame < SECONDS * FRAMES_PER_SECOND; frame += 1) {
      packed.push(await page.pack(makeFrame(frame, Math.round(load / FRAMES_PER_SECOND))));
    }
    const before = process.cpuUsage();
    for (const [index, pieces] of packed.entries()) {
      // As in a real stream, time goes by between frames: the limits count by it.
      stage.clock.now += 1_000 / FRAMES_PER_SECOND;
      await page.sendPieces(pieces, false, index + 1);
    }
    const { user, system } = process.cpuUsage(before);
    const { bytesOut } = stage.relay.readNumbers();
    const sent = stage.toldTo('viewer', 'share:frame-arrived').at(-1)?.seq;
    if (sent !== packed.length) throw new Error(`The relay passed on ${sent} of ${packed.length} frames.`);
    stage.relay.close();
    figures.push(
      { name: `relay at ${load} changes/s: processor time`, unit: 'ms/s', measured: (user + system) / 1_000 / SECONDS },
      { name: `relay at ${load} changes/s: to each viewer`, unit: 'kB/s', measured: bytesOut / 1_000 / SECONDS },
    );
  }
  return figures;
}

/** Rows of a table, four nodes and a text each. Ids from 10 on. */
function makeRows(): object[] {
  const element = (id: number, tagName: string, childNodes: object[], attributes: object = {}): object => ({
    type: 2,
    id,
    tagName,
    attributes,
    childNodes,
  });
  return Array.from({ length: ROWS }, (_, row) => {
    const id = 10 + row * 5;
    const text = { type: 3, id: id + 4, textContent: `Row ${row}` };
    return element(id, 'div', [element(id + 1, 'p', [element(id + 2, 'span', [text])]), element(id + 3, 'i', [])], {
      class: `row row-${row % 7}`,
    });
  });
}

/** Half texts, a third attributes and styles, the rest nodes that come and go. */
function makeFrame(frame: number, changes: number): object[] {
  const texts: object[] = [];
  const attributes: object[] = [];
  const adds: object[] = [];
  const removes: object[] = [];
  for (let count = 0; count < changes; count += 1) {
    const mixed = Math.imul(frame * 8_191 + count, 2_654_435_761) >>> 0;
    const id = 10 + (mixed % ROWS) * 5;
    if (count % 6 < 3) texts.push({ id: id + 4, value: `Price ${mixed % 10_000} at ${frame}` });
    else if (count % 6 === 3)
      attributes.push({ id, attributes: { class: `row row-${mixed % 7} is-new`, 'data-at': `${mixed % 977}` } });
    else if (count % 6 === 4) {
      attributes.push({
        id: id + 1,
        attributes: { style: { transform: `translate(${mixed % 100}px, 0px)`, opacity: '0.5' } },
      });
    } else {
      const added = 100_000 + frame * changes + count;
      adds.push({
        parentId: id + 3,
        nextId: null,
        node: { type: 2, id: added, tagName: 'b', attributes: { class: 'badge' }, childNodes: [] },
      });
      if (frame > 0) removes.push({ parentId: id + 3, id: added - changes });
    }
  }
  return [{ type: 3, data: { source: 0, texts, attributes, removes, adds }, timestamp: frame * 100 }];
}
