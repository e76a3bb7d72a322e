interface AttributeMention {
  operator: string;
  literal: string;
}

/**
 * What the page's style sheets select by. A class, id or attribute that no rule names does nothing for the look, and
 * what a rule names is public already: so this is what may be sent of attributes that could hold anything else.
 */
export interface StyleMentions {
  add(css: string): void;
  hasName(name: string): boolean;
  /** Whether a rule of a sheet says what this font is made of. */
  hasFont(family: string): boolean;
  hasAttribute(attribute: string): boolean;
  /** The part of this attribute's value that rules ask for; undefined when none fits. */
  findLiteral(attribute: string, value: string): string | undefined;
}

const NAME =
  /[.#]((?:[\w-]|[^\0-\x7f]|\\.)+)|\[\s*([\w-]+)\s*(?:([~|^$*]?=)\s*(?:"([^"]*)"|'([^']*)'|([^\]\s]*)))?|::part\(([^)]*)\)/g;
const FONT = /@font-face\s*\{[^}]*?font-family\s*:([^;}]*)/gi;

export function createStyleMentions(): StyleMentions {
  let waiting: string[] = [];
  const names = new Set<string>();
  const fonts = new Set<string>();
  const attributes = new Map<string, AttributeMention[]>();

  // Only pages that mask something, or have attributes of their own, ask at all.
  const read = (): void => {
    for (const css of waiting) {
      for (const [, family = ''] of css.matchAll(FONT)) fonts.add(toFamilyKey(family));
      for (const [, name, attribute, operator = '', double, single, bare, parts] of css.matchAll(NAME)) {
        if (name !== undefined) names.add(name.replace(/\\(.)/g, '$1'));
        else if (parts !== undefined) for (const part of parts.split(/\s+/)) names.add(part);
        else if (attribute !== undefined) {
          const mention = { operator, literal: double ?? single ?? bare ?? '' };
          const known = attributes.get(attribute.toLowerCase());
          if (known === undefined) attributes.set(attribute.toLowerCase(), [mention]);
          else if (!known.some((each) => each.operator === operator && each.literal === mention.literal)) {
            known.push(mention);
          }
        }
      }
    }
    waiting = [];
  };

  return {
    add: (css) => void waiting.push(String(css)),
    hasName(name) {
      read();
      return names.has(name);
    },
    hasFont(family) {
      read();
      return fonts.has(toFamilyKey(family));
    },
    hasAttribute(attribute) {
      read();
      return attributes.has(attribute);
    },
    findLiteral(attribute, value) {
      read();
      let longest: string | undefined;
      // The longest says most: `[data-state]` and `[data-state="open"]` are both met by "open".
      for (const mention of attributes.get(attribute) ?? []) {
        if (fits(mention, value) && mention.literal.length >= (longest?.length ?? 0)) longest = mention.literal;
      }
      return longest;
    },
  };
}

function toFamilyKey(family: string): string {
  return family.replace(/["']/g, '').trim().toLowerCase();
}

function fits({ operator, literal }: AttributeMention, value: string): boolean {
  switch (operator) {
    case '':
      return true;
    case '=':
      return value === literal;
    case '~=':
      return value.split(/\s+/).includes(literal);
    case '|=':
      return value === literal || value.startsWith(`${literal}-`);
    case '^=':
      return value.startsWith(literal);
    case '$=':
      return value.endsWith(literal);
    default:
      return value.includes(literal);
  }
}
