/**
 * Seeded changes of a visitor's page, each of which can be left out without changing the others, and a way to write a
 * page down that is the same at both ends: what is private as the agent should see it. Both run inside pages, so they
 * refer to nothing outside themselves.
 */

export const PROGRAM_HEAD = `<title>Programs</title><style id="sheet">.on { color: rgb(200, 0, 0) }
  .box { overflow: auto; height: 80px } .box > p { height: 200px } #masked-root { border: 1px solid }</style>`;

export const PROGRAM_BODY = `<div id="root"><p>Start</p><div class="box"><p>Scrolls</p></div>
  <form><input id="text" value="a"><textarea id="area">b</textarea>
  <select id="one"><option>1</option><option>2</option></select>
  <select id="many" multiple><option>1</option><option>2</option><option>3</option></select>
  <input id="tick" type="checkbox"><input type="radio" name="r" class="radio"><input type="radio" name="r" class="radio"></form>
  <details id="details"><summary>More</summary><p>Details</p></details><dialog id="dialog"><p>Dialog</p></dialog>
  <svg id="drawing" width="40" height="20"><g></g></svg><math id="formula"><mi>x</mi></math>
  <div id="popover" popover><p>Popover</p></div><iframe id="frame" title="Inner"></iframe>
  <section id="masked-root" data-foyer="mask"><p>Masked</p></section>
  <section id="blocked-root" data-foyer="block"><p>Blocked</p></section></div><div style="height: 3000px"></div>`;

export interface Program {
  seed: number;
  steps: readonly number[];
}

/**
 * Does these steps, each the same for the same seed and number whatever other steps there are.
 *
 * @returns what each of them did, for a person who looks for the fault
 */
