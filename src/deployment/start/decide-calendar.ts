/** What the calendar has to say: to a request for a time that is closed, and to who would start in spite of it (WN-1 to WN-4). */

import { type Blocker, blockersAt, type Calendar, WINDOW_KEY } from '../../policy/calendar/blockers.ts';
import { mayBy } from '../../policy/calendar/policy.ts';
import { baseOf } from '../../terms/change.ts';
import type { Envelope } from '../../terms/envelope.ts';
import { distinctPeople, type PersonRef } from '../../terms/person.ts';
import { canonicalJson } from '../canonical-json.ts';
import { accepted, isAllowed, refused, refusedAttempt, title, whoMay } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import type { Actor, Decision, Facts, Intent, RefusalCode } from '../intents.ts';
import { NOT_STARTED } from '../lifecycle.ts';
import { candidateOf, startBlockers, startDelay, startDelayed } from './waiting.ts';

type PersonActor = Extract<Actor, { kind: 'person' }>;
type Asked = Pick<Deployment, 'terms'> & Partial<Pick<Deployment, 'requestedBy' | 'start' | 'terms'>>;

const CODES: Record<Blocker['kind'], RefusalCode> = {
  freeze: 'frozen',
  window: 'window_closed',
  lock: 'locked',
  conflict: 'occupied',
  bake: 'not_promoted',
  rolled_back: 'rolled_back_before',
  on_call: 'on_call_gone',
  signer: 'not_ready',
};

/**
 * A refusal where it can never start as it is asked for. A start "as soon as it is ready" waits for the end of a
 * freeze and for the next window by itself; a start at a time does not, and somebody else's lock is theirs to end.
 */
export function closedFor(asked: Asked, facts: Facts, before?: Envelope): Decision | undefined {
  const { calendar, now, actor } = facts;
  const { start, plan } = asked.terms.envelope;
  const same =
    before !== undefined && canonicalJson([before.start, before.plan]) === canonicalJson([start, plan]);
  if (calendar === undefined || same) return undefined;
  const own = candidateOf(asked);
  // A closed window was overridden for the start that it had.
  const overridden = own.overridden.filter((key) => key !== WINDOW_KEY);
  const people = actor.kind === 'person' ? [...own.people, actor.person.id] : own.people;
  const at = start.kind === 'at' ? Math.max(start.at, now) : now;
  // Whoever declares an emergency starts it in spite of these; the record says so beside the request.
  if (startsAlone(asked)) return undefined;
  const blocker = blockersAt({ ...calendar, conflicts: [] }, { ...own, people, overridden }, at).find(
    ({ kind, until }) =>
      start.kind === 'at' || kind === 'lock' || (NEVER_WITHOUT_TIME.has(kind) && until === undefined),
  );
  return blocker && refused(CODES[blocker.kind], `${blocker.says}. ${nextAfter(blocker)}`);
}

/** What stopped before it had run there for long enough does not go on by itself. */
function nextAfter({ kind, until }: Blocker): string {
  return kind === 'bake' && until === undefined
    ? 'Deploy it there first, choose another version, or ask for an emergency change.'
    : NEXT[kind];
}

/** What time alone does not clear of these, waiting does not either. */
const NEVER_WITHOUT_TIME: ReadonlySet<Blocker['kind']> = new Set(['window', 'bake']);

const NEXT: Record<Blocker['kind'], string> = {
  freeze:
    'Choose a time after that, or let it start as soon as it is ready: it then waits for the end of the freeze.',
  window: 'Choose a time in a window, or a strategy that takes less.',
  lock: 'Ask them, or take the lock over with /deploy lock: they will be told.',
  conflict: 'Wait until it has ended.',
  bake: 'Choose a time after it has run there for long enough, or let it start as soon as it is ready; what cannot wait is an emergency change.',
  rolled_back: 'Say why it can start all the same.',
  on_call: 'Name another on-call.',
  signer: 'Wait until Slack says so, or ask somebody else in the role.',
};

/** An emergency, declared by a role that the policy names (CH-1). */
function startsAlone({ terms: { approval, details } }: Pick<Asked, 'terms'>): boolean {
  return baseOf(details) === 'emergency' && approval.when === 'afterwards';
}

const OVERRIDABLE: ReadonlySet<Blocker['kind']> = new Set(['freeze', 'window', 'lock']);

