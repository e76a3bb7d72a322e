import { expect, test, vi } from 'vitest';
import { linkify } from './linkify.ts';

/** The links as "shown → target"; the text around them must come back unchanged. */
function links(text: string): string[] {
  return linkify(text).flatMap((part) => (part.kind === 'link' ? [`${part.text} → ${part.href}`] : []));
}

function hrefs(text: string): string[] {
  return linkify(text).flatMap((part) => (part.kind === 'link' ? [part.href] : []));
}

test('[C1] web and e-mail addresses become links, the words around them stay', () => {
  expect(linkify('See https://example.com/a?b=1#c or write to help@example.com today')).toEqual([
    { kind: 'text', text: 'See ' },
    { kind: 'link', text: 'https://example.com/a?b=1#c', href: 'https://example.com/a?b=1#c' },
    { kind: 'text', text: ' or write to ' },
    { kind: 'link', text: 'help@example.com', href: 'mailto:help@example.com' },
    { kind: 'text', text: ' today' },
  ]);
});

test('[C1] a text without addresses stays one piece', () => {
  expect(linkify('nothing here\nat all')).toEqual([{ kind: 'text', text: 'nothing here\nat all' }]);
  expect(linkify('')).toEqual([]);
});

test.each([
  'javascript:alert(1)',
  'JavaScript://example.com/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  'ftp://example.com',
  'blob:https',
  'www.',
  'www.example',
  'www.example.1',
  'www..example.com',
  'xwww.example.com',
  'www.example.com:javascript',
  'javascript://www.example.com/%0aalert(1)',
  'example.com',
  'http://',
  'https:///',
  'https://.',
  'http://[',
  'https://%',
  'xhttps://example.com',
  'ähttps://example.com',
])('[C1] "%s" never becomes a link', (text) => {
  expect(links(text)).toEqual([]);
});

test('[C1] a scheme that only begins like ours leads nowhere else', () => {
  for (const href of hrefs('javascript:https://example.com data:http://example.com')) {
    expect(['http:', 'https:', 'mailto:']).toContain(new URL(href).protocol);
  }
});

test.each([
  ['Is it https://example.com/a?', 'https://example.com/a'],
  ['(https://example.com)', 'https://example.com/'],
  ['[https://example.com/x].', 'https://example.com/x'],
  ['"https://example.com/x"', 'https://example.com/x'],
  ['„https://example.com/x“', 'https://example.com/x'],
  ['<https://example.com/x>', 'https://example.com/x'],
  ['https://example.com/x...', 'https://example.com/x'],
  ['https://en.wikipedia.org/wiki/Foyer_(film)', 'https://en.wikipedia.org/wiki/Foyer_(film)'],
  ['(see https://en.wikipedia.org/wiki/Foyer_(film))', 'https://en.wikipedia.org/wiki/Foyer_(film)'],
  ['*https://example.com/bold*', 'https://example.com/bold'],
  ['HTTPS://EXAMPLE.COM/Path', 'https://example.com/Path'],
  ['https://example.com:8443/x', 'https://example.com:8443/x'],
  ['http://[::1]:3000/x', 'http://[::1]:3000/x'],
  ['https://example.com/a,b;c', 'https://example.com/a,b;c'],
  ['https://例え.jp/道', 'https://xn--r8jz45g.jp/%E9%81%93'],
])('[C1] in "%s" the link ends where a reader would end it', (text, href) => {
  expect(hrefs(text)).toEqual([href]);
});

