/** Everything that must not leave the page is called `cn-PLACE-x`, everything an agent should see `ok-PLACE-x`. */
export const CANARY = /cn-[a-z0-9-]+?-x/g;

export function findCanaries(text: string): string[] {
  return [...new Set(text.match(CANARY) ?? [])].sort();
}

/** Rules that go with the page. */
export const CANARY_RULES = { deny: ['.denied', '[data-kind="balance"]'] };

export const CANARY_HEAD = `
  <title>ok-title-x</title>
  <meta name="csrf-token" content="cn-meta-csrf-x">
  <meta name="description" content="cn-meta-description-x">
  <meta name="user" content="cn-meta-user-x">
  <meta property="og:title" content="cn-meta-social-x">
  <link rel="canonical" href="/?cn-link-canonical-x">
  <link rel="preload" as="image" href="/p.png?cn-link-preload-x">
  <base href="/">
  <style>.card{color:red} #named{color:blue} [data-state="open"]{font-weight:700}
    .pictured{background:url("/pic.png?cn-sheet-query-x")}</style>
  <script>window.config = { token: "cn-script-inline-x" }</script>
  <noscript>cn-noscript-x</noscript>`;

export const CANARY_BODY = `
  <!-- cn-comment-x -->
  <main data-marks>
  <h1>ok-heading-x</h1>
  <p class="card cn" title="ok-tooltip-x" data-state="open" data-user="cn-data-attribute-x" data-state-other="cn-data-other-x"
     itemid="cn-itemid-x" onclick="'cn-handler-x'">ok-text-x</p>
  <a href="/path?cn-link-query-x#cn-link-fragment-x" ping="/ping?cn-ping-x">ok-link-x</a>
  <a href="mailto:cn-mailto-x@example.com">ok-mail-x</a><a href="javascript:'cn-javascript-x'">ok-js-x</a>
  <img src="/pic.png?cn-img-query-x" srcset="/pic.png?cn-srcset-x 2x" alt="ok-alt-x">
  <div style="background:url(/pic.png?cn-style-query-x)">ok-style-x</div>
  <form action="/send?cn-form-action-x"><input type="hidden" name="csrf" value="cn-hidden-x">
    <input id="pw" type="password" value="cn-password-x">
    <input autocomplete="cc-number" value="cn-cc-number-x"><input autocomplete="billing cc-csc" value="cn-cc-csc-x">
    <input autocomplete="one-time-code" value="cn-otp-x"><input autocomplete="new-password" value="cn-new-password-x">
    <input name="cardNumber" value="cn-card-name-x"><input id="iban" value="cn-iban-x">
    <select autocomplete="cc-exp-month"><option value="cn-select-value-x" selected>cn-select-text-x</option></select>
    <textarea name="passwordHint">cn-textarea-x</textarea>
    <input type="checkbox" value="cn-checkbox-value-x" checked><input type="radio" value="cn-radio-value-x">
    <select id="plain"><option value="cn-option-value-x">ok-option-x</option></select>
    <button value="cn-button-value-x" formaction="/?cn-formaction-x">ok-button-x</button>
    <input id="name" value="ok-input-x" placeholder="ok-placeholder-x">
    <label for="ok-label-for-x">ok-label-x</label><input id="ok-label-for-x">
    <label for="cn-label-for-x">ok-private-label-x</label><input id="cn-label-for-x" type="password">
    <label for="plain-a">Passwort (sichtbar)</label><input id="plain-a" value="cn-label-password-x">
    <label>PIN <input value="cn-label-around-x"></label><label>Password <label>of eight signs <input value="cn-label-around-label-x"></label></label><span id="tells">Kartennummer</span>
    <input aria-labelledby="x tells" value="cn-labelledby-x"><input placeholder="Sicherheitscode" value="cn-placeholder-code-x">
    <input aria-label="Card number" value="cn-aria-card-x"><input title="Prüfziffer" value="cn-title-check-x">
    <div><span><input value="cn-revealed-x"></span><button aria-label="Hide password"></button></div>
    <div><input value="cn-revealed-german-x"><i role="button" title="Passwort verbergen"></i></div>
    <div><input value="ok-beside-x"><input value="ok-beside-too-x"><button aria-label="Hide password"></button></div>
    <label>Ich habe die Hinweise zu Passwörtern gelesen und gebe hier meine Anmerkungen zu alledem ein: <input value="ok-story-x"></label>
    <label for="cn-label-for-nothing-x">ok-lost-label-x</label></form>
  <template><p>cn-template-x</p></template>
  <section id="blocked" class="denied cn-blocked-class-x" title="cn-blocked-title-x" aria-label="cn-blocked-label-x">
    <p id="blocked-text">cn-blocked-text-x</p><img alt="cn-blocked-alt-x" src="/pic.png?cn-blocked-img-x">
    <input id="blocked-input" value="cn-blocked-input-x"><style>.q::after{content:"cn-blocked-style-x"}</style>
    <div id="blocked-host"></div><iframe id="blocked-frame"></iframe></section>
  <p data-kind="balance">cn-denied-attribute-x</p>
  <section id="author" data-foyer="block"><p id="author-text">cn-author-block-x</p></section>
  <section id="masked" data-foyer="mask" title="cn-masked-title-x" class="card cn-masked-class-x" style="--who:cn-masked-property-x">
    <p id="masked-text" aria-label="cn-masked-label-x">cn-masked-text-x</p>
    <a href="/cn-masked-href-x">cn-masked-link-x</a><img id="cn-masked-id-x" alt="cn-masked-alt-x" src="/pic.png?cn-masked-img-x">
    <svg><text>cn-masked-svg-x</text></svg><input id="masked-input" value="cn-masked-input-x" placeholder="cn-masked-placeholder-x">
    <ul id="masked-list"></ul><div id="masked-host"></div><iframe id="masked-frame"></iframe>
    <select><option label="cn-masked-option-label-x">cn-masked-option-x</option></select>
    <input type="submit" value="cn-masked-submit-x"><details><summary>cn-masked-summary-x</summary></details>
    <progress value="31" max="62"></progress><style>.card::after{content:"cn-masked-style-x"}</style></section>
  <div id="open-host"><p slot="s">cn-slotted-x</p></div>
  <iframe id="frame-doc" srcdoc="<p data-foyer=block>cn-frame-block-x</p><p data-foyer=mask>cn-frame-mask-x</p><p>ok-frame-x</p><input type=password value=cn-frame-password-x>"></iframe>
  <object data="/pic.png?cn-object-x"></object><video poster="/pic.png?cn-poster-x" src="/film.mp4?cn-video-x"></video>
  <p id="live">ok-live-x</p>
  </main>`;

