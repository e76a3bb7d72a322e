import { expect, test } from 'vitest';
import { RequestError } from '../connection/request-error.ts';
import {
  createVisitorForm,
  findChosenDepartment,
  findEmailFault,
  findFormFaults,
  hasFaults,
  isKnownVisitor,
  toDepartmentChoices,
  toFormFaults,
} from './visitor-form.ts';
import type { DepartmentId } from '../../protocol/ids.ts';
import { makeAvailability, makeSite } from './widget-fixtures.ts';

const site = makeSite();
const agreed = { ...createVisitorForm({ name: 'Ana María' }), hasAgreed: true };

test('[V5] a good name and the ticked box are enough to start', () => {
  expect(hasFaults(findFormFaults(agreed, site))).toBe(false);
});

test('[V5] the error says what to change in the name', () => {
  const faultOf = (name: string) => findFormFaults({ ...agreed, name }, site).name;
  expect(faultOf('   ')).toEqual({ fault: 'name-missing' });
  expect(faultOf('Al')).toEqual({ fault: 'name-too-short', minLength: 3 });
  expect(faultOf('Bob! <x>')).toEqual({ fault: 'name-refused-characters', characters: ['!', '<', '>'] });
  expect(faultOf("Jean-Luc O'Neill_2")).toBeUndefined();
  expect(faultOf('李小龍')).toBeUndefined();
});

test('[V5] the set of refused characters is the one of the site', () => {
  const strict = makeSite({ form: { ...site.form, refusedNameCharacters: '#' } });
  expect(findFormFaults({ ...agreed, name: 'Bob!' }, strict).name).toBeUndefined();
  expect(findFormFaults({ ...agreed, name: 'Bob#' }, strict).name).toEqual({
    fault: 'name-refused-characters',
    characters: ['#'],
  });
});

test.each([
  ['', false, undefined],
  ['', true, 'missing'],
  ['ana@example.org', true, undefined],
  [' ana@example.org ', true, undefined],
  ['ana.maría+x@sub.example.co', false, undefined],
  ['ana', false, 'malformed'],
  ['ana@example', false, 'malformed'],
  ['ana@exa mple.org', false, 'malformed'],
  ['a@b.org, c@d.org', false, 'malformed'],
  [`${'a'.repeat(250)}@b.org`, false, 'malformed'],
] as const)('[V5] the e-mail "%s" (required: %s) is judged as %s', (email, isRequired, fault) => {
  expect(findEmailFault(email, isRequired)).toBe(fault);
});

test('[V5] an e-mail field that the site hides is not asked for', () => {
  const hidden = makeSite({ form: { ...site.form, email: 'hidden' } });
  expect(findFormFaults({ ...agreed, email: 'nonsense' }, hidden).email).toBeUndefined();
});

test('[V5] required and overlong own fields of the site are told apart', () => {
  const own = makeSite({
    form: {
      ...site.form,
      fields: [
        { key: 'order', label: 'Order number', isRequired: true, maxLength: 10 },
        { key: 'note', label: 'Note', isRequired: false, maxLength: 3 },
      ],
    },
  });
  expect(findFormFaults({ ...agreed, fields: { note: 'long' } }, own).fields).toEqual({
    order: { fault: 'missing' },
    note: { fault: 'too-long', maxLength: 3 },
  });
});

test('[V6] nothing starts before the box is ticked', () => {
  expect(findFormFaults({ ...agreed, hasAgreed: false }, site)).toEqual({ fields: {}, agreement: 'missing' });
});

test('[V5] a browser is asked once, and again when the site has come to want more', () => {
  expect(isKnownVisitor(null, site)).toBe(false);
  expect(isKnownVisitor({ name: 'Ana María', email: null }, site)).toBe(true);
  const wantsEmail = makeSite({ form: { ...site.form, email: 'required' } });
  expect(isKnownVisitor({ name: 'Ana María', email: null }, wantsEmail)).toBe(false);
  const refusesDigits = makeSite({ form: { ...site.form, refusedNameCharacters: '0123456789' } });
  expect(isKnownVisitor({ name: 'Ana 2', email: null }, refusesDigits)).toBe(false);
});

test('[V5] what the server refuses stands at the field it is about', () => {
  const refuse = (code: 'invalid-name' | 'consent-required' | 'bad-input' | 'internal', details = {}) =>
    toFormFaults(new RequestError({ code, message: '', details }), { ...agreed, name: 'Al', email: 'x' }, site);
  expect(refuse('invalid-name')).toEqual({ name: { fault: 'name-too-short', minLength: 3 }, fields: {} });
  expect(refuse('invalid-name', { characters: ['#'] })?.name).toEqual({
    fault: 'name-refused-characters',
    characters: ['#'],
  });
  expect(refuse('consent-required')).toEqual({ agreement: 'missing', fields: {} });
  expect(refuse('consent-required', { textVersion: '2' })).toEqual({ agreement: 'changed', fields: {} });
  expect(refuse('bad-input', { field: 'email' })).toEqual({ email: 'malformed', fields: {} });
  expect(refuse('bad-input')).toBeUndefined();
  expect(refuse('internal')).toBeUndefined();
});

test('[V5] what was entered in the fields of the site stands there again', () => {
  const known = { name: 'Ana María', email: null, fields: { order: 'A-17' } };
  expect(createVisitorForm(known)).toMatchObject({ name: 'Ana María', email: '', fields: { order: 'A-17' } });
});

test('[V3] the department shown is the one asked for, and a closed one is not chosen by itself', () => {
  const [care, orders, returns] = ['care', 'orders', 'returns'] as DepartmentId[];
  const choicesWhenOpen = (...open: (DepartmentId | undefined)[]) => {
    const departments = [care, orders, returns].map((departmentId) => ({
      departmentId: departmentId as DepartmentId,
      name: `About ${departmentId}`,
      isAvailable: open.includes(departmentId),
    }));
    return toDepartmentChoices(makeSite({ departments }), makeAvailability({ departments }));
  };
  expect(choicesWhenOpen(orders).map(({ isClosed }) => isClosed)).toEqual([true, false, true]);
  expect(findChosenDepartment(choicesWhenOpen(care, orders), null)).toBe(care);
  expect(findChosenDepartment(choicesWhenOpen(orders, returns), null)).toBe(orders);
  expect(findChosenDepartment(choicesWhenOpen(care, orders), orders ?? null)).toBe(orders);
  // Chosen by hand it stays, closed as it is: nobody lands quietly somewhere else.
  expect(findChosenDepartment(choicesWhenOpen(care), orders ?? null)).toBe(orders);
  expect(findChosenDepartment(choicesWhenOpen(), null)).toBeNull();
});
