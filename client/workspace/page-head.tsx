import { ArrowLeft } from 'lucide-preact';
import { useLocation } from 'wouter-preact';
import { Button } from '../ui/button.tsx';
import { say } from './texts.ts';
import styles from './page-head.module.css';

/** Title of a page of the workspace and one sentence about what stands here. */
export function PageHead({ title, lead }: { title: string; lead: string }) {
  const [, setPath] = useLocation();
  return (
    <header class={styles.head}>
      <Button
        variant="ghost"
        class={styles.back}
        label={say('backToList')}
        icon={<ArrowLeft size={20} />}
        onClick={() => setPath('/')}
      />
      <div>
        <h2 class={styles.title}>{title}</h2>
        <p class={styles.lead}>{lead}</p>
      </div>
    </header>
  );
}
