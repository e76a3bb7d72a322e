import { say } from './texts.ts';
import type { EmailFault, FieldFault, FormFaults } from './visitor-form.ts';

export function sayNameFault(fault: FormFaults['name']): string | null {
  switch (fault?.fault) {
    case undefined:
      return null;
    case 'name-missing':
      return say('nameMissing');
    case 'name-too-short':
      return say('nameTooShort', { count: fault.minLength });
    case 'name-too-long':
      return say('nameTooLong', { count: fault.maxLength });
    case 'name-refused-characters':
      return say('nameRefused', {
        characters: fault.characters.map((character) => say('refusedCharacter', { character })).join(' '),
      });
  }
}

export function sayEmailFault(fault: EmailFault | undefined): string | null {
  if (fault === undefined) return null;
  return say(fault === 'missing' ? 'emailMissing' : 'emailMalformed');
}

export function sayFieldFault(fault: FieldFault | undefined): string | null {
  if (fault === undefined) return null;
  return fault.fault === 'missing' ? say('fieldMissing') : say('fieldTooLong', { count: fault.maxLength });
}

export function sayAgreementFault(fault: FormFaults['agreement']): string | null {
  if (fault === undefined) return null;
  return say(fault === 'missing' ? 'agreeMissing' : 'agreeChanged');
}
