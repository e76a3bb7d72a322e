import { useEffect, useRef, useState } from 'preact/hooks';
import { MailCheck } from 'lucide-preact';
import { toRequestError } from '../connection/request-error.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { TextArea, TextField } from '../ui/text-field.tsx';
import { Agreement } from './agreement.tsx';
import { focusFault } from './form-screen.tsx';
import { sayAgreementFault, sayEmailFault, sayNameFault } from './form-words.ts';
import styles from './form.module.css';
import { OfflineBanner } from './offline-banner.tsx';
import { PanelHeader } from './panel-header.tsx';
import { ReopeningNotice } from './reopening-notice.tsx';
import { say } from './texts.ts';
import { createVisitorForm, findEmailFault, findNameFieldFault, toFormFaults } from './visitor-form.ts';
import type { FormFaults } from './visitor-form.ts';
import { isRunning } from './widget-state.ts';
import type { Widget } from './widget.ts';
import { sayFailure } from './words.ts';

const MAX_TEXT_LENGTH = 4_000;

type Faults = FormFaults & { text?: 'missing' | 'too-long' };

/** "Leave a message": nobody can take a request, or the visitor does not want to wait. */
export function LeaveMessageScreen({ widget }: { widget: Widget }) {
  const { session } = widget.state.value;
  const profile = session.phase === 'known' ? session.profile : null;
  const [form, setForm] = useState(() => createVisitorForm(profile ?? widget.identity.peek()));
  const [text, setText] = useState('');
  const [faults, setFaults] = useState<Faults>({ fields: {} });
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const formRef = useRef<HTMLFormElement>(null);
  const hasBegun = text !== '';
  useEffect(() => {
    // From here on it is the visitor's own choice: somebody who becomes available does not take the words away.
    if (hasBegun) widget.dispatch({ kind: 'leave-message-chosen' });
  }, [hasBegun]);
  if (session.phase !== 'known') return null;
  const { site, conversation, availability } = session;
  const waiting = conversation !== null && isRunning(conversation) ? conversation : null;
  const canGoBack = waiting !== null || availability.isAvailable;

  const findFaults = (): Faults => {
    const name = findNameFieldFault(form.name, site);
    const email = findEmailFault(form.email, true);
    return {
      fields: {},
      ...(name === undefined ? {} : { name }),
      ...(email === undefined ? {} : { email }),
      ...(form.hasAgreed ? {} : { agreement: 'missing' as const }),
      ...(text.trim() === '' ? { text: 'missing' as const } : {}),
      ...(text.length > MAX_TEXT_LENGTH ? { text: 'too-long' as const } : {}),
    };
  };

  const submit = async () => {
    const found = findFaults();
    setFaults(found);
    setFailure(null);
    if (found.name || found.email || found.agreement || found.text) return focusFault(formRef.current);
    setIsBusy(true);
    try {
      await widget.leaveMessage({ name: form.name, email: form.email.trim(), text });
    } catch (thrown) {
      const error = toRequestError(thrown);
      const refused = toFormFaults(error, form, site);
      if (refused === undefined) setFailure(sayFailure(error.code));
      else setFaults(refused);
      if (refused?.agreement === 'changed') {
        setForm({ ...form, hasAgreed: false });
        await widget.refresh().catch(() => undefined);
      }
      focusFault(formRef.current);
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <>
      <PanelHeader
        widget={widget}
        title={say('leaveTitle')}
        onBack={canGoBack ? () => widget.dispatch({ kind: 'went-home' }) : undefined}
      />
      <OfflineBanner widget={widget} />
      <form
        class={styles.form}
        ref={formRef}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void submit();
        }}
      >
        {canGoBack ? null : <ReopeningNotice widget={widget} />}
        <p class={styles.lead}>{say(canGoBack ? 'leaveDetail' : 'nobodyLeaveDetail')}</p>
        <div data-focus-field>
          <TextField
            label={say('yourName')}
            name="name"
            autocomplete="name"
            aria-required
            value={form.name}
            onInput={(name) => setForm({ ...form, name })}
            error={sayNameFault(faults.name)}
          />
        </div>
        <TextField
          label={say('email')}
          name="email"
          type="email"
          inputMode="email"
          autocomplete="email"
          aria-required
          value={form.email}
          onInput={(email) => setForm({ ...form, email })}
          error={sayEmailFault(faults.email)}
        />
        <TextArea
          label={say('yourMessage')}
          aria-required
          value={text}
          onInput={setText}
          error={
            faults.text === undefined
              ? null
              : faults.text === 'missing'
                ? say('textMissing')
                : say('textTooLong', { count: MAX_TEXT_LENGTH })
          }
        />
        <Agreement
          disclaimer={site.disclaimer}
          isChecked={form.hasAgreed}
          onChange={(hasAgreed) => setForm({ ...form, hasAgreed })}
          error={sayAgreementFault(faults.agreement)}
        />
        {failure === null ? null : (
          <div class={styles.failure}>
            <Banner tone="bad">{failure}</Banner>
          </div>
        )}
        <Button type="submit" variant="primary" size="large" isBusy={isBusy}>
          {say('sendMessage')}
        </Button>
      </form>
    </>
  );
}

export function MessageLeftScreen({ widget }: { widget: Widget }) {
  return (
    <>
      <PanelHeader widget={widget} title={say('leaveTitle')} />
      <EmptyState
        icon={<MailCheck size={22} />}
        title={say('leftTitle')}
        actions={
          <Button variant="primary" size="large" onClick={() => widget.dispatch({ kind: 'went-home' })}>
            {say('done')}
          </Button>
        }
      >
        {say('leftDetail')}
      </EmptyState>
    </>
  );
}
