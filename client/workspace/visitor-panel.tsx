import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ArrowLeft, ExternalLink, ShieldCheck, X } from 'lucide-preact';
import type { AgentConversationView, VisitorFacts } from '../../protocol/conversations.ts';
import { Button } from '../ui/button.tsx';
import { formatDateTime, formatMoment, formatTime } from '../ui/format-time.ts';
import { inOwnLanguage } from '../ui/in-own-language.ts';
import { joinClasses } from '../ui/join-classes.ts';
import { language } from '../ui/language.ts';
import { Playback, RecordingsSection } from './recordings/recordings-section.tsx';
import type { Lookback } from './recordings/recordings-section.tsx';
import { say } from './texts.ts';
import { useNow } from './use-now.ts';
import { toLanguageName, toLocalTime, toPagePath, toReferrerHost, toSafeLink } from './visitor-words.ts';
import styles from './visitor-panel.module.css';

export interface VisitorPanelProps {
  conversation: AgentConversationView;
  /** On narrow screens only; on wide ones it is always there. */
  isOpen: boolean;
  onClose: () => void;
}

/** What is known about the visitor. Everything in it was said by a stranger's browser. */
export function VisitorPanel({ conversation, isOpen, onClose }: VisitorPanelProps) {
  const [lookback, setLookback] = useState<Lookback | null>(null);
  return (
    <>
      <VisitorFactsPanel conversation={conversation} isOpen={isOpen} onClose={onClose} onLookBack={setLookback} />
      {lookback ? <Playback conversation={conversation} lookback={lookback} onClose={() => setLookback(null)} /> : null}
    </>
  );
}

interface VisitorFactsPanelProps extends VisitorPanelProps {
  onLookBack: (at: Lookback) => void;
}

function VisitorFactsPanel({ conversation, isOpen, onClose, onLookBack }: VisitorFactsPanelProps) {
  const { visitor } = conversation;
  return (
    <aside class={joinClasses(styles.panel, isOpen && styles.open)} aria-label={say('visitor')}>
      <div class={styles.head}>
        <Button
          variant="ghost"
          class={styles.back}
          label={say('closeDetails')}
          icon={<ArrowLeft size={20} />}
          onClick={onClose}
        />
        <h2 class={styles.title}>{say('visitor')}</h2>
        <Button
          variant="ghost"
          size="small"
          class={styles.close}
          label={say('closeDetails')}
          icon={<X size={18} />}
          onClick={onClose}
        />
      </div>
      <dl class={styles.facts}>
        <Fact name={say('factName')}>{visitor.name}</Fact>
        {visitor.email ? (
          <Fact name={say('factEmail')}>
            <a href={`mailto:${encodeURIComponent(visitor.email)}`}>{visitor.email}</a>
          </Fact>
        ) : null}
        {visitor.fields.map(({ label, labels, value }) => (
          <Fact key={label} name={inOwnLanguage(labels, label)}>
            {value}
          </Fact>
        ))}
        <Fact name={say('factSite')}>{visitor.siteName}</Fact>
        <PageFact page={visitor.page} />
        <Fact name={say('factCameFrom')}>{toReferrerHost(visitor.referrer) ?? say('cameDirectly')}</Fact>
        <Fact name={say('factBrowser')}>{visitor.browser ?? say('unknown')}</Fact>
        <Fact name={say('factLanguage')}>{toLanguageName(visitor.language, language.value)}</Fact>
        <LocalTimeFact timeZone={visitor.timeZone} />
        <Fact name={say('factOnSiteSince')}>{formatTime(visitor.visitStartedAt, language.value)}</Fact>
        <Fact name={say('factFirstSeen')}>{formatMoment(visitor.firstSeenAt, Date.now(), language.value)}</Fact>
        {conversation.phase === 'ended' ? null : (
          <Fact name={say('factConnection')}>{say(visitor.isConnected ? 'connectedNow' : 'notConnected')}</Fact>
        )}
      </dl>
      <h3 class={styles.title}>{say('consent')}</h3>
      <Consent consent={visitor.consent} />
      {hasSharing(conversation) ? <RecordingsSection conversation={conversation} onLookBack={onLookBack} /> : null}
    </aside>
  );
}

/** The sign of a link outwards never stands alone in a line. */
const WORD_JOINER = '\u2060';

/** Where a site offers no sharing there is nothing to look back at. */
function hasSharing({ sharing }: AgentConversationView): boolean {
  return sharing.offersCoBrowse || sharing.offersScreen;
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function PageFact({ page }: { page: VisitorFacts['page'] }) {
  if (!page) return null;
  const link = toSafeLink(page.url);
  const words = page.title || toPagePath(page.url);
  return (
    <Fact name={say('factPage')}>
      {link ? (
        <a href={link} target="_blank" rel="noopener noreferrer nofollow" title={link}>
          {words}
          {WORD_JOINER}
          <ExternalLink size={13} class={styles.out ?? ''} aria-label={say('opensNewTab')} />
        </a>
      ) : (
        words
      )}
      <span class={styles.path}>{toPagePath(page.url)}</span>
    </Fact>
  );
}

function LocalTimeFact({ timeZone }: { timeZone: string | null }) {
  const now = useNow(true);
  const time = toLocalTime(timeZone, now, language.value);
  return time ? (
    <Fact name={say('factLocalTime')}>
      {time} <span class={styles.soft}>{timeZone?.split('/').at(-1)?.replaceAll('_', ' ')}</span>
    </Fact>
  ) : null;
}

function Consent({ consent }: { consent: VisitorFacts['consent'] }) {
  if (!consent) return <p class={styles.soft}>{say('consentMissing')}</p>;
  return (
    <p class={styles.consent}>
      <ShieldCheck size={16} class={styles.given ?? ''} aria-hidden="true" />
      <span>
        {say('consentGiven', { version: consent.textVersion })}
        <span class={styles.path}>{formatDateTime(consent.agreedAt, language.value)}</span>
      </span>
    </p>
  );
}
