/**
 * Seeded changes of a page, and a way to write a page down that is the same at both ends. Both run inside pages, so
 * they refer to nothing outside themselves.
 */

export const PROGRAM_PAGE = `<!doctype html><title>Programs</title>
  <style id="sheet">.on { color: rgb(200, 0, 0) } .box { overflow: auto; height: 80px } .box > p { height: 200px }</style>
  <div id="root"><p>Start</p><div class="box"><p>Scrolls</p></div><form><input value="a"><textarea>b</textarea>
  <select><option>1</option><option>2</option></select><input type="checkbox"></form>
  <svg width="40" height="20"><g id="drawing"></g></svg></div><div style="height: 3000px"></div>`;

/** Does so many random steps to the page, the same for the same seed. */
export function runProgram({ seed, steps }: { seed: number; steps: number }): void {
  let state = seed;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const root = document.querySelector('#root')!;
  const places = (): Element[] => [root, ...root.querySelectorAll('div, p, ul, li, section')];
  const word = (): string => Math.floor(random() * 1e6).toString(36);
  const actions: (() => void)[] = [
    () => {
      const made = document.createElement(pick(['div', 'p', 'ul', 'li', 'section', 'my-part']));
      made.textContent = word();
      pick(places()).append(made);
    },
    () => pick(places()).insertAdjacentHTML('afterbegin', `<section class="on"><b>${word()}</b>${word()}</section>`),
    () => {
      const moved = pick(places());
      const place = pick(places());
      if (moved !== root && !moved.contains(place)) place.prepend(moved);
    },
    () => {
      const removed = pick([...root.querySelectorAll('li, b, section')]);
      removed?.remove();
    },
    () => {
      const text = pick([...pick(places()).childNodes].filter((node) => node.nodeType === 3));
      if (text) text.nodeValue = word();
    },
    () => pick(places()).setAttribute(pick(['title', 'lang', 'data-state']), word()),
    () => pick(places()).classList.toggle('on'),
    () =>
      (pick(places()) as HTMLElement).style.setProperty(
        pick(['margin-left', 'width']),
        `${Math.floor(random() * 90)}px`,
      ),
    () => (root.querySelector('input')!.value = word()),
    () => (root.querySelector('textarea')!.value = `${word()}\n${word()}`),
    () => (root.querySelector('select')!.selectedIndex = Math.floor(random() * 2)),
    () => root.querySelector<HTMLInputElement>('[type=checkbox]')!.click(),
    () =>
      document
        .querySelector<HTMLStyleElement>('#sheet')!
        .sheet!.insertRule(`.on { padding-left: ${Math.floor(random() * 30)}px }`),
    () => {
      const host = pick(places());
      if (host.shadowRoot === null && host !== root && host.matches('div, p, section')) {
        host.attachShadow({ mode: 'open' }).innerHTML = `<i>${word()}</i><slot></slot>`;
      }
    },
    () => {
      const host = [...root.querySelectorAll('*')].find((element) => element.shadowRoot !== null);
      host?.shadowRoot?.append(Object.assign(document.createElement('em'), { textContent: word() }));
    },
    () => {
      const shape = document.createElementNS(
        'http://www.w3.org/2000/svg',
        pick(['circle', 'linearGradient', 'clipPath']),
      );
      shape.setAttribute('r', word());
      root.querySelector('#drawing')!.append(shape);
    },
    () => scrollTo(0, Math.floor(random() * 2_000)),
    () => root.querySelector('.box')?.scrollTo(0, Math.floor(random() * 100)),
  ];
  for (let step = 0; step < steps; step += 1) pick(actions)();
}

/** What a page shows, line by line. */
export function writeDown(page: Document): string[] {
  const lines: string[] = [];
  const ofTheLibrary = new Set(['autocomplete', 'rr_open_mode', 'checked', 'selected', 'value']);
  const walk = (node: Node, depth: number): void => {
    const indent = ' '.repeat(depth);
    if (node.nodeType === 3) {
      if (node.nodeValue!.trim() !== '') lines.push(`${indent}"${node.nodeValue!.trim()}"`);
      return;
    }
    if (node.nodeType !== 1) return;
    const element = node as Element;
    const name = element.localName;
    if (['script', 'noscript', 'style', 'link', 'meta', 'title', 'head'].includes(name)) return;
    const attributes = [...element.attributes]
      .filter((attribute) => !ofTheLibrary.has(attribute.name) && !attribute.name.startsWith('data-foyer'))
      .map((attribute) => {
        const value =
          attribute.name === 'class' ? attribute.value.replace(/(?:^|\s):hover/g, '').trim() : attribute.value;
        return attribute.name === 'style'
          ? `style=${(element as HTMLElement).style.cssText}`
          : `${attribute.name}=${value}`;
      })
      .filter((text) => text !== 'class=' && text !== 'style=')
      .toSorted();
    const field = element as HTMLInputElement;
    const content = ['input', 'textarea', 'select'].includes(name)
      ? // What a box would send is not what it shows, and stays with the visitor.
        field.type === 'checkbox'
        ? ` checked=${field.checked}`
        : ` value=${field.value}`
      : '';
    const place = element.scrollTop > 0 && name !== 'html' ? ` scrolled=${Math.round(element.scrollTop)}` : '';
    const colour = element.classList.contains('on') ? ` ${getComputedStyle(element).paddingLeft}` : '';
    lines.push(
      `${indent}<${name} ${element.namespaceURI?.slice(-4)} ${attributes.join(' ')}${content}${place}${colour}>`,
    );
    if (element.shadowRoot !== null) {
      lines.push(`${indent}#shadow`);
      element.shadowRoot.childNodes.forEach((child) => walk(child, depth + 1));
    }
    if (name !== 'textarea') element.childNodes.forEach((child) => walk(child, depth + 1));
  };
  walk(page.documentElement, 0);
  lines.push(`scrolled to ${Math.round(page.scrollingElement!.scrollTop)}`);
  return lines;
}
