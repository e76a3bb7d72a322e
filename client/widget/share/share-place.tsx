import { ShareMissing, type ShareMissingProps } from './share-missing.tsx';

export interface SharePlaceProps extends ShareMissingProps {
  /** The agent. */
  name: string;
}

/** Where sharing stands in the conversation; empty until its code is there. */
export function SharePlace({ widget, door, conversation, name }: SharePlaceProps) {
  const opened = door.opened.value;
  if (opened === null) return <ShareMissing widget={widget} door={door} conversation={conversation} />;
  return <opened.module.ShareArea open={opened.open} offer={door.offer.value} name={name} now={widget.now} />;
}
