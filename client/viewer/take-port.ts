import { VIEWER_PORT_MESSAGE } from '../../cobrowse/viewer/viewer-messages.ts';

/**
 * Takes the workspace's end of a channel, once: from the page that frames this one and from its origin alone. Whatever a
 * shared page might do, it is not the parent of this page.
 */
export function takePort(use: (port: MessagePort) => void): void {
  const workspaceOrigin = readWorkspaceOrigin();
  const listen = ({ source, origin, data, ports: [port] }: MessageEvent): void => {
    if (source !== window.parent || source === window || origin !== workspaceOrigin) return;
    if (data !== VIEWER_PORT_MESSAGE || port === undefined) return;
    removeEventListener('message', listen);
    use(port);
  };
  addEventListener('message', listen);
}

/** The server writes it into the page where the viewer has a hostname of its own; otherwise it is ours. */
function readWorkspaceOrigin(): string {
  const written = document.querySelector('meta[name="foyer-workspace"]')?.getAttribute('content') ?? '';
  return URL.canParse(written) ? new URL(written).origin : location.origin;
}
