import Bowser from 'bowser';

const MAX_USER_AGENT_LENGTH = 500;

/** "Chrome 141 on Windows", or null when the header says nothing that a person could use. */
export function toBrowserName(userAgent: string | undefined): string | null {
  if (!userAgent) return null;
  const { browser, os } = Bowser.parse(userAgent.slice(0, MAX_USER_AGENT_LENGTH));
  if (!browser.name) return null;
  const version = browser.version?.split('.')[0];
  return `${browser.name}${version ? ` ${version}` : ''}${os.name ? ` on ${os.name}` : ''}`;
}
