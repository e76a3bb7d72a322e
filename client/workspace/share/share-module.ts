// The door of the lazy chunk: everything that shows a shared page. See `load-share.ts`.
export { ShareStage } from './share-stage.tsx';
