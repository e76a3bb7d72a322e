import { useId } from 'preact/hooks';
import type { ScreenStyle } from '../../../media/browser/screen-style.ts';
import styles from './screen-style-choice.module.css';
import { sayScreen as say } from './screen-texts.ts';

const STYLES = ['sharp-text', 'smooth-video'] as const;

/** What a picture of a screen is to be good at; takes effect at once. */
export function ScreenStyleChoice({ chosen, onChoose }: { chosen: ScreenStyle; onChoose(style: ScreenStyle): void }) {
  const id = useId();
  return (
    <fieldset class={styles.choice}>
      <legend class={styles.title}>{say('goodAt')}</legend>
      {STYLES.map((style) => (
        <label key={style} class={styles.option}>
          <input type="radio" name={id} checked={style === chosen} onChange={() => onChoose(style)} />
          {say(style === 'sharp-text' ? 'sharpText' : 'smoothVideo')}
        </label>
      ))}
    </fieldset>
  );
}
