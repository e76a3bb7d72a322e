import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { saySignOut } from './sign-out-texts.ts';
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
      title={saySignOut('title')}
      onClose={signOut.stay}
      actions={
        <>
          <Button variant="danger" onClick={signOut.confirm}>
            {saySignOut('discard')}
          </Button>
          <Button variant="primary" onClick={signOut.stay}>
            {saySignOut('stay')}
          </Button>
        </>
      }
    >
      <p>{saySignOut('text')}</p>
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
