import { useState } from 'preact/hooks';
import { AppWindow, MonitorUp } from 'lucide-preact';
import type { AgentConversationView } from '../../../protocol/conversations.ts';
import type { ShareKind } from '../../../protocol/sharing.ts';
import { listOpenShares } from '../desk-conversation.ts';
import { Segments } from './segments.tsx';
import { ScreenStage } from './screen-stage.tsx';
import { ShareStage } from './share-stage.tsx';
import { sayShare } from './share-texts.ts';
import styles from './share-stage.module.css';

export interface ShareStagesProps {
  conversation: AgentConversationView;
  viewerUrl: string;
}

/** What is shared in this conversation. A page and a screen at once are two, and one of them is looked at. */
export function ShareStages({ conversation, viewerUrl }: ShareStagesProps) {
  const [chosen, setChosen] = useState<ShareKind | null>(null);
  const open = listOpenShares(conversation).filter(({ phase }) => phase !== 'asked');
  const latest = open.toSorted((one, other) => (other.allowedAt ?? 0) - (one.allowedAt ?? 0))[0];
  const share = open.find(({ kind }) => kind === chosen) ?? latest;
  if (!share) return null;
  return (
    <div class={styles.stages}>
      {open.length < 2 ? null : (
        <div class={styles.choice}>
          <Segments<ShareKind>
            label={sayShare('whatToShow')}
            chosen={share.kind}
            choices={[
              { value: 'co-browse', words: sayShare('page'), icon: <AppWindow size={15} /> },
              { value: 'screen', words: sayShare('screen'), icon: <MonitorUp size={15} /> },
            ]}
            onChoose={setChosen}
          />
        </div>
      )}
      {share.kind === 'co-browse' ? (
        <ShareStage key={share.shareId} conversation={conversation} share={share} viewerUrl={viewerUrl} />
      ) : (
        <ScreenStage key={share.shareId} conversation={conversation} share={share} />
      )}
    </div>
  );
}
