/** The jump dialog: type to go to a conversation, or to become someone. */
import { useState } from 'preact/hooks';
import { Dialog } from './dialog.tsx';
import { spots } from './keys.tsx';
import { become, goTo } from './state/going.ts';
import { actors, useDirectory, usePage } from './state/page-store.ts';
import { showDialog } from './tools.tsx';

interface Target {
  key: string;
  label: string;
  detail: string;
  go: () => void;
}

function useTargets(query: string): Target[] {
  const { workspace } = useDirectory();
  const typed = query.trim().toLowerCase();
  const places = spots().map(
    ({ spot, label }): Target => ({
      key: `${spot.channel}${spot.tab}`,
      label,
      detail: 'Go there',
      go: () => void goTo(spot),
    }),
  );
  const people = actors(workspace).map(
    (person): Target => ({
      key: person.id,
      label: person.real_name,
      detail: ['Act as', person.title].filter(Boolean).join(' · '),
      go: () => void become(person.id),
    }),
  );
  return [...places, ...people].filter(({ label }) => label.toLowerCase().includes(typed)).slice(0, 30);
}

export function JumpDialog() {
  return usePage((state) => state.dialog === 'jump') ? <Jump /> : null;
}

function Jump() {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const targets = useTargets(query);
  const active = Math.min(at, targets.length - 1);
  const close = () => showDialog(undefined);
  const take = (target: Target | undefined) => {
    close();
    target?.go();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const count = Math.max(targets.length, 1);
    if (event.key === 'ArrowDown') setAt((active + 1) % count);
    else if (event.key === 'ArrowUp') setAt((active - 1 + count) % count);
    else if (event.key === 'Enter') take(targets[active]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog label="Jump to" onCancel={close} class="dialog-jump light" qa="jump-dialog">
      <input
        class="input"
        role="combobox"
        aria-expanded="true"
        aria-controls="jump-list"
        aria-activedescendant={targets[active] ? `jump-${targets[active].key}` : undefined}
        aria-label="Jump to a conversation or a person"
        placeholder="Jump to a conversation or a person"
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id="jump-list" aria-label="Conversations and people">
        {targets.map((target, index) => (
          <div
            role="option"
            id={`jump-${target.key}`}
            key={target.key}
            aria-selected={index === active}
            class={index === active ? 'option active' : 'option'}
            ref={index === active ? (element) => element?.scrollIntoView({ block: 'nearest' }) : null}
            onClick={() => take(target)}
          >
            <span class="option-label">
              {target.label}
              <small>{target.detail}</small>
            </span>
          </div>
        ))}
      </div>
    </Dialog>
  );
}
