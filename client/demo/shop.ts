import './shop.css';
import './goods.css';
import './order.css';
import { addToBasket, emptyBasket, readBasket, setBasketCount } from './basket.ts';
import { catalogue, type Piece, type ShopLanguage } from './catalogue.ts';

// The shop of the demo: plain pages with a little script, the way many customers' sites are built. Each page carries
// Foyer by the script tag in its own HTML; here the shop only opens it from its own buttons.

const language: ShopLanguage = document.documentElement.lang === 'de' ? 'de' : 'en';
const pages = {
  en: { product: 'product.html', shop: 'index.html' },
  de: { product: 'produkt.html', shop: 'startseite.html' },
}[language];
const texts = {
  en: {
    added: 'Added to your basket',
    remove: 'Remove',
    count: 'Quantity',
    required: 'Please fill this in.',
    postcode: 'A German postcode has five digits, such as 26603.',
    email: 'Please write the address like name@example.org.',
  },
  de: {
    added: 'Liegt im Warenkorb',
    remove: 'Entfernen',
    count: 'Anzahl',
    required: 'Bitte ausfüllen.',
    postcode: 'Eine Postleitzahl hat fünf Ziffern, zum Beispiel 26603.',
    email: 'Bitte die Adresse so schreiben: name@example.org.',
  },
}[language];
const SHIPPING_CENTS = 590;
const FREE_SHIPPING_FROM_CENTS = 6_000;

const money = new Intl.NumberFormat(language === 'de' ? 'de-DE' : 'en-IE', { style: 'currency', currency: 'EUR' });
const toPrice = (cents: number) => money.format(cents / 100);
const find = <Found extends HTMLElement = HTMLElement>(name: string) =>
  document.querySelector<Found>(`[data-shop="${name}"]`);

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function showBasketCount(): void {
  const count = readBasket().reduce((sum, line) => sum + line.count, 0);
  const badge = find('basket-count');
  if (!badge) return;
  badge.textContent = String(count);
  badge.hidden = count === 0;
}

function showShelf(shelf: HTMLElement, without?: string): void {
  const cards = catalogue
    .filter((piece) => piece.key !== without)
    .slice(0, without === undefined ? catalogue.length : 3)
    .map((piece) =>
      make(
        'a',
        { className: 'card', href: `${pages.product}?item=${piece.key}` },
        make('img', { src: piece.art, alt: '', width: 400, height: 400 }),
        make('span', { className: 'card-name' }, piece.name[language]),
        make('span', { className: 'card-price' }, toPrice(piece.priceCents)),
        make('span', { className: 'card-line' }, piece.line[language]),
      ),
    );
  shelf.replaceChildren(...cards);
}

function showPiece(product: HTMLElement): void {
  const wanted = new URLSearchParams(location.search).get('item');
  const piece = catalogue.find((candidate) => candidate.key === wanted) ?? catalogue[0];
  if (!piece) return;
  document.title = `${piece.name[language]} · Tondo`;
  const set = (name: string, text: string) => {
    const element = find(name);
    if (element) element.textContent = text;
  };
  set('name', piece.name[language]);
  set('price', toPrice(piece.priceCents));
  set('story', piece.story[language]);
  set('size', piece.size[language]);
  set('crumb', piece.name[language]);
  find<HTMLImageElement>('art')?.setAttribute('src', piece.art);
  find('glazes')?.replaceChildren(
    ...piece.glazes.map((glaze, index) =>
      make(
        'label',
        { className: 'glaze' },
        make('input', { type: 'radio', name: 'glaze', value: glaze.key, defaultChecked: index === 0 }),
        make('span', { className: `swatch swatch-${glaze.key}` }),
        glaze.name[language],
      ),
    ),
  );
  const also = find('also');
  if (also) showShelf(also, piece.key);
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.language')) link.search = `?item=${piece.key}`;
  product.addEventListener('submit', (event) => {
    event.preventDefault();
    const form = new FormData(product as HTMLFormElement);
    addToBasket(piece.key, String(form.get('glaze')), Number(form.get('count')));
    showBasketCount();
    const said = find('added');
    if (said) {
      said.hidden = false;
      said.querySelector('span')?.replaceChildren(texts.added);
    }
  });
}

interface Line {
  piece: Piece;
  glazeKey: string;
  glazeName: string;
  count: number;
}

