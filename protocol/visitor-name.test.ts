import { describe, expect, test } from 'vitest';
import { findNameFault, toVisitorName } from './visitor-name.ts';

describe('names that visitors may have', () => {
  test.each([
    'Ana',
    'Grace Hofer',
    "O'Neill",
    'Jean-Luc',
    'snake_case',
    'Łukasz 2',
    '李小龙',
    'محمد',
    'Zoë #1',
    'a/b:c;d~e|f{g}[h]',
  ])('[V5] the name %s is accepted', (name) => expect(findNameFault(name)).toBeUndefined());

  test.each([...'<>"!@$%^&*()+=?,.`'])('[V5] the character %s is refused and named', (character) => {
    expect(findNameFault(`Bob${character}by`)).toEqual({ fault: 'name-refused-characters', characters: [character] });
  });

  test('[V5] a name needs three characters as a person counts them', () => {
    expect(findNameFault('Bo')).toEqual({ fault: 'name-too-short', minLength: 3 });
    expect(findNameFault('  Bo   ')).toEqual({ fault: 'name-too-short', minLength: 3 });
    expect(findNameFault('')).toEqual({ fault: 'name-too-short', minLength: 3 });
    expect(findNameFault('李小')).toEqual({ fault: 'name-too-short', minLength: 3 });
    expect(findNameFault('\u200b\u200b\u200b')).toEqual({ fault: 'name-too-short', minLength: 3 });
  });

  test('[V5] a site may refuse other characters', () => {
    expect(findNameFault('Bob!', '#')).toBeUndefined();
    expect(findNameFault('Bob#', '#')).toEqual({ fault: 'name-refused-characters', characters: ['#'] });
  });

  test('[V5] white space, control and direction characters cannot disguise a name', () => {
    expect(toVisitorName('  Ann\u202e\n  Lee ')).toBe('Ann Lee');
  });

  test.each([
    ['Persian', '\u0639\u0644\u06cc\u200c\u0631\u0636\u0627'],
    ['Sinhala', '\u0dc1\u0dca\u200d\u0dbb\u0dd3\u0db8\u0dad\u0dca'],
    ['Hindi', '\u0930\u094d\u200d\u092f\u093e\u0928'],
  ])('[V5] a %s name keeps the joiner it is written with', (_script, name) => {
    expect(toVisitorName(name)).toBe(name);
    expect(findNameFault(name)).toBeUndefined();
  });

  test.each([
    ['a joiner between Latin letters', 'An\u200dna', 'Anna'],
    ['joiners in a row', '\u0639\u0644\u06cc\u200c\u200d\u200c\u0631', '\u0639\u0644\u06cc\u200c\u0631'],
    ['joiners at the ends', '\u200c\u0639\u0644\u06cc\u200c', '\u0639\u0644\u06cc'],
    ['a direction override', '\u0639\u202e\u0644\u2066\u06cc', '\u0639\u0644\u06cc'],
    ['a soft hyphen', 'Jo\u00adseph', 'Joseph'],
    ['a space without width', 'Ann\u200bLee', 'Ann Lee'],
  ])('[V5] of a name %s is left out', (_what, typed, name) => expect(toVisitorName(typed)).toBe(name));

  test.each([
    ['joiners', '\u0639\u200c\u0644'],
    ['fillers', '\u3164\u3164\u3164\u3164'],
    ['blank signs', '\u2800\u2800\u2800'],
    ['variation selectors', 'Bo\ufe0f\ufe0e'],
  ])('[V5] %s, which nobody sees, do not make a name long enough', (_what, typed) => {
    expect(findNameFault(typed)).toEqual({ fault: 'name-too-short', minLength: 3 });
  });

  test('[V5] nobody stores a novel as a name', () => {
    expect(findNameFault('a'.repeat(81))).toEqual({ fault: 'name-too-long', maxLength: 80 });
  });
});
