/** What keeps a deployment from starting at an instant, each with its sentence and when time alone clears it. */

import { defined } from '../../defined.ts';
import { type Bake, type Baking, bakedAt } from '../../terms/bake.ts';
import type { RolledBackBefore } from '../../terms/comes-back.ts';
import type { PersonRef } from '../../terms/person.ts';
import { DAY, type Duration, HOUR, type Instant, MINUTE, moment } from '../../time.ts';
import { type Freeze, freezesAt } from './freezes.ts';
import { type Lock, lockPlace, locksAgainst } from './locks.ts';
import { type Place, scopeWords } from './scope.ts';
import { nextOpen, openingAt, type Window, windowsAt } from './windows.ts';

export interface Conflict extends Place {
  id: string;
  version: string;
  lead: PersonRef;
}

/** All that may stand in the way; the conductor gathers it, nothing here asks for it. */
export interface Calendar {
  windows: readonly Window[];
  freezes: readonly Freeze[];
  locks: readonly Lock[];
  /** Deployments that move traffic of what this service depends on, or of what depends on it (WN-2). */
  conflicts: readonly Conflict[];
  /** The last rollback there; unset where there was none. */
  rolledBack?: RolledBackBefore;
  /** How the version does in the environment where it must run first; unset where nobody asked. */
  baking?: Baking;
  /** How far ahead a date may lie (OP-9). */
  planAhead: Duration;
  /** Roles that may have a deployment start outside its windows. */
  windowOverrides: readonly string[];
  /** People who cannot be reached any more, as far as somebody asked. */
  gone?: readonly Gone[];
  /** Those whose gos stand, asked for again where it would start; unset where nobody was asked. */
  signers?: readonly Signer[];
}

/** Somebody who said go: the roles they hold now, or why they can take no part (`unreachable`: nobody knows) (CH-7). */
export type Signer = { id: string; roles: readonly string[] } | Gone;

/** Somebody who left, or may not take part any more. */
export interface Gone {
  /** Slack user id. */
  id: string;
  why: (typeof GONE)[number];
}

const GONE = ['unknown', 'deactivated', 'bot', 'guest', 'foreign', 'unreachable'] as const;

/** Two years: nobody means a later date, and whatever counts the days to it would count for ever. */
export const PLAN_AHEAD: Duration = 730 * DAY;

export const NO_CALENDAR: Calendar = {
  windows: [],
  freezes: [],
  locks: [],
  conflicts: [],
  windowOverrides: [],
  planAhead: PLAN_AHEAD,
};

/** A deployment that wants to start. */
export interface Candidate extends Place {
  /** From the start to the end of the rollout, and a rollback after that. */
  needed: { rollout: Duration; rollback: Duration };
  /** Its requester and its lead: their own locks do not stand against it. */
  people: readonly string[];
  /** Who must be there when it starts (WN-5). */
  onCall?: PersonRef;
  /** Since when this version is asked for; unset before the request. */
  askedSince?: Instant;
  /** How long its version must have run in the environment before; unset where that asks for no time. */
  bake?: Bake;
  /** Keys of blockers that were overridden for it. */
  overridden: readonly string[];
}

const BLOCKER_KINDS = [
  'freeze',
  'window',
  'lock',
  'conflict',
  'bake',
  'rolled_back',
  'on_call',
  'signer',
] as const;

/** The key of a closed window: there is one per place. */
export const WINDOW_KEY = 'window';

export interface Blocker {
  kind: (typeof BLOCKER_KINDS)[number];
  /** Names it for ever: `freeze:F-3`, `lock:L-7`, `conflict:D-1003`, `bake:production-eu`, `rolled_back:D-1003`, `on_call:U…`, `signer:U…:role`, `window`. */
  key: string;
  /** For a person, without its full stop; moments in it as `moment` writes them. */
  says: string;
  /** When time alone clears it; unset where somebody must act. */
  until?: Instant;
  /** Roles that may override it; none where nobody may. */
  overrides: readonly string[];
}

export function blockersAt(calendar: Calendar, candidate: Candidate, at: Instant): Blocker[] {
  return [
    ...freezesAt(calendar.freezes, candidate, at).map(freezeBlocker),
    ...windowBlocker(calendar.windows, candidate, at, calendar.windowOverrides),
    ...locksAgainst(calendar.locks, candidate, at, candidate.people).map(lockBlocker),
    ...calendar.conflicts.map((conflict) => conflictBlocker(conflict, candidate)),
    ...bakeBlocker(calendar.baking, candidate, at),
    ...rolledBackBlocker(calendar.rolledBack, candidate),
    ...onCallBlocker(calendar.gone, candidate),
  ].filter(({ key }) => !candidate.overridden.includes(key));
}

/** When time alone clears all of them; undefined where one of them waits for somebody. */
export function clearsAt(blockers: readonly Blocker[]): Instant | undefined {
  const ends = blockers.map(({ until }) => until);
  return ends.includes(undefined) ? undefined : Math.max(...ends.map((end) => end ?? 0));
}

/** So many turns between windows, freezes and locks that each end the other's time are no plan but a mistake. */
const MAX_TURNS = 200;

/** The first instant, not before `from`, at which nothing that is known now stands in the way. */
export function nextStart(calendar: Calendar, candidate: Candidate, from: Instant): Instant | undefined {
  // Who is on the way now will be gone at some time that nobody knows: it says nothing about a later start.
  const known = { ...calendar, conflicts: [] };
  let at = from;
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    const blockers = blockersAt(known, candidate, at);
    if (blockers.length === 0) return at;
    const clear = clearsAt(blockers);
    if (clear === undefined || clear <= at || clear - from > calendar.planAhead) return undefined;
    at = clear;
  }
  return undefined;
}

