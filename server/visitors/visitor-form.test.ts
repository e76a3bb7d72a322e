import { describe, expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { siteSettings } from '../sites/site-settings.ts';
import { checkForm } from './visitor-form.ts';
import type { TypedForm } from './visitor-form.ts';

const site = (form: object = {}) => siteSettings.parse({ key: 'shop', name: 'Shop', form });
const typed = (changes: Partial<TypedForm> = {}): TypedForm => ({
  name: 'Grace Hofer',
  email: undefined,
  fields: {},
  agreedTextVersion: '1',
  ...changes,
});

function refusal(form: TypedForm, settings = site()): { code: string; details: Record<string, unknown> | undefined } {
  try {
    checkForm(form, settings);
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, details: error.details };
    throw error;
  }
  throw new Error('The form was accepted.');
}

describe("the visitor's form at the server's door", () => {
  test('[V5] a name is stored as people read it', () => {
    expect(checkForm(typed({ name: '  Gra\u0301ce \n Hofer ' }), site()).name).toBe('Gráce Hofer');
  });

  test.each(['<b>Ana', 'Ana"', 'ana@example', 'Ana & Ben', 'Ana!', 'Ana?', 'A,B C', 'Ana.', '`Ana`', 'a=b c'])(
    '[V5] the name %j is refused and the field is named',
    (name) => expect(refusal(typed({ name }))).toMatchObject({ code: 'invalid-name', details: { field: 'name' } }),
  );

  test.each(['', '  ', 'Al', '\u202eA', '\u0000\u0000\u0000', '\u200b\u200b\u200b'])(
    '[V5] the name %j is too short',
    (name) => expect(refusal(typed({ name })).details).toMatchObject({ fault: 'name-too-short' }),
  );

  test('[V5] a name of four hundred characters is too long, and one of eighty is not', () => {
    expect(refusal(typed({ name: 'a'.repeat(400) })).details).toMatchObject({ fault: 'name-too-long' });
    expect(checkForm(typed({ name: 'a'.repeat(80) }), site()).name).toHaveLength(80);
  });

  test("[V5] the site's own refused characters count, not the usual ones", () => {
    const own = site({ refusedNameCharacters: '#' });
    expect(checkForm(typed({ name: 'Ana!' }), own).name).toBe('Ana!');
    expect(refusal(typed({ name: 'Ana#' }), own).details).toMatchObject({ characters: ['#'] });
  });

  test('[V5] an e-mail is optional, required or not asked, as the site decides', () => {
    expect(checkForm(typed({ email: ' grace@example.com ' }), site()).email).toBe('grace@example.com');
    expect(checkForm(typed({ email: '  ' }), site()).email).toBeNull();
    expect(refusal(typed(), site({ email: 'required' }))).toMatchObject({
      code: 'bad-input',
      details: { field: 'email' },
    });
    expect(checkForm(typed({ email: 'grace@example.com' }), site({ email: 'hidden' })).email).toBeNull();
  });

  test.each(['grace', 'grace@', '@example.com', 'a b@example.com', 'a@b', 'javascript:alert(1)@x.y'])(
    '[V5] %j is no e-mail address',
    (email) => expect(refusal(typed({ email })).details).toEqual({ field: 'email' }),
  );

  const withFields = site({
    fields: [
      { key: 'order', label: { en: 'Order number' }, isRequired: true, maxLength: 10 },
      { key: 'remark', label: { en: 'Remark' } },
    ],
  });

  test('[V5] custom fields are trimmed, required ones must be filled in, others are left out when empty', () => {
    expect(checkForm(typed({ fields: { order: ' 4711 ', remark: ' ' } }), withFields).fields).toEqual({
      order: '4711',
    });
    expect(refusal(typed({ fields: { remark: 'x' } }), withFields)).toEqual({
      code: 'bad-input',
      details: { field: 'order' },
    });
    expect(refusal(typed({ fields: { order: '1'.repeat(11) } }), withFields).details).toEqual({
      field: 'order',
      maxLength: 10,
    });
  });

  test('[V5] what the form does not ask for is not kept', () => {
    const fields: Record<string, string> = JSON.parse(
      '{"order":"1","isAdmin":"yes","__proto__":"x","constructor":"y"}',
    );
    expect(checkForm(typed({ fields }), withFields).fields).toEqual({ order: '1' });
  });

  test.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty'])(
    '[V5] no field may be called %s, because every object has that already',
    (key) => expect(() => site({ fields: [{ key, label: { en: 'Trap' } }] })).toThrow(),
  );

  test.each(['', '0', '2', ' 1', '1 '])('[V6] agreeing to version %j is not agreeing to version 1', (version) => {
    expect(refusal(typed({ agreedTextVersion: version }))).toEqual({
      code: 'consent-required',
      details: { field: 'agreedTextVersion', textVersion: '1' },
    });
  });
});
