import { OWN_FONT } from './own-font.ts';

/** One tile of the watermark as a background image, so that it is one background however large the window. */
export function toWatermarkImage(text: string): string {
  const letters = Array.from(text.slice(0, 120), (sign) => `&#${sign.codePointAt(0) ?? 32};`).join('');
  const width = Math.max(220, text.length * 8 + 80);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="150">` +
    `<text x="20" y="100" transform="rotate(-18 ${width / 2} 75)" font-family="${OWN_FONT}" font-size="14" ` +
    `fill="#808080" fill-opacity=".22" stroke="#fff" stroke-opacity=".12" stroke-width=".6">${letters}</text></svg>`;
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`;
}