/** Shadow trees and frames inside private places, and what scripts put in before the recorder comes. */
export const CANARY_SCRIPT = `
  const shadow = (id, html) => { document.getElementById(id).attachShadow({ mode: 'open' }).innerHTML = html; };
  shadow('blocked-host', '<p>cn-blocked-shadow-x</p>');
  shadow('masked-host', 'cn-masked-shadow-direct-x<p>cn-masked-shadow-x</p>');
  shadow('open-host', '<div data-foyer="mask"><slot name="s"></slot></div><p data-foyer="block">cn-shadow-block-x</p><p>ok-shadow-x</p>');
  for (const id of ['blocked-frame', 'masked-frame']) {
    document.getElementById(id).contentDocument.body.innerHTML = '<p>cn-' + id + '-x</p>';
  }
`;

/** Runs in the page: text, attributes and nodes in every private place, and moves in and out of them. */
export function changePage(): void {
  const byId = (id: string): HTMLElement => document.getElementById(id)!;
  byId('blocked-text').firstChild!.nodeValue = 'cn-change-blocked-x';
  byId('blocked-text').title = 'cn-change-blocked-title-x';
  byId('blocked').insertAdjacentHTML('beforeend', '<p>cn-add-blocked-x</p>');
  byId('blocked').className = 'denied cn-change-class-x';
  byId('blocked-host').shadowRoot!.innerHTML += '<p>cn-add-blocked-shadow-x</p>';
  byId('author-text').textContent = 'cn-change-author-x';
  byId('masked-text').firstChild!.nodeValue = 'cn-change-masked-x';
  byId('masked-text').setAttribute('aria-label', 'cn-change-label-x');
  byId('masked-list').insertAdjacentHTML('beforeend', '<li title="cn-add-title-x">cn-add-masked-x</li>');
  byId('masked-host').shadowRoot!.append('cn-add-direct-x');
  byId('masked-host').shadowRoot!.querySelector('p')!.textContent = 'cn-change-shadow-x';
  byId('masked').style.setProperty('--later', 'cn-change-property-x');
  byId('masked').style.backgroundImage = 'url(/pic.png?cn-change-url-x)';
  for (const id of ['blocked-frame', 'masked-frame']) {
    (byId(id) as HTMLIFrameElement).contentDocument!.body.insertAdjacentHTML('beforeend', '<p>cn-add-frame-x</p>');
  }
  byId('open-host').shadowRoot!.querySelector('[data-foyer=block]')!.textContent = 'cn-change-open-shadow-x';
  const host = document.createElement('div');
  byId('masked').append(host);
  host.attachShadow({ mode: 'open' }).innerHTML = '<p>cn-late-shadow-x</p>';
  const closed = document.createElement('div');
  byId('blocked').append(closed);
  closed.attachShadow({ mode: 'closed' }).innerHTML = '<p>cn-closed-shadow-x</p>';

  // Out of the open into the private: what it says from then on is private.
  const mover = document.createElement('p');
  mover.textContent = 'ok-mover-x';
  document.querySelector('main')!.append(mover);
  byId('masked').append(mover);
  mover.textContent = 'cn-moved-x';
  const later = document.createElement('p');
  byId('blocked').append(later);
  later.textContent = 'cn-born-blocked-x';

  document.querySelector('a')!.href = '/path?cn-change-href-x';
  document.querySelector('main')!.insertAdjacentHTML(
    'beforeend',
    `<a href="/p?cn-add-href-x" data-id="cn-add-data-x">ok-later-x</a><input type="hidden" value="cn-add-hidden-x">
     <input type="password" value="cn-add-password-x"><meta name="csrf" content="cn-add-meta-x"><!-- cn-add-comment-x -->
     <noscript>cn-add-noscript-x</noscript><iframe srcdoc="<p data-foyer=block>cn-add-srcdoc-x</p>"></iframe>
     <p data-foyer="mask">cn-add-author-x</p><div style="background:url(/pic.png?cn-add-style-x)"></div>`,
  );
  document.styleSheets[0]!.insertRule('.x{background:url("/pic.png?cn-rule-x")}');
  history.replaceState({}, '', '/account?cn-history-x#cn-history-fragment-x');
}
