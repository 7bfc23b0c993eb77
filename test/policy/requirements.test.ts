/** What a change needs besides its sign-offs: by table, and for any policy (GT-1, GT-5, CH-5). */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approvalFor } from '../../src/policy/approvals.ts';
import { requirementsFor } from '../../src/policy/requirements.ts';
import { DAY } from '../../src/time.ts';
import {
  anyChange,
  anyParts,
  type Change,
  GATE_IDS,
  type Parts,
  PLACE,
  policyOf,
} from './arbitrary-policies.ts';

type Item = Parts['checklist'][number];

const item = (id: string, about: Partial<Item> = {}): Item => ({
  id,
  group: 'prerequisites',
  text: `${id} is true`,
  required: true,
  before: 'start',
  ...about,
});

interface About {
  place?: Partial<Parts['place']>;
  terms?: Partial<Parts['terms']>;
  checklist?: Item[];
  change?: Partial<Change>;
}

/** Production asks for tech lead, build and tests before a start, and for smoke before the hand-over. */
function needed({ place, terms, checklist = [], change }: About) {
  const policy = policyOf({
    place: {
      id: PLACE,
      name: PLACE,
      approval: 'manual',
      signOffs: [{ role: 'tech_lead', quorum: 1 }],
      gates: ['tests', 'build'],
      handOverGates: ['smoke'],
      checklist: ['prerequisites', 'environment'],
      ...place,
    },
    terms: {
      leadTime: 0,
      approval: 'before',
      signOffs: [],
      checklist: 'required',
      changeRequest: false,
      ...terms,
    },
    gates: GATE_IDS.map((id) => ({ id, name: id, rule: { kind: 'passed' } })),
    checklist,
  });
  return requirementsFor(policy, PLACE, {
    changeType: 'normal',
    deploymentType: 'feature',
    database: 'none',
    risk: 'medium',
    ...change,
  });
}

const gatesIn = (about: About): string =>
  needed(about)
    .gates.map(({ id, before }) => `${id}:${before}`)
    .join(' ');

/** The ids that are required, then those that are not, in brackets. */
const itemsIn = (about: About): string =>
  needed(about)
    .checklist.map(({ id, required }) => (required ? id : `(${id})`))
    .join(' ');

const byGate = (gate: string) => ({ evidence: { kind: 'gate', gate } }) as const;
const bySignOff = (role: string) => ({ evidence: { kind: 'sign_off', role } }) as const;
const byChangeRequest = { evidence: { kind: 'change_request' } } as const;

describe('The gates of a change', () => {
  it.each<{ what: string; about: About; gates: string }>([
    { what: 'come in the order of the policy', about: {}, gates: 'build:start tests:start smoke:hand_over' },
    {
      what: 'are heard of as well where they only tick an item',
      about: { checklist: [item('a', byGate('scale'))] },
      gates: 'build:start tests:start smoke:hand_over scale:evidence',
    },
    {
      what: 'are waited for where they tick an item besides',
      about: { checklist: [item('a', byGate('build')), item('b', byGate('smoke'))] },
      gates: 'build:start tests:start smoke:hand_over',
    },
    {
      what: 'are not heard of for an item of a group that does not apply here',
      about: { checklist: [item('a', { group: 'artifacts', ...byGate('scale') })] },
      gates: 'build:start tests:start smoke:hand_over',
    },
    {
      what: 'are fewer where the kind of change names fewer, up to the hand-over',
      about: { terms: { gates: ['build', 'scan'] } },
      gates: 'build:start smoke:hand_over',
    },
    {
      what: 'that a kind of change leaves out still tick their item',
      about: { terms: { gates: [] }, checklist: [item('a', byGate('tests'))] },
      gates: 'tests:evidence smoke:hand_over',
    },
    {
      what: 'are all of them where nobody signs, whatever the kind of change',
      about: { place: { approval: 'on_merge', signOffs: [] }, terms: { gates: [] } },
      gates: 'build:start tests:start smoke:hand_over',
    },
  ])('GT-1: $what', ({ about, gates }) => {
    expect(gatesIn(about)).toBe(gates);
  });

  it('GT-1: carry their figure and how long they count', () => {
    const policy = policyOf({
      place: {
        id: PLACE,
        name: PLACE,
        approval: 'none',
        signOffs: [],
        gates: ['scale'],
        handOverGates: [],
        checklist: [],
      },
      terms: { leadTime: 0, approval: 'none', signOffs: [], checklist: 'required', changeRequest: false },
      gates: [
        { id: 'scale', name: 'scale of staging', rule: { kind: 'percent', atLeast: 20 }, lasts: 7 * DAY },
      ],
      checklist: [],
    });
    const change = {
      changeType: 'normal',
      deploymentType: 'feature',
      database: 'none',
      risk: 'low',
    } as const;
    expect(requirementsFor(policy, PLACE, change).gates).toEqual([
      {
        id: 'scale',
        name: 'scale of staging',
        rule: { kind: 'percent', atLeast: 20 },
        lasts: 7 * DAY,
        before: 'start',
      },
    ]);
    expect(requirementsFor(policy, 'the moon', change)).toEqual({
      gates: [],
      checklist: [],
      changeRequest: false,
    });
  });
});

