import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ChosenScope, PrivacyRules } from '../../cobrowse/recorder/recorder-messages.ts';
import { createRecorderWorld, type RecordedPage, type RecorderWorld } from '../_support/recorder-page.ts';

/** What the agent has been shown, and has to be taken away: each stands in the page once. */
const SHOWN = 'seen-until-now-x';
const BODY = `<main><section id="part"><p id="text">${SHOWN}</p></section></main><aside id="masked" data-foyer="mask"></aside>`;
const FIELD = `<main><label id="label" for="field">Name</label><input id="field" value="${SHOWN}"></main>`;
const COMPONENT = `<main><x-part id="host"><p id="text">${SHOWN}</p></x-part></main>`;

const LABEL_OUTSIDE = `<label id="label" for="field">Name</label><main id="part" data-marks><input id="field" value="${SHOWN}"></main>`;
/** More than one look takes in. */
const MANY_FIELDS = `${'<p><label>City <input></label> in these words</p>'.repeat(2_000)}${FIELD}`;
const CHECKED = `<main><input type="checkbox" id="box"><p id="text">${SHOWN}</p></main>`;

const moveSlot = (): void => {
  const { shadowRoot } = document.querySelector('#host')!;
  shadowRoot!.querySelector('[data-foyer]')!.append(shadowRoot!.querySelector('slot')!);
};

interface Page {
  body: string;
  scope?: ChosenScope;
  rules?: Partial<PrivacyRules>;
}

/** Ways in which something becomes private, each done by what a page does anyway. */
const WAYS: Record<string, Page & { act: () => void }> = {
  'the author’s mark on it': {
    body: BODY,
    act: () => document.querySelector('#text')!.setAttribute('data-foyer', 'mask'),
  },
  'the author’s mark around it': {
    body: BODY,
    act: () => document.querySelector('#part')!.setAttribute('data-foyer', 'block'),
  },
  'a class that the site denies': { body: BODY, act: () => document.querySelector('#part')!.classList.add('denied') },
  'a move to where it is masked': {
    body: BODY,
    act: () => document.querySelector('#masked')!.append(document.querySelector('#text')!),
  },
  'a field that asks for a password from now on': {
    body: FIELD,
    act: () => ((document.querySelector('#field') as HTMLInputElement).type = 'password'),
  },
  'a field that asks for a card from now on': {
    body: FIELD,
    act: () => ((document.querySelector('#field') as HTMLInputElement).autocomplete = 'cc-number'),
  },
  'a field whose label asks for a secret from now on': {
    body: FIELD,
    act: () => (document.querySelector('#label')!.textContent = 'Password'),
  },
  'a component around it that is marked': {
    body: COMPONENT,
    act: () => document.querySelector('#host')!.setAttribute('data-foyer', 'mask'),
  },
  'a component that shows it in a masked place from now on': { body: COMPONENT, act: moveSlot },
  'a component that shows its bare words in a masked place from now on': {
    body: `<main><x-part id="host">${SHOWN}</x-part></main>`,
    act: moveSlot,
  },
  'a label outside the only part that is shared': {
    body: LABEL_OUTSIDE,
    act: () => (document.querySelector('#label')!.textContent = 'Password'),
    scope: { onlyPart: { path: '/', selector: '#part', label: 'Part' }, hidden: [] },
  },
  'a label on a page of thousands of fields': {
    body: MANY_FIELDS,
    act: () => (document.querySelector('#label')!.textContent = 'Password'),
  },
  'a mark that the page’s script sets without changing the page': {
    body: CHECKED,
    rules: { deny: [':indeterminate ~ p'] },
    act: () => ((document.querySelector('#box') as HTMLInputElement).indeterminate = true),
  },
};

interface Shown {
  id: number;
  textContent?: string;
  attributes?: Record<string, unknown>;
  childNodes?: Shown[];
}

