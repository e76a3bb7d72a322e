/** Version of the wire contract that this code speaks. Raised when an old client could no longer work. */
export const PROTOCOL_VERSION = 1;

/** Oldest version the server still accepts; older clients are refused with `client-too-old` and reload themselves. */
export const OLDEST_PROTOCOL_VERSION = 1;
