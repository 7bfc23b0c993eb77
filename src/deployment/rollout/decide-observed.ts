/** What the backend shows: the rollout goes on where it is as it should be, and holds where it is not. */

import type { Observation } from '../../backends/port.ts';
import { defined } from '../../defined.ts';
import { type Step, shareOf } from '../../terms/plan.ts';
import { type Instant, MINUTE } from '../../time.ts';
import { accepted, acceptedIfAny, UNCHANGED } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import { onceVerified } from '../drill/drill.ts';
import type { EventBody } from '../events.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { CAN_HOLD, NOT_STARTED, TERMINAL } from '../lifecycle.ts';
import { newsOf } from '../readiness/decide-readiness.ts';
import { goBackByItself } from '../rollback/data-at-risk.ts';
import { decideGoingBack } from '../rollback/decide-going-back.ts';
import { beforeVerified, decideSmokeReported, onSmokeStep } from '../smoke/decide-smoke.ts';
import { afterFailedGate } from '../smoke/failed-gate.ts';
import { decideStart } from '../start/decide-start.ts';
import { trouble } from '../trouble.ts';
import { otherDigest, strangerIn, strangerWords } from './drift.ts';
import {
  completeStep,
  currentStep,
  expectedWeight,
  handingOverState,
  rolloutOf,
  stepAtHandOver,
} from './progress.ts';
import { isTrafficRight, meaningOf, weightIn } from './steps.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** A backend that accepted a step and is not there after this long is a matter for people. */
const SETTLES_WITHIN = 10 * MINUTE;

export function decideObserved(d: Deployment, intent: IntentOf<'observed'>, facts: Facts): Decision {
  const tested = ofBackendsTests(d, intent.observation, facts);
  if (tested.kind === 'accepted') return tested;
  const decision = onObservation(d, intent.observation, facts);
  const before: EventBody[] = [
    // Those that wait for their start have heard it before they look at the backend.
    ...(NOT_STARTED.has(d.status) ? [] : newsOf(d, facts)),
    ...(isOver(d, intent.observation, facts) && !TERMINAL.has(d.status)
      ? [{ type: 'backend_recovered' as const }]
      : []),
  ];
  if (before.length === 0) return decision;
  const stop = afterFailedGate(d, before);
  if (stop.length > 0 && !goesBack(decision)) return accepted(...before, ...stop);
  return accepted(...before, ...(decision.kind === 'accepted' ? decision.events : []));
}

const goesBack = (decision: Decision): boolean =>
  decision.kind === 'accepted' && decision.events.some(({ type }) => type === 'rollback_started');

/** What the backend's own smoke tests say, where a run waits for it. */
function ofBackendsTests(d: Deployment, { smoke: results }: Observation, facts: Facts): Decision {
  if (results === undefined || d.smoke === undefined || d.smoke.verdict !== undefined) return UNCHANGED;
  return decideSmokeReported(
    d,
    { kind: 'smoke_reported', run: d.smoke.run, from: 'backend', results },
    facts,
  );
}

/** It answers, or shows nothing strange any more. */
function isOver(d: Deployment, observation: Observation, facts: Facts): boolean {
  if (d.trouble?.doing === 'observe') return true;
  return d.trouble?.doing === COMPARE && driftOf(d, observation, facts) === undefined;
}

/** What is done when what runs is held against what was signed. */
const COMPARE = 'compare';

/** In words; undefined where what runs is this deployment's, what it replaces, or the one that comes after it. */
function driftOf(d: Deployment, observation: Observation, { occupiedBy }: Facts): string | undefined {
  const other = otherDigest(d, observation);
  if (other !== undefined) return other;
  const stranger = strangerIn(d, observation);
  return stranger === undefined || stranger === occupiedBy?.version
    ? undefined
    : strangerWords(stranger, observation);
}

function onObservation(d: Deployment, observation: Observation, facts: Facts): Decision {
  switch (d.status) {
    case 'scheduled':
      return decideStart(d, observation, facts);
    case 'rolling_out':
    case 'held':
    case 'verifying':
    case 'observing':
      return withTraffic(d, observation, facts);
    case 'rolling_back':
      return decideGoingBack(d, observation, facts.now);
    default:
      return UNCHANGED;
  }
}