/** What stands in the way of an emergency as it is declared, and is overridden by that: of the person's own words. */
export function overriddenByDeclaring(asked: Asked, facts: Facts): EventBody[] {
  const { calendar, now, notAdmitted } = facts;
  if (calendar === undefined || notAdmitted !== undefined || !startsAlone(asked)) return [];
  const { start } = asked.terms.envelope;
  const at = start.kind === 'at' ? Math.max(start.at, now) : now;
  const standing = blockersAt(calendar, candidateOf(asked), at).filter(({ kind }) => OVERRIDABLE.has(kind));
  if (standing.length === 0) return [];
  const keys = standing.map(({ key }) => key);
  return [
    {
      type: 'calendar_overridden',
      keys,
      says: standing.map(({ says }) => says),
      reason: `An emergency: ${asked.terms.details.summary}`,
      told: toldOf(keys, calendar, facts),
    },
  ];
}

/** What the card says from the beginning: a freeze that stands now, or a version that bakes, where it would start as soon as it is ready. */
export function delayedFromTheStart(asked: Asked, { calendar, now }: Facts): EventBody[] {
  if (calendar === undefined || asked.terms.envelope.start.kind === 'at' || startsAlone(asked)) return [];
  const known = blockersAt(calendar, candidateOf(asked), now).filter(
    ({ kind }) => kind === 'freeze' || kind === 'bake',
  );
  return known.length === 0 ? [] : [startDelayed(known)];
}

/** One deployment starts in spite of a freeze or outside its windows, and the record says by whom and why (WN-3). */
export function decideOverride(
  d: Deployment,
  intent: Extract<Intent, { kind: 'override' }>,
  facts: Facts,
): Decision {
  const { actor, calendar, now } = facts;
  if (actor.kind !== 'person') return refused('not_allowed', 'Only a person can override a freeze.');
  if (!NOT_STARTED.has(d.status) || calendar === undefined)
    return refused('wrong_status', `${title(d)} has started or ended. The card shows where it is.`);
  const declares = startsAlone(d) && facts.mayDeclare === true;
  const standing = startBlockers(d, calendar, now).filter(
    ({ kind }) =>
      kind === 'freeze' || kind === 'window' || kind === 'rolled_back' || (declares && kind === 'lock'),
  );
  if (standing.length === 0)
    return refused('wrong_status', `Nothing that can be overridden stands in the way of ${title(d)}.`);
  const denied = declares ? undefined : standing.find((blocker) => !mayOverride(d, blocker, actor));
  if (denied) {
    const roles = whoOverrides(d, denied);
    return refusedAttempt(
      'not_allowed',
      `override the ${NAMES[denied.kind]}`,
      `You can't override this ${NAMES[denied.kind]}: ${roles}. Nothing was recorded but this try.`,
    );
  }
  const reason = intent.reason.trim();
  if (reason === '') return refused('reason_needed', 'Say why it cannot wait.');
  const keys = standing.map(({ key }) => key);
  const overridden: EventBody = {
    type: 'calendar_overridden',
    keys,
    says: standing.map(({ says }) => says),
    reason,
    told: toldOf(keys, calendar, facts),
  };
  const by = { id: actor.person.id, name: actor.person.name };
  const after = {
    ...d,
    start: { ...d.start, overridden: [...d.start.overridden, { keys, reason, by, at: now }] },
  };
  return accepted(overridden, ...startDelay(after, calendar, now).events);
}

const NAMES: Record<Blocker['kind'], string> = {
  freeze: 'freeze',
  window: 'window',
  lock: 'lock',
  conflict: 'conflict',
  bake: 'bake',
  rolled_back: 'rollback',
  on_call: 'on-call',
  signer: 'sign-off',
};

/** Whether what was asked for before a rollback still starts is for those who may resume what is held. */
function mayOverride(d: Deployment, { kind, overrides }: Blocker, actor: PersonActor): boolean {
  return kind === 'rolled_back' ? isAllowed(d, 'resume', actor) : mayBy(overrides, actor.roles);
}

function whoOverrides(d: Deployment, { kind, overrides }: Blocker): string {
  if (kind === 'rolled_back') return `ask ${whoMay(d, 'resume')}`;
  return overrides.length === 0 ? 'nobody may' : `that is for ${overrides.join(', ')}`;
}

/** Whose freezes and locks these are, but for the person who overrides them. */
function toldOf(keys: readonly string[], { freezes, locks }: Calendar, { actor }: Facts): PersonRef[] {
  const declared = [
    ...freezes.map(({ id, by }) => ({ key: `freeze:${id}`, by })),
    ...locks.map(({ id, holder }) => ({ key: `lock:${id}`, by: holder })),
  ];
  const people = declared.flatMap(({ key, by }) => (by !== undefined && keys.includes(key) ? [by] : []));
  const others = people.filter(({ id }) => actor.kind !== 'person' || id !== actor.person.id);
  return distinctPeople(others);
}
