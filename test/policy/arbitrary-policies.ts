/** Policies about gates and checklist, made by hand or at random: one environment, and one kind of change at a time. */

import fc from 'fast-check';
import { defined } from '../../src/defined.ts';
import type {
  ChangeTypePolicy,
  ChecklistRule,
  Environment,
  Policy,
  SignOffRule,
} from '../../src/policy/policy.ts';
import {
  CHANGE_TYPES,
  DATABASE_CHANGES,
  DEPLOYMENT_TYPES,
  type Details,
  RISKS,
} from '../../src/terms/change.ts';
import {
  CHECKLIST_GROUPS,
  type Evidence,
  type Gate,
  type GateRule,
  SEVERITIES,
} from '../../src/terms/requirements.ts';
import { DAY, HOUR } from '../../src/time.ts';
import { presetOf } from '../config/preset-policies.ts';

export type Change = Pick<Details, 'changeType' | 'deploymentType' | 'database' | 'risk'>;

export interface Parts {
  place: Environment;
  terms: ChangeTypePolicy;
  gates: Gate[];
  checklist: ChecklistRule[];
}

const BASE = presetOf('gold-standard');

export const PLACE = 'production';

/** A policy of these parts: every kind of change has the same terms. */
export function policyOf({ place, terms, gates, checklist }: Parts): Policy {
  return {
    ...BASE,
    environments: [place],
    gates: new Map(gates.map((gate) => [gate.id, gate])),
    checklist,
    changeTypes: { standard: terms, normal: terms, emergency: terms },
  };
}

/** Pipeline gates, one for the hand-over, and one that only ticks an item. */
export const GATE_IDS = ['build', 'tests', 'scan', 'smoke', 'scale'];
const ROLES = ['tech_lead', 'security', 'operations'];

const anyRule: fc.Arbitrary<GateRule> = fc.oneof(
  fc.constant<GateRule>({ kind: 'passed' }),
  fc.integer({ min: 0, max: 100 }).map((atLeast): GateRule => ({ kind: 'pass_rate', atLeast })),
  fc.integer({ min: 0, max: 100 }).map((atLeast): GateRule => ({ kind: 'percent', atLeast })),
  fc
    .dictionary(fc.constantFrom(...SEVERITIES), fc.nat({ max: 3 }), { minKeys: 1 })
    .map((atMost): GateRule => ({ kind: 'findings', atMost: { ...atMost } })),
);

const lasting = fc.option(fc.constantFrom(HOUR, DAY), { nil: undefined });

const anyGates: fc.Arbitrary<Gate[]> = fc.tuple(
  ...GATE_IDS.map((id) =>
    fc.tuple(anyRule, lasting).map(([rule, lasts]): Gate => ({ id, name: id, rule, ...defined({ lasts }) })),
  ),
);

const anyEvidence: fc.Arbitrary<Evidence | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom(...GATE_IDS).map((gate): Evidence => ({ kind: 'gate', gate })),
  fc.constantFrom(...ROLES).map((role): Evidence => ({ kind: 'sign_off', role })),
  fc.constantFrom<Evidence>({ kind: 'on_call' }, { kind: 'change_request' }),
);

const anyWhen: fc.Arbitrary<ChecklistRule['when']> = fc.option(
  fc.record(
    {
      deploymentTypes: fc.subarray([...DEPLOYMENT_TYPES], { minLength: 1 }),
      databases: fc.subarray([...DATABASE_CHANGES], { minLength: 1 }),
      risks: fc.subarray([...RISKS], { minLength: 1 }),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined, freq: 2 },
);

const anyItem = (id: string): fc.Arbitrary<ChecklistRule> =>
  fc
    .record({
      group: fc.constantFrom(...CHECKLIST_GROUPS),
      required: fc.constantFrom(true, true, false),
      before: fc.constantFrom('start' as const, 'start' as const, 'hand_over' as const),
      evidence: anyEvidence,
      roles: fc.option(fc.subarray(ROLES, { minLength: 1 }), { nil: undefined, freq: 3 }),
      lasts: lasting,
      when: anyWhen,
    })
    .map(({ evidence, roles, lasts, when, ...item }) => ({
      id,
      text: `${id} is true`,
      ...item,
      ...defined({ evidence, roles: roles?.map((role) => ({ role, name: role })), lasts, when }),
    }));

const anySignOffs: fc.Arbitrary<SignOffRule[]> = fc.subarray(ROLES).chain((roles) =>
  fc.tuple(
    ...roles.map((role) =>
      fc.option(fc.subarray([...DEPLOYMENT_TYPES], { minLength: 1 }), { nil: undefined }).map(
        (types): SignOffRule => ({
          role,
          quorum: 1,
          ...(types === undefined ? {} : { when: { deploymentTypes: types } }),
        }),
      ),
    ),
  ),
);

/** Each gate is asked for before the start, before the hand-over, or not. */
const anyPlace: fc.Arbitrary<Environment> = fc
  .record({
    approval: fc.constantFrom<Environment['approval']>('manual', 'manual', 'manual', 'on_merge', 'none'),
    signOffs: anySignOffs,
    milestones: fc.tuple(
      ...GATE_IDS.map((id) => fc.constantFrom('gates', 'handOverGates', '').map((of) => ({ id, of }))),
    ),
    checklist: fc.subarray([...CHECKLIST_GROUPS], { minLength: 2 }),
  })
  .map(({ approval, signOffs, milestones, checklist }) => ({
    id: PLACE,
    name: PLACE,
    approval,
    signOffs: approval === 'manual' ? signOffs : [],
    gates: milestones.filter(({ of }) => of === 'gates').map(({ id }) => id),
    handOverGates: milestones.filter(({ of }) => of === 'handOverGates').map(({ id }) => id),
    checklist,
  }));

const anyTerms: fc.Arbitrary<ChangeTypePolicy> = fc
  .record({
    approval: fc.constantFrom<ChangeTypePolicy['approval']>('before', 'before', 'none', 'afterwards'),
    signOffs: anySignOffs,
    gates: fc.option(fc.subarray(GATE_IDS), { nil: undefined }),
    checklist: fc.constantFrom<ChangeTypePolicy['checklist']>('required', 'required', 'optional'),
    changeRequest: fc.boolean(),
  })
  .map(({ gates, ...terms }) => ({
    ...terms,
    leadTime: 0,
    ...defined({ gates }),
    ...(terms.approval === 'afterwards'
      ? { owed: { within: 3 * DAY, remindEvery: DAY, documentation: false } }
      : {}),
  }));

export const anyParts: fc.Arbitrary<Parts> = fc.record({
  place: anyPlace,
  terms: anyTerms,
  gates: anyGates,
  checklist: fc
    .nat({ max: 8 })
    .chain((many) => fc.tuple(...Array.from({ length: many }, (_, index) => anyItem(`item_${index}`)))),
});

export const anyChange: fc.Arbitrary<Change> = fc.record({
  changeType: fc.constantFrom(...CHANGE_TYPES),
  deploymentType: fc.constantFrom(...DEPLOYMENT_TYPES),
  database: fc.constantFrom(...DATABASE_CHANGES),
  risk: fc.constantFrom(...RISKS),
});
