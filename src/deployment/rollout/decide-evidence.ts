/** What time, the backend and the metrics say: the engine decides on evidence, and holds where there is none. */

import type { Observation } from '../../backends/port.ts';
import { defined } from '../../defined.ts';
import { judge } from '../../judge/judge.ts';
import type { Look, Undecided } from '../../judge/types.ts';
import { type Step, shareOf } from '../../terms/plan.ts';
import { type Duration, HOUR, type Instant, MINUTE, SECOND } from '../../time.ts';
import { nudgesDue } from '../approval/nudges.ts';
import { blockingSignOffs } from '../approval/sign-offs.ts';
import { accepted, UNCHANGED } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { CAN_HOLD, NOT_STARTED, TERMINAL } from '../lifecycle.ts';
import { newsOf, withReadiness } from '../readiness/decide-readiness.ts';
import { evidenceExpired, missingBefore } from '../readiness/readiness.ts';
import { otherBuild } from '../request/other-build.ts';
import { rollback } from '../rollback/decide-rollback.ts';
import { beforeRolledBack, beforeVerified, decideSmokeReported, onSmokeStep } from '../smoke/decide-smoke.ts';
import { withDelay } from '../start/decide-calendar.ts';
import { delayOf, windowUntil } from '../start/waiting.ts';
import { otherDigest, strangerIn, strangerWords } from './drift.ts';
import { judgedStage, judgePlanOf, lookContext } from './look-context.ts';
import { overrunDue } from './overrun.ts';
import {
  completeStep,
  currentStage,
  currentStep,
  expectedWeight,
  judgeStateOf,
  lookedUntil,
  observedUntil,
  rolloutOf,
  watchedStages,
} from './progress.ts';
import type { StageRecord } from './state.ts';
import { isTrafficRight, meaningOf, weightIn } from './steps.ts';
import { digestAfter } from './watch.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** A start that was due this long ago is not made up for, whatever it waited for: nobody expects it any more. */
const START_GRACE = HOUR;
/** A backend that is silent this long while traffic is split leaves the decision to people. */
const BACKEND_SILENCE = 5 * MINUTE;
/** A backend that accepted a step and is not there after this long is a matter for people. */
const SETTLES_WITHIN = 10 * MINUTE;
/** A rollback that is not seen to work is told again: a slower command may have overtaken it. */
const TELL_AGAIN_AFTER = 30 * SECOND;
/** Telling it again waits longer each time: a slow backend must not drown in its own rollbacks. */
const TELL_AGAIN_AT_LEAST_EVERY = 5 * MINUTE;

/** When a request that nobody completes, or that cannot start, ends. */
export function expiresAt(d: Deployment): Instant {
  if (d.start.at !== undefined && d.status === 'scheduled')
    return Math.max(d.start.at, waitsUntil(d)) + START_GRACE;
  const { start } = d.terms.envelope;
  return start.kind === 'at' ? start.at + START_GRACE : d.requestedAt + d.terms.safeguards.expireAfter;
}

/** What waits for somebody is not given up before a request that waits for its sign-offs would be. */
function waitsUntil({ start: { waiting }, terms: { safeguards } }: Deployment): Instant {
  return waiting === undefined ? 0 : (waiting.until ?? waiting.since + safeguards.expireAfter);
}

export function decideWake(d: Deployment, facts: Facts): Decision {
  if (!NOT_STARTED.has(d.status) || facts.now < expiresAt(d)) return withDelay(d, facts, byTime(d, facts));
  return accepted({ type: 'expired', reason: whyExpired(d) });
}

function whyExpired(d: Deployment): string {
  if (d.status !== 'preparing') return 'it could not start within an hour of its time';
  if (blockingSignOffs(d).length > 0) return 'its sign-offs did not come in time';
  return `it was not ready in time: ${missingBefore(d, 'start').join(', ')}`;
}

