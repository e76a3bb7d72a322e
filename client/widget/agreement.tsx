import type { Ref } from 'preact';
import type { SiteView } from '../../protocol/sites.ts';
import { Checkbox } from '../ui/checkbox.tsx';
import { say } from './texts.ts';

export interface AgreementProps {
  disclaimer: SiteView['disclaimer'];
  isChecked: boolean;
  onChange(isChecked: boolean): void;
  error: string | null;
  inputRef?: Ref<HTMLInputElement>;
}

/** V6: the site's text on data processing, with the box that must be ticked. */
export function Agreement({ disclaimer, isChecked, onChange, error, inputRef }: AgreementProps) {
  const { text, linkLabel, linkUrl } = disclaimer;
  /** Many sites write the whole sentence into their text: then once is enough. */
  const isSaidByText = text.startsWith(say('agree'));
  const isLinked = /^https?:|^\//.test(linkUrl) && linkLabel !== '';
  return (
    <Checkbox
      label={isSaidByText ? text : say('agree')}
      isChecked={isChecked}
      onChange={onChange}
      error={error}
      isRequired
      {...(inputRef === undefined ? {} : { inputRef })}
      detail={
        <>
          {isSaidByText ? null : `${text} `}
          {isLinked ? (
            <a href={linkUrl} target="_blank" rel="noopener noreferrer">
              {linkLabel}
            </a>
          ) : null}
        </>
      }
    />
  );
}
