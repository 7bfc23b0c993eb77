/** Where one writes: Enter sends, Shift+Enter breaks the line, and `/`, `@`, `#` and `:` offer what could follow. */
import type { RefObject } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Ts } from '../protocol.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icons.tsx';
import { MarkBar } from './mark-bar.tsx';
import { MenuButton } from './menu.tsx';
import { Popup } from './popup.tsx';
import { send, shortcut, upload } from './state/doing.ts';
import { useDirectory, usePage } from './state/page-store.ts';
import { type Completing, type Completion, completing } from './text/typed.ts';

/** Drafts outlive a change of channel, thread or person. */
const drafts = new Map<string, string>();

interface OffersProps {
  id: string;
  offered: Completing;
  at: number;
  onTake: (option: Completion) => void;
}

function Offers({ id, offered, at, onTake }: OffersProps) {
  const directory = useDirectory();
  return (
    <div role="listbox" id={id} aria-label="Suggestions" class="offers">
      {offered.options.map((option, index) => (
        <div
          role="option"
          key={option.insert}
          id={`${id}-${index}`}
          aria-selected={index === at}
          class={index === at ? 'option active' : 'option'}
          ref={index === at ? (element) => element?.scrollIntoView({ block: 'nearest' }) : null}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(option)}
        >
          {option.person && <Avatar person={directory.person(option.person)} size={24} />}
          <span class="option-label">
            {option.title}
            {option.detail && <small>{option.detail}</small>}
          </span>
        </div>
      ))}
      <div class="list-status" aria-hidden="true">
        ↑ ↓ to choose, Tab or Enter to take, Esc to leave
      </div>
    </div>
  );
}

interface Offering {
  offered: Completing | undefined;
  at: number;
  look: (area: HTMLTextAreaElement) => void;
  take: (option: Completion) => void;
  /** True when the key was for the list. */
  onKey: (event: KeyboardEvent) => boolean;
  close: () => void;
}

function useOffers(area: RefObject<HTMLTextAreaElement | null>, setText: (text: string) => void): Offering {
  const { workspace } = useDirectory();
  const [offered, setOffered] = useState<Completing | undefined>(undefined);
  const [at, setAt] = useState(0);
  const close = () => setOffered(undefined);
  const take = (option: Completion) => {
    const box = area.current;
    if (!box || !offered) return;
    box.setRangeText(option.insert, offered.from, box.selectionStart, 'end');
    setText(box.value);
    close();
    box.focus();
  };
  return {
    offered,
    at,
    close,
    take,
    look: (box) => {
      setOffered(completing(box.value, box.selectionStart, workspace));
      setAt(0);
    },
    onKey: (event) => {
      const count = offered?.options.length ?? 0;
      const option = offered?.options[at];
      if (!option || event.isComposing) return false;
      // A command typed to its end is sent, not completed again.
      const whole = option.insert.trim() === area.current?.value.trim();
      if (event.key === 'ArrowDown') setAt((at + 1) % count);
      else if (event.key === 'ArrowUp') setAt((at - 1 + count) % count);
      else if (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey && !whole)) take(option);
      else if (event.key === 'Escape') close();
      else return false;
      return true;
    },
  };
}

function Shortcuts() {
  const shortcuts = useDirectory().workspace?.shortcuts.filter((one) => one.type === 'global') ?? [];
  if (shortcuts.length === 0) return null;
  return (
    <MenuButton
      label="Shortcuts"
      items={shortcuts.map((one) => ({
        key: one.callback_id,
        value: one.callback_id,
        label: one.name,
        detail: one.description,
        run: () => void shortcut(one.callback_id),
      }))}
    >
      <Icon name="bolt" />
    </MenuButton>
  );
}

function Attach({ channel, thread }: { channel: string; thread?: Ts | undefined }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class="icon-btn"
        aria-label="Attach a text file"
        title="Attach a text file"
        onClick={() => input.current?.click()}
      >
        <Icon name="clip" />
      </button>
      <input
        ref={input}
        type="file"
        hidden
        onChange={(event) => {
          for (const file of event.currentTarget.files ?? []) void upload(channel, file, thread);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

export interface ComposerProps {
  channel: string;
  thread?: Ts | undefined;
  label: string;
}

/** Grows with what is written, up to where it would take over the page. */
function useGrowing(area: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const box = area.current;
    if (!box) return;
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, 240)}px`;
  }, [text]);
}

export function Composer({ channel, thread, label }: ComposerProps) {
  const me = usePage((state) => state.me);
  const key = `${me} ${channel} ${thread ?? ''}`;
  const [text, setShown] = useState(drafts.get(key) ?? '');
  const area = useRef<HTMLTextAreaElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const listId = useId();
  const setText = (next: string) => {
    drafts.set(key, next);
    setShown(next);
  };
  const offers = useOffers(area, setText);
  useEffect(() => setShown(drafts.get(key) ?? ''), [key]);
  useGrowing(area, text);
  const go = async () => {
    const written = text.trim();
    if (written === '') return;
    setText('');
    offers.close();
    if (!(await send(channel, written, thread)) && !drafts.get(key)) setText(written);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (offers.onKey(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void go();
    }
  };
  return (
    <div class="composer" ref={frame}>
      <textarea
        ref={area}
        rows={1}
        value={text}
        placeholder={label}
        aria-label={label}
        aria-autocomplete="list"
        aria-controls={offers.offered ? listId : undefined}
        aria-activedescendant={offers.offered ? `${listId}-${offers.at}` : undefined}
        data-qa={thread ? 'thread-composer' : 'composer'}
        onInput={(event) => {
          setText(event.currentTarget.value);
          offers.look(event.currentTarget);
        }}
        onClick={(event) => offers.look(event.currentTarget)}
        onBlur={offers.close}
        onKeyDown={onKeyDown}
      />
      <div class="composer-foot">
        <Attach channel={channel} thread={thread} />
        <Shortcuts />
        <MarkBar area={area} />
        <span class="grow" />
        <button
          type="button"
          class="send-btn"
          aria-label="Send"
          title="Send (Enter)"
          data-qa={thread ? 'thread-send' : 'send'}
          disabled={text.trim() === ''}
          onClick={() => void go()}
        >
          <Icon name="send" />
        </button>
      </div>
      {offers.offered && (
        <Popup anchor={frame} onClose={offers.close} side="above" match>
          <Offers id={listId} offered={offers.offered} at={offers.at} onTake={offers.take} />
        </Popup>
      )}
    </div>
  );
}
