import type { DepartmentId } from '../../protocol/ids.ts';
import type { AvailabilityView, SiteView } from '../../protocol/sites.ts';
import { findNameFault, type NameFault } from '../../protocol/visitor-name.ts';
import type { RequestError } from '../connection/request-error.ts';
import type { VisitorProfile } from './widget-state.ts';

/** What the visitor has typed so far; it stays typed when something is refused. */
export interface VisitorForm {
  name: string;
  email: string;
  fields: Record<string, string>;
  departmentId: DepartmentId | null;
  hasAgreed: boolean;
}

export type EmailFault = 'missing' | 'malformed';
export type FieldFault = { fault: 'missing' } | { fault: 'too-long'; maxLength: number };
/** What stands at which field; a field without a fault has no key. */
export interface FormFaults {
  name?: NameFault | { fault: 'name-missing' };
  email?: EmailFault;
  fields: Record<string, FieldFault>;
  /** `changed`: the site's text is another one since it was read. */
  agreement?: 'missing' | 'changed';
}

export function createVisitorForm(known: {
  name?: string | undefined;
  email?: string | null | undefined;
  fields?: Record<string, string> | undefined;
}): VisitorForm {
  return {
    name: known.name ?? '',
    email: known.email ?? '',
    fields: known.fields ?? {},
    departmentId: null,
    hasAgreed: false,
  };
}

export interface DepartmentChoice {
  departmentId: DepartmentId;
  name: string;
  /** Nobody there can take a request at the moment. */
  isClosed: boolean;
}

/** The site's departments as the form shows them. */
export function toDepartmentChoices(site: SiteView, availability: AvailabilityView): DepartmentChoice[] {
  return site.departments.map(({ departmentId, name }) => {
    const told = availability.departments.find((department) => department.departmentId === departmentId);
    return { departmentId, name, isClosed: told?.isAvailable === false };
  });
}

/**
 * What is chosen, on screen and for the server alike. The visitor's own choice stands even when it closes meanwhile:
 * nobody is to land quietly at another department.
 */
export function findChosenDepartment(choices: DepartmentChoice[], chosen: DepartmentId | null): DepartmentId | null {
  const found =
    choices.find(({ departmentId }) => departmentId === chosen) ?? choices.find(({ isClosed }) => !isClosed);
  return found?.departmentId ?? null;
}

/** Once per browser: name and e-mail are not asked again while they still fit the site's form. */
export function isKnownVisitor(profile: VisitorProfile | null, site: SiteView): profile is VisitorProfile {
  if (profile === null || findNameFieldFault(profile.name, site) !== undefined) return false;
  return site.form.email !== 'required' || profile.email !== null;
}

/** Everything that must change before "Start". */
export function findFormFaults(form: VisitorForm, site: SiteView): FormFaults {
  const faults: FormFaults = { fields: {} };
  const name = findNameFieldFault(form.name, site);
  if (name !== undefined) faults.name = name;
  const email = site.form.email === 'hidden' ? undefined : findEmailFault(form.email, site.form.email === 'required');
  if (email !== undefined) faults.email = email;
  for (const { key, isRequired, maxLength } of site.form.fields) {
    const value = (form.fields[key] ?? '').trim();
    if (isRequired && value === '') faults.fields[key] = { fault: 'missing' };
    else if (value.length > maxLength) faults.fields[key] = { fault: 'too-long', maxLength };
  }
  if (!form.hasAgreed) faults.agreement = 'missing';
  return faults;
}

export function hasFaults(faults: FormFaults): boolean {
  const { name, email, agreement } = faults;
  return Boolean(name ?? email ?? agreement) || Object.keys(faults.fields).length > 0;
}

/** An empty field says that a name is wanted, which "at least 3 characters" alone would not. */
export function findNameFieldFault(typed: string, site: SiteView): FormFaults['name'] {
  if (typed.trim() === '') return { fault: 'name-missing' };
  return findNameFault(typed, site.form.refusedNameCharacters);
}

const MAX_EMAIL_LENGTH = 254;

/** Only what cannot be an address is refused here; whether it exists shows when a mail arrives. */
export function findEmailFault(typed: string, isRequired: boolean): EmailFault | undefined {
  const email = typed.trim();
  if (email === '') return isRequired ? 'missing' : undefined;
  const isPlausible =
    email.length <= MAX_EMAIL_LENGTH && /^[^\s@,;<>()]+@[^\s@,;<>().]+(\.[^\s@,;<>().]+)+$/.test(email);
  return isPlausible ? undefined : 'malformed';
}

/**
 * Puts the server's refusal at the field it is about. Undefined when it is about none of them; the rules of both sides
 * are the same, so this happens only when the site changed while the form was open.
 */
export function toFormFaults(error: RequestError, form: VisitorForm, site: SiteView): FormFaults | undefined {
  if (error.code === 'consent-required') {
    const isChanged =
      error.details['textVersion'] !== undefined && error.details['textVersion'] !== site.disclaimer.version;
    return { agreement: isChanged ? 'changed' : 'missing', fields: {} };
  }
  if (error.code === 'invalid-name') {
    const refused = error.details['characters'];
    const characters = Array.isArray(refused) ? refused.filter((item) => typeof item === 'string') : [];
    if (characters.length > 0) return { name: { fault: 'name-refused-characters', characters }, fields: {} };
    return { name: findNameFieldFault(form.name, site) ?? { fault: 'name-missing' }, fields: {} };
  }
  if (error.code !== 'bad-input') return undefined;
  const field = error.details['field'];
  if (field === 'email') return { email: form.email.trim() === '' ? 'missing' : 'malformed', fields: {} };
  const known = site.form.fields.find(({ key }) => field === key);
  if (known === undefined) return undefined;
  const isEmpty = (form.fields[known.key] ?? '').trim() === '';
  return {
    fields: { [known.key]: isEmpty ? { fault: 'missing' } : { fault: 'too-long', maxLength: known.maxLength } },
  };
}
