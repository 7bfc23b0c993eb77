/** What speaks for a time in a window and what against it: what is known, and nothing else (WN-1). */

import { defined } from '../../defined.ts';
import type { Contact } from '../../terms/contacts.ts';
import type { Duration, Instant } from '../../time.ts';
import { isWithin } from '../hours.ts';
import type { Candidate, Conflict } from './blockers.ts';
import { nextOpen, openingAt, type Window, windowsAt } from './windows.ts';

export interface Criteria {
  /** The start that they are about. */
  at: Instant;
  /** What a window says of it; unset where none does. */
  lowTraffic?: { met: boolean; window: string };
  support: {
    /** Whether all whose hours are known are in them; unset where none are known. */
    met?: boolean;
    there: readonly Contact[];
    away: readonly Contact[];
    /** What the window says of it. */
    says?: string;
  };
  /** Others of tied services then, as far as that is known. */
  conflicts: readonly Conflict[];
  /** Unset where it lies in no window. */
  rollback?: {
    met: boolean;
    last: Instant;
    closes: Instant;
    needed: { rollout: Duration; rollback: Duration };
  };
}

/** Undefined for a place without windows: there is nothing to select. */
export function criteriaAt(
  at: Instant,
  about: {
    windows: readonly Window[];
    candidate: Pick<Candidate, 'service' | 'environment' | 'needed'>;
    contacts: readonly Contact[];
    conflicts: readonly Conflict[];
  },
): Criteria | undefined {
  const { candidate, contacts, conflicts } = about;
  const mine = windowsAt(about.windows, candidate);
  if (mine.length === 0) return undefined;
  const open = mine.filter((window) => openingAt([window], at) !== undefined);
  const telling = open.find(({ lowTraffic }) => lowTraffic !== undefined);
  return {
    at,
    ...(telling?.lowTraffic === undefined
      ? {}
      : { lowTraffic: { met: telling.lowTraffic, window: telling.name } }),
    support: supportAt(at, open, contacts),
    conflicts,
    ...rollbackAt(at, mine, candidate.needed),
  };
}

function supportAt(at: Instant, open: readonly Window[], contacts: readonly Contact[]): Criteria['support'] {
  const stated = contacts.filter(({ hours }) => hours !== undefined);
  const there = stated.filter(({ hours }) => hours !== undefined && isWithin(hours, at));
  const away = stated.filter((contact) => !there.includes(contact));
  const says = open.find(({ support }) => support !== undefined)?.support;
  return {
    ...(stated.length === 0 ? {} : { met: away.length === 0 }),
    there,
    away,
    ...defined({ says }),
  };
}

/** Window end less the expected duration and the time of a rollback is the last start. */
function rollbackAt(
  at: Instant,
  mine: readonly Window[],
  needed: Candidate['needed'],
): Pick<Criteria, 'rollback'> {
  const opening = openingAt(mine, at);
  if (opening === undefined) return {};
  const last = lastStart(opening.to, needed);
  return { rollback: { met: at <= last, last, closes: opening.to, needed } };
}

function lastStart(closes: Instant, { rollout, rollback }: Candidate['needed']): Instant {
  return Math.min(closes - rollout - rollback, closes - 1);
}

/** The last start in the window that a start lies in; undefined where it lies in none that is long enough. */
export function lastStartFor(
  windows: readonly Window[],
  candidate: Pick<Candidate, 'service' | 'environment' | 'needed'>,
  at: Instant,
): Instant | undefined {
  const { rollout, rollback } = candidate.needed;
  const chance = nextOpen(windowsAt(windows, candidate), at, rollout + rollback);
  return chance?.at === at ? chance.last : undefined;
}
