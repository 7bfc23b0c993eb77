/** A rehearsal: a request played to its hand-over through the core, as if all went well, with nothing told to anybody (ST-7). */

import type { Observation } from '../../backends/port.ts';
import { defined } from '../../defined.ts';
import type { Calendar } from '../../policy/calendar/blockers.ts';
import type { Step } from '../../terms/plan.ts';
import { type Duration, type Instant, moment, SECOND } from '../../time.ts';
import { type Applied, applyEvents } from '../apply-events.ts';
import { decide } from '../decide.ts';
import { byOf } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import { type Effect, type LiveMessage, messageKey } from '../effects.ts';
import type { DeploymentEvent } from '../events.ts';
import type { Actor, Decision, Facts, Intent } from '../intents.ts';
import { TERMINAL } from '../lifecycle.ts';
import { askAgainAfter, isTimeDeciding, nextWake, type Question, questions } from '../next-wake.ts';
import { meaningOf, type Seen } from '../rollout/steps.ts';
import { fineReading, nextExpectedInput } from './if-all-goes-well.ts';

/** A message that would be sent or drawn anew, with the state that it would show. */
export interface Shown {
  message: LiveMessage;
  event: DeploymentEvent;
  after: Deployment;
}

export type Command = Exclude<Effect, { kind: 'show' }>;

/** What happens at one instant by one hand. */
export interface RehearsedStep {
  at: Instant;
  events: DeploymentEvent[];
  after: Deployment;
  /** What is sent then for the first time. */
  messages: Shown[];
  /** What the backend, or the deployment before, would be told. */
  commands: Command[];
}

export interface Rehearsal {
  steps: RehearsedStep[];
  /** How often each message is drawn anew after it was sent, by its key. */
  redrawn: ReadonlyMap<string, number>;
  end: Deployment;
  /** Why it does not come to its hand-over, where it does not. */
  stopped?: string;
}

/** How long a backend needs to move the traffic: as long as it is given before it is asked again. */
const MOVES_WITHIN: Duration = 2 * SECOND;
/** No plan that a person reads takes more; one that does is told as far as it was played. */
const MAX_STEPS = 6_000;

interface Play {
  d: Deployment;
  now: Instant;
  calendar: Calendar | undefined;
  steps: RehearsedStep[];
  /** Messages by their key, and how often each was drawn anew. Of years there are very many: they are counted as they come (OP-9). */
  redrawn: Map<string, number>;
  /** The steps that the backend was told, and when. */
  told: { step: Step; at: Instant }[];
}

/**
 * `asked` is what the request itself would record. Windows, freezes and locks of the calendar are waited for; who is on
 * the way now is taken to be gone, because nobody knows when.
 */
export function rehearse(asked: Applied, calendar?: Calendar): Rehearsal {
  const playing = rehearsing(asked, calendar);
  let next = playing.next(GO_ON);
  while (next.done !== true) next = playing.next(GO_ON);
  return next.value;
}

const GO_ON = 'go on';
/** What whoever plays it answers after each step: it may take no longer than people wait (OP-9). */
export type GoOn = typeof GO_ON | 'stop';

