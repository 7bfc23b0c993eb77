/** What time, the backend and the metrics say: the engine decides on evidence, and holds where there is none. */

import type { Observation } from '../backends/port.ts';
import { judge } from '../judge/judge.ts';
import type { Look } from '../judge/types.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../time.ts';
import { rollback } from './decide-rollback.ts';
import { accepted, UNCHANGED } from './decision.ts';
import type { Deployment } from './deployment.ts';
import type { EventBody } from './events.ts';
import type { Decision, Facts, Intent } from './intents.ts';
import { CAN_ROLL_BACK, LIVE } from './lifecycle.ts';
import { completeStep, currentStage, currentStep, expectedWeight } from './progress.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** A planned start that passed this long ago without its sign-offs is not made up for: nobody expects it any more. */
const START_GRACE = HOUR;
/** A backend that is silent this long while traffic is split leaves the decision to people. */
const BACKEND_SILENCE = 5 * MINUTE;
/** A backend that accepted a step and is not there after this long is a matter for people. */
const SETTLES_WITHIN = 10 * MINUTE;
/** A rollback that is not seen to work is told again: a slower command may have overtaken it. */
const TELL_AGAIN_AFTER = 30 * SECOND;

/** When a request that nobody completes ends. */
export function expiresAt(d: Deployment): Instant {
  const unattended = d.requestedAt + d.safeguards.expireAfter;
  return d.envelope.start.kind === 'at'
    ? Math.min(unattended, d.envelope.start.at + START_GRACE)
    : unattended;
}

/** When the observation after a complete rollout ends. */
export function observedUntil(d: Deployment): Instant {
  return (d.aftermath?.since ?? 0) + d.safeguards.observeFor;
}

export function decideWake(d: Deployment, facts: Facts): Decision {
  if (d.status === 'preparing' && facts.now >= expiresAt(d)) {
    return accepted({ type: 'expired', reason: 'its sign-offs did not come in time' });
  }
  return UNCHANGED;
}

export function decideObserved(d: Deployment, intent: IntentOf<'observed'>, facts: Facts): Decision {
  const { observation } = intent;
  switch (d.status) {
    case 'scheduled':
      return start(d, observation, facts);
    case 'rolling_out':
    case 'held':
    case 'verifying':
    case 'observing':
      return withTraffic(d, observation, facts.now);
    case 'rolling_back':
      return goingBack(d, observation, facts.now);
    default:
      return UNCHANGED;
  }
}

function start(d: Deployment, observation: Observation, facts: Facts): Decision {
  if (d.startAt === undefined || facts.now < d.startAt) return UNCHANGED;
  const { version } = d.envelope;
  if (observation.stable === version) {
    return accepted({ type: 'cancelled', reason: `${version} runs there already` });
  }
  if (observation.canary !== null && observation.canary !== version) {
    return trouble(
      d,
      'start',
      `${observation.canary} has ${observation.weight} % of the traffic already; waiting until it is gone`,
    );
  }
  return accepted({ type: 'started', previous: observation.stable }, { type: 'step_started', step: 0 });
}

function withTraffic(d: Deployment, observation: Observation, now: Instant): Decision {
  const weight = weightOf(d, observation);
  if (observation.health === 'failing' && weight > 0) {
    return accepted(rollback(d, 'its health check is failing'));
  }
  const there = weight === expectedWeight(d);
  if (d.status === 'verifying') {
    if (there && observation.health === 'passing') return accepted({ type: 'verified' });
    return heldIfLate(
      d.aftermath?.since,
      now,
      `the backend reports ${weight} % of traffic, health ${observation.health}`,
    );
  }
  if (d.status !== 'rolling_out') return UNCHANGED;
  if (currentStep(d)?.kind === 'set-weight') {
    if (there) return accepted(...completeStep(d));
    return heldIfLate(
      d.step?.since,
      now,
      `it should have ${expectedWeight(d)} % of traffic and has ${weight} %`,
    );
  }
  if (there) return UNCHANGED;
  const reason = `it should have ${expectedWeight(d)} % of traffic and has ${weight} %: someone else moved it`;
  return accepted({ type: 'held', reason });
}

function heldIfLate(since: Instant | undefined, now: Instant, what: string): Decision {
  if (since === undefined || now - since < SETTLES_WITHIN) return UNCHANGED;
  return accepted({
    type: 'held',
    reason: `${what}, ${Math.round((now - since) / MINUTE)} minutes after it was told`,
  });
}

