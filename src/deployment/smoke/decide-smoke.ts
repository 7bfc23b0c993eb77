/** Smoke tests in a deployment: when they begin, what their results move, and that nothing goes on without them (SM-2, RB-3). */

import { defined } from '../../defined.ts';
import {
  flakyTests,
  judgeSmoke,
  type SmokeResult,
  type SmokeVerdict,
  slowPages,
  testsFor,
  withRun,
} from '../../policy/smoke.ts';
import type { SmokeTest } from '../../terms/smoke.ts';
import { type Instant, MINUTE, SECOND } from '../../time.ts';
import { accepted, refused, title, UNCHANGED } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { CAN_ROLL_BACK, TERMINAL } from '../lifecycle.ts';
import { goBackByItself } from '../rollback/data-at-risk.ts';
import { completeStep, currentStep, expectedWeight } from '../rollout/progress.ts';
import { meaningOf } from '../rollout/steps.ts';
import { withResults } from './evolve.ts';
import { asking } from './failed-gate.ts';
import type { SmokePhase, SmokeState } from './state.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** What the run itself was given, and then some: its results are on their way. */
const GRACE = 30 * SECOND;
/** Tests that fail after a rollback are run again: seldom, and seldomer the longer it lasts. */
const AGAIN_AFTER = 30 * SECOND;
const AGAIN_AT_LEAST_EVERY = 5 * MINUTE;

/**
 * The run that counts for a phase which began then; one of before a resume or a repeated rollback does not. What held
 * it is over once it goes on, also where all of that came in one instant.
 */
function runFor(d: Deployment, phase: SmokePhase, since: Instant): SmokeState | undefined {
  const { smoke } = d;
  if (smoke === undefined || smoke.phase !== phase || smoke.since < since) return undefined;
  return phase !== 'rollback' && smoke.verdict?.kind === 'hold' ? undefined : smoke;
}

/** Where the new version has all traffic, every request reaches it. */
const hasAll = (d: Deployment): boolean => expectedWeight(d) === 100;

function testsIn(d: Deployment, phase: SmokePhase): SmokeTest[] {
  const { smoke } = d.terms;
  if (smoke === undefined) return [];
  return testsFor(smoke, {
    arm: phase !== 'step' || hasAll(d) || smoke.arm !== undefined,
    back: phase === 'rollback',
  });
}

function began(d: Deployment, phase: SmokePhase, tests: readonly SmokeTest[]): EventBody {
  const version = phase === 'rollback' ? (d.rollback?.to ?? '') : d.terms.envelope.version;
  const toArm = phase === 'step' && !hasAll(d);
  return { type: 'smoke_started', phase, version, toArm, tests: tests.map(({ id }) => id) };
}

/** A step that is smoke tests: begins them; their results end it. */
export function onSmokeStep(d: Deployment, since: Instant): Decision {
  if (runFor(d, 'step', since) !== undefined) return UNCHANGED;
  const tests = testsIn(d, 'step');
  if (tests.length > 0) return accepted(began(d, 'step', tests));
  return accepted({ type: 'smoke_skipped', because: whyNone(d) }, ...completeStep(d));
}

function whyNone({ terms: { smoke, envelope } }: Deployment): string {
  if (smoke === undefined || smoke.tests.length === 0)
    return `the policy names no smoke tests of ${envelope.service} in ${envelope.environment}`;
  return smoke.base === undefined
    ? `the policy does not say where ${envelope.service} answers in ${envelope.environment}`
    : 'traffic is split, and nothing leads to the new version alone: they run when it has all traffic';
}

/** Undefined where nothing stands between the check after the last step and its end. */
export function beforeVerified(d: Deployment, since: Instant): Decision | undefined {
  const tests = testsIn(d, 'verification');
  if (tests.length === 0) return undefined;
  const run = runFor(d, 'verification', since);
  if (run === undefined) return accepted(began(d, 'verification', tests));
  return isGood(run.verdict) ? undefined : UNCHANGED;
}

/** Undefined where the version before is seen to work (RB-3); else what is done, and what is said of it. */
export function beforeRolledBack(d: Deployment, now: Instant): Decision | { trouble: string } | undefined {
  const { to = null, toldAt = now, startedAt = now } = d.rollback ?? {};
  const tests = to === null ? [] : testsIn(d, 'rollback');
  if (tests.length === 0) return undefined;
  const run = runFor(d, 'rollback', toldAt);
  if (run === undefined) return accepted(began(d, 'rollback', tests));
  const { verdict } = run;
  if (verdict === undefined) return UNCHANGED;
  if (isGood(verdict)) return undefined;
  const pause = Math.min(Math.max(AGAIN_AFTER, verdict.at - startedAt), AGAIN_AT_LEAST_EVERY);
  if (now - verdict.at >= pause) return accepted(began(d, 'rollback', tests));
  return { trouble: `${to} is back, and ${verdict.because}` };
}

const isGood = (verdict: SmokeVerdict | undefined): boolean =>
  verdict?.kind === 'pass' || verdict?.kind === 'watch';