/** The same step by step, for whoever shares the time with others; told to stop, it says how far it came. */
export function* rehearsing(asked: Applied, calendar?: Calendar): Generator<void, Rehearsal, GoOn> {
  const { after, applied } = asked;
  const p: Play = {
    d: after,
    now: applied[0]?.event.at ?? after.requestedAt,
    calendar: calendar && { ...calendar, conflicts: [] },
    steps: [],
    redrawn: new Map(),
    told: [],
  };
  record(p, asked);
  let snoozed: { seq: number; until: Instant } | undefined;
  while (!TERMINAL.has(p.d.status)) {
    if (p.steps.length >= MAX_STEPS) return ended(p, 'it takes more steps than a rehearsal plays');
    if ((yield) === 'stop')
      return ended(p, `it takes longer to rehearse than you would wait; this is as far as ${moment(p.now)}`);
    const input = nextExpectedInput(p.d, p.now);
    if (input !== undefined) {
      const said = tell(p, input.intent, input.actor, input.reports && { reports: input.reports });
      if (said.kind !== 'accepted')
        return ended(
          p,
          said.kind === 'refused' ? said.message : 'what is reported of its gates does not let it start',
        );
      continue;
    }
    const due = nextWake(p.d);
    if (p.d.status === 'held' || due === undefined)
      return ended(p, p.d.rollout?.hold?.reason ?? 'it waits for people');
    p.now = Math.max(p.now, due, snoozed?.seq === p.d.seq ? snoozed.until : due);
    if (wake(p) === 'other questions') continue;
    const next = nextWake(p.d);
    // Asked a moment ago: it is asked again in a while, as the conductor does.
    if (next !== undefined && next <= p.now) snoozed = { seq: p.d.seq, until: p.now + askAgainAfter(p.d) };
  }
  return p.d.status === 'handed_over'
    ? ended(p)
    : ended(p, p.d.ending?.reason ?? p.d.rollback?.why ?? `it ends as ${p.d.status}`);
}

function ended({ steps, redrawn, d }: Play, stopped?: string): Rehearsal {
  return { steps, redrawn, end: d, ...defined({ stopped }) };
}

/** As the conductor's waker asks, with answers that are all well. */
function wake(p: Play): 'other questions' | 'asked' {
  const before = p.d;
  const asked = questions(before, p.now);
  if (asked.length === 0 || isTimeDeciding(before, p.now)) {
    const woken = tell(p, { kind: 'wake' }, { kind: 'system', name: 'clock' });
    if (asked.length === 0 && woken.kind === 'accepted') return 'other questions';
  }
  for (const question of asked) {
    const actor: Actor = { kind: 'system', name: question.ask === 'backend' ? 'backend' : 'judge' };
    tell(p, answerTo(p, before, question), actor);
    if (p.d.status !== before.status) break;
  }
  return 'asked';
}

function answerTo(p: Play, before: Deployment, question: Question): Intent {
  return question.ask === 'backend'
    ? { kind: 'observed', observation: observed(p) }
    : { kind: 'measured', reading: fineReading(before, question.from, question.to) };
}

function observed({ d, now, told }: Play): Observation {
  const { version } = d.terms.envelope;
  const untouched: Seen = { stable: d.previous, canary: null, weight: 0 };
  const seen = told
    .filter(({ at }) => at + MOVES_WITHIN <= now)
    .reduce((before, { step }) => meaningOf(step).leaves(step, before, version), untouched);
  return { at: now, ...seen, health: 'passing' };
}

function tell(p: Play, intent: Intent, actor: Actor, more: Partial<Facts> = {}): Decision {
  const facts: Facts = {
    now: p.now,
    actor,
    ...defined({ calendar: p.calendar }),
    ...more,
  };
  const decision = decide(p.d, intent, facts);
  if (decision.kind === 'accepted')
    record(p, applyEvents(p.d.id, p.d, decision.events, { at: p.now, by: byOf(actor) }));
  return decision;
}

function record(p: Play, { after, applied }: Applied): void {
  p.d = after;
  const messages: Shown[] = [];
  const commands: Command[] = [];
  for (const { event, after: then, effects } of applied) {
    for (const effect of effects) {
      if (effect.kind !== 'show') commands.push(effect);
      else if (isFirst(p, effect.message)) messages.push({ message: effect.message, event, after: then });
      if (effect.kind === 'apply') told(p, effect.step);
    }
  }
  p.steps.push({ at: p.now, events: applied.map(({ event }) => event), after, messages, commands });
}

function isFirst({ redrawn }: Play, message: LiveMessage): boolean {
  const key = messageKey(message);
  const before = redrawn.get(key);
  redrawn.set(key, before === undefined ? 0 : before + 1);
  return before === undefined;
}

function told(p: Play, index: number): void {
  const step = p.d.terms.envelope.plan.steps[index];
  if (step !== undefined) p.told.push({ step, at: p.now });
}
