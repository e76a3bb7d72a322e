const OWNERS = [Object.prototype, Array.prototype, String.prototype, Number.prototype];

/** JSON as it is written everywhere else, also on pages whose libraries have given arrays a `toJSON` of their own. */
export function toJson(value: unknown): string {
  const hooked = OWNERS.flatMap((owner) => {
    const hook = Object.getOwnPropertyDescriptor(owner, 'toJSON');
    return hook?.configurable === true ? [{ owner, hook }] : [];
  });
  try {
    for (const { owner } of hooked) Reflect.deleteProperty(owner, 'toJSON');
    return JSON.stringify(value);
  } finally {
    for (const { owner, hook } of hooked) Object.defineProperty(owner, 'toJSON', hook);
  }
}
