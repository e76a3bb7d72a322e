import type { RelayLimits } from './relay-limits.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Whether a frame holds more than any page: asked of its text, before anything is made of it, because reading a
 * million names costs a hundred times what counting them costs. What is no JSON is for the parser to tell.
 */
export function isTooHeavy(
  text: string,
  { maxFrameParts, maxObjectMembers }: Pick<RelayLimits, 'maxFrameParts' | 'maxObjectMembers'>,
): boolean {
  const outer: number[] = [];
  /** Of the object or list that is open here. */
  let members = 0;
  let parts = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = findEndOfString(text, at + 1);
        if (at < 0) return false;
        break;
      case OPEN_OBJECT:
      case OPEN_LIST:
        outer.push(members);
        members = 0;
        parts += 1;
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        members = outer.pop() ?? 0;
        break;
      case COLON:
        members += 1;
        parts += 1;
        if (members > maxObjectMembers) return true;
        break;
      case COMMA:
        parts += 1;
        break;
    }
    if (parts > maxFrameParts) return true;
  }
  return false;
}

/** The place of the closing quote; below zero when there is none. */
function findEndOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from); ; end = text.indexOf('"', end + 1)) {
    if (end < 0) return end;
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
}
