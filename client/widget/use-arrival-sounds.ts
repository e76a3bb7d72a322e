import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { createSounds } from '../ui/sounds.ts';
import type { PopOut } from './pop-out/pop-out.ts';
import type { VisitorCall } from './visitor-call.ts';
import type { Widget } from './widget.ts';

/** A sound for a message that nobody sees come in, and a ring while a call waits for an answer on either side. */
export function useArrivalSounds(widget: Widget, call: VisitorCall, popOut: PopOut): void {
  useEffect(() => {
    const sounds = createSounds();
    const stopMessages = effect(() =>
      widget.conversation.value?.onMessageReceived(() => {
        if (!popOut.isSeen()) sounds.playMessage();
      }),
    );
    const stopRinging = effect(() => (call.place.value.at === 'incoming' ? sounds.startRinging() : undefined));
    const stopRingBack = effect(() => (call.place.value.at === 'outgoing' ? sounds.startRingBack() : undefined));
    return () => {
      stopMessages();
      stopRinging();
      stopRingBack();
      sounds.close();
    };
  }, []);
}
