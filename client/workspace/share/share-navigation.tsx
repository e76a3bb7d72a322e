import { ArrowLeft, ArrowRight, RotateCw } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import type { ShareView } from '../../../protocol/sharing.ts';
import { Button } from '../../ui/button.tsx';
import { sayShare } from './share-texts.ts';
import type { ShareWatch } from './share-watch.ts';
import { toWebAddress } from './web-address.ts';
import styles from './share-navigation.module.css';

/** Back, forward, reload and an address, once the visitor lets the agent open pages. */
export function ShareNavigation({ share, watch, name }: { share: ShareView; watch: ShareWatch; name: string }) {
  const isGiven = share.grants.some(({ grant }) => grant === 'navigate');
  const shownUrl = watch.shownTab.value?.url ?? '';
  const [address, setAddress] = useState(shownUrl);
  useEffect(() => setAddress(shownUrl), [shownUrl]);
  if (!isGiven || shownUrl === '') return null;
  const open = (event: Event): void => {
    event.preventDefault();
    const url = toWebAddress(address, shownUrl);
    if (url === null) watch.refuse('not-possible');
    else watch.act({ kind: 'open', url });
  };
  return (
    <form class={styles.bar} onSubmit={open}>
      <Button
        size="small"
        variant="ghost"
        label={sayShare('back')}
        icon={<ArrowLeft size={16} />}
        onClick={() => watch.act({ kind: 'navigate', to: 'back' })}
      />
      <Button
        size="small"
        variant="ghost"
        label={sayShare('forward')}
        icon={<ArrowRight size={16} />}
        onClick={() => watch.act({ kind: 'navigate', to: 'forward' })}
      />
      <Button
        size="small"
        variant="ghost"
        label={sayShare('reload')}
        icon={<RotateCw size={16} />}
        onClick={() => watch.act({ kind: 'navigate', to: 'reload' })}
      />
      <input
        class={styles.address}
        type="text"
        inputMode="url"
        autocomplete="off"
        spellcheck={false}
        maxLength={2_048}
        aria-label={sayShare('address', { name })}
        value={address}
        onInput={({ currentTarget }) => setAddress(currentTarget.value)}
      />
      <Button size="small" type="submit" isBusy={watch.isOpening.value}>
        {sayShare('open')}
      </Button>
    </form>
  );
}
