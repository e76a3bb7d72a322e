import { expect, test, vi } from 'vitest';
import { onTrusted } from './trusted-click.ts';

test('[B1] a click that a script makes allows nothing, one of the person does', () => {
  const allow = vi.fn<() => void>();
  const handle = onTrusted(allow);
  const button = new EventTarget();
  button.addEventListener('click', handle);
  button.dispatchEvent(new Event('click'));
  expect(allow).not.toHaveBeenCalled();
  handle({ isTrusted: true });
  expect(allow).toHaveBeenCalledOnce();
});
