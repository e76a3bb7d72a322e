// The door of the lazy chunk: everything that shows what is shared. See `load-share.ts`.
export { ShareStages } from './share-stages.tsx';
