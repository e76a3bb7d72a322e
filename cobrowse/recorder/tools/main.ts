import { createHostTools } from './create-host-tools.ts';

if (document.currentScript instanceof HTMLScriptElement) document.currentScript.foyerReceiveTools?.(createHostTools);