/** What time and machines have changed since the record last heard of them. */
function byTime(d: Deployment, facts: Facts): Decision {
  const bodies = [...evidenceExpired(d, facts.now), ...newsOf(d, facts)];
  if (bodies.length > 0) return accepted(...withReadiness(d, facts, ...bodies), ...atFailedGate(d, bodies));
  const words = [...nudgesDue(d, facts.now), ...overrunDue(d, facts.now)];
  return words.length === 0 ? UNCHANGED : accepted(...words);
}

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
  const stop = atFailedGate(d, before);
  const goesBack =
    decision.kind === 'accepted' && decision.events.some(({ type }) => type === 'rollback_started');
  if (stop.length > 0 && !goesBack) return accepted(...before, ...stop);
  return accepted(...before, ...(decision.kind === 'accepted' ? decision.events : []));
}

/** What must have passed before the hand-over and failed is not a tick that is missing then: people are asked at once (SM-2). */
function atFailedGate(d: Deployment, bodies: readonly EventBody[]): EventBody[] {
  const before = new Set(
    d.terms.requirements.gates.filter((gate) => gate.before === 'hand_over').map(({ id }) => id),
  );
  const failed = bodies.find(
    (body) => body.type === 'gate_reported' && !body.passed && before.has(body.report.gate),
  );
  if (failed?.type !== 'gate_reported') return [];
  const name = d.terms.requirements.gates.find(({ id }) => id === failed.report.gate)?.name;
  const because = `${name} did not pass: ${failed.says}`;
  if (CAN_HOLD.has(d.status)) return [{ type: 'held', reason: because }];
  const asks = d.status === 'observing' && d.rollout?.finalWatch?.unsettled === undefined;
  return asks ? [{ type: 'observation_unsettled', because }] : [];
}

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
      return start(d, observation, facts);
    case 'rolling_out':
    case 'held':
    case 'verifying':
    case 'observing':
      return withTraffic(d, observation, facts);
    case 'rolling_back':
      return goingBack(d, observation, facts.now);
    default:
      return UNCHANGED;
  }
}

function start(d: Deployment, observation: Observation, facts: Facts): Decision {
  if (d.start.at === undefined || facts.now < d.start.at) return UNCHANGED;
  if (facts.now >= expiresAt(d)) return decideWake(d, facts);
  // A go or a report that is too old by now must not let it start.
  const changed = byTime(d, facts);
  if (changed.kind === 'accepted') return changed;
  const { blocked, events } = delayOf(d, facts.calendar, facts.now);
  if (blocked) return events.length === 0 ? UNCHANGED : accepted(...events);
  const { version } = d.terms.envelope;
  if (facts.occupiedBy) {
    const { id, version: other } = facts.occupiedBy;
    return trouble(d, 'start', `${other} (${id}) is still there; waiting until it is gone`);
  }
  const other = otherBuild(d.terms.envelope, facts.artifact?.registered);
  if (other !== undefined) return trouble(d, 'start', other);
  const strange = otherDigest(d, observation);
  if (strange !== undefined) return trouble(d, 'start', `${strange}; waiting until it is gone`);
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
  const closes = windowUntil(d, facts.calendar, facts.now);
  return accepted(
    {
      type: 'started',
      previous: observation.stable,
      ...defined({ windowUntil: closes, history: taught(facts) }),
    },
    { type: 'step_started', step: 0 },
  );
}

function taught({ history }: Facts): Facts['history'] {
  return history === undefined || Object.keys(history).length === 0 ? undefined : history;
}

