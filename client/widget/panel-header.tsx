import type { ComponentChildren } from 'preact';
import { ChevronLeft, Minus } from 'lucide-preact';
import { Button } from '../ui/button.tsx';
import { minimise } from './minimise.ts';
import styles from './panel-header.module.css';
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

export function MinimizeButton({ widget }: { widget: Widget }) {
  // On a page of its own there is nothing to minimise to.
  if (!widget.isFramed) return null;
  return <Button variant="ghost" label={say('minimize')} icon={<Minus size={20} />} onClick={() => minimise(widget)} />;
}
