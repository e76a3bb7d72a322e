const MAX_ASSET_BYTES = 262_144;
/** A picture that is too heavy is sent smaller: wide enough to fill the agent's window. */
const REDUCED_WIDTHS_PX = [1_280, 640];
const TOO_LARGE_TO_TRY_BYTES = 16 * 1_024 * 1_024;

const SECRET_NAME = /(?:tok|sig|key|auth|pass|sess|secret|cred|policy|expir|jwt|hash|hmac)\w*=/i;
const MAX_OPEN_LENGTH = 16;

export type ReadAsset = { hash: string | null; bytes: ArrayBuffer } | { url: string };

/**
 * The bytes of a picture or font as this visitor's browser gets them, or the address when only the server may get them;
 * undefined when there is nothing to show. Cookies go along to the page's own origin alone.
 */
export async function readAsset(address: string, signal: AbortSignal): Promise<ReadAsset | undefined> {
  let blob: Blob;
  try {
    const response = await fetch(address, { credentials: 'same-origin', cache: 'force-cache', signal });
    if (!response.ok) return undefined;
    blob = await response.blob();
  } catch {
    // The page's own policy may forbid the fetch, or another origin the reading.
    if (address.startsWith('data:')) return toAsset(readDataAddress(address));
    return isPublic(new URL(address)) ? { url: address } : undefined;
  }
  return toAsset(blob);
}

/** Of another site, and nothing in it opens what is not open to everybody: sizes and formats are short, signatures are not. */
function isPublic({ protocol, origin, username, search, searchParams }: URL): boolean {
  const isForeign = /^https?:/.test(protocol) && origin !== location.origin && username === '';
  return (
    isForeign &&
    !SECRET_NAME.test(search) &&
    [...searchParams.values()].every((value) => value.length <= MAX_OPEN_LENGTH)
  );
}

async function toAsset(blob: Blob | undefined): Promise<ReadAsset | undefined> {
  if (blob === undefined || blob.size === 0 || blob.size > TOO_LARGE_TO_TRY_BYTES) return undefined;
  if (!/^(?:image|font)\/|font|octet-stream|^$/.test(blob.type)) return undefined;
  const small = blob.size <= MAX_ASSET_BYTES ? blob : await reduce(blob);
  if (small === undefined) return undefined;
  const bytes = await small.arrayBuffer();
  return { hash: await hashOf(bytes), bytes };
}

async function reduce(blob: Blob): Promise<Blob | undefined> {
  if (!/^image\/(?:png|jpeg|webp|avif|gif|bmp)/.test(blob.type) || typeof OffscreenCanvas !== 'function')
    return undefined;
  const picture = await createImageBitmap(blob);
  try {
    for (const maxWidth of REDUCED_WIDTHS_PX) {
      const scale = Math.min(1, maxWidth / picture.width);
      const canvas = new OffscreenCanvas(Math.max(1, picture.width * scale), Math.max(1, picture.height * scale));
      canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const reduced = await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
      if (reduced.size <= MAX_ASSET_BYTES) return reduced;
    }
    return undefined;
  } finally {
    picture.close();
  }
}

async function hashOf(bytes: ArrayBuffer): Promise<string | null> {
  // Only secure contexts have it.
  if (!isSecureContext) return null;
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function readDataAddress(address: string): Blob | undefined {
  const [, type = '', base64 = '', data = ''] = /^data:([^;,]*)[^,]*?(;base64)?,(.*)$/s.exec(address) ?? [];
  try {
    const text = base64 === '' ? decodeURIComponent(data) : atob(data);
    const bytes = base64 === '' ? new TextEncoder().encode(text) : Uint8Array.from(text, (sign) => sign.charCodeAt(0));
    return new Blob([bytes], { type });
  } catch {
    return undefined;
  }
}
