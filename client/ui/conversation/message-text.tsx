import { useMemo } from 'preact/hooks';
import { linkify } from './linkify.ts';

/** What a person wrote, line breaks kept, addresses as links that give nothing away to where they lead. */
export function MessageText({ text }: { text: string }) {
  const parts = useMemo(() => linkify(text), [text]);
  return (
    <>
      {parts.map((part, index) =>
        part.kind === 'text' ? (
          part.text
        ) : (
          <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow" title={part.href}>
            {part.text}
          </a>
        ),
      )}
    </>
  );
}
