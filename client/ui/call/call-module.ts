// The door of the lazy chunk: everything that is loaded only when somebody calls. Reached by `load-call.ts` alone.
export { createCallSession } from '../../../media/browser/call-session.ts';
export { createLocalMedia } from '../../../media/browser/local-media.ts';
export { createScreenSession } from '../../../media/browser/screen-session.ts';
export { keepPrepared } from '../../../media/browser/prepared-calls.ts';
export { warmUp } from '../../../media/browser/warm-up.ts';
export { CallPanel } from './call-panel.tsx';
export { ScreenView } from '../share/screen-view.tsx';
export { DevicePreview } from './device-preview.tsx';