function readLines(): Line[] {
  return readBasket().flatMap(({ piece: key, glaze: glazeKey, count }) => {
    const piece = catalogue.find((candidate) => candidate.key === key);
    const glaze = piece?.glazes.find((candidate) => candidate.key === glazeKey);
    return piece && glaze ? [{ piece, glazeKey, glazeName: glaze.name[language], count }] : [];
  });
}

function showSums(lines: Line[]): void {
  const goods = lines.reduce((sum, line) => sum + line.piece.priceCents * line.count, 0);
  const shipping = goods >= FREE_SHIPPING_FROM_CENTS || goods === 0 ? 0 : SHIPPING_CENTS;
  for (const [name, cents] of [
    ['sum-goods', goods],
    ['sum-shipping', shipping],
    ['sum-all', goods + shipping],
  ] as const) {
    const element = find(name);
    if (element) element.textContent = toPrice(cents);
  }
}

function showBasket(list: HTMLElement): void {
  const lines = readLines();
  const isEditable = list.dataset['editable'] !== undefined;
  list.replaceChildren(
    ...lines.map((line) => {
      const change = (count: number) => {
        setBasketCount(line.piece.key, line.glazeKey, count);
        showBasket(list);
        showBasketCount();
      };
      const count = make('select', { ariaLabel: `${texts.count}: ${line.piece.name[language]}` });
      for (let number = 1; number <= 9; number += 1) {
        count.append(make('option', { value: String(number), selected: number === line.count }, String(number)));
      }
      count.addEventListener('change', () => change(Number(count.value)));
      const remove = make('button', { type: 'button', className: 'plain' }, texts.remove);
      remove.addEventListener('click', () => change(0));
      return make(
        'li',
        {},
        make('img', { src: line.piece.art, alt: '', width: 88, height: 88 }),
        make(
          'div',
          {},
          make('a', { href: `${pages.product}?item=${line.piece.key}` }, line.piece.name[language]),
          make('p', { className: 'soft' }, isEditable ? line.glazeName : `${line.glazeName} · ${line.count}×`),
          ...(isEditable ? [make('p', { className: 'line-acts' }, count, remove)] : []),
        ),
        make('strong', {}, toPrice(line.piece.priceCents * line.count)),
      );
    }),
  );
  showSums(lines);
  const filled = find('basket-filled');
  const empty = find('basket-empty');
  if (filled && empty) {
    filled.hidden = lines.length === 0;
    empty.hidden = lines.length > 0;
  }
}

function faultOf(field: HTMLInputElement): string {
  const value = field.value.trim();
  if (field.required && value === '') return texts.required;
  if (field.name === 'postcode' && !/^\d{5}$/.test(value)) return texts.postcode;
  if (field.type === 'email' && !/^\S+@\S+\.\S+$/.test(value)) return texts.email;
  return '';
}

function guardCheckout(form: HTMLFormElement): void {
  const check = (field: HTMLInputElement): boolean => {
    const fault = faultOf(field);
    const said = document.getElementById(`${field.id}-fault`);
    field.setAttribute('aria-invalid', String(fault !== ''));
    if (said) said.textContent = fault;
    return fault === '';
  };
  const fields = [...form.querySelectorAll('input')];
  for (const field of fields) field.addEventListener('change', () => check(field));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const wrong = fields.filter((field) => !check(field));
    if (wrong.length > 0) {
      wrong[0]?.focus();
      return;
    }
    emptyBasket();
    showBasketCount();
    const thanks = find('thanks');
    const checkout = find('checkout');
    if (!thanks || !checkout) return;
    checkout.hidden = true;
    thanks.hidden = false;
    scrollTo({ top: 0 });
    thanks.querySelector('h1')?.focus();
  });
}

showBasketCount();
const shelf = find('shelf');
if (shelf) showShelf(shelf);
const product = find('product');
if (product) showPiece(product);
const list = find('basket');
if (list) showBasket(list);
const checkout = find<HTMLFormElement>('address');
if (checkout) guardCheckout(checkout);

// The call queue of the loader: works whether or not embed.js has arrived yet.
window.Foyer ??= (...call: readonly unknown[]) => {
  const stub = window.Foyer;
  if (stub) (stub.q ??= []).push(call);
};
for (const button of document.querySelectorAll('[data-shop="ask"]')) {
  button.addEventListener('click', () => window.Foyer?.('open'));
}
