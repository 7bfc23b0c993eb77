/** Whom one acts as: everyone in the workspace, a click or an arrow key away, with their local time and what waits. */
import { useRef, useState } from 'preact/hooks';
import type { Person } from '../protocol.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icons.tsx';
import { become } from './state/going.ts';
import { actors, dmOf, useDirectory, useMe, usePage } from './state/page-store.ts';
import { useWorldNow } from './state/world-clock.ts';
import { zoneNow } from './text/slack-date.ts';
import { useUnread } from './unread.ts';

function Waiting({ person }: { person: Person }) {
  const { workspace } = useDirectory();
  const { calls } = useUnread(dmOf(workspace, person.id) ?? '', person.id);
  if (calls === 0) return null;
  return (
    <span class="badge">
      {calls > 99 ? '99+' : calls}
      <span class="sr-only"> unread</span>
    </span>
  );
}

function Row({ person, now }: { person: Person; now: number }) {
  const mine = usePage((state) => state.me === person.id);
  const { time, offset } = zoneNow(person.tz, now);
  return (
    <button
      type="button"
      role="radio"
      aria-checked={mine}
      tabIndex={mine ? 0 : -1}
      class="person"
      data-qa={`person-${person.name}`}
      title={`${person.real_name}, ${person.title ?? ''} (${person.tz}, ${offset})`}
      onClick={() => void become(person.id)}
    >
      <Avatar person={person} size={28} />
      <span class="person-names">
        <span class="person-name">{person.real_name}</span>
        <small>{person.is_restricted ? 'Guest' : (person.title ?? `@${person.name}`)}</small>
      </span>
      <Waiting person={person} />
      <small class="person-time" title={`${person.tz}, ${offset}`}>
        {time}
      </small>
    </button>
  );
}

/** Arrows move through a radio group and choose, as everywhere. */
function walk(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined || event.altKey) return;
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role=radio]')];
  const next = all.at((all.indexOf(document.activeElement as HTMLElement) + step) % all.length);
  next?.focus();
  next?.click();
  event.preventDefault();
}

/** More people than this start folded. */
const MANY = 9;

export function PersonSwitch() {
  const { workspace } = useDirectory();
  const me = useMe();
  const people = actors(workspace);
  const now = useWorldNow();
  const [wished, setWished] = useState<boolean | undefined>(undefined);
  const open = wished ?? people.length <= MANY;
  const list = useRef<HTMLDivElement>(null);
  if (!me) return null;
  return (
    <section class="people" aria-label="Whom you act as">
      <button
        type="button"
        class="people-head"
        aria-expanded={open}
        data-qa="person-switch"
        onClick={() => setWished(!open)}
      >
        <span>
          You are <strong>{me.real_name}</strong>
        </span>
        <span class={open ? 'turn' : 'turn closed'}>
          <Icon name="down" size={16} />
        </span>
      </button>
      {open && (
        <div ref={list} role="radiogroup" aria-label="Act as" class="people-list" onKeyDown={walk}>
          {people.map((person) => (
            <Row key={person.id} person={person} now={now} />
          ))}
        </div>
      )}
    </section>
  );
}
