/** Random stories: what people, the backend, the metrics and the clock may bring, in any order. */

import fc from 'fast-check';
import type { Observation } from '../../src/backends/port.ts';
import { defined } from '../../src/defined.ts';
import { blockingSignOffs } from '../../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { Actor, Facts, Intent } from '../../src/deployment/intents.ts';
import { missingBefore } from '../../src/deployment/readiness/readiness.ts';
import { currentStep, handingOverState, stagesBegun } from '../../src/deployment/rollout/progress.ts';
import { NO_CALENDAR } from '../../src/policy/calendar/blockers.ts';
import { requirementsFor } from '../../src/policy/requirements.ts';
import type { SmokeResult } from '../../src/policy/smoke.ts';
import type { Approval, RequiredSignOff } from '../../src/terms/approval.ts';
import type { Details } from '../../src/terms/change.ts';
import type { Envelope } from '../../src/terms/envelope.ts';
import type { Requirements } from '../../src/terms/requirements.ts';
import type { SmokeTerms } from '../../src/terms/smoke.ts';
import { DAY, type Duration, HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { anyChange, anyParts, PLACE, policyOf } from '../policy/arbitrary-policies.ts';
import {
  backend,
  changeRequest,
  clock,
  DANA,
  details,
  envelope,
  gateReport,
  judge,
  OMAR,
  PAUL,
  person,
  RUTH,
  reading,
  request,
  SANA,
  SECURITY,
  safeguards,
  TECH_LEAD,
  TOM,
} from './builders.ts';
import type { World } from './world.ts';

const PEOPLE = [DANA, OMAR, TOM, SANA, RUTH, PAUL];
const ROLES = ['tech_lead', 'security', 'operations'];

const anyPerson: fc.Arbitrary<Actor> = fc.record({
  kind: fc.constant('person' as const),
  person: fc.constantFrom(...PEOPLE),
  roles: fc.subarray(ROLES),
});
/** Mostly who may do it, so that stories get somewhere. */
const anyActor: fc.Arbitrary<Actor> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Actor>({ kind: 'person', person: DANA, roles: [] }) },
  { weight: 4, arbitrary: anyPerson },
  { weight: 1, arbitrary: fc.constantFrom(clock, backend, judge) },
);
const anySigner: fc.Arbitrary<Actor> = fc.oneof(
  fc.constantFrom<Actor>(
    { kind: 'person', person: TOM, roles: ['tech_lead'] },
    { kind: 'person', person: SANA, roles: ['security', 'operations'] },
    { kind: 'person', person: PAUL, roles: ['security', 'operations'] },
  ),
  anyPerson,
);

/** Each is another commit. */
const VERSIONS = ['v2.1.0', 'v2.1.1', 'v2.0.4'];
const SHAS: Record<string, string> = {
  'v2.1.0': envelope().sha,
  'v2.1.1': '8b1d0c7f2e3a4958677685940312bacddcabef01',
  'v2.0.4': '1c0ffee1c0ffee1c0ffee1c0ffee1c0ffee1c0ff',
};
const PLANS: Envelope['plan'][] = [
  envelope().plan,
  { strategy: 'all-at-once', steps: [{ kind: 'set-weight', percent: 100 }] },
  {
    strategy: 'blue-green',
    steps: [
      { kind: 'stand-up' },
      { kind: 'set-weight', percent: 50 },
      { kind: 'watch', for: 90 * SECOND },
      { kind: 'set-weight', percent: 100 },
      { kind: 'retire-old' },
    ],
  },
  {
    strategy: 'rolling',
    steps: [
      { kind: 'batch', number: 1, of: 2 },
      { kind: 'watch', for: 90 * SECOND },
      { kind: 'batch', number: 2, of: 2 },
    ],
  },
  {
    strategy: 'short',
    steps: [
      { kind: 'set-weight', percent: 50 },
      { kind: 'set-weight', percent: 75 },
      { kind: 'watch', for: 90 * SECOND },
      { kind: 'set-weight', percent: 100 },
      { kind: 'watch', for: 5 * MINUTE },
    ],
  },
];

