const BLOCK = 512;

/** The content of the first file in an unpacked tar archive whose name fits. */
export function extractFile(archive, name) {
  for (let offset = 0; offset + BLOCK <= archive.length;) {
    const header = archive.subarray(offset, offset + BLOCK);
    const path = textOf(header.subarray(0, 100));
    if (path === '') break;
    const size = parseInt(textOf(header.subarray(124, 136)), 8);
    const start = offset + BLOCK;
    const isFile = header[156] === 0 || header[156] === 0x30;
    if (isFile && name.test(path)) {
      if (start + size > archive.length) throw new Error('the archive ends too early');
      return archive.subarray(start, start + size);
    }
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new Error('the archive does not hold the file');
}

function textOf(bytes) {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end).trim();
}