describe('The checklist of a change', () => {
  it.each<{ what: string; about: About; items: string }>([
    {
      what: 'has the groups of its environment, in the order of the policy',
      about: {
        checklist: [item('b', { group: 'environment' }), item('x', { group: 'approvals' }), item('a')],
      },
      items: 'b a',
    },
    {
      what: 'has what its deployment type needs',
      about: {
        change: { deploymentType: 'security' },
        checklist: [
          item('a', { when: { deploymentTypes: ['security'] } }),
          item('b', { when: { deploymentTypes: ['feature', 'bug_fix'] } }),
        ],
      },
      items: 'a',
    },
    {
      what: 'has what its change of the database needs',
      about: {
        change: { database: 'breaking' },
        checklist: [
          item('a', { when: { databases: ['additive', 'breaking'] } }),
          item('b', { when: { databases: ['none'] } }),
        ],
      },
      items: 'a',
    },
    {
      what: 'has what its risk needs',
      about: {
        change: { risk: 'high' },
        checklist: [
          item('a', { when: { risks: ['high'] } }),
          item('b', { when: { risks: ['low', 'medium'] } }),
        ],
      },
      items: 'a',
    },
    {
      what: 'has an item only where all that it is for is so',
      about: {
        change: { risk: 'high', database: 'additive' },
        checklist: [
          item('a', { when: { risks: ['high'], databases: ['additive'] } }),
          item('b', { when: { risks: ['high'], databases: ['breaking'] } }),
        ],
      },
      items: 'a',
    },
    {
      what: 'has a sign-off for an item where its role is asked',
      about: {
        place: {
          signOffs: [
            { role: 'tech_lead', quorum: 1 },
            { role: 'security', quorum: 1, when: { deploymentTypes: ['security'] } },
          ],
        },
        terms: { signOffs: [{ role: 'operations', quorum: 1 }] },
        checklist: [
          item('a', bySignOff('tech_lead')),
          item('b', bySignOff('security')),
          item('c', bySignOff('operations')),
        ],
      },
      items: 'a c',
    },
    {
      what: 'has no sign-off for an item where the change is pre-approved',
      about: { terms: { approval: 'none' }, checklist: [item('a', bySignOff('tech_lead')), item('b')] },
      items: 'b',
    },
    {
      what: 'has the change request where one must be written',
      about: { terms: { changeRequest: true }, checklist: [item('a', byChangeRequest)] },
      items: 'a',
    },
    {
      what: 'has no change request where none must be written',
      about: { checklist: [item('a', byChangeRequest)] },
      items: '',
    },
    {
      what: 'has no change request where nobody signs',
      about: {
        place: { approval: 'none', signOffs: [] },
        terms: { changeRequest: true },
        checklist: [item('a', byChangeRequest), item('b')],
      },
      items: 'b',
    },
    {
      what: 'is not waited for where it is optional, up to the hand-over',
      about: {
        terms: { checklist: 'optional' },
        checklist: [item('a'), item('b', { before: 'hand_over' }), item('c', { required: false })],
      },
      items: '(a) b (c)',
    },
    {
      what: 'is waited for where nobody signs, whatever the kind of change',
      about: {
        place: { approval: 'on_merge', signOffs: [] },
        terms: { checklist: 'optional' },
        checklist: [item('a')],
      },
      items: 'a',
    },
  ])('GT-5, CH-5: $what', ({ about, items }) => {
    expect(itemsIn(about)).toBe(items);
  });

  it('GT-5: forgets what an item is for once that is decided', () => {
    const { checklist } = needed({ checklist: [item('a', { when: { risks: ['medium'] }, lasts: DAY })] });
    expect(checklist).toEqual([item('a', { lasts: DAY })]);
  });
});