/** What a step of a story does, once it meets the deployment as it is then. */
export type Step = (world: World) => void;

const anyTime: fc.Arbitrary<Duration> = fc.oneof(
  fc.integer({ min: 0, max: 2000 }),
  fc.integer({ min: 0, max: 10 * MINUTE }),
  fc.constantFrom(SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, HOUR, DAY, 8 * DAY),
);

const anyObservation = fc.record({
  stable: fc.constantFrom('v2.0.4', 'v2.1.0', 'v2.1.1', 'v9', null),
  canary: fc.constantFrom('v2.1.0', 'v2.1.1', 'v9', null),
  standby: fc.constantFrom(null, null, 'v2.1.0', 'v2.0.4'),
  weight: fc.constantFrom(0, 5, 25, 50, 75, 100),
  health: fc.constantFrom<Observation['health']>('passing', 'failing', 'unknown'),
  ago: fc.constantFrom(0, 0, 0, 1, MINUTE),
});

const tell =
  (intent: Intent, actor: Actor, facts: Partial<Facts> = {}): Step =>
  (world) =>
    world.tell(intent, actor, facts);

const occupied: Partial<Facts> = { occupiedBy: { id: 'D-9', version: 'v9', lead: OMAR } };

const revise = (change: Partial<Envelope>, about: Partial<Details>, actor: Actor): Step => {
  return (world) =>
    world.tell(
      {
        kind: 'revise',
        terms: {
          envelope: {
            ...world.d.terms.envelope,
            ...change,
            sha: SHAS[change.version ?? ''] ?? world.d.terms.envelope.sha,
          },
          details: { ...world.d.terms.details, ...about },
        },
      },
      actor,
    );
};

/** Two that differ. */
const CHANGE_REQUESTS = [0, 5 * MINUTE].map((downtime) => ({
  justification: 'Customers ask for it.',
  components: 'checkout',
  downtime,
  rollbackTime: 15 * MINUTE,
  risks: [],
}));

const sayNoGo: Step = (world) => {
  world.sign({ kind: 'person', person: SANA, roles: ROLES }, { decision: 'no_go', reason: 'because' });
};

const TESTED: SmokeTerms = {
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
const goWell: Step = (world) => {
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
const goBadly: Step = (world) => {
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

const anyReason = fc.constantFrom('', ' ', 'because', 'because');

const nth = <T>(all: readonly T[], index: number): T | undefined => all[index % Math.max(1, all.length)];

/** One item ticked or opened again, by whoever they are and for whatever role. */
const anyTick: fc.Arbitrary<Step> = fc
  .tuple(
    anySigner,
    fc.nat({ max: 20 }),
    fc.constantFrom(true, true, false),
    fc.option(fc.constantFrom(...ROLES)),
  )
  .map(([actor, index, ticked, role]): Step => {
    return (world) => {
      const item = nth(world.d.terms.requirements.checklist ?? [], index)?.id ?? 'nothing';
      world.tell({ kind: 'tick', items: [{ item, ticked, ...(role === null ? {} : { role }) }] }, actor);
    };
  });

/** One gate, well or badly, of this commit or another, now or a while ago. */
const anyReport: fc.Arbitrary<Step> = fc
  .record({
    index: fc.nat({ max: 20 }),
    good: fc.constantFrom(true, true, false),
    sha: fc.option(fc.constantFrom(...Object.values(SHAS)), { freq: 2 }),
    ago: fc.constantFrom(0, 0, MINUTE, 30 * MINUTE, 2 * HOUR, 2 * DAY),
  })
  .map(({ index, good, sha, ago }): Step => {
    return (world) => {
      const gate = nth(world.d.terms.requirements.gates ?? [], index);
      if (gate === undefined) return;
      world.report(gateReport(gate, { good, sha: sha ?? world.d.terms.envelope.sha, at: world.now - ago }));
    };
  });

/** Time enough for something to grow too old, before anybody asks for the next thing. */
const grownOld: fc.Arbitrary<Step> = fc.constantFrom(90 * MINUTE, 3 * HOUR, DAY).map((time): Step => {
  return (world) => void world.pass(time).wake();
});

const anyReadinessStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: grownOld },
  { weight: 3, arbitrary: anyTick },
  { weight: 3, arbitrary: anyReport },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyActor, fc.constantFrom('checkout', 'search'))
      .map(([actor, components]) =>
        tell({ kind: 'write_change_request', request: changeRequest({ components }) }, actor),
      ),
  },
);

