/** The same limit as the server's; a test holds the two together. */
export const MAX_MESSAGE_LENGTH = 4_000;
const COUNTER_FROM = MAX_MESSAGE_LENGTH - 200;

export type LengthState =
  { kind: 'fine' } | { kind: 'near'; leftCount: number } | { kind: 'over'; excessCount: number };

/** Whether a counter is needed yet, and whether the text can be sent. Counts as the server does, after trimming. */
export function toLengthState(text: string): LengthState {
  const { length } = toSentText(text);
  if (length > MAX_MESSAGE_LENGTH) return { kind: 'over', excessCount: length - MAX_MESSAGE_LENGTH };
  return length >= COUNTER_FROM ? { kind: 'near', leftCount: MAX_MESSAGE_LENGTH - length } : { kind: 'fine' };
}

/** What is really sent: inner lines stay as they are, empty ones around them go. */
export function toSentText(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
}