describe('For any policy and any change', () => {
  const always = (holds: (parts: Parts, change: Change) => void): void => {
    fc.assert(fc.property(anyParts, anyChange, holds), { numRuns: 500, seed: 20260105 });
  };
  const idsOf = (all: readonly { id: string }[]): string[] => all.map(({ id }) => id);

  it('GT-1: a gate is waited for where the environment names it and the kind of change keeps it, and once', () => {
    always((parts, change) => {
      const { gates } = requirementsFor(policyOf(parts), PLACE, change);
      const kept = parts.place.approval === 'manual' ? (parts.terms.gates ?? GATE_IDS) : GATE_IDS;
      const named = (before: string) => idsOf(gates.filter((gate) => gate.before === before));
      expect(named('start')).toEqual(
        GATE_IDS.filter((id) => parts.place.gates.includes(id) && kept.includes(id)),
      );
      expect(named('hand_over')).toEqual(GATE_IDS.filter((id) => parts.place.handOverGates.includes(id)));
      expect(new Set(idsOf(gates)).size).toBe(gates.length);
    });
  });

  it('GT-5: every item can be met: its gate is heard of, its role is asked, its change request is written', () => {
    always((parts, change) => {
      const policy = policyOf(parts);
      const { gates, checklist, changeRequest } = requirementsFor(policy, PLACE, change);
      const asked = approvalFor(policy, PLACE, change).signOffs.map(({ role }) => role);
      for (const { evidence, group } of checklist) {
        expect(parts.place.checklist).toContain(group);
        if (evidence?.kind === 'gate') expect(idsOf(gates)).toContain(evidence.gate);
        if (evidence?.kind === 'sign_off') expect(asked).toContain(evidence.role);
        if (evidence?.kind === 'change_request') expect(changeRequest).toBe(true);
      }
    });
  });

  it('GT-5: a kind of change may lift the checklist before the start, and adds to it never', () => {
    always((parts, change) => {
      const strict = { ...parts, terms: { ...parts.terms, checklist: 'required' as const } };
      const easy = { ...parts, terms: { ...parts.terms, checklist: 'optional' as const } };
      const before = requirementsFor(policyOf(strict), PLACE, change).checklist;
      const after = requirementsFor(policyOf(easy), PLACE, change).checklist;
      expect(idsOf(after)).toEqual(idsOf(before));
      expect(after.filter((one) => one.before === 'hand_over')).toEqual(
        before.filter((one) => one.before === 'hand_over'),
      );
      if (parts.place.approval === 'manual')
        expect(after.some((one) => one.before === 'start' && one.required)).toBe(false);
      else expect(after).toEqual(before);
    });
  });

  it('PR-3: what it comes to is the same each time, and the policy is left as it was', () => {
    always((parts, change) => {
      const before = structuredClone(parts);
      const policy = policyOf(parts);
      expect(requirementsFor(policy, PLACE, change)).toEqual(requirementsFor(policy, PLACE, change));
      expect(parts).toEqual(before);
    });
  });
});