const anyUsualStep: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(anySigner, fc.constantFrom<'go' | 'no_go'>('go', 'go', 'no_go'), fc.boolean(), anyReason).map(
    ([actor, decision, stale, reason]): Step =>
      (world) =>
        world.sign(actor, { decision, reason, ...(stale ? { envelopeHash: 'old' } : {}) }),
  ),
  fc
    .tuple(
      fc.record(
        {
          version: fc.constantFrom(...VERSIONS),
          plan: fc.constantFrom(...PLANS),
          service: fc.constantFrom('checkout', 'search'),
        },
        { requiredKeys: [] },
      ),
      fc.record(
        { lead: fc.constantFrom(...PEOPLE), summary: fc.constantFrom('a', 'b') },
        { requiredKeys: [] },
      ),
      anyActor,
    )
    .map(([change, about, actor]) => revise(change, about, actor)),
  fc
    .tuple(fc.integer({ min: 0, max: 4 }), anyActor)
    .map(([stage, actor]) => tell({ kind: 'promote', stage, reason: 'It looks well.' }, actor)),
  anyActor.map(
    (actor): Step =>
      (world) =>
        world.tell({ kind: 'promote', stage: stagesBegun(world.d).length, reason: 'It looks well.' }, actor),
  ),
  fc
    .tuple(anyActor, anyReason)
    .chain(([actor, reason]) =>
      fc
        .constantFrom<Intent>(
          { kind: 'hold', reason },
          { kind: 'resume', reason },
          { kind: 'extend', by: 10 * MINUTE, reason },
          { kind: 'hand_over', reason },
          { kind: 'explain_rollback', reason },
          { kind: 'roll_back', why: reason },
          { kind: 'give_up_rollback', reason },
          { kind: 'cancel', reason },
          request(),
        )
        .map((intent) => tell(intent, actor)),
    ),
);

/** Handing a sign-off on, and writing up: seldom, so that stories still get to their usual ends. */
const anyPersonStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: anyUsualStep },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anySigner, fc.constantFrom(...PEOPLE))
      .map(([actor, to]) => tell({ kind: 'delegate', to }, actor)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(anyActor, anyReason).map(([actor, text]) => tell({ kind: 'write_up', text }, actor)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyActor, anyReason)
      .map(([actor, cause]) => tell({ kind: 'review', review: { cause, actions: cause } }, actor)),
  },
  { weight: 1, arbitrary: anySigner.map((actor) => tell({ kind: 'withdraw' }, actor)) },
  { weight: 1, arbitrary: anyActor.map((actor) => tell({ kind: 'take_page' }, actor)) },
  // Else hardly a story would end with one.
  { weight: 1, arbitrary: fc.constant(sayNoGo) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyActor, fc.constantFrom(...CHANGE_REQUESTS), fc.constantFrom(undefined, undefined, null))
      .map(([actor, written, seen]) =>
        tell({ kind: 'write_change_request', request: written, ...defined({ seen }) }, actor),
      ),
  },
);

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

