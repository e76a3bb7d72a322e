import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { say } from './texts.ts';
import { useWorkbench } from './workbench.ts';
import styles from './sign-out-question.module.css';

/** Asks before a text that was not sent is lost with the sign-out. */
export function SignOutQuestion() {
  const { signOut, desk } = useWorkbench();
  const unsent = signOut.question.value;
  const state = desk.state.value;
  if (!unsent) return null;
  const conversations = state.phase === 'ready' ? [...state.conversations.values()] : [];
  const names = new Map<string, string>(
    conversations.map(({ conversationId, visitor }) => [conversationId, visitor.name]),
  );
  return (
    <Dialog
      role="alertdialog"
      title={say('unsentTitle')}
      onClose={signOut.stay}
      actions={
        <>
          <Button variant="danger" onClick={signOut.confirm}>
            {say('unsentDiscard')}
          </Button>
          <Button variant="primary" onClick={signOut.stay}>
            {say('unsentStay')}
          </Button>
        </>
      }
    >
      <p>{say('unsentText')}</p>
      <ul class={styles.texts}>
        {unsent.map(({ conversationId, text }, index) => (
          <li key={index}>
            <span class={styles.name}>{names.get(conversationId) ?? say('visitor')}</span>
            <span class={styles.text}>{text}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
