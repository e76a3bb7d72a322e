import { expect, test } from 'vitest';
import { toReportedAddress } from './page-address.ts';

test.each([
  ['https://shop.example/lamps', 'https://shop.example/lamps'],
  ['https://shop.example/reset?token=s3cret#code=x', 'https://shop.example/reset'],
  [
    'https://shop.example/?q=my+illness&utm_source=mail&utm_campaign=spring',
    'https://shop.example/?utm_source=mail&utm_campaign=spring',
  ],
  ['https://shop.example/?utm_content=ada@example.com&utm_term=a%40b', 'https://shop.example/'],
  ['https://shop.example/?utm_source=a&UTM_ID=7&utm_=x&xutm_source=y', 'https://shop.example/?utm_source=a'],
  ['https://shop.example/?utm_source=%26token%3D1', 'https://shop.example/?utm_source=%26token%3D1'],
  ['about:srcdoc', 'about:srcdoc'],
  ['nonsense?token=1', 'nonsense'],
  ['', ''],
])('[V1] of the address %j the server learns %j', (address, reported) => {
  expect(toReportedAddress(address)).toBe(reported);
});
