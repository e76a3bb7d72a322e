import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { say } from './texts.ts';

/** One short question before everything stops: a slip of the finger must not end a conversation. */
export function EndQuestion({ onEnd, onKeepTalking }: { onEnd(): void; onKeepTalking(): void }) {
  return (
    <Dialog
      role="alertdialog"
      title={say('endQuestion')}
      onClose={onKeepTalking}
      actions={
        <>
          <Button size="large" onClick={onKeepTalking}>
            {say('keepTalking')}
          </Button>
          <Button variant="danger" size="large" onClick={onEnd}>
            {say('endNow')}
          </Button>
        </>
      }
    >
      {say('endDetail')}
    </Dialog>
  );
}
