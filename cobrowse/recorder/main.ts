import { record } from '@rrweb/record';
import type { FromRecorder } from './recorder-messages.ts';

const port = document.currentScript instanceof HTMLScriptElement ? document.currentScript.foyerPort : undefined;
const ready: FromRecorder = { type: 'ready' };
if (typeof record === 'function') port?.postMessage(ready);
