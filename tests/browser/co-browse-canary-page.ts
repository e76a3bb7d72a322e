import { CANARY_BODY, CANARY_HEAD, CANARY_SCRIPT } from './recorder-canary-page.ts';

/** Private places beyond those that the recorder's own tests plant. */
const MORE_HEAD = `
  <style>@font-face { font-family: "Lamps"; src: url("/font.woff2?cn-font-query-x") }</style>
  <script type="application/json">{"token":"cn-json-script-x"}</script>
  <script type="application/ld+json">{"name":"cn-linked-data-x"}</script>`;

const MORE_BODY = `
  <section class="denied" id="more-blocked">
    <div contenteditable id="blocked-editor">cn-editor-blocked-x</div><output>cn-output-blocked-x</output>
    <dialog open>cn-dialog-blocked-x</dialog><div popover id="blocked-popover">cn-popover-blocked-x</div>
    <math><mi>cn-math-blocked-x</mi></math><x-cn-element-x>cn-element-blocked-x</x-cn-element-x>
    <table><caption>cn-caption-x</caption><tr><td headers="cn-headers-x" abbr="cn-abbr-x">cn-cell-x</td></tr></table>
  </section>
  <section data-foyer="mask" id="more-masked">
    <div contenteditable id="masked-editor">cn-editor-masked-x</div><output>cn-output-masked-x</output>
    <label for="cn-for-x">cn-label-text-x</label><fieldset name="cn-fieldset-x"><legend>cn-legend-x</legend></fieldset>
    <map name="cn-map-x"><area href="/cn-area-x" alt="cn-area-alt-x"></map><abbr title="cn-abbr-title-x">cn-abbr-text-x</abbr>
    <time datetime="cn-datetime-x">cn-time-x</time><data value="cn-data-value-x">cn-data-x</data>
    <blockquote cite="/cn-cite-x">cn-quote-x</blockquote><ruby>cn-ruby-x<rt>cn-ruby-top-x</rt></ruby>
    <meter value="5" max="9" title="cn-meter-x">cn-meter-text-x</meter><iframe name="cn-frame-name-x"></iframe>
    <div itemprop="cn-itemprop-x" part="cn-part-x" slot="cn-slot-x" lang="cn-lang-x" role="cn-role-x"
      aria-description="cn-description-x" aria-valuetext="cn-valuetext-x" style="font-family:'cn-family-x'">cn-div-x</div>
    <svg><title>cn-svg-title-x</title><desc>cn-svg-desc-x</desc><a href="/cn-svg-href-x"><text>cn-svg-link-x</text></a></svg>
  </section>
  <canvas id="canvas" width="300" height="40"></canvas>
  <input list="choices"><datalist id="choices"><option value="cn-datalist-value-x"></datalist>
  <input id="shown-password" type="password" value="cn-shown-password-x">
  <input id="plain-code" autocomplete="section-a shipping one-time-code" value="cn-plain-code-x">
  <textarea autocomplete="cc-name">cn-card-holder-x</textarea>
  <form action="/pay/cn-not-a-query?cn-action-query-x" data-token="cn-form-data-x"></form>
  <a id="typed-link" href="https://user:cn-url-password-x@example.com/">ok-typed-link-x</a>`;

const MORE_SCRIPT = `
  document.getElementById('canvas').getContext('2d').fillText('cn-canvas-x', 5, 20);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('p::after { content: "cn-adopted-sheet-x" }');
  document.getElementById('masked-host').shadowRoot.adoptedStyleSheets = [sheet];
  document.getElementById('shown-password').type = 'text';
  localStorage.setItem('cn-storage-key-x', 'cn-storage-value-x');
  window.name = 'cn-window-name-x';`;

export function toCanaryHead(): string {
  return CANARY_HEAD + MORE_HEAD;
}

export function toCanaryBody(): string {
  return `${CANARY_BODY.replace('</main>', `${MORE_BODY}</main>`)}<script>${CANARY_SCRIPT}${MORE_SCRIPT}</script>`;
}

/** Runs in the page: what people and scripts do in private places once everything stands. */
export function changeMore(): void {
  const byId = (id: string): HTMLElement => document.getElementById(id)!;
  byId('blocked-editor').textContent = 'cn-edit-blocked-x';
  byId('masked-editor').innerHTML = '<b>cn-edit-masked-x</b>';
  (byId('blocked-popover') as HTMLElement & { showPopover(): void }).showPopover();
  const shown = byId('shown-password') as HTMLInputElement;
  shown.type = 'password';
  shown.value = 'cn-password-again-x';
  shown.type = 'text';
  shown.setAttribute('value', 'cn-password-attribute-x');
  (byId('plain-code') as HTMLInputElement).value = 'cn-code-typed-x';
  (byId('canvas') as HTMLCanvasElement).getContext('2d')!.fillText('cn-canvas-later-x', 5, 35);
  const style = document.createElement('style');
  style.textContent = '.cn-none { content: "cn-late-style-x" }';
  byId('more-masked').append(style);
  style.sheet!.insertRule('.cn-none::before { content: "cn-late-rule-x" }');
  byId('masked-host').shadowRoot!.adoptedStyleSheets[0]!.replaceSync('p::before { content: "cn-late-adopted-x" }');
  byId('typed-link').setAttribute('href', 'https://example.com/a?cn-late-link-x');
  byId('more-blocked').animate([{ color: 'red' }, { color: 'blue' }], {
    duration: 1,
    fill: 'forwards',
    id: 'cn-animation-x',
  });
  // A private place that is wrapped, and one that is moved out of its host while its own mark stays.
  const wrapper = document.createElement('div');
  byId('more-masked').before(wrapper);
  wrapper.append(byId('more-masked'));
  byId('masked-editor').append('cn-wrapped-x');
  document.dispatchEvent(new CustomEvent('cn-event-x'));
}