export function runProgram({ seed, steps }: Program): string[] {
  let state = 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  let said: string[] = [];
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(random() * items.length)]!;
    if (item instanceof Element) said.push(`<${item.localName}${item.id === '' ? '' : ` id=${item.id}`}>`);
    else if (typeof item === 'string') said.push(item);
    return item;
  };
  const word = (): string => {
    const made = Math.floor(random() * 1e6).toString(36);
    said.push(`"${made}"`);
    return made;
  };
  const byId = (id: string): HTMLElement | null => document.getElementById(id);
  const root = byId('root')!;
  const isFixed = (element: Element): boolean =>
    element.id !== '' || element.querySelector('[id]') !== null || element.matches('.radio, .box, summary');
  const holds = (outer: Node, inner: Node): boolean => {
    for (let at: Node | null = inner; at; at = at.parentNode ?? (at as Partial<ShadowRoot>).host ?? null) {
      if (at === outer) return true;
    }
    return false;
  };
  const places = (): Element[] => [
    root,
    ...root.querySelectorAll('div:not([popover]), p, ul, li, section'),
    ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => [...(shadowRoot?.querySelectorAll('i, em') ?? [])]),
  ];
  /** How wide it is says which one it is. */
  const toPicture = (): string => {
    const side = 1 + Math.floor(random() * 9);
    return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="9"></svg>`)}`;
  };
  const inShadow = <Found extends Element>(selector: string): Found[] =>
    [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => [
      ...(shadowRoot?.querySelectorAll<Found>(selector) ?? []),
    ]);
  const inner = (): HTMLElement => (byId('frame') as HTMLIFrameElement).contentDocument!.body;
  const actions: Record<string, () => void> = {
    append: () => {
      const made = document.createElement(pick(['div', 'p', 'ul', 'li', 'section', 'my-part']));
      made.textContent = word();
      pick(places()).append(made);
    },
    insert: () =>
      pick(places()).insertAdjacentHTML('afterbegin', `<section class="on"><b>${word()}</b>${word()}</section>`),
    move: () => {
      const moved = pick(places());
      const place = pick(places());
      if (!isFixed(moved) && !holds(moved, place)) place.prepend(moved);
    },
    wrap: () => {
      const inside = pick(places());
      if (isFixed(inside) || inside.parentNode === null) return;
      const wrapper = document.createElement('div');
      inside.before(wrapper);
      wrapper.append(inside);
    },
    unwrap: () => {
      const outer = pick(places());
      if (!isFixed(outer)) outer.replaceWith(...outer.childNodes);
    },
    remove: () => pick([...root.querySelectorAll('li, b, section')].filter((element) => !isFixed(element)))?.remove(),
    'write into a text': () => {
      const text = pick([...pick(places()).childNodes].filter((node) => node.nodeType === 3));
      if (text) text.nodeValue = word();
    },
    'set an attribute': () => pick(places()).setAttribute(pick(['title', 'lang', 'dir']), word()),
    'take away an attribute': () => pick(places()).removeAttribute(pick(['title', 'lang', 'style'])),
    'toggle a class': () => pick(places()).classList.toggle('on'),
    'set a style': () => {
      const { style } = pick(places()) as HTMLElement;
      style.setProperty(pick(['margin-left', 'width']), `${Math.floor(random() * 90)}px`);
    },
    type: () => ((byId('text') as HTMLInputElement).value = word()),
    'type lines': () => ((byId('area') as HTMLTextAreaElement).value = `${word()}\n${word()}`),
    choose: () => ((byId('one') as HTMLSelectElement).selectedIndex = Math.floor(random() * 2)),
    'choose several': () => {
      for (const option of (byId('many') as HTMLSelectElement).options) option.selected = random() < 0.5;
    },
    tick: () => (byId('tick') as HTMLInputElement).click(),
    'half tick': () => ((byId('tick') as HTMLInputElement).indeterminate = random() < 0.5),
    'choose a radio': () => pick([...root.querySelectorAll<HTMLInputElement>('.radio')]).click(),
    'open or close details': () => ((byId('details') as HTMLDetailsElement).open = random() < 0.5),
    'open or close the dialog': () => {
      const dialog = byId('dialog') as HTMLDialogElement;
      if (dialog.open) dialog.close();
      else dialog.show();
    },
    'toggle the popover': () => (byId('popover') as HTMLElement & { togglePopover(): void }).togglePopover(),
    'insert a rule': () => {
      const { sheet } = byId('sheet') as HTMLStyleElement;
      sheet!.insertRule(`.on { padding-left: ${Math.floor(random() * 30)}px }`, sheet!.cssRules.length);
    },
    'change a rule': () => {
      const { sheet } = byId('sheet') as HTMLStyleElement;
      const rule = sheet!.cssRules[0] as CSSStyleRule;
      rule.style.setProperty('padding-right', `${Math.floor(random() * 30)}px`);
    },
    'adopt a sheet': () => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`.on { padding-top: ${Math.floor(random() * 30)}px }`);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets.slice(-1), sheet];
    },
    'change an adopted sheet': () => {
      document.adoptedStyleSheets[0]?.replaceSync(`.on { padding-bottom: ${Math.floor(random() * 30)}px }`);
    },
    'attach a shadow tree': () => {
      const host = pick(places());
      const isPossible = host.shadowRoot === null && host !== root && host.matches('div, p, section') && !isFixed(host);
      if (isPossible && host.closest('[data-foyer]') === null) {
        host.attachShadow({ mode: 'open' }).innerHTML = `<i>${word()}</i><slot name="s"></slot><slot></slot>
          <select><option>1</option><option>2</option></select><input type="checkbox">
          <select multiple><option>1</option><option>2</option><option>3</option></select><div id="inner" popover>Open</div>`;
      }
    },
    'append in a shadow tree and fill its slot': () => {
      const host = pick([...root.querySelectorAll('*')].filter((element) => element.shadowRoot !== null));
      host?.shadowRoot!.append(Object.assign(document.createElement('em'), { textContent: word() }));
      host?.firstElementChild?.setAttribute('slot', 's');
    },
    'choose in a shadow tree': () => {
      const select = pick(inShadow<HTMLSelectElement>('select:not([multiple])'));
      if (select) select.selectedIndex = Math.floor(random() * 2);
    },
    'choose several in a shadow tree': () => {
      for (const option of pick(inShadow<HTMLSelectElement>('[multiple]'))?.options ?? [])
        option.selected = random() < 0.5;
    },
    'toggle a popover in a shadow tree': () => {
      pick(inShadow<HTMLElement & { togglePopover(): void }>('[popover]'))?.togglePopover();
    },
    'tick in a shadow tree': () => pick(inShadow<HTMLInputElement>('input'))?.click(),
    'half tick in a shadow tree': () => {
      const box = pick(inShadow<HTMLInputElement>('input'));
      if (box) box.indeterminate = random() < 0.5;
    },
    draw: () => {
      const shape = document.createElementNS(
        'http://www.w3.org/2000/svg',
        pick(['circle', 'linearGradient', 'text', 'g']),
      );
      shape.setAttribute('fill', pick(['red', 'blue']));
      if (shape.localName === 'text') shape.textContent = word();
      pick([byId('drawing')!, ...byId('drawing')!.querySelectorAll('g')]).append(shape);
    },
    'change a drawing': () => pick([...byId('drawing')!.children]).setAttribute('fill', pick(['green', 'yellow'])),
    'write a formula': () => {
      const part = document.createElementNS('http://www.w3.org/1998/Math/MathML', pick(['mi', 'mn', 'mrow']));
      if (part.localName !== 'mrow') part.textContent = word();
      pick([byId('formula')!, ...byId('formula')!.querySelectorAll('mrow')]).prepend(part);
    },
    'shorten the drawing and the formula': () => {
      byId('drawing')!.firstElementChild?.nextElementSibling?.remove();
      byId('formula')!.lastElementChild?.previousElementSibling?.remove();
    },
    'append in the frame': () => inner().insertAdjacentHTML('beforeend', `<p class="on">${word()}</p>`),
    'remove in the frame': () => inner().firstElementChild?.remove(),
    'write into the masked part': () =>
      byId('masked-root')!.insertAdjacentHTML('beforeend', `<p>${word()} <b>${word()}</b></p>`),
    'write into the blocked part': () => byId('blocked-root')!.insertAdjacentHTML('beforeend', `<p>${word()}</p>`),
    'put in a picture': () => pick(places()).append(Object.assign(new Image(), { src: toPicture() })),
    'change a picture': () => pick([...root.querySelectorAll('img')])?.setAttribute('src', toPicture()),
    'scroll the page': () => scrollTo(0, Math.floor(random() * 2_000)),
    'scroll the box': () => root.querySelector('.box')!.scrollTo(0, Math.floor(random() * 100)),
  };
  const names = Object.keys(actions);
  return steps.map((step) => {
    state = Math.imul(seed, 0x9e37_79b1) ^ Math.imul(step + 1, 0x85eb_ca6b);
    random();
    said = [];
    actions[pick(names)]!();
    return `${step}: ${said.join(' ')}`;
  });
}

