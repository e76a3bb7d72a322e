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

  test('[V5] nobody stores a novel as a name', () => {
    expect(findNameFault('a'.repeat(81))).toEqual({ fault: 'name-too-long', maxLength: 80 });
  });
});
