import './viewer.css';
import { createViewer } from '../../cobrowse/viewer/viewer.ts';
import { takePort } from './take-port.ts';
import { toViewerWords } from './texts.ts';

const root = document.getElementById('viewer');
if (root !== null) {
  takePort((port) => {
    const viewer = createViewer({ root, post: (message) => port.postMessage(message), wordsOf: toViewerWords });
    port.addEventListener('message', ({ data }: MessageEvent) => viewer.handle(data));
    port.start();
    port.postMessage({ type: 'ready' });
  });
}