/** What a page shows, line by line; what is masked or hidden there as it should be shown elsewhere. */
export function writeDown(page: Document): string[] {
  const lines: string[] = [];
  const told = ['id', 'class', 'title', 'lang', 'dir', 'open', 'slot', 'name', 'multiple', 'style', 'fill'];
  const walk = (node: Node, depth: number, isMasked: boolean): void => {
    const indent = ' '.repeat(depth);
    if (node.nodeType === 3) {
      const text = node.nodeValue!.trim();
      if (text !== '') lines.push(`${indent}"${isMasked ? text.replace(/\S/g, '•') : text}"`);
      return;
    }
    if (node.nodeType !== 1) return;
    const element = node as Element;
    const name = element.localName;
    if (['script', 'noscript', 'style', 'link', 'meta', 'title', 'head'].includes(name)) return;
    // What Foyer itself has put on the page: the widget's corner and the recorder's layer.
    if (element.matches('[popover=manual]:not([id])') || element.querySelector(':scope > iframe[title="Live help"]'))
      return;
    // Pictures have no words that could be blotted out.
    if (element.matches('[data-foyer=block], [data-foyer-hidden]') || (isMasked && name === 'img')) {
      lines.push(`${indent}<${name} hidden>`);
      return;
    }
    const isMaskedHere = isMasked || element.id === 'masked-root';
    const attributes = told
      .filter((attribute) => element.hasAttribute(attribute) && !isMaskedHere)
      // Names of fields are nobody's business; those of slots say what stands where.
      .filter((attribute) => attribute !== 'name' || name === 'slot')
      .map((attribute) => {
        if (attribute === 'style') return `style=${(element as HTMLElement).style.cssText}`;
        return `${attribute}=${element
          .getAttribute(attribute)!
          .replaceAll(/(?:^|\s):hover/g, '')
          .trim()}`;
      })
      .filter((text) => !/^(?:class|style)=$/.test(text));
    const field = element as HTMLInputElement;
    const details: unknown[] = [element.namespaceURI?.slice(-4)];
    if (['input', 'textarea'].includes(name) && !['checkbox', 'radio'].includes(field.type)) details.push(field.value);
    if (['checkbox', 'radio'].includes(field.type) && name === 'input')
      details.push(field.checked, field.indeterminate);
    if (name === 'img') details.push((element as HTMLImageElement).naturalWidth);
    if (name === 'option') details.push((element as HTMLOptionElement).selected);
    if (element.hasAttribute('popover')) details.push(element.matches(':popover-open'));
    if (element.scrollTop > 0 && name !== 'html') details.push('scrolled', Math.round(element.scrollTop));
    if (element.classList.contains('on') && !isMaskedHere) {
      const style = element.ownerDocument.defaultView!.getComputedStyle(element);
      details.push(style.paddingTop, style.paddingRight, style.paddingBottom, style.paddingLeft, style.color);
    }
    lines.push(`${indent}<${name} ${attributes.join(' ')} ${details.join(' ')}>`);
    if (element.shadowRoot !== null) {
      lines.push(`${indent}#shadow`);
      element.shadowRoot.childNodes.forEach((child) => walk(child, depth + 1, isMaskedHere));
    }
    const frame = name === 'iframe' ? (element as HTMLIFrameElement).contentDocument?.documentElement : undefined;
    if (frame) walk(frame, depth + 1, isMaskedHere);
    if (name !== 'textarea' && name !== 'iframe') {
      element.childNodes.forEach((child) => walk(child, depth + 1, isMaskedHere));
    }
  };
  walk(page.documentElement, 0, false);
  lines.push(`scrolled to ${Math.round(page.scrollingElement!.scrollTop)}`);
  return lines;
}
