import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The declarations of the first rule whose selector reads like this. */
function declarationsOf(css: string, selector: string): string[] {
  const start = css.indexOf('{', css.indexOf(selector));
  return css
    .slice(start + 1, css.indexOf('}', start))
    .split(';')
    .map((declaration) => declaration.trim())
    .filter(Boolean);
}

test('[A10] dark looks the same whether the system or the agent asks for it', () => {
  const tokens = readFileSync(new URL('../ui/tokens.css', import.meta.url), 'utf8');
  const chosen = readFileSync(new URL('./dark-theme.css', import.meta.url), 'utf8');
  const bySystem = declarationsOf(tokens, ":root:not([data-theme='light'])");
  expect(bySystem.length).toBeGreaterThan(20);
  expect(declarationsOf(chosen, ":root[data-theme='dark']")).toEqual(bySystem);
});
