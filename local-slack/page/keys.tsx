/** The page's keys: one table that both does them and shows them. */
import { Dialog } from './dialog.tsx';
import { Icon } from './icons.tsx';
import { become, closeThread, goTo } from './state/going.ts';
import { actors, channelsOf, dmOf, store, usePage } from './state/page-store.ts';
import type { Spot } from './state/state.ts';
import { setTheme, showDialog, toggleWire } from './tools.tsx';

/** Every conversation of the person, in the order of the rail. */
export function spots(): { spot: Spot; label: string }[] {
  const { workspace, me } = store.get();
  const channels = channelsOf(workspace, me).map((channel) => ({
    spot: { channel: channel.id, tab: 'messages' as const },
    label: `# ${channel.name}`,
  }));
  const dm = dmOf(workspace, me);
  if (!dm || !workspace) return channels;
  const name = workspace.bot.name;
  return [
    ...channels,
    { spot: { channel: dm, tab: 'home' }, label: `${name}: Home` },
    { spot: { channel: dm, tab: 'messages' }, label: `${name}: Messages` },
  ];
}

function step(by: number): void {
  const all = spots();
  const { spot } = store.get();
  const at = all.findIndex((one) => one.spot.channel === spot?.channel && one.spot.tab === spot.tab);
  const next = all.at((at + by + all.length) % all.length);
  if (next) void goTo(next.spot);
}

function nextRegion(back: boolean): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    (one) => one.offsetParent !== null,
  );
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions.at((at + (back ? -1 : 1) + regions.length) % regions.length);
  const inside = next?.querySelector<HTMLElement>('textarea, [aria-current=page], [tabindex="0"], button');
  (inside ?? next)?.focus();
}

interface Key {
  keys: string;
  does: string;
  fits: (event: KeyboardEvent) => boolean;
  run: (event: KeyboardEvent) => void;
}

const plain = (event: KeyboardEvent) => !event.ctrlKey && !event.metaKey && !event.altKey;
const mod = (event: KeyboardEvent) => (event.ctrlKey || event.metaKey) && !event.altKey;
const alt = (event: KeyboardEvent) => event.altKey && !event.ctrlKey && !event.metaKey;
const writing = (event: KeyboardEvent) =>
  (event.target as HTMLElement).matches?.('input, textarea, select') ?? false;

const KEYS: Key[] = [
  {
    keys: 'Ctrl K',
    does: 'Jump to a conversation or act as someone',
    fits: (event) => mod(event) && event.key.toLowerCase() === 'k',
    run: () => showDialog('jump'),
  },
  {
    keys: 'Alt ↓  Alt ↑',
    does: 'Next or previous conversation',
    fits: (event) => alt(event) && (event.key === 'ArrowDown' || event.key === 'ArrowUp'),
    run: (event) => step(event.key === 'ArrowDown' ? 1 : -1),
  },
  {
    keys: 'Alt 1 … Alt 9',
    does: 'Act as the first, second … person',
    fits: (event) => alt(event) && /^Digit[1-9]$/.test(event.code),
    run: (event) => {
      const person = actors(store.get().workspace)[Number(event.code.slice(5)) - 1];
      if (person) void become(person.id);
    },
  },
  {
    keys: 'F6  Shift F6',
    does: 'Next or previous part of the page',
    fits: (event) => event.key === 'F6',
    run: (event) => nextRegion(event.shiftKey),
  },
  { keys: 'Alt W', does: 'The wire', fits: (event) => alt(event) && event.code === 'KeyW', run: toggleWire },
  {
    keys: 'Alt D',
    does: 'Light or dark',
    fits: (event) => alt(event) && event.code === 'KeyD',
    run: () => {
      const { theme } = store.get();
      const dark =
        theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
      setTheme(dark ? 'light' : 'dark');
    },
  },
  {
    keys: '?',
    does: 'These keys',
    fits: (event) =>
      (plain(event) && event.key === '?' && !writing(event)) || (mod(event) && event.key === '/'),
    run: () => showDialog('keys'),
  },
  {
    keys: 'Esc',
    does: 'Close the thread, a list or a dialog',
    fits: (event) => plain(event) && event.key === 'Escape',
    run: () => {
      if (store.get().railOpen) store.set((state) => ({ ...state, railOpen: false }));
      else if (store.get().thread) closeThread();
    },
  },
];

/** Keys that a part of the page handles itself, listed for whoever reads the dialog. */
const ELSEWHERE: [string, string][] = [
  ['Enter', 'Send what is written'],
  ['Shift Enter', 'New line'],
  ['/  @  #  :', 'Commands, people, channels, emoji: ↑ ↓, then Tab or Enter'],
  ['↑  ↓  Home  End', 'From message to message, with one in focus'],
  ['T', 'Open the thread of the message in focus'],
  ['Tab', 'Into the message: its buttons and its tools'],
];

export function onPageKey(event: KeyboardEvent): void {
  // In a dialog its own keys hold.
  if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
  const key = KEYS.find((one) => one.fits(event));
  if (!key) return;
  event.preventDefault();
  key.run(event);
}

export function KeysDialog() {
  const open = usePage((state) => state.dialog === 'keys');
  if (!open) return null;
  const close = () => showDialog(undefined);
  const rows: [string, string][] = [
    ...KEYS.map((key): [string, string] => [key.keys, key.does]),
    ...ELSEWHERE,
  ];
  return (
    <Dialog label="Keys" onCancel={close} qa="keys-dialog" class="dialog-keys">
      <div class="dialog-head">
        <h2>Keys</h2>
        <button type="button" class="icon-btn" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <div class="dialog-body">
        <dl class="keys">
          {rows.map(([keys, does]) => (
            <div key={keys}>
              <dt>
                {keys.split('  ').map((one) => (
                  <kbd key={one}>{one}</kbd>
                ))}
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Dialog>
  );
}