function goingBack(d: Deployment, observation: Observation, now: Instant): Decision {
  const to = d.rollback?.to ?? null;
  const back = observation.stable === to && weightOf(d, observation) === 0;
  if (!back) {
    const told = d.rollback?.toldAt ?? now;
    return now - told < TELL_AGAIN_AFTER ? UNCHANGED : accepted({ type: 'rollback_repeated', to });
  }
  if (observation.health !== 'failing') return accepted({ type: 'rolled_back' });
  return trouble(d, 'roll back', `${to ?? 'nothing'} is back, and its health check is failing`);
}

/** The new version's real share, in percent. */
function weightOf(d: Deployment, observation: Observation): number {
  if (observation.stable === d.envelope.version) return 100;
  return observation.canary === d.envelope.version ? observation.weight : 0;
}

export function decideMeasured(d: Deployment, intent: IntentOf<'measured'>): Decision {
  const { reading } = intent;
  const { lookEvery, judge: plan } = d.safeguards;
  if (d.status === 'observing') {
    const { look, state } = judge(plan, d.aftermath?.judge, reading, {
      stageEndsAt: observedUntil(d),
      lookEvery: d.safeguards.observeEvery,
    });
    return accepted({ type: 'looked', look, judge: state }, ...afterObservationLook(d, look));
  }
  const stage = currentStage(d);
  if ((d.status !== 'rolling_out' && d.status !== 'held') || stage?.watchUntil === undefined)
    return UNCHANGED;
  const { look, state } = judge(plan, stage.judge, reading, { stageEndsAt: stage.watchUntil, lookEvery });
  return accepted(
    { type: 'looked', look, judge: state },
    ...afterLook(d, look, stage.watchUntil, stage.noData),
  );
}

function afterLook(d: Deployment, look: Look, watchUntil: Instant, noDataBefore: number): EventBody[] {
  if (look.verdict === 'fail' && look.action === 'roll_back') return [rollback(d, look.because)];
  if (d.status === 'held') return [];
  if (look.verdict === 'fail') return [{ type: 'held', reason: look.because }];
  if (look.verdict === 'no_data' && noDataBefore + 1 >= d.safeguards.holdAfterNoData) {
    return [{ type: 'held', reason: `there is no data to judge by: ${look.because}` }];
  }
  if (look.to < watchUntil) return [];
  if (look.verdict === 'pass') return completeStep(d);
  return [{ type: 'held', reason: `its watch is over and it cannot be judged: ${look.because}` }];
}

/** Without data the observation goes on until there is some, or a person hands it over. */
function afterObservationLook(d: Deployment, look: Look): EventBody[] {
  if (look.verdict === 'fail' && look.action === 'roll_back') return [rollback(d, look.because)];
  return look.to >= observedUntil(d) && look.verdict !== 'no_data' ? [{ type: 'handed_over' }] : [];
}

export function decideBackendRefused(d: Deployment, intent: IntentOf<'backend_refused'>): Decision {
  if (intent.doing === 'roll_back') {
    return d.status === 'rolling_back'
      ? accepted({ type: 'rollback_failed', reason: intent.message })
      : UNCHANGED;
  }
  if (d.status !== 'rolling_out' || d.step?.index !== intent.step) return UNCHANGED;
  return accepted(
    { type: 'backend_troubled', doing: 'apply', message: intent.message },
    { type: 'held', reason: `the backend refused: ${intent.message}` },
  );
}

export function decideBackendUnreachable(
  d: Deployment,
  intent: IntentOf<'backend_unreachable'>,
  facts: Facts,
): Decision {
  if (!LIVE.has(d.status)) return UNCHANGED;
  const silentFor = d.trouble === undefined ? 0 : facts.now - d.trouble.at;
  if (d.status === 'rolling_out' && silentFor >= BACKEND_SILENCE) {
    return accepted({
      type: 'held',
      reason: `the backend has not answered for ${Math.round(silentFor / MINUTE)} minutes: ${intent.message}`,
    });
  }
  return CAN_ROLL_BACK.has(d.status) || d.status === 'rolling_back' || d.status === 'scheduled'
    ? trouble(d, intent.doing, intent.message)
    : UNCHANGED;
}

/** Recorded once, however often it is met. */
function trouble(d: Deployment, doing: string, message: string): Decision {
  if (d.trouble !== undefined && d.trouble.doing === doing) return UNCHANGED;
  return accepted({ type: 'backend_troubled', doing, message });
}
