import { expect, test } from 'vitest';
import { getContrast, toAccentColors } from './accent.ts';

const SURFACE = { light: '#fffdfa', dark: '#1d211e' };
const ACCENTS = ['#1f6b57', '#ffee00', '#000000', '#ffffff', '#ff0000', '#8888ff', '#7a7a7a', '#00ffcc', '#0a0a2a'];

test.each(['light', 'dark'] as const)('[A11] any accent stays readable in every place it is used (%s)', (scheme) => {
  for (const wished of ACCENTS) {
    const colors = toAccentColors(wished, scheme)!;
    expect(getContrast(colors.accent, SURFACE[scheme]), `accent of ${wished}`).toBeGreaterThanOrEqual(4.5);
    expect(getContrast(colors.onAccent, colors.accent), `text on ${wished}`).toBeGreaterThanOrEqual(4.5);
    expect(getContrast(colors.onAccent, colors.accentStrong), `text on strong ${wished}`).toBeGreaterThanOrEqual(4.5);
    expect(getContrast(colors.accentStrong, colors.accentSoft), `strong on soft ${wished}`).toBeGreaterThanOrEqual(4.5);
  }
});

test('[D3] an accent that reads well is taken as it is', () => {
  expect(toAccentColors('#1f6b57', 'light')?.accent).toBe('#1f6b57');
});

test('[D3] what is not a colour is not taken', () => {
  for (const wrong of ['', 'red', '#fff', '#12345g', '#1f6b57; background: url(//evil.example)']) {
    expect(toAccentColors(wrong, 'light')).toBeUndefined();
  }
});

test('[A11] contrast counts as the guideline does', () => {
  expect(getContrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(getContrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});
