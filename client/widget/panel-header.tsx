import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import { AppWindow, ChevronLeft, Minus, PictureInPicture } from 'lucide-preact';
import { Button } from '../ui/button.tsx';
import { minimise } from './minimise.ts';
import styles from './panel-header.module.css';
import { PopOutContext } from './pop-out/pop-out-context.ts';
import { say } from './texts.ts';
import type { Widget } from './widget.ts';

export interface PanelHeaderProps {
  widget: Widget;
  title: string;
  detail?: string | undefined;
  /** Stands before the title: a face. */
  start?: ComponentChildren;
  /** Leads a step back, where there is one. */
  onBack?: (() => void) | undefined;
  /** Icon buttons before "Minimize". */
  children?: ComponentChildren;
}

export function PanelHeader({ widget, title, detail, start, onBack, children }: PanelHeaderProps) {
  return (
    <header class={styles.header}>
      {onBack ? <Button variant="ghost" label={say('back')} icon={<ChevronLeft size={20} />} onClick={onBack} /> : null}
      {start}
      <div class={styles.words}>
        <h1 class={styles.title}>{title}</h1>
        {detail ? <p class={styles.detail}>{detail}</p> : null}
      </div>
      {children}
      <MinimizeButton widget={widget} />
    </header>
  );
}

/** Moves the panel into a window of its own. Phones show one thing at a time anyway. */
export function OpenInWindowButton({ widget }: { widget: Widget }) {
  const place = useContext(PopOutContext);
  if (place === null || place.isInWindow || !widget.isFramed || widget.isFullScreen.value) return null;
  return (
    <Button
      variant="ghost"
      size="small"
      label={say('openInWindow')}
      icon={<AppWindow size={16} />}
      isBusy={place.popOut.isOpening.value}
      onClick={place.popOut.open}
    />
  );
}

export function MinimizeButton({ widget }: { widget: Widget }) {
  const place = useContext(PopOutContext);
  if (place?.isInWindow) {
    return (
      <Button
        variant="ghost"
        label={say('bringBack')}
        icon={<PictureInPicture size={18} />}
        onClick={place.popOut.bringBack}
      />
    );
  }
  // On a page of its own there is nothing to minimise to.
  if (!widget.isFramed) return null;
  return <Button variant="ghost" label={say('minimize')} icon={<Minus size={20} />} onClick={() => minimise(widget)} />;
}
