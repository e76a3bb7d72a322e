import type { Browser, FrameLocator, Page } from 'playwright-core';
import { acceptRequest, askForHelp, launchChromium, openDesk, openShop } from '../_support/browser.ts';
import type { AgentPage, VisitorPage } from '../_support/browser.ts';
import { printTrace, traceCalls } from './call-trace.ts';
import { percentile } from './figures.ts';
import type { Figure } from './figures.ts';
import { startProcess } from './processes.ts';

const CALLS = Number(process.env['FOYER_BENCH_CALLS'] ?? 10);
const ADDED_CALLS = Math.ceil(CALLS / 2);
/** `FOYER_BENCH_TRACE=1` prints what both pages did in each call, step by step. */
const IS_TRACED = process.env['FOYER_BENCH_TRACE'] !== undefined;
const VISITOR = 'Grace Hofer';

interface CallTimes {
  toAgent: number;
  toVisitor: number;
}

/**
 * From the agent's click on "Accept" to the first frame of the visitor's picture on the agent's screen, as a person
 * would count it, and in the other direction. The visitor's page has had the time to get ready, since an agent needs
 * seconds to read and to click; the call that is added to a running chat has had none of that at the visitor. Beside it
 * a bare pair of peer connections in one page, which starts its camera as well.
 */
export async function measureCallSetup(): Promise<Figure[]> {
  const foyer = await startProcess<{ url: string; email: string; password: string }>('server-process.ts', ['1']);
  const browser = await launchChromium();
  try {
    const { url, email, password } = foyer.hello;
    const desk = await openDesk(browser, url, { email, password });
    if (IS_TRACED) {
      await traceCalls(desk.page);
      await desk.page.reload();
    }
    const direct: number[] = [];
    const asked: CallTimes[] = [];
    const added: CallTimes[] = [];
    for (let count = 0; count < CALLS; count += 1) {
      const shop = await openTracedShop(browser, url);
      direct.push(await shop.page.evaluate(connectDirectly));
      asked.push(await measureAskedCall(desk, shop));
      await endConversation(desk, shop);
    }
    for (let count = 0; count < ADDED_CALLS; count += 1) {
      const shop = await openTracedShop(browser, url);
      added.push(await measureAddedCall(desk, shop));
      await endConversation(desk, shop);
    }
    const toAgent = asked.map((call) => call.toAgent);
    const baseline = percentile(direct, 0.5);
    return [
      {
        name: `"Accept" to the first remote frame, median of ${CALLS}`,
        unit: 'ms',
        measured: percentile(toAgent, 0.5),
        baseline,
        goal: '≤ 500 ms',
      },
      {
        name: '"Accept" to the first remote frame, first call',
        unit: 'ms',
        measured: toAgent[0] ?? Number.NaN,
        baseline: direct[0] ?? Number.NaN,
        goal: '≤ 500 ms',
      },
      {
        name: '"Accept" to the first remote frame, slowest of the others',
        unit: 'ms',
        measured: Math.max(...toAgent.slice(1)),
        baseline: Math.max(...direct.slice(1)),
      },
      {
        name: '"Accept" to the agent\'s picture at the visitor, median',
        unit: 'ms',
        measured: percentile(
          asked.map((call) => call.toVisitor),
          0.5,
        ),
        baseline,
      },
      {
        name: 'Call added to a chat: "Accept" to the first frame, median',
        unit: 'ms',
        measured: percentile(
          added.map((call) => call.toAgent),
          0.5,
        ),
        baseline,
        goal: '≤ 500 ms',
      },
    ];
  } finally {
    await browser.close();
    await foyer.stop();
  }
}

async function openTracedShop(browser: Browser, url: string): Promise<VisitorPage> {
  const shop = await openShop(browser, url);
  if (IS_TRACED) {
    await traceCalls(shop.page);
    await shop.page.reload();
  }
  return shop;
}

/** The visitor asks for a video call, waits until the page says that it is ready, and the agent accepts. */
async function measureAskedCall(desk: AgentPage, shop: VisitorPage): Promise<CallTimes> {
  await askForHelp(shop.widget, 'Video call', VISITOR);
  await shop.widget.getByText('You are ready').waitFor();
  await desk.page.getByRole('dialog', { name: 'Incoming chat request' }).waitFor();
  return measure(desk, shop, () => acceptRequest(desk.page));
}