function withTraffic(d: Deployment, observation: Observation, facts: Facts): Decision {
  const { now } = facts;
  if (observation.health === 'failing' && newestIn(observation) === d.terms.envelope.version) {
    return accepted(rollback(d, 'its health check is failing'));
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
      return beforeVerified(d, movedAt(d), now) ?? accepted({ type: 'verified' });
    return heldIfLate(
      d.rollout?.finalWatch?.since,
      now,
      `the backend reports ${weight} % of traffic, health ${observation.health}`,
    );
  }
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

/** Undefined where looks or results end the step, not what the backend shows. */
function onStep(d: Deployment, step: Step, observation: Observation, now: Instant): Decision | undefined {
  const { isDone, wants, tests } = meaningOf(step);
  if (tests) return onSmokeStep(d, rolloutOf(d).step.since, now);
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

function goingBack(d: Deployment, observation: Observation, now: Instant): Decision {
  const { to, startedAt, toldAt } = d.rollback ?? { to: null, startedAt: now, toldAt: now };
  const { health } = observation;
  // Seen before it was told: a step on its way may still arrive.
  if (observation.at < toldAt) return UNCHANGED;
  const back = observation.stable === to && weightIn(observation, d.terms.envelope.version) === 0;
  if (!back) {
    const takes = now - startedAt;
    if (takes >= d.terms.safeguards.rollbackWithin && d.trouble?.doing !== 'roll back') {
      return trouble(
        d,
        'roll back',
        `${to ?? 'nothing'} is not back after ${Math.round(takes / MINUTE)} minutes`,
      );
    }
    const patience = Math.min(Math.max(TELL_AGAIN_AFTER, toldAt - startedAt), TELL_AGAIN_AT_LEAST_EVERY);
    return now - toldAt < patience ? UNCHANGED : accepted({ type: 'rollback_repeated', to });
  }
  // Back is not enough: it must be seen to work (RB-3). Where nothing runs any more, there is nothing to check.
  if (health === 'passing' || (to === null && health === 'unknown')) {
    const tested = beforeRolledBack(d, now);
    if (tested === undefined) return accepted({ type: 'rolled_back' });
    return 'trouble' in tested ? trouble(d, 'roll back', tested.trouble) : tested;
  }
  if (health === 'unknown' && now - toldAt < TELL_AGAIN_AFTER) return UNCHANGED;
  const what = health === 'failing' ? 'its health check is failing' : 'nothing says that it is healthy';
  return trouble(d, 'roll back', `${to ?? 'nothing'} is back, and ${what}`);
}

export function decideMeasured(d: Deployment, intent: IntentOf<'measured'>): Decision {
  const { reading } = intent;
  const how = lookContext(d);
  if (how === undefined || isOld(d, reading)) return UNCHANGED;
  const { look, state } = judge(judgePlanOf(d), judgeStateOf(d), reading, how);
  const looked = (before: string | undefined): EventBody => {
    return { type: 'looked', look, judge: state, digest: digestAfter(before, look) };
  };
  if (d.status === 'observing')
    return accepted(looked(d.rollout?.finalWatch?.digest), ...afterObservationLook(d, look));
  const stage = currentStage(d);
  if (stage?.watchUntil === undefined) return UNCHANGED;
  return accepted(looked(stage.digest), ...afterLook(d, look, { ...stage, watchUntil: stage.watchUntil }));
}

/** Most of this window was looked at before, or lies before the watch: judging it again would count it twice. */
function isOld(d: Deployment, { from, to }: { from: Instant; to: Instant }): boolean {
  return (from + to) / 2 < lookedUntil(d);
}

function afterLook(d: Deployment, look: Look, stage: StageRecord & { watchUntil: Instant }): EventBody[] {
  const { watchUntil, noData: noDataBefore } = stage;
  if (look.verdict === 'fail' && look.action === 'roll_back') return [rollback(d, look.because)];
  if (d.status === 'held') return [];
  if (look.verdict === 'fail') return [{ type: 'held', reason: look.because }];
  if (look.verdict === 'no_data' && noDataBefore + 1 >= d.terms.safeguards.holdAfterNoData) {
    return [{ type: 'held', reason: `there is no data to judge by: ${look.because}` }];
  }
  // What was made longer for want of a verdict ends with it.
  if (look.verdict === 'pass' && (look.to >= watchUntil || stage.extended)) return completeStep(d);
  return look.to < watchUntil ? [] : endedUndecided(d, look, stage);
}

/** The watch is over without a verdict: the policy says what then. Nothing goes on against a rule or a suspicion. */
function endedUndecided(d: Deployment, look: Look, stage: StageRecord): EventBody[] {
  const policy = undecidedPolicy(d, stage.number);
  if (policy === 'go_on' && look.verdict === 'undecided' && look.mayGoOn)
    return completeStep(d, look.unseen ?? look.because);
  const planned = watchedStages(d).find(({ number }) => number === stage.number)?.watchFor ?? 0;
  if (policy !== 'hold' && look.verdict === 'undecided' && !stage.extended && planned > 0 && look.mayGoOn) {
    const reason = `its watch is over and it is undecided: ${look.because}`;
    return [{ type: 'extended', extension: planned, reason }];
  }
  return [{ type: 'held', reason: `its watch is over and it cannot be judged: ${look.because}` }];
}

function undecidedPolicy(d: Deployment, number: number): Undecided {
  const { undecided, stages } = d.terms.safeguards.judge;
  const own = stages.find((one) => one.stage === judgedStage(d, number).number)?.undecided;
  const last = watchedStages(d).at(-1)?.number === number;
  return own ?? (last ? undecided.last : undecided.usual);
}

/** It is handed over when it was seen to be well to the end; all else is for people to decide, and is said once. */
function afterObservationLook(d: Deployment, look: Look): EventBody[] {
  if (look.verdict === 'fail' && look.action === 'roll_back') return [rollback(d, look.because)];
  // People were asked, and have not answered yet.
  if (d.rollout?.finalWatch?.unsettled !== undefined) return [];
  const because = whyUnsettled(d, look);
  if (because !== undefined) return [{ type: 'observation_unsettled', because }];
  const over = look.to >= observedUntil(d) && missingBefore(d, 'hand_over').length === 0;
  return over ? [{ type: 'handed_over' }] : [];
}

/** Undecided and blind time is never success (AN-5): undefined while it may still come to a good end by itself. */
function whyUnsettled(d: Deployment, look: Look): string | undefined {
  if (look.verdict === 'fail') return look.because;
  const { observeEvery, holdAfterNoData } = d.terms.safeguards;
  const blind =
    (d.rollout?.finalWatch?.blindFor ?? 0) + (look.verdict === 'no_data' ? look.to - look.from : 0);
  if (blind >= holdAfterNoData * observeEvery)
    return `there was no data for ${lasted(blind)}: ${look.because}`;
  if (look.to < observedUntil(d) || look.verdict === 'pass') return undefined;
  return `its watch is over and it cannot be judged: ${look.because}`;
}

const lasted = (time: Duration): string =>
  time < 2 * HOUR ? `${Math.round(time / MINUTE)} minutes` : `${Math.round(time / HOUR)} hours`;

export function decideBackendRefused(d: Deployment, intent: IntentOf<'backend_refused'>): Decision {
  if (intent.doing === 'roll_back') {
    return d.status === 'rolling_back'
      ? accepted({ type: 'rollback_failed', reason: intent.message })
      : UNCHANGED;
  }
  if ((d.status !== 'rolling_out' && d.status !== 'held') || d.rollout?.step?.index !== intent.step)
    return UNCHANGED;
  const troubled: EventBody = { type: 'backend_troubled', doing: 'apply', message: intent.message };
  if (d.status === 'held') return accepted(troubled);
  return accepted(troubled, { type: 'held', reason: `the backend refused: ${intent.message}` });
}

export function decideBackendUnreachable(
  d: Deployment,
  intent: IntentOf<'backend_unreachable'>,
  facts: Facts,
): Decision {
  if (d.status === 'preparing' || TERMINAL.has(d.status)) return UNCHANGED;
  if (d.status === 'scheduled' && facts.now >= expiresAt(d)) return decideWake(d, facts);
  // What stands is not recorded again, or observing and telling in turn would begin the silence anew each time.
  if (d.trouble === undefined) return trouble(d, intent.doing, intent.message);
  const silentFor = facts.now - d.trouble.at;
  if (CAN_HOLD.has(d.status) && silentFor >= BACKEND_SILENCE) {
    return accepted({
      type: 'held',
      reason: `the backend has not answered for ${Math.round(silentFor / MINUTE)} minutes: ${intent.message}`,
    });
  }
  return UNCHANGED;
}

/** Recorded once, however often it is met. */
function trouble(d: Deployment, doing: string, message: string): Decision {
  if (d.trouble !== undefined && d.trouble.doing === doing) return UNCHANGED;
  return accepted({ type: 'backend_troubled', doing, message });
}