describe('what becomes private after it was shown', () => {
  let world: RecorderWorld;
  let recorded: RecordedPage;

  beforeAll(async () => {
    world = await createRecorderWorld();
  });
  afterAll(() => world.close());
  afterEach(() => recorded.context.close());

  interface Told {
    isKey: boolean;
    events: string;
  }
  /** The node that holds what was shown, and all around it, by their ids. */
  const findIds = (node: Shown): number[] | undefined => {
    if (node.textContent === SHOWN || node.attributes?.['value'] === SHOWN) return [node.id];
    for (const child of node.childNodes ?? []) {
      const found = findIds(child);
      if (found) return [...found, node.id];
    }
    return undefined;
  };
  /** Gone by itself, or with the picture that shows the page anew. */
  const isGone = (told: readonly Told[], ids: readonly number[]): boolean =>
    told.some(({ isKey, events }) => {
      const removed = (JSON.parse(events) as { data: { removes?: { id: number }[] } }[]).flatMap(
        ({ data }) => data.removes ?? [],
      );
      return isKey || removed.some(({ id }) => ids.includes(id));
    });
  /** The page, shown to the agent; what they were told from then on. */
  const share = async ({ body, scope, rules }: Page): Promise<{ told(): Promise<Told[]>; ids: number[] }> => {
    recorded = await world.open(`<!doctype html><title>Page</title>${body}`);
    await recorded.page.evaluate(() => {
      const host = document.querySelector('#host');
      if (host) host.attachShadow({ mode: 'open' }).innerHTML = '<div data-foyer="mask"></div><slot></slot>';
    });
    await recorded.start({ deny: ['.denied'], ...rules }, scope);
    const heard = await recorded.heard();
    const key = heard.flatMap((message) => (message.type === 'events' ? [JSON.parse(message.events)] : [])).flat();
    const ids = findIds((key as { data: { node?: Shown } }[]).find(({ data }) => data.node)!.data.node!) ?? [];
    return {
      ids,
      told: async () => {
        const since = await recorded.page.evaluate((from) => window.recorderHeard.slice(from), heard.length);
        return since.filter((message) => message.type === 'events');
      },
    };
  };

  test.each(Object.entries(WAYS))('[SH46] by %s, it is taken away and does not come back', async (_name, way) => {
    const { told, ids } = await share(way);
    expect(ids.length).toBeGreaterThan(3);
    await recorded.page.evaluate(way.act);
    await expect.poll(async () => isGone(await told(), ids), { timeout: 30_000 }).toBe(true);
    await recorded.page.evaluate(() => {
      const [text, field] = [document.querySelector('#text'), document.querySelector<HTMLInputElement>('#field')];
      if (text) text.textContent = 'cn-later-x';
      if (field) field.value = 'cn-later-x';
    });
    await recorded.settle();
    expect(JSON.stringify(await told())).not.toMatch(/cn-later-x|seen-until-now-x/);
  });

  test.each(['comes', 'changes'])('[SH46] what %s while masking is lifted for a moment does not stay', async (how) => {
    const { told } = await share({ body: BODY, rules: { isPrivateByDefault: true, allow: ['body.public #text'] } });
    await recorded.page.evaluate(async (wanted) => {
      const text = document.querySelector('#text')!;
      document.body.classList.add('public');
      if (wanted === 'comes') text.append('cn-lifted-x');
      else (text.firstChild as Text).data = 'cn-lifted-x';
      // Long enough to be recorded, too short to be looked for.
      await new Promise((resolve) => setTimeout(resolve, 5));
      document.body.classList.remove('public');
    }, how);
    const sent = async () => (await told()).map(({ events }) => events).join();
    await expect.poll(sent).toContain('cn-lifted-x');
    const isShownAnew = async () =>
      (await told()).some(({ isKey }, index, all) => isKey && all[index - 1]?.events.includes('removes'));
    await expect.poll(isShownAnew).toBe(true);
    expect((await told()).findLast(({ isKey }) => isKey)?.events).not.toContain('cn-lifted-x');
  });

  test('[SH46] what is typed into a field that has become private is masked from the first sign on', async () => {
    const { told } = await share({ body: FIELD });
    await recorded.page.evaluate(() => {
      document.querySelector('#label')!.textContent = 'PIN';
      const field = document.querySelector<HTMLInputElement>('#field')!;
      field.value = 'cn-later-x';
    });
    await recorded.settle();
    await expect.poll(async () => (await told()).some(({ isKey }) => isKey)).toBe(true);
    expect(JSON.stringify(await told())).not.toMatch(/cn-later-x|seen-until-now-x/);
  });

  test('[SH46] what a rule hides goes at once, before the page has its turn to be shown anew', async () => {
    const { told } = await share({ body: BODY });
    await recorded.page.evaluate(() => document.querySelector('#text')!.setAttribute('data-foyer', 'mask'));
    await expect.poll(async () => (await told()).some(({ isKey }) => isKey)).toBe(true);
    const [first] = await told();
    expect(first?.isKey).toBe(false);
    expect(first?.events).toMatch(/"removes":\[\{"parentId":\d+,"id":\d+\}\]/);
  });
});
