// The door of the lazy chunk: everything that plays what was recorded. See `load-playback.ts`.
export { HistoryDialog } from './history-dialog.tsx';
export { RecordingDialog } from './recording-dialog.tsx';
