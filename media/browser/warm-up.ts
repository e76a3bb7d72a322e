import type { CallSignalling } from './call-signalling.ts';
import { prepareDevice } from './sfu-link.ts';

let warming: Promise<void> | undefined;

/**
 * Does what every call of this page needs while one is only near: brings up the browser's calling machinery (threads,
 * codecs, a certificate), since the first connection of a page takes several times as long as the second, and reads
 * what the browser can do with the codecs of this server. Asks for no device and sends no media.
 */
export function warmUp(signalling: Pick<CallSignalling, 'request'>): void {
  if (typeof RTCPeerConnection === 'undefined') return;
  whenWarm(signalling).catch(() => {});
}

/** The same for who waits for it; rejects when it cannot be done, and the next call near this page tries again. */
export function whenWarm(signalling: Pick<CallSignalling, 'request'>): Promise<void> {
  if (warming === undefined) {
    warming = prepare(signalling);
    warming.catch(() => (warming = undefined));
  }
  return warming;
}

async function prepare(signalling: Pick<CallSignalling, 'request'>): Promise<void> {
  const { routerRtpCapabilities } = await signalling.request('call:read-codecs', {});
  await prepareDevice(routerRtpCapabilities);
}