function withTraffic(d: Deployment, observation: Observation, facts: Facts): Decision {
  const { now } = facts;
  if (observation.health === 'failing' && newestIn(observation) === d.terms.envelope.version) {
    return acceptedIfAny(goBackByItself(d, 'its health check is failing'));
  }
  // Seen before the last command: it says nothing about what that command did.
  if (observation.at < movedAt(d)) return UNCHANGED;
  const { plan, version } = d.terms.envelope;
  const { step: at } = rolloutOf(d);
  const weight = weightIn(observation, version);
  const there = isTrafficRight(plan, at.index, observation, version);
  const { problem } = observation;
  if (problem !== undefined && CAN_HOLD.has(d.status)) {
    return accepted({ type: 'held', reason: `the backend will not carry it out: ${problem}` });
  }
  const drift = driftOf(d, observation, facts);
  // Never put right by itself: whoever did it had a reason, and people decide whose stands.
  if (drift !== undefined) {
    return CAN_HOLD.has(d.status) ? accepted({ type: 'held', reason: drift }) : trouble(d, COMPARE, drift);
  }
  if (d.status === 'verifying') {
    if (there && observation.health === 'passing')
      return beforeVerified(d, movedAt(d)) ?? accepted(...onceVerified(d));
    return heldIfLate(
      d.rollout?.finalWatch?.since,
      now,
      `the backend reports ${weight} % of traffic, health ${observation.health}`,
    );
  }
  if (d.status === 'observing') return whileHandingOver(d, observation, now);
  if (d.status !== 'rolling_out') return UNCHANGED;
  const step = currentStep(d);
  const moved =
    step !== undefined && (shareOf(step) !== undefined || there)
      ? onStep(d, step, observation, now)
      : undefined;
  if (moved !== undefined) return moved;
  if (there) return UNCHANGED;
  const reason = `it should have ${expectedWeight(d)} % of traffic and has ${weight} %: someone else moved it`;
  return accepted({ type: 'held', reason });
}

/** What was kept as the way back is gone: it is handed over. What the backend does not take down is a matter for people. */
function whileHandingOver(d: Deployment, observation: Observation, now: Instant): Decision {
  const begun = d.rollout?.finalWatch?.handingOver;
  const last = stepAtHandOver(d);
  if (begun === undefined || last === undefined || observation.at < begun.at) return UNCHANGED;
  const { isDone, wants } = meaningOf(last.step);
  if (isDone?.(last.step, observation, d.terms.envelope.version) === true)
    return accepted({ type: 'handed_over', ...defined({ reason: begun.reason }) });
  if (handingOverState(d) === 'stuck') return UNCHANGED;
  if (observation.problem === undefined && now - begun.at < SETTLES_WITHIN) return UNCHANGED;
  const why =
    observation.problem ?? `${Math.round((now - begun.at) / MINUTE)} minutes after the backend was told`;
  return accepted({ type: 'observation_unsettled', because: `${wants(last.step)}: ${why}` });
}

/** Undefined where looks or results end the step, not what the backend shows. */
function onStep(d: Deployment, step: Step, observation: Observation, now: Instant): Decision | undefined {
  const { isDone, wants, tests } = meaningOf(step);
  if (tests) return onSmokeStep(d, rolloutOf(d).step.since);
  const { version } = d.terms.envelope;
  if (isDone === undefined) return undefined;
  if (isDone(step, observation, version)) return accepted(...completeStep(d));
  const has = shareOf(step) === undefined ? '' : ` and has ${weightIn(observation, version)} %`;
  return heldIfLate(rolloutOf(d).step.since, now, `${wants(step)}${has}`);
}

/** When the step or the verification under way began. */
function movedAt(d: Deployment): Instant {
  return (d.status === 'verifying' ? d.rollout?.finalWatch?.since : d.rollout?.step?.since) ?? 0;
}

/** The version whose health the backend reports; in an observation it may be that of the next deployment. */
function newestIn({ canary, stable, weight }: Observation): string | null {
  return canary !== null && weight > 0 ? canary : stable;
}

function heldIfLate(since: Instant | undefined, now: Instant, what: string): Decision {
  if (since === undefined || now - since < SETTLES_WITHIN) return UNCHANGED;
  return accepted({
    type: 'held',
    reason: `${what}, ${Math.round((now - since) / MINUTE)} minutes after it was told`,
  });
}
