import type { ComponentChildren } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import { Crop, EyeOff, MonitorUp, Pause, PencilLine, Play, Square, SquareDashed, WandSparkles } from 'lucide-preact';
import type { ShareView } from '../../../protocol/sharing.ts';
import { joinClasses } from '../../ui/join-classes.ts';
import { Popover, type PopoverTrigger } from '../../ui/popover.tsx';
import { ChangeButton } from '../../ui/share/change-button.tsx';
import { ScreenStyleChoice } from '../../ui/share/screen-style-choice.tsx';
import { sayShare } from '../../ui/share/share-texts.ts';
import { onTrusted } from '../../ui/share/trusted-click.ts';
import { Switch } from '../../ui/switch.tsx';
import styles from './change-sharing.module.css';
import type { OpenShare } from './open-share.ts';
import type { ShareOffer } from './share-offer.ts';
import { sayGrant } from './share-words.ts';
import type { VisitorShare } from './share-model.ts';
import { sayVisitorShare as say } from './visitor-share-texts.ts';

export interface ChangeSharingProps {
  view: ShareView;
  open: OpenShare;
  offer: ShareOffer;
  name: string;
}

/** "CHANGE SHARING": narrower acts at once, wider only by the visitor's own click (B3). */
export function ChangeSharing({ view, open, offer, name }: ChangeSharingProps) {
  const { share, screen } = open;
  const label = sayChange(offer);
  const isPage = view.kind === 'co-browse';
  return (
    <Popover
      label={label}
      isEndAligned
      class={styles.menu ?? ''}
      trigger={(trigger) => <MenuButton label={label} trigger={trigger} view={view} open={open} />}
    >
      {(close) => (
        <>
          {isPage && offer.mayChangeScope ? <ScopePart share={share} name={name} close={close} /> : null}
          {!isPage && offer.mayChangeScope ? (
            <Item icon={<MonitorUp size={16} />} onChoose={onTrusted(() => (close(), screen.chooseAnother()))}>
              {say('otherSurface')}
            </Item>
          ) : null}
          {!isPage && screen.isShownHere.value ? (
            <ScreenStyleChoice chosen={screen.style.value} onChoose={screen.setStyle} />
          ) : null}
          {isPage ? <HiddenSwitch share={share} /> : null}
          <PauseItem view={view} sharing={isPage ? share : screen} close={close} />
          {isPage && view.phase !== 'paused' ? <ToolPart share={share} name={name} close={close} /> : null}
          {isPage && view.grants.length > 0 ? <GrantPart view={view} share={share} name={name} /> : null}
          <div class={styles.part}>
            <Item
              icon={<Square size={16} />}
              isDanger
              onChoose={() => {
                close();
                if (isPage) share.end();
                else screen.end();
              }}
            >
              {say('stop')}
            </Item>
          </div>
        </>
      )}
    </Popover>
  );
}

/** The button of the menu says what is in it: more than options only where the site lets the visitor choose (B3). */
export function sayChange({ mayChangeScope }: ShareOffer): string {
  return sayShare(mayChangeScope ? 'changeSharing' : 'options');
}

/** Opens its menu by itself as well, when it was asked for beside the small button. */
function MenuButton(props: { label: string; trigger: PopoverTrigger; view: ShareView; open: OpenShare }) {
  const { label, trigger, view, open } = props;
  const isAskedFor = open.changing.value === view.kind;
  useEffect(() => {
    if (!isAskedFor) return;
    open.changing.value = null;
    trigger.buttonRef.current?.click();
  }, [isAskedFor]);
  return <ChangeButton label={label} trigger={trigger} />;
}

