/** The switches of the page itself: theme, wire, keys; and the theme they set. */
import { Icon } from './icons.tsx';
import { store, usePage } from './state/page-store.ts';
import type { State } from './state/state.ts';

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const ICONS = { auto: 'contrast', light: 'sun', dark: 'moon' } as const;
const WORDS = { auto: 'as the system', light: 'light', dark: 'dark' } as const;
const KEPT = 'local-slack/theme';

export function setTheme(theme: State['theme']): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  store.set((state) => ({ ...state, theme }));
  localStorage.setItem(KEPT, theme);
}

export function keptTheme(): State['theme'] {
  const kept = localStorage.getItem(KEPT);
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
}

export function toggleWire(): void {
  store.set((state) => ({ ...state, wireOpen: !state.wireOpen }));
}

export function showDialog(dialog: State['dialog']): void {
  store.set((state) => ({ ...state, dialog }));
}

export function Tools() {
  const theme = usePage((state) => state.theme);
  const wireOpen = usePage((state) => state.wireOpen);
  const troubled = usePage((state) => state.wire.calls.some((call) => call.violations.length > 0));
  return (
    <div class="pane-tools">
      <button
        type="button"
        class={troubled ? 'icon-btn with-text troubled' : 'icon-btn with-text'}
        aria-pressed={wireOpen}
        title={
          troubled ? 'The wire (Alt+W): Slack would refuse some calls' : 'What goes over the wire (Alt+W)'
        }
        data-qa="wire-toggle"
        onClick={toggleWire}
      >
        <Icon name="wire" size={16} /> <span class="not-narrow">Wire</span>
        <span class="only-narrow sr-only">Wire</span>
      </button>
      <button
        type="button"
        class="icon-btn"
        aria-label={`Theme: ${WORDS[theme]}`}
        title={`Theme: ${WORDS[theme]}`}
        data-qa="theme"
        onClick={() => setTheme(NEXT[theme])}
      >
        <Icon name={ICONS[theme]} />
      </button>
      <button
        type="button"
        class="icon-btn"
        aria-label="Keys"
        title="Keys (?)"
        data-qa="keys"
        onClick={() => showDialog('keys')}
      >
        <Icon name="help" />
      </button>
    </div>
  );
}
