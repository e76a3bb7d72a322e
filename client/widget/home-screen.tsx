import { MessageCircle, Phone, Video } from 'lucide-preact';
import type { Modality } from '../../protocol/ids.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { preloadCall } from '../ui/call/load-call.ts';
import { MinimizeButton } from './panel-header.tsx';
import styles from './home-screen.module.css';
import { OfflineBanner } from './offline-banner.tsx';
import { ReopeningNotice } from './reopening-notice.tsx';
import { say } from './texts.ts';
import type { Widget } from './widget.ts';
import { sayAvailability } from './words.ts';

const choices = [
  { modality: 'text', icon: MessageCircle, name: 'textChat', detail: 'textChatDetail' },
  { modality: 'voice', icon: Phone, name: 'voiceCall', detail: 'voiceCallDetail' },
  { modality: 'video', icon: Video, name: 'videoCall', detail: 'videoCallDetail' },
] as const;

/** Faces and an honest time first, then one decision. */
export function HomeScreen({ widget }: { widget: Widget }) {
  const { session } = widget.state.value;
  if (session.phase !== 'known') return null;
  const { site, availability } = session;
  const isAvailable = availability.isAvailable && !session.isCutOff;

  const choose = (modality: Modality) => {
    if (modality !== 'text') preloadCall();
    widget.dispatch({ kind: 'modality-chosen', modality });
  };

  return (
    <div class={styles.home}>
      <OfflineBanner widget={widget} />
      <div class={styles.hero}>
        <div class={styles.top}>
          <div class={styles.faces}>
            {availability.agentNames.map((name, index) => (
              <Avatar key={`${name}${index}`} name={name} presence="online" isRinged />
            ))}
          </div>
          <MinimizeButton widget={widget} />
        </div>
        <h1 class={styles.title}>{say(isAvailable ? 'homeTitle' : 'nobodyTitle')}</h1>
        <div class={styles.answer}>
          {isAvailable ? (
            <p>{sayAvailability(availability)}</p>
          ) : (
            <ReopeningNotice widget={widget} otherwise={say('nobodyDetail')} />
          )}
        </div>
      </div>
      {isAvailable ? (
        <div class={styles.choices}>
          {choices
            .filter(({ modality }) => site.modalities.includes(modality))
            .map(({ modality, icon: Icon, name, detail }) => (
              <div key={modality} class={styles.choice}>
                <span class={styles.icon}>
                  <Icon size={20} />
                </span>
                <span class={styles.words}>
                  <button
                    type="button"
                    class={styles.name}
                    aria-describedby={`choice-${modality}`}
                    onClick={() => choose(modality)}
                  >
                    {say(name)}
                  </button>
                  <span class={styles.detail} id={`choice-${modality}`}>
                    {say(detail)}
                  </span>
                </span>
              </div>
            ))}
        </div>
      ) : null}
      <footer class={styles.foot}>
        {site.hoursText && !availability.reopening ? <span>{site.hoursText}</span> : null}
        {site.whenUnavailable === 'leave-message' ? (
          <Button variant="ghost" size="small" onClick={() => widget.dispatch({ kind: 'leave-message-chosen' })}>
            {say('orLeaveMessage')}
          </Button>
        ) : null}
      </footer>
    </div>
  );
}