function ScopePart({ share, name, close }: { share: VisitorShare; name: string; close(): void }) {
  const scope = share.scope.value;
  const isWhole = scope !== null && scope.onlyPart === null;
  return (
    <Part title={say('whatIsShown', { name })}>
      <Item
        icon={<SquareDashed size={16} />}
        isChosen={isWhole}
        onChoose={onTrusted(() => {
          close();
          if (!isWhole) share.showWholePage();
        })}
      >
        {say('wholePage')}
      </Item>
      <Item
        icon={<Crop size={16} />}
        isChosen={scope?.onlyPart !== null && scope !== null}
        detail={scope?.onlyPart?.label}
        onChoose={onTrusted(() => (close(), share.pick('only')))}
      >
        {say('onlyPartPick')}
      </Item>
      <Item icon={<EyeOff size={16} />} onChoose={onTrusted(() => (close(), share.pick('hide')))}>
        {say('hidePart')}
      </Item>
      {scope === null || scope.hidden.length === 0 ? null : (
        <ul class={styles.hidden} aria-label={say('hiddenParts')}>
          {scope.hidden.map((part) => (
            <li key={part.path + part.selector}>
              <span class={styles.hiddenName}>{part.label}</span>
              <button
                type="button"
                class={styles.small}
                aria-label={say('showAgainNamed', { label: part.label })}
                onClick={onTrusted(() => share.showAgain(part))}
              >
                {say('showAgain')}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function HiddenSwitch({ share }: { share: VisitorShare }) {
  const id = useId();
  return (
    <div class={styles.switchRow}>
      <span id={id}>{say('showHidden')}</span>
      <Switch labelledBy={id} isOn={share.isShowingHidden.value} onChange={share.setShowingHidden} />
    </div>
  );
}

type Pausable = Pick<VisitorShare, 'pause' | 'resume'>;

function PauseItem({ view, sharing, close }: { view: ShareView; sharing: Pausable; close(): void }) {
  if (view.phase === 'paused') {
    return (
      <Item icon={<Play size={16} />} onChoose={onTrusted(() => (close(), sharing.resume()))}>
        {say('resume')}
      </Item>
    );
  }
  return (
    <Item icon={<Pause size={16} />} onChoose={() => (close(), sharing.pause())}>
      {say('pause')}
    </Item>
  );
}

function ToolPart({ share, name, close }: { share: VisitorShare; name: string; close(): void }) {
  const tool = share.tool.value;
  const toggle = (chosen: 'laser' | 'ink') => {
    close();
    share.setTool(tool === chosen ? 'none' : chosen);
  };
  return (
    <Part title={say('yourTools', { name })}>
      <Item icon={<WandSparkles size={16} />} isChosen={tool === 'laser'} onChoose={() => toggle('laser')}>
        {say('laser')}
      </Item>
      <Item icon={<PencilLine size={16} />} isChosen={tool === 'ink'} onChoose={() => toggle('ink')}>
        {say('ink')}
      </Item>
    </Part>
  );
}

function GrantPart({ view, share, name }: { view: ShareView; share: VisitorShare; name: string }) {
  return (
    <Part title={say('whatMay', { name })}>
      <ul class={styles.hidden}>
        {view.grants.map(({ grant }) => (
          <li key={grant}>
            <span class={styles.hiddenName}>{sayGrant(grant)}</span>
            <button
              type="button"
              class={styles.small}
              aria-label={say('takeBackNamed', { grant: sayGrant(grant) })}
              onClick={() => share.setGrant(grant, false)}
            >
              {say('takeBack')}
            </button>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <div class={styles.part} role="group" aria-labelledby={id}>
      <p class={styles.title} id={id}>
        {title}
      </p>
      {children}
    </div>
  );
}

interface ItemProps {
  icon: ComponentChildren;
  children: ComponentChildren;
  detail?: string | undefined;
  isChosen?: boolean;
  isDanger?: boolean;
  onChoose(event: Event): void;
}

function Item({ icon, children, detail, isChosen, isDanger = false, onChoose }: ItemProps) {
  return (
    <button
      type="button"
      class={joinClasses(styles.item, isDanger && styles.danger)}
      {...(isChosen === undefined ? {} : { 'aria-pressed': isChosen })}
      onClick={onChoose}
    >
      {icon}
      <span class={styles.words}>
        {children}
        {detail === undefined ? null : <span class={styles.detail}>{detail}</span>}
      </span>
    </button>
  );
}