/** When a run ends that nobody has answered; undefined where none is under way. */
export function smokeLateAt({ smoke, terms, status }: Deployment): Instant | undefined {
  if (smoke === undefined || smoke.verdict !== undefined || TERMINAL.has(status)) return undefined;
  return smoke.since + (terms.smoke?.within ?? 0) + GRACE;
}

/** What nobody has said by then is not known, which is never as good as passed. */
export function smokeLate(d: Deployment, { now }: Pick<Facts, 'now'>): EventBody[] {
  const at = smokeLateAt(d);
  if (d.smoke === undefined || at === undefined || now < at) return [];
  return concluded(d, d.smoke, { results: [], late: true }, { now });
}

export function decideSmokeReported(
  d: Deployment,
  intent: IntentOf<'smoke_reported'>,
  facts: Facts,
): Decision {
  const { smoke } = d;
  // A run that was begun anew meanwhile has its own results.
  if (intent.run !== undefined && (smoke?.run !== intent.run || smoke.verdict !== undefined))
    return UNCHANGED;
  if (intent.run === undefined && !awaitsWord(d)) return tooSoon(d);
  if (smoke === undefined) return UNCHANGED;
  const known = intent.results.filter(({ test }) => mayReport(d, smoke, test, intent.from));
  const changed = known.filter((result) => !smoke.results.some((old) => isSame(old, result)));
  if (changed.length === 0) return UNCHANGED;
  return accepted(
    ...concluded(d, smoke, { ...defined({ reporter: intent.reporter }), results: changed }, facts),
  );
}

/** Results of a pipeline count while they are asked for, and after that as long as the version can go back. */
function awaitsWord({ smoke, status }: Deployment): boolean {
  if (smoke === undefined || smoke.phase === 'rollback') return false;
  return CAN_ROLL_BACK.has(status);
}

function tooSoon(d: Deployment): Decision {
  const why = CAN_ROLL_BACK.has(d.status)
    ? 'they are asked for when it is there'
    : `it is ${d.status.replace('_', ' ')}`;
  return refused('wrong_status', `No smoke tests of ${title(d)} are asked for now: ${why}.`);
}

function mayReport(
  d: Deployment,
  smoke: SmokeState,
  id: string,
  from: IntentOf<'smoke_reported'>['from'],
): boolean {
  const test = d.terms.smoke?.tests.find((one) => one.id === id);
  return smoke.tests.includes(id) && test?.by === from;
}

const isSame = (a: SmokeResult, b: SmokeResult): boolean =>
  a.test === b.test && a.outcome === b.outcome && a.problem === b.problem;

function concluded(
  d: Deployment,
  run: SmokeState,
  { results: more, late = false, reporter }: { results: SmokeResult[]; late?: boolean; reporter?: string },
  { now, smokeTally }: Pick<Facts, 'now' | 'smokeTally'>,
): EventBody[] {
  const { smoke } = d.terms;
  if (smoke === undefined) return [];
  const results = withResults(run.results, more);
  const tests = smoke.tests.filter(({ id }) => run.tests.includes(id));
  const all = tests.every(({ id }) => results.some(({ test }) => test === id));
  const verdict = judgeSmoke(tests, results, smoke);
  const reported: EventBody = {
    type: 'smoke_reported',
    run: run.run,
    results: more,
    ...defined({ reporter }),
  };
  // What has failed for certain is not waited for.
  if (!all && !late && verdict.kind !== 'roll_back') return [reported];
  const slow = slowPages(tests, results, smoke);
  const known = run.tally ?? smokeTally;
  // Later words about a run that is over are no run more.
  const tally = known === undefined || run.verdict !== undefined ? undefined : withRun(known, results);
  const flaky = flakyTests(tally ?? [], smoke);
  const named = { ...(slow.length > 0 && { slow }), ...(flaky.length > 0 && { flaky }) };
  return [{ ...reported, verdict, ...named, ...defined({ tally }) }, ...consequences(d, run, verdict, now)];
}

function consequences(d: Deployment, run: SmokeState, verdict: SmokeVerdict, now: Instant): EventBody[] {
  if (run.phase === 'rollback') return [];
  if (verdict.kind === 'roll_back')
    return CAN_ROLL_BACK.has(d.status) ? goBackByItself(d, verdict.because) : [];
  if (verdict.kind === 'hold') return asking(d, `smoke tests: ${verdict.because}`);
  if (run.phase === 'verification') return answeredGate(d, verdict, now);
  const step = currentStep(d);
  const waits = d.status === 'rolling_out' && step !== undefined && meaningOf(step).tests === true;
  return waits && run.verdict === undefined ? completeStep(d) : [];
}

/** The gate that says whether a version works where it is; its own tests answer it, and a pipeline may. */
const GATE = 'production_smoke';

function answeredGate(d: Deployment, { because }: SmokeVerdict, now: Instant): EventBody[] {
  const { requirements, envelope } = d.terms;
  if (!requirements.gates.some(({ id }) => id === GATE)) return [];
  const { sha, digest } = envelope;
  const report = { gate: GATE, status: 'passed' as const, sha, digest, at: now, by: 'GoNoGo' };
  return [{ type: 'gate_reported', report, passed: true, says: because }];
}
