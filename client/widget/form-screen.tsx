import { useEffect, useRef, useState } from 'preact/hooks';
import type { DepartmentId, Modality } from '../../protocol/ids.ts';
import type { SiteView } from '../../protocol/sites.ts';
import { toRequestError } from '../connection/request-error.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/text-field.tsx';
import { Agreement } from './agreement.tsx';
import styles from './form.module.css';
import { sayAgreementFault, sayEmailFault, sayFieldFault, sayNameFault } from './form-words.ts';
import { conversationScreen } from './lazy-screens.ts';
import { OfflineBanner } from './offline-banner.tsx';
import { PanelHeader } from './panel-header.tsx';
import { say } from './texts.ts';
import {
  createVisitorForm,
  findChosenDepartment,
  findFormFaults,
  hasFaults,
  isKnownVisitor,
  toDepartmentChoices,
  toFormFaults,
} from './visitor-form.ts';
import type { DepartmentChoice, FormFaults, VisitorForm } from './visitor-form.ts';
import type { VisitorProfile } from './widget-state.ts';
import type { Widget } from './widget.ts';
import { sayFailure } from './words.ts';

/** "Before we start": who asks, about what, and the agreement. */
export function FormScreen({ widget, modality }: { widget: Widget; modality: Modality }) {
  const { session } = widget.state.value;
  if (session.phase !== 'known') return null;
  const { site, profile, availability } = session;
  const known = isKnownVisitor(profile, site) ? profile : null;
  // Another person fills another form.
  return (
    <VisitorFormScreen
      key={known?.name ?? ''}
      widget={widget}
      modality={modality}
      site={site}
      known={known}
      departments={toDepartmentChoices(site, availability)}
    />
  );
}

interface VisitorFormScreenProps {
  widget: Widget;
  modality: Modality;
  site: SiteView;
  known: VisitorProfile | null;
  departments: DepartmentChoice[];
}

function VisitorFormScreen({ widget, modality, site, known, departments }: VisitorFormScreenProps) {
  const [form, setForm] = useState<VisitorForm>(() => createVisitorForm(known ?? widget.identity.peek()));
  const [faults, setFaults] = useState<FormFaults>({ fields: {} });
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const formRef = useRef<HTMLFormElement>(null);
  useEffect(conversationScreen.load, []);
  const departmentId = findChosenDepartment(departments, form.departmentId);
  const change = (changes: Partial<VisitorForm>) => setForm({ ...form, ...changes });

  /** On leaving a field: what is empty is not wrong yet. */
  const judge = (field: 'name' | 'email') => {
    const { [field]: fault } = findFormFaults(form, site);
    const { [field]: _, ...others } = faults;
    const isEmpty = form[field].trim() === '';
    setFaults(fault === undefined || isEmpty ? others : { ...others, [field]: fault });
  };

  /** An error goes as soon as what it asked for is done; a new one waits for the end of typing. */
  const heal = (changes: Partial<VisitorForm>) => {
    const next = { ...form, ...changes };
    const left = findFormFaults(next, site);
    setForm(next);
    setFaults({
      ...(faults.name && left.name ? { name: left.name } : {}),
      ...(faults.email && left.email ? { email: left.email } : {}),
      ...(faults.agreement && left.agreement ? { agreement: faults.agreement } : {}),
      fields: Object.fromEntries(Object.entries(left.fields).filter(([key]) => faults.fields[key] !== undefined)),
    });
  };

  const submit = async () => {
    const found = findFormFaults(form, site);
    setFaults(found);
    setFailure(null);
    if (hasFaults(found)) return focusFault(formRef.current);
    setIsBusy(true);
    try {
      await widget.startConversation(modality, { ...form, departmentId });
    } catch (thrown) {
      const error = toRequestError(thrown);
      const refused = toFormFaults(error, form, site);
      if (refused === undefined) setFailure(sayFailure(error.code));
      else {
        setFaults(refused);
        if (refused.agreement === 'changed') {
          change({ hasAgreed: false });
          await widget.refresh().catch(() => undefined);
        }
        focusFault(formRef.current);
      }
    } finally {
      setIsBusy(false);
    }
  };

  const forget = () => {
    widget.forgetMe().catch((thrown: unknown) => setFailure(sayFailure(toRequestError(thrown).code)));
  };

  return (
    <>
      <PanelHeader widget={widget} title={say('formTitle')} onBack={() => widget.dispatch({ kind: 'went-home' })} />
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
        {known ? (
          <div class={styles.known}>
            <Avatar name={known.name} />
            <p>
              {say('welcomeBack', { name: known.name })}{' '}
              <button type="button" class={styles.link} onClick={forget}>
                {say('notYou')}
              </button>
            </p>
          </div>
        ) : (
          <>
            <div data-focus-field>
              <TextField
                label={say('yourName')}
                name="name"
                autocomplete="name"
                autocapitalize="words"
                aria-required
                value={form.name}
                onInput={(name) => heal({ name })}
                onBlur={() => judge('name')}
                error={sayNameFault(faults.name)}
              />
            </div>
            {site.form.email === 'hidden' ? null : (
              <TextField
                label={say('email')}
                name="email"
                type="email"
                inputMode="email"
                autocomplete="email"
                aria-required={site.form.email === 'required'}
                isOptional={site.form.email === 'optional'}
                value={form.email}
                onInput={(email) => heal({ email })}
                onBlur={() => judge('email')}
                error={sayEmailFault(faults.email)}
                hint={site.form.email === 'optional' ? say('emailHint') : undefined}
              />
            )}
          </>
        )}
        {site.form.fields.map((field) => (
          <TextField
            key={field.key}
            label={field.label}
            aria-required={field.isRequired}
            isOptional={!field.isRequired}
            value={form.fields[field.key] ?? ''}
            onInput={(value) => heal({ fields: { ...form.fields, [field.key]: value } })}
            error={sayFieldFault(faults.fields[field.key])}
          />
        ))}
        {departments.length > 1 ? (
          <SelectField
            label={say('department')}
            value={departmentId ?? ''}
            onInput={(chosen) => change({ departmentId: chosen as DepartmentId })}
            options={departments.map((department) => ({
              value: department.departmentId,
              label: department.isClosed ? `${department.name}: ${say('nobodyTitle')}` : department.name,
              isDisabled: department.isClosed,
            }))}
          />
        ) : null}
        <Agreement
          disclaimer={site.disclaimer}
          isChecked={form.hasAgreed}
          onChange={(hasAgreed) => heal({ hasAgreed })}
          error={sayAgreementFault(faults.agreement)}
        />
        {failure === null ? null : (
          <div class={styles.failure}>
            <Banner tone="bad">{failure}</Banner>
          </div>
        )}
        <Button type="submit" variant="primary" size="large" isBusy={isBusy}>
          {say('start')}
        </Button>
      </form>
    </>
  );
}

/** Once the error is drawn, the keyboard goes where something is to be changed. */
export function focusFault(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
