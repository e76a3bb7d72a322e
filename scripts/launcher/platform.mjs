import { existsSync } from 'node:fs';

/** Whether this Linux's C library is musl (Alpine) and not glibc. */
export function isMusl(arch = process.arch) {
  const name = { x64: 'x86_64', arm64: 'aarch64' }[arch] ?? arch;
  return existsSync(`/lib/ld-musl-${name}.so.1`);
}

/** Whether a package with these `os`, `cpu` and `libc` lists, as npm knows them, is meant for a platform. */
export function fitsPlatform({ os, cpu, libc }, here = thisPlatform()) {
  return allows(os, here.os) && allows(cpu, here.cpu) && (here.os !== 'linux' || allows(libc, here.libc));
}

function thisPlatform() {
  return { os: process.platform, cpu: process.arch, libc: isMusl() ? 'musl' : 'glibc' };
}

// A list names what is allowed, or with "!" in front what is not.
function allows(list, value) {
  if (!list || list.length === 0) return true;
  if (list.includes(`!${value}`)) return false;
  return list.includes(value) || list.every((entry) => entry.startsWith('!'));
}
