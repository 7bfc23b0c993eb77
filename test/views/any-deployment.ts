/** Any deployment, in any status, with the worst that people and machines may have written into it. */

import fc from 'fast-check';
import { defined } from '../../src/defined.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { STATUSES, type Status } from '../../src/deployment/lifecycle.ts';
import type { Look, MetricLook } from '../../src/judge/types.ts';
import { changesOf } from '../../src/terms/changes.ts';
import type { ContractTerms } from '../../src/terms/contract.ts';
import type { By, PersonRef } from '../../src/terms/person.ts';
import type { Plan } from '../../src/terms/plan.ts';
import type { ChecklistItem } from '../../src/terms/requirements.ts';
import { DAY, MINUTE } from '../../src/time.ts';
import { DANA, historyOf, OMAR, type Settings, T0, TOM } from './deployments.ts';

/** What people and machines write, the worst of it included. */
export const nasty: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    ' ',
    '<!channel> <@U0TOM000001> <https://evil.example|click>',
    '`code` *bold* _it_ ~no~\n\n> quote\r\n```block```',
    '&amp; & < > &lt;',
    '🚀'.repeat(600),
    '&'.repeat(5000),
    'a line\n'.repeat(800),
    '\ud83d \udc00 \u202e abc',
    'x'.repeat(5000),
  ),
);

const people = fc.array(
  fc.record({ id: fc.stringMatching(/^U[A-Z0-9]{8}$/), name: nasty }) satisfies fc.Arbitrary<PersonRef>,
  { minLength: 1, maxLength: 12 },
);

const requiredRoles = fc
  .array(fc.record({ name: nasty, asked: people, quorum: fc.integer({ min: 1, max: 3 }) }), { maxLength: 14 })
  .map((roles) => roles.map((role, index) => ({ ...role, role: `role_${index}` })));

const plans: fc.Arbitrary<Plan> = fc
  .record({
    strategy: nasty,
    shares: fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 20 }),
    last: fc.boolean(),
  })
  .map(({ strategy, shares, last }) => ({
    strategy,
    steps: [...shares.toSorted((a, b) => a - b), 100].flatMap((percent, index, all) => {
      const shift = { kind: 'set-weight' as const, percent };
      const watched = index < all.length - 1 || last;
      return watched ? [shift, { kind: 'watch' as const, for: (index + 1) * 7 * MINUTE }] : [shift];
    }),
  }));

const figures = fc.option(fc.double({ min: 0, max: 1e7, noNaN: true }), { nil: null });

const metricLooks: fc.Arbitrary<MetricLook> = fc.record(
  {
    metric: fc.oneof(fc.constantFrom('errors', 'p50', 'p99', 'cpu', 'memory', 'queue_depth'), nasty),
    kind: fc.constantFrom('counts', 'values'),
    unit: fc.constantFrom('ms', '%', ''),
    baseline: figures,
    canary: figures,
    last: fc.record({ baseline: figures, canary: figures }),
    verdict: fc.constantFrom('pass', 'fail', 'undecided', 'no_data'),
    ratio: fc.double({ min: 0, noNaN: true }),
    interval: fc.tuple(fc.double({ min: 0, noNaN: true }), fc.double({ min: 0 })),
    evidence: fc.double({ min: 0 }),
    breached: fc.record({
      metric: fc.constant('errors'),
      kind: fc.constantFrom('absolute', 'ratio', 'points'),
      over: fc.double({ min: 0, max: 1000, noNaN: true }),
      minSample: fc.nat(),
      breaches: fc.constant(3),
      of: fc.constant(5),
      action: fc.constantFrom('roll_back', 'hold'),
    }),
  },
  { requiredKeys: ['metric', 'kind', 'unit', 'baseline', 'canary', 'last', 'verdict'] },
);

const looks: fc.Arbitrary<Partial<Look>> = fc.record({
  verdict: fc.constantFrom('pass', 'fail', 'undecided', 'no_data'),
  because: nasty,
  metrics: fc.array(metricLooks, { maxLength: 30 }),
  sample: fc.nat(),
  decidesIn: fc.nat(),
});

const GROUPS = ['prerequisites', 'artifacts', 'documentation', 'approvals', 'environment'] as const;
const MILESTONES = ['start', 'hand_over'] as const;
const LASTS = 7 * 24 * 60 * MINUTE;

const gates = fc
  .array(
    fc.record({
      name: nasty,
      before: fc.constantFrom(...MILESTONES, 'evidence' as const),
      lasts: fc.option(fc.constant(LASTS), { nil: null }),
      passed: fc.option(fc.boolean(), { nil: null }),
      expired: fc.boolean(),
      says: nasty,
      by: nasty,
      url: fc.oneof(nasty, fc.webUrl()),
    }),
    { maxLength: 20 },
  )
  .map((all) => all.map((one, index) => ({ ...one, id: `gate_${index}` })));

const items = fc.array(
  fc.record({
    group: fc.constantFrom(...GROUPS),
    text: nasty,
    required: fc.boolean(),
    before: fc.constantFrom(...MILESTONES),
    evidence: fc.constantFrom('gate', 'sign_off', 'on_call', 'change_request', 'none'),
    roles: fc.array(nasty, { maxLength: 3 }),
    lasts: fc.boolean(),
    ticked: fc.boolean(),
    note: nasty,
  }),
  { maxLength: 90 },
);

