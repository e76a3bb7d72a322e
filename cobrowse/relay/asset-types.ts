/** What an asset is, told by its first bytes and never by who sends it. Undefined for anything but pictures and fonts. */
export function sniffAssetType(bytes: Uint8Array): string | undefined {
  for (const { type, matches } of SIGNATURES) if (matches(bytes)) return type;
  return isSvg(bytes) ? 'image/svg+xml' : undefined;
}

interface Signature {
  type: string;
  matches(bytes: Uint8Array): boolean;
}

const SIGNATURES: readonly Signature[] = [
  { type: 'image/png', matches: (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
  { type: 'image/jpeg', matches: (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]) },
  { type: 'image/gif', matches: (bytes) => textAt(bytes, 0, 'GIF87a') || textAt(bytes, 0, 'GIF89a') },
  { type: 'image/webp', matches: (bytes) => textAt(bytes, 0, 'RIFF') && textAt(bytes, 8, 'WEBP') },
  {
    type: 'image/avif',
    matches: (bytes) => textAt(bytes, 4, 'ftyp') && (textAt(bytes, 8, 'avif') || textAt(bytes, 8, 'avis')),
  },
  { type: 'image/x-icon', matches: (bytes) => startsWith(bytes, [0, 0, 1, 0]) && (bytes[4] ?? 0) > 0 },
  { type: 'image/bmp', matches: (bytes) => textAt(bytes, 0, 'BM') && bytes.length > 26 && bytes[5] === 0 },
  { type: 'font/woff', matches: (bytes) => textAt(bytes, 0, 'wOFF') },
  { type: 'font/woff2', matches: (bytes) => textAt(bytes, 0, 'wOF2') },
  { type: 'font/otf', matches: (bytes) => textAt(bytes, 0, 'OTTO') },
  { type: 'font/ttf', matches: (bytes) => startsWith(bytes, [0, 1, 0, 0]) || textAt(bytes, 0, 'true') },
];

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return bytes.length > start.length && start.every((byte, index) => bytes[index] === byte);
}

function textAt(bytes: Uint8Array, offset: number, text: string): boolean {
  if (bytes.length < offset + text.length) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[offset + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/**
 * The root element is `svg`, after at most a byte order mark, an XML declaration, comments and a document type without
 * an inner subset. It is only ever served for use as a picture, where browsers run no script of it.
 */
function isSvg(bytes: Uint8Array): boolean {
  let text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4_096)).toString('utf8');
  text = text.replace(/^\ufeff/, '').trimStart();
  for (let count = 0; count < 20; count += 1) {
    const end = text.startsWith('<?')
      ? endOf(text, '?>')
      : text.startsWith('<!--')
        ? endOf(text, '-->')
        : /^<!doctype\s/i.test(text)
          ? endOf(text, '>')
          : 0;
    if (end === 0) return /^<svg[\s/>]/.test(text);
    if (end < 0 || text.slice(0, end).includes('[')) return false;
    text = text.slice(end).trimStart();
  }
  return false;
}

function endOf(text: string, mark: string): number {
  const at = text.indexOf(mark);
  return at < 0 ? -1 : at + mark.length;
}
