/** A request that would be refused, supposed to be in order: what stands against it is taken away, one refusal after the other, to see what else would follow (ST-7). */

import { type Calendar, nextStart } from '../../policy/calendar/blockers.ts';
import type { Start } from '../../terms/envelope.ts';
import type { Instant } from '../../time.ts';
import type { EventBody } from '../events.ts';
import type { Decision, Facts, Intent, RefusalCode } from '../intents.ts';
import { decideRequest } from '../request/decide-request.ts';
import { offeredStart } from '../request/lead-time.ts';
import { candidateOf } from './waiting.ts';

type Request = Extract<Intent, { kind: 'request' }>;
type Refused = Extract<Decision, { kind: 'refused' }>;

export interface AllRefusals {
  /** The first is what the request would be told; those after it are what it would be told next. */
  refusals: Refused[];
  /** The request and the facts as they would have to be, and what then happens; unset where nothing helps. */
  accepted?: { intent: Request; facts: Facts; events: readonly EventBody[] };
}

interface Case {
  intent: Request;
  facts: Facts;
}

/** More rounds than there are things that can stand in the way help no further. */
const MAX_ROUNDS = 12;

export function findAllRefusals(intent: Request, facts: Facts): AllRefusals {
  const refusals: Refused[] = [];
  let now: Case | undefined = { intent, facts };
  for (let round = 0; round < MAX_ROUNDS && now !== undefined; round += 1) {
    const decision = decideRequest(now.intent, now.facts);
    if (decision.kind === 'accepted') return { refusals, accepted: { ...now, events: decision.events } };
    if (decision.kind !== 'refused') break;
    refusals.push(decision);
    now = liftRefusal(decision.code, now);
  }
  return { refusals };
}

/** Undefined for what no time and no person takes away: the version runs there already. */
function liftRefusal(code: RefusalCode, { intent, facts }: Case): Case | undefined {
  const { occupiedBy: _occupant, notCompletedIn: _skipped, ...others } = facts;
  switch (code) {
    case 'not_allowed':
      return facts.actor.kind === 'person' ? { intent, facts: { ...facts, mayRequest: true } } : undefined;
    case 'wrong_change_type': {
      const { notAdmitted: _refused, ...rest } = facts;
      return { intent, facts: rest };
    }
    case 'occupied': {
      const { notCompletedIn } = facts;
      return { intent, facts: notCompletedIn === undefined ? others : { ...others, notCompletedIn } };
    }
    case 'not_promoted': {
      const { occupiedBy } = facts;
      return {
        intent: withoutBake(intent),
        facts: occupiedBy === undefined ? others : { ...others, occupiedBy },
      };
    }
    case 'start_in_past':
    case 'start_too_far':
      return { intent: withStart(intent, { kind: 'when_ready' }), facts };
    case 'lead_time':
      return startingAt(intent.terms.approval && offeredStart(intent.terms.approval, facts.now), {
        intent,
        facts,
      });
    case 'rolled_back_before':
      return { intent: { ...intent, again: 'to be said' }, facts };
    case 'other_build': {
      const { artifact: _registered, ...rest } = facts;
      return { intent, facts: rest };
    }
    case 'contract_window':
      return { intent: withoutWindow(intent), facts };
    case 'locked':
      return { intent, facts: changed(facts, { locks: [] }) };
    case 'frozen':
    case 'window_closed':
      return atNextOpening({ intent, facts });
    default:
      return undefined;
  }
}

/** As if its version had run in the environment before for long enough. */
function withoutBake(intent: Request): Request {
  const { bake: _bake, ...terms } = intent.terms;
  return { ...intent, terms };
}

/** As if its contract named no time. */
function withoutWindow(intent: Request): Request {
  const { contract } = intent.terms;
  if (contract === undefined) return intent;
  const { startBy: _startBy, ...rest } = contract;
  return { ...intent, terms: { ...intent.terms, contract: rest } };
}

function startingAt(at: Instant | undefined, { intent, facts }: Case): Case | undefined {
  if (at === undefined) return undefined;
  return { intent: withStart(intent, { kind: 'at', at }), facts };
}

function withStart(intent: Request, start: Start): Request {
  const { terms } = intent;
  return { ...intent, terms: { ...terms, envelope: { ...terms.envelope, start } } };
}

/** The next start that the calendar allows; where no window is ever long enough, as if there were none. */
function atNextOpening({ intent, facts }: Case): Case | undefined {
  const { calendar, now, actor } = facts;
  if (calendar === undefined) return undefined;
  const { start } = intent.terms.envelope;
  const from = Math.max(now, start.kind === 'at' ? start.at : now);
  const own = candidateOf(intent);
  const people = actor.kind === 'person' ? [...own.people, actor.person.id] : own.people;
  const next = nextStart(calendar, { ...own, people }, from);
  if (next !== undefined && next > from) return startingAt(next, { intent, facts });
  return { intent, facts: changed(facts, { windows: [] }) };
}

function changed(facts: Facts, change: Partial<Calendar>): Facts {
  return facts.calendar === undefined ? facts : { ...facts, calendar: { ...facts.calendar, ...change } };
}
