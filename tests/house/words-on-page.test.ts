import { describe, expect, test } from 'vitest';
import { setLanguage } from '../../client/ui/language.ts';
import { sayShare } from '../../client/ui/share/share-texts.ts';
import { sayVisitorShare } from '../../client/widget/share/visitor-share-texts.ts';
import { WORDS } from '../../cobrowse/recorder/tools/words.ts';

describe.each(['en', 'de'] as const)('what stands on the shared page itself, in %s', (spoken) => {
  const onPage = WORDS[spoken];

  test('[B2] the bar with END says what the banner in the widget says', () => {
    setLanguage(spoken);
    expect(onPage.sharing).toBe(sayShare('banner'));
    expect(onPage.pageIsShared).toBe(sayVisitorShare('sharesPage'));
    expect(onPage.end).toBe(sayShare('endShare'));
  });

  test('[B3] a part is chosen under the same words on the page and in the widget', () => {
    setLanguage(spoken);
    expect(onPage.pickOnly).toBe(sayVisitorShare('pickOnly'));
    expect(onPage.pickHide).toBe(sayVisitorShare('pickHide'));
    expect(onPage.cancel).toBe(sayVisitorShare('cancel'));
  });
});
