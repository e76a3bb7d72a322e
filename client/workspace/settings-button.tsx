import { useId, useState } from 'preact/hooks';
import { Keyboard, LogOut, Settings } from 'lucide-preact';
import { Button } from '../ui/button.tsx';
import { LANGUAGES } from '../ui/language.ts';
import type { Language } from '../ui/language.ts';
import { Popover } from '../ui/popover.tsx';
import { Switch } from '../ui/switch.tsx';
import { SelectField } from '../ui/text-field.tsx';
import { askNotePermission, readNotePermission } from './desktop-notes.ts';
import type { ThemeChoice } from './settings.ts';
import { say } from './texts.ts';
import { useWorkbench } from './workbench.ts';
import styles from './settings-button.module.css';

const AUTO_AWAY_MINUTES = [1, 3, 5, 10, 15, 30, 60];

export interface SettingsButtonProps {
  onOpenHelp: () => void;
  /** Only the icon, where there is no room for the word. */
  isCompact?: boolean;
}

/** How the workspace looks, speaks and sounds for this person, and the way out. */
export function SettingsButton({ onOpenHelp, isCompact = false }: SettingsButtonProps) {
  const { signOut } = useWorkbench();
  return (
    <Popover
      label={say('settings')}
      side={isCompact ? 'below' : 'above'}
      isEndAligned={isCompact}
      class={styles.popover ?? ''}
      trigger={(trigger) =>
        isCompact ? (
          <Button variant="ghost" label={say('settings')} icon={<Settings size={20} />} {...trigger} />
        ) : (
          <Button
            variant="ghost"
            class={styles.trigger}
            icon={<Settings size={18} />}
            title={say('settings')}
            aria-haspopup="dialog"
            {...trigger}
          >
            <span class={styles.triggerWord}>{say('settings')}</span>
          </Button>
        )
      }
    >
      {(close) => (
        <SettingsPanel
          onOpenHelp={() => {
            close();
            onOpenHelp();
          }}
          onSignOut={() => {
            close();
            signOut.begin();
          }}
        />
      )}
    </Popover>
  );
}

function SettingsPanel({ onOpenHelp, onSignOut }: { onOpenHelp: () => void; onSignOut: () => void }) {
  const { desk, settings, actions } = useWorkbench();
  const state = desk.state.value;
  const { language, theme, hasSounds } = settings.value;
  return (
    <div class={styles.panel}>
      <SelectField
        label={say('language')}
        value={language}
        onInput={(chosen) => (settings.value = { ...settings.value, language: chosen as Language })}
        options={LANGUAGES.map((value) => ({ value, label: value === 'de' ? 'Deutsch' : 'English' }))}
      />
      <SelectField
        label={say('theme')}
        value={theme}
        onInput={(chosen) => (settings.value = { ...settings.value, theme: chosen as ThemeChoice })}
        options={[
          { value: 'system', label: say('themeSystem') },
          { value: 'light', label: say('themeLight') },
          { value: 'dark', label: say('themeDark') },
        ]}
      />
      {state.phase === 'ready' ? (
        <AutoAwayField
          minutes={state.agent.autoAwayMinutes}
          onChange={(minutes) => void actions.setAutoAway(minutes)}
        />
      ) : null}
      <SwitchRow
        label={say('sounds')}
        isOn={hasSounds}
        onChange={(isOn) => (settings.value = { ...settings.value, hasSounds: isOn })}
      />
      <DesktopNotesRow />
      <div class={styles.actions}>
        <Button variant="ghost" icon={<Keyboard size={17} />} onClick={onOpenHelp}>
          {say('keyboard')}
        </Button>
        <Button variant="danger" icon={<LogOut size={17} />} onClick={onSignOut}>
          {say('signOut')}
        </Button>
      </div>
    </div>
  );
}

function AutoAwayField({ minutes, onChange }: { minutes: number | null; onChange: (minutes: number | null) => void }) {
  const choices = [...new Set([...AUTO_AWAY_MINUTES, ...(minutes === null ? [] : [minutes])])].toSorted(
    (a, b) => a - b,
  );
  return (
    <SelectField
      label={say('autoAway')}
      value={minutes === null ? 'never' : String(minutes)}
      onInput={(chosen) => onChange(chosen === 'never' ? null : Number(chosen))}
      options={[
        ...choices.map((count) => ({ value: String(count), label: say('autoAwayMinutes', { count }) })),
        { value: 'never', label: say('autoAwayOff') },
      ]}
    />
  );
}

/** Permission is the browser's to give and to take; the switch can ask for it, not revoke it. */
function DesktopNotesRow() {
  const [permission, setPermission] = useState(readNotePermission);
  if (permission === 'unsupported') return null;
  return (
    <SwitchRow
      label={say('notifications')}
      isOn={permission === 'granted'}
      isDisabled={permission !== 'default'}
      detail={permission === 'denied' ? say('notificationsDenied') : null}
      onChange={() => void askNotePermission().then(setPermission)}
    />
  );
}

function SwitchRow(props: {
  label: string;
  isOn: boolean;
  isDisabled?: boolean;
  detail?: string | null;
  onChange: (isOn: boolean) => void;
}) {
  const { label, isOn, isDisabled = false, detail, onChange } = props;
  const id = useId();
  return (
    <div>
      <div class={styles.switchRow}>
        <span id={id}>{label}</span>
        <Switch labelledBy={id} isOn={isOn} isDisabled={isDisabled} onChange={onChange} />
      </div>
      {detail ? <p class={styles.detail}>{detail}</p> : null}
    </div>
  );
}
