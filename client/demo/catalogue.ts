import bowl from './art/bowl.svg';
import cup from './art/cup.svg';
import pitcher from './art/pitcher.svg';
import plate from './art/plate.svg';
import teapot from './art/teapot.svg';
import vase from './art/vase.svg';

export type ShopLanguage = 'en' | 'de';
type Texts = Record<ShopLanguage, string>;

/** One piece of the shop's shelf. Sample data: the shop, its pieces and prices are made up. */
export interface Piece {
  key: string;
  name: Texts;
  line: Texts;
  story: Texts;
  glazes: { key: string; name: Texts }[];
  size: Texts;
  priceCents: number;
  art: string;
}

const moss = { key: 'moss', name: { en: 'Moss', de: 'Moos' } };
const sand = { key: 'sand', name: { en: 'Sand', de: 'Sand' } };
const sea = { key: 'sea', name: { en: 'Sea', de: 'See' } };
const rust = { key: 'rust', name: { en: 'Rust', de: 'Rost' } };
const chalk = { key: 'chalk', name: { en: 'Chalk', de: 'Kreide' } };

export const catalogue: Piece[] = [
  {
    key: 'teapot',
    name: { en: 'Moor teapot', de: 'Teekanne Moor' },
    line: { en: 'Pours without a drip', de: 'Gießt, ohne zu tropfen' },
    story: {
      en: 'Thrown in two parts and joined while still damp. The spout is cut by hand, which is why it never drips, and the lid stays on when you pour the last cup.',
      de: 'In zwei Teilen gedreht und noch feucht zusammengesetzt. Der Ausguss ist von Hand geschnitten und tropft deshalb nicht; der Deckel hält auch bei der letzten Tasse.',
    },
    glazes: [moss, sand, chalk],
    size: { en: '1.1 litres, 21 cm wide', de: '1,1 Liter, 21 cm breit' },
    priceCents: 7_800,
    art: teapot,
  },
  {
    key: 'cup',
    name: { en: 'Dune cup', de: 'Tasse Düne' },
    line: { en: 'For the first coffee', de: 'Für den ersten Kaffee' },
    story: {
      en: 'A generous cup with a thin lip and a handle for two fingers. The band is brushed on with one turn of the wheel, so no two are alike.',
      de: 'Eine große Tasse mit dünnem Rand und einem Henkel für zwei Finger. Das Band entsteht in einer Drehung der Scheibe, darum gleicht keine der anderen.',
    },
    glazes: [sand, moss, sea],
    size: { en: '280 ml, 9 cm high', de: '280 ml, 9 cm hoch' },
    priceCents: 2_400,
    art: cup,
  },
  {
    key: 'bowl',
    name: { en: 'Tide bowl', de: 'Schale Gezeiten' },
    line: { en: 'Fruit, salad, Sunday dough', de: 'Obst, Salat, Sonntagsteig' },
    story: {
      en: 'Wide enough for a family salad and heavy enough to stay put while you knead. The blue runs a little in the kiln and settles in the middle.',
      de: 'Weit genug für den Salat der ganzen Familie und schwer genug, um beim Kneten stehen zu bleiben. Das Blau läuft im Ofen ein wenig und sammelt sich in der Mitte.',
    },
    glazes: [sea, chalk],
    size: { en: '2.4 litres, 26 cm across', de: '2,4 Liter, 26 cm Durchmesser' },
    priceCents: 4_600,
    art: bowl,
  },
  {
    key: 'vase',
    name: { en: 'Reed vase', de: 'Vase Schilf' },
    line: { en: 'Holds three stems upright', de: 'Hält drei Halme aufrecht' },
    story: {
      en: 'A narrow neck over a round belly: grasses stand where you put them and need a change of water once a week. Left raw outside, glazed inside.',
      de: 'Ein schmaler Hals über einem runden Bauch: Gräser stehen, wo man sie hinstellt, und brauchen einmal in der Woche frisches Wasser. Außen roh, innen glasiert.',
    },
    glazes: [rust, chalk],
    size: { en: '24 cm high', de: '24 cm hoch' },
    priceCents: 6_400,
    art: vase,
  },
  {
    key: 'plate',
    name: { en: 'Salt plate', de: 'Teller Salz' },
    line: { en: 'Everyday, and the day after', de: 'Für jeden Tag und den danach' },
    story: {
      en: 'A flat plate with a soft edge that stacks without a sound. The drawing is scratched into the white slip before the second firing.',
      de: 'Ein flacher Teller mit weichem Rand, der sich leise stapeln lässt. Die Zeichnung wird vor dem zweiten Brand in die weiße Engobe geritzt.',
    },
    glazes: [chalk, sand],
    size: { en: '27 cm across', de: '27 cm Durchmesser' },
    priceCents: 3_200,
    art: plate,
  },
  {
    key: 'pitcher',
    name: { en: 'Fjord pitcher', de: 'Krug Fjord' },
    line: { en: 'Water, milk or wild flowers', de: 'Wasser, Milch oder Wiesenblumen' },
    story: {
      en: 'Tall, light, and balanced so that a full one still pours with one hand. The waterline is dipped, never painted.',
      de: 'Hoch, leicht und so ausgewogen, dass auch der volle Krug sich mit einer Hand gießen lässt. Die Wasserlinie wird getaucht, nie gemalt.',
    },
    glazes: [sea, moss],
    size: { en: '1.6 litres, 25 cm high', de: '1,6 Liter, 25 cm hoch' },
    priceCents: 5_800,
    art: pitcher,
  },
];
