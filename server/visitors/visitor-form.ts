import * as z from 'zod';
import { findNameFault, toVisitorName } from '../../protocol/visitor-name.ts';
import type { NameFault } from '../../protocol/visitor-name.ts';
import { AppError } from '../errors.ts';
import type { SiteSettings } from '../sites/site-settings.ts';

export interface TypedForm {
  name: string;
  email: string | undefined;
  fields: Record<string, string>;
  agreedTextVersion: string;
}

export interface VisitorProfile {
  name: string;
  email: string | null;
  fields: Record<string, string>;
}

/**
 * Checks what a visitor typed against the site's form (V5, V6). The browser checks the same; this is the door that
 * counts.
 *
 * @throws `invalid-name`, `bad-input` or `consent-required`, each naming the field
 */
export function checkForm(typed: TypedForm, settings: SiteSettings): VisitorProfile {
  const fault = findNameFault(typed.name, settings.form.refusedNameCharacters);
  if (fault) throw new AppError('invalid-name', toNameSentence(fault), { details: { field: 'name', ...fault } });

  const email = typed.email?.trim() ?? '';
  if (settings.form.email === 'required' && email === '') {
    throw new AppError('bad-input', 'Please enter your e-mail address.', { details: { field: 'email' } });
  }
  if (email !== '' && !z.email().safeParse(email).success) {
    throw new AppError('bad-input', 'This e-mail address is not complete.', { details: { field: 'email' } });
  }

  const fields: Record<string, string> = {};
  for (const field of settings.form.fields) {
    const value = typed.fields[field.key]?.trim() ?? '';
    if (field.isRequired && value === '') {
      throw new AppError('bad-input', `Please fill in “${field.label.en}”.`, { details: { field: field.key } });
    }
    if (value.length > field.maxLength) {
      throw new AppError('bad-input', `“${field.label.en}” is too long.`, {
        details: { field: field.key, maxLength: field.maxLength },
      });
    }
    if (value !== '') fields[field.key] = value;
  }

  if (typed.agreedTextVersion !== settings.disclaimer.version) {
    throw new AppError('consent-required', 'Please read the text on data processing and tick the box.', {
      details: { field: 'agreedTextVersion', textVersion: settings.disclaimer.version },
    });
  }
  return {
    name: toVisitorName(typed.name),
    email: settings.form.email === 'hidden' || email === '' ? null : email,
    fields,
  };
}

function toNameSentence(fault: NameFault): string {
  if (fault.fault === 'name-too-short') return `A name has at least ${fault.minLength} characters.`;
  if (fault.fault === 'name-too-long') return `A name has at most ${fault.maxLength} characters.`;
  return `Please leave out ${fault.characters.join(' ')} in the name.`;
}
