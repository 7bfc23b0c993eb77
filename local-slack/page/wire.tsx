/** What goes over the wire between the app and the local Slack: calls one way, deliveries the other. */
import { useMemo, useState } from 'preact/hooks';
import type { Call, Delivery } from '../protocol.ts';
import { Icon } from './icons.tsx';
import { usePage } from './state/page-store.ts';
import { toggleWire } from './tools.tsx';

type Entry = { kind: 'call'; at: string; call: Call } | { kind: 'delivery'; at: string; delivery: Delivery };

const KINDS = [
  ['all', 'All'],
  ['call', 'Calls'],
  ['delivery', 'Deliveries'],
  ['problem', 'Problems'],
] as const;
type Kind = (typeof KINDS)[number][0];

/** More than Slack waits for. */
const SLOW_MS = 3000;

function isProblem(entry: Entry): boolean {
  if (entry.kind === 'call') return !entry.call.ok || entry.call.violations.length > 0;
  return entry.delivery.error !== undefined || (entry.delivery.ack_ms ?? 0) > SLOW_MS;
}

const nameOf = (entry: Entry) => (entry.kind === 'call' ? entry.call.method : entry.delivery.what);

function useEntries(kind: Kind, filter: string): Entry[] {
  const wire = usePage((state) => state.wire);
  return useMemo(() => {
    const typed = filter.trim().toLowerCase();
    const calls = wire.calls.map((call): Entry => ({ kind: 'call', at: call.at, call }));
    const deliveries = wire.deliveries.map(
      (delivery): Entry => ({ kind: 'delivery', at: delivery.at, delivery }),
    );
    return [...calls, ...deliveries]
      .filter((entry) => kind === 'all' || entry.kind === kind || (kind === 'problem' && isProblem(entry)))
      .filter((entry) => typed === '' || JSON.stringify(entry).toLowerCase().includes(typed))
      .sort((a, b) => (a.at < b.at ? 1 : -1));
  }, [wire, kind, filter]);
}

function Outcome({ entry }: { entry: Entry }) {
  if (entry.kind === 'call') {
    const { ok, error, violations } = entry.call;
    return (
      <>
        {violations.length > 0 && (
          <span class="wire-mark bad">
            {violations.length === 1 ? '1 violation' : `${violations.length} violations`}
          </span>
        )}
        <span class={ok ? 'wire-mark good' : 'wire-mark bad'}>{ok ? 'ok' : (error ?? 'error')}</span>
      </>
    );
  }
  const { ack_ms, error, attempt } = entry.delivery;
  return (
    <>
      {attempt > 1 && <span class="wire-mark">attempt {attempt}</span>}
      {error ? (
        <span class="wire-mark bad">{error}</span>
      ) : (
        <span class={(ack_ms ?? 0) > SLOW_MS ? 'wire-mark bad' : 'wire-mark good'}>
          {ack_ms === undefined ? 'waiting' : `acked in ${Math.round(ack_ms)} ms`}
        </span>
      )}
    </>
  );
}

function Violations({ call }: { call: Call }) {
  return (
    <ul class="violations">
      {call.violations.map((violation) => (
        <li key={`${violation.pointer} ${violation.message}`}>
          <code>{violation.pointer || '/'}</code> {violation.message} <small>{violation.code}</small>
        </li>
      ))}
    </ul>
  );
}

function Row({ entry }: { entry: Entry }) {
  const [open, setOpen] = useState(false);
  const call = entry.kind === 'call' ? entry.call : undefined;
  return (
    <li class={isProblem(entry) ? 'wire-row problem' : 'wire-row'} data-qa="wire-row">
      <button type="button" class="wire-line" aria-expanded={open} onClick={() => setOpen(!open)}>
        <time dateTime={entry.at}>{entry.at.slice(11, 23)}</time>
        <span class={`wire-way ${entry.kind}`}>{call ? 'call' : 'to app'}</span>
        <span class="wire-name">{nameOf(entry)}</span>
        <span class="grow" />
        <Outcome entry={entry} />
      </button>
      {call && call.violations.length > 0 && <Violations call={call} />}
      {open && (
        <pre tabIndex={0}>
          {JSON.stringify(entry.kind === 'call' ? entry.call.args : entry.delivery.payload, null, 2)}
        </pre>
      )}
    </li>
  );
}

export function Wire() {
  const open = usePage((state) => state.wireOpen);
  return open ? <WirePanel /> : null;
}

function WirePanel() {
  const [kind, setKind] = useState<Kind>('all');
  const [filter, setFilter] = useState('');
  const entries = useEntries(kind, filter);
  return (
    <section class="wire" aria-label="Wire" data-qa="wire" data-region="wire" tabIndex={-1}>
      <header class="wire-head">
        <h2>Wire</h2>
        <div class="segments" role="group" aria-label="Show">
          {KINDS.map(([key, label]) => (
            <button type="button" key={key} aria-pressed={kind === key} onClick={() => setKind(key)}>
              {label}
            </button>
          ))}
        </div>
        <input
          type="search"
          class="input"
          placeholder="Filter"
          aria-label="Filter the wire"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <button type="button" class="icon-btn" aria-label="Close the wire" onClick={toggleWire}>
          <Icon name="close" />
        </button>
      </header>
      <ol class="wire-list" tabIndex={0} aria-label="Calls and deliveries, newest first">
        {entries.map((entry) => (
          <Row
            key={`${entry.kind}${entry.kind === 'call' ? entry.call.id : entry.delivery.id}`}
            entry={entry}
          />
        ))}
        {entries.length === 0 && <li class="list-status">Nothing yet.</li>}
      </ol>
    </section>
  );
}