const anyMachineStep: fc.Arbitrary<Step> = fc.oneof(
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

const frozenFor =
  (lasts: Duration): Step =>
  (world) => {
    const { now } = world;
    const { service } = world.d.terms.envelope;
    const freeze = {
      id: `F-${now}`,
      from: now,
      until: now + lasts,
      services: [service],
      reason: 'Sale',
      by: TOM,
    };
    world.calendar = { ...NO_CALENDAR, freezes: [{ ...freeze, overrides: ['operations'] }] };
    world.wake();
  };

/** A freeze that is lifted before its time. */
const delayedAndCleared: Step = (world) => {
  frozenFor(DAY)(world);
  world.pass(MINUTE);
  world.calendar = NO_CALENDAR;
  world.wake();
};

/** Somebody who may starts in spite of a freeze. */
const overridden: Step = (world) => {
  frozenFor(DAY)(world);
  world.tell({ kind: 'override', reason: 'It cannot wait' }, person(OMAR, 'operations'));
};

/** A freeze begins, or whatever stood in the way is gone; somebody who may starts in spite of it. */
const anyCalendarStep: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom(MINUTE, HOUR, DAY).map(frozenFor),
  fc.constantFrom(delayedAndCleared, overridden),
  anyReason.map((reason) => tell({ kind: 'override', reason }, person(OMAR, 'operations'))),
);

/** Somebody offers another build under its version's name. */
const anotherBuild: Step = (world) => {
  const { service, version } = world.d.terms.envelope;
  world.refusals.push({
    service,
    version,
    digest: `sha256:${String(world.refusals.length).padStart(64, '0')}`,
    sha: 'c0ffee0'.padEnd(40, '0'),
    differs: ['digest'],
    by: 'ci',
    at: world.now,
  });
  world.wake();
};

/** The way back is told again, for as long as nothing comes of it. */
const noWayBackYet: Step = (world) => {
  if (world.d.status !== 'rolling_back' && world.d.rollout !== undefined)
    world.tell({ kind: 'roll_back', why: 'it looks odd' }, person(world.d.terms.details.lead));
  if (world.d.status !== 'rolling_back') return;
  for (const wait of [MINUTE, 6 * MINUTE]) world.pass(wait).shift(50, { stable: world.d.previous });
};

/** A stage is watched for longer. */
const watchedLonger: Step = (world) => {
  goWell(world);
  world.tell({ kind: 'extend', by: 10 * MINUTE, reason: 'so few' }, person(world.d.terms.details.lead));
};

/** A go that nothing comes of for days. */
const goTooOld: Step = (world) => {
  world.sign(person(TOM, 'tech_lead'));
  world.pass(3 * DAY).wake();
};

/** So long that a request which waits for anything is given up. */
const givenUp: Step = (world) => void world.pass(9 * DAY).wake();

const anySeldomStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: anyCalendarStep },
  { weight: 2, arbitrary: fc.constant(anotherBuild) },
  { weight: 1, arbitrary: fc.constant(noWayBackYet) },
  { weight: 2, arbitrary: fc.constant(watchedLonger) },
  { weight: 3, arbitrary: fc.constant(goTooOld) },
  { weight: 1, arbitrary: fc.constant(givenUp) },
);

export interface Story {
  asked: ReturnType<typeof request>;
  steps: Step[];
}

const anyRequired: fc.Arbitrary<RequiredSignOff[]> = fc.constantFrom(
  [TECH_LEAD, SECURITY],
  [{ ...SECURITY, quorum: 2 }],
  [],
);

const workdays = { timeZone: 'Europe/Berlin', holidays: [], hours: { from: '09:00', to: '17:00' } };
const care = {
  goLasts: 2 * DAY,
  remindAfter: HOUR,
  escalateAfter: 3 * HOUR,
  escalateTo: { role: 'operations', name: 'Operations', people: [OMAR] },
};
/** Mostly as it was before there were change types. */
const APPROVALS: (Approval | undefined)[] = [
  undefined,
  undefined,
  undefined,
  { when: 'before', leadTime: 0, workdays, ...care },
  { when: 'before', leadTime: 0, workdays, ...care },
  {
    when: 'afterwards',
    leadTime: 0,
    workdays,
    ...care,
    owed: { within: DAY, remindEvery: HOUR, documentation: true },
  },
];

const DAYS_OLD = { id: 'scale', name: 'scale of staging', rule: { kind: 'percent', atLeast: 20 } } as const;

