let isWarm = false;

/**
 * Makes the browser bring up its calling machinery (threads, codecs, a certificate) while a call only rings, since the
 * first connection of a page takes several times as long as the second. Asks for no device and reaches no network.
 */
export function warmUp(): void {
  if (isWarm || typeof RTCPeerConnection === 'undefined') return;
  isWarm = true;
  void prepare().catch(() => {
    // Only the head start is lost.
  });
}

async function prepare(): Promise<void> {
  const connection = new RTCPeerConnection();
  try {
    connection.addTransceiver('audio');
    connection.addTransceiver('video');
    await connection.setLocalDescription(await connection.createOffer());
  } finally {
    connection.close();
  }
}