/** The visitor proposes a video call in a running chat, and the agent accepts. */
async function measureAddedCall(desk: AgentPage, shop: VisitorPage): Promise<CallTimes> {
  await askForHelp(shop.widget, 'Text chat', VISITOR);
  await acceptRequest(desk.page);
  await shop.widget.getByRole('button', { name: 'Video call' }).click();
  const ringing = desk.page.getByRole('alertdialog', { name: `Video call from ${VISITOR}` });
  await ringing.waitFor();
  return measure(desk, shop, () => ringing.getByRole('button', { name: 'Accept', exact: true }).click());
}

async function measure(desk: AgentPage, shop: VisitorPage, accept: () => Promise<void>): Promise<CallTimes> {
  await Promise.all([desk.page.evaluate(watchCall), shop.widget.locator('body').evaluate(watchCall)]);
  await accept();
  const [clickedAt, seenByAgentAt, seenByVisitorAt] = await Promise.all([
    desk.page.evaluate(() => (window as WatchedWindow).foyerWatch?.clicked ?? Number.NaN),
    readFirstFrame(desk.page),
    readFirstFrame(shop.widget),
  ]);
  if (IS_TRACED) {
    process.stdout.write(
      `\nfirst frame at the agent ${Math.round(seenByAgentAt - clickedAt)} ms, at the visitor ${Math.round(seenByVisitorAt - clickedAt)} ms\n`,
    );
    await printTrace(clickedAt, { agent: desk.page, visitor: shop.widget });
  }
  return { toAgent: seenByAgentAt - clickedAt, toVisitor: seenByVisitorAt - clickedAt };
}

async function endConversation(desk: AgentPage, shop: VisitorPage): Promise<void> {
  await desk.page.getByRole('button', { name: 'End communication' }).click();
  await shop.widget.getByText('This conversation has ended').first().waitFor();
  await shop.context.close();
}

type WatchedWindow = Window & { foyerWatch?: { clicked: Promise<number>; shown: Promise<number> } };

function readFirstFrame(where: Page | FrameLocator): Promise<number> {
  return where.locator('body').evaluate(() => (window as WatchedWindow).foyerWatch?.shown ?? Number.NaN);
}

/**
 * Runs in both pages: when "Accept" is clicked next, and when the first frame of the other side is shown. In ms since
 * 1970, because the two moments may be in two pages.
 */
function watchCall(): void {
  const now = () => performance.timeOrigin + performance.now();
  const clicked = new Promise<number>((resolve) => {
    document.addEventListener(
      'click',
      (event) => {
        const button = event.target instanceof Element ? event.target.closest('button') : null;
        if (button?.textContent?.includes('Accept')) resolve(now());
      },
      { capture: true },
    );
  });
  const shown = new Promise<number>((resolve) => {
    const watched = new WeakSet<Element>();
    const look = (): void => {
      for (const video of document.querySelectorAll('video[aria-label^="Video of "]')) {
        if (watched.has(video)) continue;
        watched.add(video);
        (video as HTMLVideoElement).requestVideoFrameCallback(() => resolve(now()));
      }
    };
    new MutationObserver(look).observe(document, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['aria-label'],
    });
    look();
  });
  Object.assign(window, { foyerWatch: { clicked, shown } });
}

/** Runs in a page: camera and microphone, two peer connections beside each other, first frame. */
async function connectDirectly(): Promise<number> {
  const startedAt = performance.now();
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1280, height: 720 } });
  const here = new RTCPeerConnection();
  const there = new RTCPeerConnection();
  here.onicecandidate = ({ candidate }) => void there.addIceCandidate(candidate ?? undefined);
  there.onicecandidate = ({ candidate }) => void here.addIceCandidate(candidate ?? undefined);
  const video = document.createElement('video');
  video.muted = true;
  const shown = new Promise<number>((resolve) => video.requestVideoFrameCallback(() => resolve(performance.now())));
  there.ontrack = ({ track, streams }) => {
    if (track.kind !== 'video') return;
    video.srcObject = streams[0] ?? null;
    void video.play();
  };
  for (const track of stream.getTracks()) here.addTrack(track, stream);
  await here.setLocalDescription(await here.createOffer());
  if (here.localDescription) await there.setRemoteDescription(here.localDescription);
  await there.setLocalDescription(await there.createAnswer());
  if (there.localDescription) await here.setRemoteDescription(there.localDescription);
  const tookMs = (await shown) - startedAt;
  for (const track of stream.getTracks()) track.stop();
  here.close();
  there.close();
  return tookMs;
}