/** What it needs besides its sign-offs, and what of it is there. */
const readiness = fc
  .tuple(gates, items, fc.boolean())
  .map(([allGates, allItems, changeRequest]): Pick<Settings, 'requirements' | 'gates' | 'ticks'> => {
    const checklist = allItems.map(({ evidence, roles, lasts, ...item }, index) => ({
      id: `item_${index}`,
      group: item.group,
      text: item.text,
      required: item.required,
      before: item.before,
      ...evidenceOf(evidence, index),
      ...(roles.length === 0 ? {} : { roles: roles.map((name, at) => ({ role: `role_${at}`, name })) }),
      ...(lasts ? { lasts: LASTS } : {}),
    }));
    return {
      requirements: {
        changeRequest,
        checklist,
        gates: allGates.map(({ id, name, before, lasts }) => ({
          id,
          name,
          before,
          rule: { kind: 'passed' as const },
          ...(lasts === null ? {} : { lasts }),
        })),
      },
      gates: Object.fromEntries(
        allGates.flatMap(({ id, passed, says, by, url, expired }) => {
          if (passed === null) return [];
          const report = { gate: id, status: 'passed' as const, at: 0, by, url };
          return [[id, { report, passed, says, ...(expired ? { expired: true as const } : {}) }]];
        }),
      ),
      ticks: checklist.flatMap(({ id, roles }, index) => {
        const { ticked, note } = allItems[index] ?? { ticked: false, note: '' };
        const role = roles?.[0]?.role;
        return ticked ? [{ item: id, note, ...defined({ role }) }] : [];
      }),
    };
  });

function evidenceOf(kind: string, index: number): Pick<ChecklistItem, 'evidence'> {
  switch (kind) {
    case 'gate':
      return { evidence: { kind, gate: `gate_${index % 20}` } };
    case 'sign_off':
      return { evidence: { kind, role: `role_${index % 14}` } };
    case 'on_call':
    case 'change_request':
      return { evidence: { kind } };
    default:
      return {};
  }
}

const settings: fc.Arbitrary<Partial<Settings>> = fc.record({
  service: nasty,
  version: nasty,
  environment: nasty,
  previous: fc.option(nasty, { nil: null }),
  plan: plans,
  required: requiredRoles,
  details: fc.record({
    changeType: fc.constantFrom('standard', 'normal', 'emergency'),
    database: fc.constantFrom('none', 'additive', 'breaking', 'data_migration'),
    summary: nasty,
    lead: fc.record({ id: fc.constant(DANA.id), name: nasty }),
    onCall: fc.record({ id: fc.constantFrom(DANA.id, OMAR.id), name: nasty }),
  }),
  reason: nasty,
  stages: fc.integer({ min: 1, max: 22 }),
  look: fc.option(looks, { nil: undefined }),
  goes: fc.nat({ max: 14 }),
  by: fc.oneof(
    fc.constant<By>({ kind: 'system', name: 'judge' }),
    nasty.map((name): By => ({ kind: 'person', id: TOM.id, name })),
  ),
});

const changed: fc.Arbitrary<NonNullable<Settings['changed']>> = fc
  .record({
    authors: fc.array(nasty, { maxLength: 12 }),
    titles: fc.array(nasty, { maxLength: 30 }),
    files: fc.array(nasty, { maxLength: 30 }),
    commits: fc.nat(),
    lost: fc.nat({ max: 3 }),
    url: fc.oneof(nasty, fc.webUrl()),
  })
  .map(({ authors, titles, files, commits, lost, url }) => {
    const messages = titles.map((title, index) => `${title} (#${index + 1})`);
    const both = { from: 'v2.0.4', to: '', files, commitCount: commits, lost, url };
    const all = messages.map((message, index) => ({ message, author: authors[index] ?? '' }));
    const { to: _to, ...rest } = changesOf({ ...both, commits: all, pullRequestUrl: () => url });
    return rest;
  });

const contracts: fc.Arbitrary<ContractTerms> = fc
  .record({ id: nasty, window: fc.option(fc.constantFrom(0, DAY)) })
  .map(({ id, window }) => ({ id, acceptedAt: T0, ...(window === null ? {} : { startBy: T0 + window }) }));

/** Any deployment in one of these statuses. */
export function anyDeployment(...statuses: Status[]): fc.Arbitrary<Deployment> {
  return anyHistory(...statuses).map(({ deployment }) => deployment);
}

export function anyHistory(...statuses: Status[]): fc.Arbitrary<ReturnType<typeof historyOf>> {
  const among = statuses.length === 0 ? STATUSES : statuses;
  return fc
    .tuple(
      fc.constantFrom(...among),
      settings,
      fc.option(nasty),
      fc.option(readiness),
      fc.option(contracts),
      fc.option(changed),
    )
    .map(([status, changes, trouble, needs, contract, between]) =>
      historyOf(status, {
        ...changes,
        ...needs,
        ...(trouble === null ? {} : { trouble }),
        ...(contract === null ? {} : { contract }),
        ...(between === null ? {} : { changed: between }),
      }),
    );
}
