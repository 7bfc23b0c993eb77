/** What backends, metrics, smoke tests and pagers answer at random moments, and rollouts that go well or badly. */

import fc from 'fast-check';
import { blockingSignOffs } from '../../../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../../../src/deployment/deployment.ts';
import type { Intent } from '../../../src/deployment/intents.ts';
import { missingBefore } from '../../../src/deployment/readiness/readiness.ts';
import { currentStep, handingOverState } from '../../../src/deployment/rollout/progress.ts';
import type { SmokeResult } from '../../../src/policy/smoke.ts';
import type { SmokeTerms } from '../../../src/terms/smoke.ts';
import { type Duration, MINUTE, SECOND } from '../../../src/time.ts';
import { backend, DANA, judge, person, reading, SANA, TOM } from '../builders.ts';
import { occupied, type Step, tell } from './people.ts';
import { anyObservation, ROLES } from './values.ts';

export const TESTED: SmokeTerms = {
  tests: (['login', 'search'] as const).map((id) => ({
    id,
    name: id,
    category: 'core',
    critical: id === 'login',
    by: 'gonogo',
    afterRollback: true,
    home: false,
    requests: [],
  })),
  base: 'https://shop.example.com',
  hosts: [],
  secrets: {},
  holdOver: 10,
  within: 5 * MINUTE,
  flakyOver: 1,
  baseline: { home: 2_000, p50: 100, p99: 500 },
};

/** The answer to the run that is under way: all well but for what is said otherwise, in order. */
export const testedSmoke =
  (...outcomes: SmokeResult['outcome'][]): Step =>
  (world) => {
    const { run = 0, tests = [] } = world.d.smoke ?? {};
    const results = tests.map((test, index) => ({ test, outcome: outcomes[index] ?? 'passed' }));
    world.tell({ kind: 'smoke_reported', run, from: 'gonogo', results }, judge);
  };

export const awaitsSmoke = ({ smoke }: Deployment): boolean =>
  smoke !== undefined && smoke.verdict === undefined;

/** As it would go if nothing happened: the next answer is the one hoped for. */
export const goWell: Step = (world) => {
  world.pass(SECOND);
  if (awaitsSmoke(world.d)) return testedSmoke()(world);
  const { version } = world.d.terms.envelope;
  switch (world.d.status) {
    case 'preparing': {
      const signed = new Set(world.d.approval.signOffs.map(({ person }) => person.id));
      const next = [TOM, SANA].find(({ id }) => !signed.has(id));
      if (next === undefined || blockingSignOffs(world.d).length === 0) world.complete();
      else world.sign({ kind: 'person', person: next, roles: ROLES });
      break;
    }
    case 'observing':
      if (missingBefore(world.d, 'hand_over').length > 0) world.complete();
      else if (handingOverState(world.d) === 'under_way') world.observe({ stable: version, standby: null });
      else world.tell({ kind: 'hand_over', reason: 'all is well' }, person(world.d.terms.details.lead));
      break;
    case 'scheduled':
      world.now = Math.max(world.now, world.d.start.at ?? 0);
      world.observe();
      break;
    case 'rolling_back':
      world.observe({ stable: world.d.previous });
      break;
    case 'held':
      world.tell({ kind: 'resume', reason: 'It looks well.' }, { kind: 'person', person: DANA, roles: [] });
      break;
    case 'rolling_out':
    case 'verifying':
      world.shift(undefined, currentStep(world.d)?.kind === 'stand-up' ? { standby: version } : {});
      break;
  }
};

/** As it would go if everything went wrong: what was there is taken back, and the way back is barred. */
export const goBadly: Step = (world) => {
  world.pass(SECOND);
  const [tick] = world.d.evidence.ticks;
  switch (world.d.status) {
    case 'preparing':
    case 'scheduled':
      if (tick === undefined)
        world.sign({ kind: 'person', person: SANA, roles: ROLES }, { decision: 'no_go', reason: 'CVE open' });
      else world.tick(tick.item, false);
      break;
    case 'rolling_back':
      world.tell({ kind: 'backend_refused', doing: 'roll_back', message: 'no such version' }, backend);
      break;
    default:
      world.tell({ kind: 'roll_back', why: 'it looks odd' }, { kind: 'person', person: DANA, roles: [] });
  }
};

const look =
  (canary: Parameters<typeof reading>[2] & object, noData: boolean, wait: Duration): Step =>
  (world) => {
    const from = world.now;
    world.pass(wait);
    const read = noData ? { from, to: world.now, noData: 'none' } : reading(from, world.now, canary);
    world.tell({ kind: 'measured', reading: read }, judge);
  };

const anyOutcome = fc.constantFrom<SmokeResult['outcome'][]>('passed', 'passed', 'failed', 'unknown');

const pagerAnswers =
  (taken: boolean): Step =>
  (world) => {
    const call = world.d.paging?.calls.at(-1)?.seq ?? 0;
    const about = { call, notifier: 'ops' };
    const intent: Intent = taken
      ? { kind: 'pager_called', ...about }
      : { kind: 'pager_failed', ...about, problem: 'no answer' };
    world.tell(intent, { kind: 'system', name: 'pager' });
  };

export const anyMachineStep: fc.Arbitrary<Step> = fc.oneof(
  fc.array(anyOutcome, { maxLength: 2 }).map((outcomes) => testedSmoke(...outcomes)),
  fc.tuple(anyObservation, fc.boolean()).map(([{ ago, ...seen }, busy]): Step => {
    return (world) =>
      world.tell(
        { kind: 'observed', observation: { ...seen, at: world.now - ago } },
        backend,
        busy ? occupied : {},
      );
  }),
  fc
    .tuple(
      fc.record({
        errors: fc.constantFrom(0, 10, 300),
        p99: fc.constantFrom(300, 2000),
        n: fc.constantFrom(300, 1000),
      }),
      fc.boolean(),
      fc.constantFrom(0, MINUTE, 31 * MINUTE),
    )
    .map(([canary, noData, wait]) => look(canary, noData, wait)),
  fc
    .constantFrom<Intent>(
      { kind: 'wake' },
      { kind: 'supersede', by: 'D-9' },
      { kind: 'backend_refused', doing: 'roll_back', message: 'no' },
      { kind: 'backend_unreachable', doing: 'observe', message: 'no' },
      { kind: 'backend_unreachable', doing: 'apply', message: 'no' },
    )
    .map((intent) => tell(intent, backend)),
  fc.boolean().map((taken) => pagerAnswers(taken)),
  fc
    .integer({ min: 0, max: 4 })
    .map((step) => tell({ kind: 'backend_refused', doing: 'apply', step, message: 'no' }, backend)),
);