/** One of every kind: figures, ages, roles, what machines tick, and what comes before the hand-over. */
const EVERY_KIND: Requirements = {
  gates: [
    { id: 'tests', name: 'tests', rule: { kind: 'pass_rate', atLeast: 95 }, before: 'start' },
    {
      id: 'scan',
      name: 'scan',
      rule: { kind: 'findings', atMost: { high: 0 } },
      lasts: HOUR,
      before: 'start',
    },
    { id: 'smoke', name: 'smoke', rule: { kind: 'passed' }, before: 'hand_over' },
    { ...DAYS_OLD, lasts: DAY, before: 'evidence' },
  ],
  checklist: [
    { id: 'notes', text: 'Notes', group: 'documentation', required: true, before: 'start', lasts: 2 * HOUR },
    {
      id: 'scale',
      text: 'Scale',
      group: 'prerequisites',
      required: true,
      before: 'start',
      evidence: { kind: 'gate', gate: 'scale' },
    },
    {
      id: 'briefed',
      text: 'Briefed',
      group: 'approvals',
      required: true,
      before: 'start',
      roles: [
        { role: 'tech_lead', name: 'Tech lead' },
        { role: 'operations', name: 'Operations' },
      ],
    },
    {
      id: 'security',
      text: 'Security',
      group: 'approvals',
      required: true,
      before: 'start',
      evidence: { kind: 'sign_off', role: 'security' },
    },
    { id: 'extra', text: 'Extra', group: 'artifacts', required: false, before: 'start' },
    { id: 'runbook', text: 'Runbook', group: 'documentation', required: true, before: 'hand_over' },
  ],
  changeRequest: true,
};

/** Often none, so that stories get far; else one of every kind, or whatever a random policy comes to. */
const anyRequirements: fc.Arbitrary<Requirements | undefined> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.constant(EVERY_KIND) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyParts, anyChange)
      .map(([parts, change]) => requirementsFor(policyOf(parts), PLACE, change)),
  },
);
const PAGING = { notifiers: [{ name: 'ops', kind: 'log' }], after: 5 * MINUTE };
const OVERRUN = { grace: MINUTE, escalateAfter: HOUR };

export const anyStory: fc.Arbitrary<Story> = fc.record({
  asked: fc
    .record({
      required: anyRequired,
      plan: fc.constantFrom(...PLANS),
      start: fc.constantFrom<Envelope['start'][]>(
        { kind: 'when_ready' },
        { kind: 'at', at: Date.UTC(2026, 0, 5, 11) },
        { kind: 'at', at: Date.UTC(2026, 0, 6, 11) },
      ),
      open: fc.boolean(),
      approval: fc.constantFrom(...APPROVALS),
      requirements: anyRequirements,
      smoke: fc.constantFrom(undefined, TESTED),
      paging: fc.constantFrom(undefined, PAGING),
    })
    .map(({ required, plan, start, open, approval, requirements, smoke, paging }) => {
      const { permissions, ...rest } = safeguards();
      const everyone = Object.fromEntries(Object.keys(permissions).map((action) => [action, ['anyone']]));
      return request({
        required,
        // Who asks for an approval names somebody to give it.
        ...(approval === undefined || required.length === 0 ? {} : { approval }),
        ...defined({ requirements, smoke, paging }),
        envelope: envelope({ plan, start }),
        details: details(),
        // Half of them are watched for taking too long.
        safeguards: open
          ? {
              ...rest,
              overrun: OVERRUN,
              allClearAfter: HOUR,
              reviewWithin: 2 * DAY,
              permissions: { ...permissions, ...everyone },
            }
          : { ...rest, permissions },
      });
    }),
  steps: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant(goWell) },
      { weight: 1, arbitrary: fc.constant(goBadly) },
      { weight: 4, arbitrary: anyPersonStep },
      { weight: 3, arbitrary: anyMachineStep },
      { weight: 2, arbitrary: anyReadinessStep },
      { weight: 2, arbitrary: anySeldomStep },
      {
        weight: 2,
        arbitrary: anyTime.map(
          (time): Step =>
            (world) =>
              void world.pass(time),
        ),
      },
    ),
    { maxLength: 40, size: 'max' },
  ),
});
