import { useId } from 'preact/hooks';
import { joinClasses } from '../ui/join-classes.ts';
import { Switch } from '../ui/switch.tsx';
import { askNotePermission } from './desktop-notes.ts';
import { whyNoRequests } from './desk-state.ts';
import type { ReadyDesk } from './desk-state.ts';
import { sayHours } from './hours-words.ts';
import { say } from './texts.ts';
import { useWorkbench } from './workbench.ts';
import styles from './live-help.module.css';

/** The "Live Help" switch, with the reason in words whenever nothing rings although one might expect it. */
export function LiveHelp({ desk }: { desk: ReadyDesk }) {
  const { actions } = useWorkbench();
  const id = useId();
  const reason = whyNoRequests(desk);
  const isClosed = desk.agent.departments.every(({ closed }) => closed !== null);
  const handleChange = (isAvailable: boolean): void => {
    void actions.setAvailability(isAvailable);
    // The fitting moment: whoever wants requests to ring wants to notice them in another window too.
    if (isAvailable) askNotePermission().catch(() => undefined);
  };
  return (
    <div class={joinClasses(styles.box, desk.agent.isAvailable && (reason !== null || isClosed) && styles.stopped)}>
      <div class={styles.row}>
        <span class={styles.label} id={`${id}-label`}>
          {say('liveHelp')}
        </span>
        <Switch
          labelledBy={`${id}-label`}
          describedBy={`${id}-why`}
          isOn={desk.agent.isAvailable}
          onChange={handleChange}
        />
      </div>
      <p class={styles.why} id={`${id}-why`} role="status">
        {toReasonWords(reason, desk)}
      </p>
    </div>
  );
}

function toReasonWords(reason: ReturnType<typeof whyNoRequests>, desk: ReadyDesk): string {
  switch (reason) {
    case null:
      return sayHours(desk.agent.departments, Date.now());
    case 'switched-off':
      return say('liveHelpOff');
    case 'offline':
      return say('liveHelpOffline');
    case 'busy':
      return say('liveHelpBusy');
    case 'chat-cap':
      return say('liveHelpChatCap', { count: desk.agent.chatCap });
    case 'no-department':
      return say('liveHelpNoDepartment');
    case 'unknown':
      return say('liveHelpUnknown');
  }
}
