// The door of the lazy chunk: everything about sharing, loaded once something is asked or offered. See `share-door.ts`.
export { openShare } from './open-share.ts';
export { ShareArea } from './share-area.tsx';
export { SharePill } from './share-pill.tsx';