test.each([
  ['Look at www.example.com, please', 'www.example.com → https://www.example.com/'],
  ['(WWW.Example.COM/Path?a=1#b)', 'WWW.Example.COM/Path?a=1#b → https://www.example.com/Path?a=1#b'],
  ['www.müller.de', 'www.müller.de → https://www.xn--mller-kva.de/'],
  ['www.аpple.com', 'https://www.xn--pple-43d.com/ → https://www.xn--pple-43d.com/'],
  ['www.example.com/@mira', 'www.example.com/@mira → https://www.example.com/@mira'],
  [
    'www.bank.example@elsewhere.example',
    'www.bank.example@elsewhere.example → mailto:www.bank.example@elsewhere.example',
  ],
  ['https://www.example.com/', 'https://www.example.com/ → https://www.example.com/'],
])('[C1] in "%s" an address without a scheme leads there by https', (text, link) => {
  expect(links(text)).toEqual([link]);
});

test('[C1] two addresses side by side stay two', () => {
  expect(hrefs('https://a.example\nhttps://b.example')).toEqual(['https://a.example/', 'https://b.example/']);
});

test('[C1] a name before the host, there to deceive, is not made clickable', () => {
  expect(links('https://bank.example@elsewhere.example/login')).toEqual([]);
  expect(links('https://a:b@elsewhere.example')).toEqual([]);
});

test('[C1] a host that mixes look-alike alphabets shows where it really leads', () => {
  expect(links('https://аpple.com/')).toEqual(['https://xn--pple-43d.com/ → https://xn--pple-43d.com/']);
  expect(links('https://müller.de/')).toEqual(['https://müller.de/ → https://xn--mller-kva.de/']);
  expect(links('https://пример.рф/')).toEqual(['https://пример.рф/ → https://xn--e1afmkfd.xn--p1ai/']);
});

test('[C1] signs that turn or hide text end an address', () => {
  expect(hrefs('https://example.com/\u202egpj.exe')).toEqual(['https://example.com/']);
  expect(hrefs('https://exam\u200bple.com')).toEqual(['https://exam/']);
  expect(hrefs('https://example.com/\u0000x')).toEqual(['https://example.com/']);
});

test.each([
  ['Write to <mira.k+shop@mail.example.co.uk>.', 'mailto:mira.k%2Bshop@mail.example.co.uk'],
  ['mailto:a@b.example', 'mailto:a@b.example'],
  ["o'neil@example.ie", "mailto:o'neil@example.ie"],
  ['jörg@müller.de', 'mailto:rg@m%C3%BCller.de'],
])('[C1] in "%s" the e-mail address is found', (text, href) => {
  expect(hrefs(text)).toEqual([href]);
});

test.each(['@', 'a@', '@b.example', 'a@b', 'a@b.', 'a@b.c', 'a@-b.example', 'a@b..example', '.@b.example', 'a@b.123'])(
  '[C1] "%s" is no e-mail address',
  (text) => {
    expect(links(text)).toEqual([]);
  },
);

test('[C1] an e-mail link carries no further fields', () => {
  expect(hrefs('a@b.example?subject=x&bcc=c@d.example')).toEqual(['mailto:a@b.example', 'mailto:c@d.example']);
});

test('[C1] no text of any shape is lost', () => {
  for (const text of [
    'a@b.example@c.example',
    'https://https://example.com',
    '@@@@',
    ')))https://a.example)))',
    '👍https://a.example👍',
  ]) {
    expect(
      linkify(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  }
});

const HOSTILE_UNITS = [
  '@',
  'a@',
  'https://',
  'https://a.example(',
  'a.',
  ')',
  'http://x)',
  'http://%',
  'http://[',
  'a@b.c.',
  'www.',
  'www.(',
  'www.a(',
  'www.@(',
  '(www.a.example',
];

test.each(HOSTILE_UNITS)('[C1] the work for a long row of "%s" grows no faster than the text', (unit) => {
  // Time would measure the machine as well, so the steps are counted: each one looks at a character.
  const countSteps = (length: number): number => {
    const text = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
    const looks = vi.spyOn(String.prototype, 'charAt');
    linkify(text);
    const steps = looks.mock.calls.length;
    looks.mockRestore();
    return steps;
  };
  expect(countSteps(8_000)).toBeLessThan((countSteps(2_000) + 1_000) * 5);
});