function freezeBlocker(freeze: Freeze): Blocker {
  const by = freeze.by === undefined ? 'by the policy' : `by ${freeze.by.name}`;
  return {
    kind: 'freeze',
    key: `freeze:${freeze.id}`,
    says: `${scopeWords(freeze)} ${plural(freeze) ? 'are' : 'is'} frozen ${by} until ${moment(freeze.until)} ("${freeze.reason}")`,
    until: freeze.until,
    overrides: freeze.overrides,
  };
}

const plural = ({ services }: Freeze): boolean => services !== undefined && services.length > 1;

function windowBlocker(
  windows: readonly Window[],
  candidate: Candidate,
  at: Instant,
  overrides: readonly string[],
): Blocker[] {
  const mine = windowsAt(windows, candidate);
  if (mine.length === 0) return [];
  const { rollout, rollback } = candidate.needed;
  const next = nextOpen(mine, at, rollout + rollback);
  if (next?.at === at) return [];
  const place = `${candidate.service} in ${candidate.environment}`;
  const open = openingAt(mine, at);
  const takes = `it takes ${length(rollout)} and a rollback ${length(rollback)}`;
  const offer =
    next === undefined
      ? `No window of ${place} is long enough: ${takes}`
      : `The next one is open from ${moment(next.opening.from)} to ${moment(next.opening.to)}`;
  const why =
    open === undefined
      ? `${place} is outside its deployment windows`
      : `${open.names.join(', ')} closes ${moment(open.to)}, too soon: ${takes}`;
  return [
    {
      kind: 'window',
      key: WINDOW_KEY,
      says: `${why}. ${offer}`,
      ...defined({ until: next?.at }),
      overrides,
    },
  ];
}

function lockBlocker(lock: Lock): Blocker {
  return {
    kind: 'lock',
    key: `lock:${lock.id}`,
    says: `${lockPlace(lock)} is locked by ${lock.holder.name} until ${moment(lock.until)} ("${lock.reason}")`,
    until: lock.until,
    overrides: [],
  };
}

function conflictBlocker(
  { id, service, environment, version, lead }: Conflict,
  candidate: Candidate,
): Blocker {
  return {
    kind: 'conflict',
    key: `conflict:${id}`,
    says: `${service} ${version} is on its way in ${environment} (${id}, lead ${lead.name}), and ${candidate.service} is tied to ${service}`,
    overrides: [],
  };
}

/** Nobody overrides it: what cannot wait for it is an emergency. What nobody looked up is not baked. */
function bakeBlocker(baking: Baking | undefined, { bake }: Candidate, at: Instant): Blocker[] {
  if (bake === undefined) return [];
  const { environment } = bake;
  const until = baking && bakedAt(bake, baking);
  if (until !== undefined && until <= at) return [];
  return [
    {
      kind: 'bake',
      key: `bake:${environment}`,
      says: bakeSays(bake, baking),
      ...defined({ until }),
      overrides: [],
    },
  ];
}

function bakeSays({ environment, for: long }: Bake, baking: Baking | undefined): string {
  if (baking === undefined) return `Whether it ran in ${environment} for long enough is not known`;
  if ('stops' in baking) return baking.stops;
  const { version, since, blindFor } = baking;
  return `${version} bakes in ${environment} until ${moment(since + long + blindFor)}: it has all traffic there since ${moment(since)}`;
}

/** Whoever asked for it, and approved it, did not know of that: a rollback never brings the next version by itself (RB-7). */
function rolledBackBlocker(
  rolledBack: RolledBackBefore | undefined,
  { service, askedSince }: Candidate,
): Blocker[] {
  if (rolledBack === undefined || askedSince === undefined || rolledBack.at < askedSince) return [];
  const { deployment, version, why } = rolledBack;
  return [
    {
      kind: 'rolled_back',
      key: `rolled_back:${deployment}`,
      says: `${service} ${version} was rolled back here after this was asked for (${deployment}: "${why}")`,
      overrides: [],
    },
  ];
}

export const GONE_WORDS: Record<Gone['why'], string> = {
  unknown: 'Slack does not know them any more',
  deactivated: 'their account is deactivated',
  bot: 'that is a bot',
  guest: 'they are a guest now',
  foreign: 'they belong to another workspace now',
  unreachable: 'Slack does not say whether they are still there',
};

/** Nobody may be left alone with a rollout that goes wrong. */
function onCallBlocker(gone: readonly Gone[] = [], { onCall }: Candidate): Blocker[] {
  const left = gone.find(({ id }) => id === onCall?.id);
  if (onCall === undefined || left === undefined) return [];
  return [
    {
      kind: 'on_call',
      key: `on_call:${onCall.id}`,
      says: `Nobody is on call: ${onCall.name} was to be, and ${GONE_WORDS[left.why]}`,
      overrides: [],
    },
  ];
}

/** `3 h 30 min` */
function length(time: Duration): string {
  const hours = Math.floor(time / HOUR);
  const minutes = Math.round((time % HOUR) / MINUTE);
  const parts = [hours === 0 ? '' : `${hours} h`, minutes === 0 && hours > 0 ? '' : `${minutes} min`];
  return parts.filter(Boolean).join(' ');
}
