/** What a contract asks for beside the policy, frozen with the request and kept when it is changed (HO-4). */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Asked, planRequest, planRevision } from '../../src/conductor/plan-request.ts';
import { type AcceptedContract, safeguardsUnder, withItemsOf } from '../../src/conductor/under-contract.ts';
import type { Target } from '../../src/contract/figures.ts';
import { contractTargets } from '../../src/contract/targets.ts';
import { contractChecklist } from '../../src/contract/to-checklist.ts';
import { defined } from '../../src/defined.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { Trigger } from '../../src/judge/types.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { presetOf } from '../config/preset-policies.ts';
import { contractIn, WHOLE } from '../contract/documents.ts';
import { details, envelope, play, requested, safeguards, T0 } from '../deployment/builders.ts';
import { item, needs } from '../deployment/readiness-builders.ts';
import { examplePolicy } from './rig.ts';

const WHOLE_CONTRACT = contractIn(WHOLE);
const ACCEPTED: AcceptedContract = {
  id: 'CHECKOUT-PROD-042',
  acceptedAt: T0,
  checklist: contractChecklist(WHOLE_CONTRACT),
  targets: contractTargets(WHOLE_CONTRACT).targets,
};

const targeting = (...targets: Target[]): AcceptedContract => ({ ...ACCEPTED, targets });

const rule = (more: Partial<Trigger>): Trigger => ({
  metric: 'errors',
  kind: 'absolute',
  over: 5,
  minSample: 1,
  breaches: 1,
  of: 1,
  action: 'hold',
  ...more,
});

const ASKED: Asked = {
  service: 'checkout',
  environment: 'production',
  strategy: 'canary',
  release: { version: 'v2.1.0', sha: envelope().sha, digest: 'sha256:aa', builtAt: T0 },
  start: { kind: 'when_ready' },
  details: details(),
};

const nobody = async () => [];
const plan = (contract?: AcceptedContract, change: Partial<Asked> = {}) =>
  planRequest(examplePolicy(), { ...ASKED, ...change, ...defined({ contract }) }, nobody);

describe('HO-4: a request under a contract', () => {
  it('has the policy’s items and then the contract’s, all of them required', async () => {
    const [without, under] = [await plan(), await plan(ACCEPTED)];
    const own = without.terms.requirements.checklist ?? [];
    const all = under.terms.requirements.checklist ?? [];
    expect(all.slice(0, own.length)).toEqual(own);
    const theirs = all.slice(own.length);
    expect(theirs.map(({ id }) => id)).toEqual(ACCEPTED.checklist.map(({ id }) => id));
    expect(theirs.every(({ required, contract }) => required && contract === true)).toBe(true);
    expect(under.terms.requirements.gates).toEqual(without.terms.requirements.gates);
  });

  it('is watched as long, may take as long, and is known as early as the contract says', async () => {
    const { contract, safeguards: frozen, communication } = (await plan(ACCEPTED)).terms;
    expect(contract).toEqual({ id: 'CHECKOUT-PROD-042', acceptedAt: T0, startBy: T0 + 48 * HOUR });
    expect([frozen.observeFor, frozen.overrun?.within]).toEqual([72 * HOUR, HOUR]);
    expect(communication).toEqual({ notice: DAY });
    expect((await plan(targeting({ kind: 'notice', ahead: 2 * DAY }))).terms.communication).toEqual({
      notice: 2 * DAY,
    });
    const staging = await plan(targeting({ kind: 'notice', ahead: HOUR }), { environment: 'staging' });
    expect(staging.terms.communication).toEqual({ notice: HOUR });
    expect((await plan(targeting())).terms.contract).toEqual({ id: 'CHECKOUT-PROD-042', acceptedAt: T0 });
  });

  it('is what it was without one', async () => {
    const { contract, safeguards: frozen, requirements } = (await plan()).terms;
    expect([contract, frozen.observeFor]).toEqual([undefined, examplePolicy().safeguards.observeFor]);
    expect(requirements?.checklist.some((one) => one.contract)).toBe(false);
  });
});

describe('HO-4: the figures of a contract', () => {
  const duration = fc.integer({ min: MINUTE, max: 9 * DAY });

  it('hold to the stricter of both, whatever they are', () => {
    fc.assert(
      fc.property(duration, duration, duration, duration, (watching, rollback, time, allowed) => {
        const before = safeguards({ overrun: { within: allowed, grace: MINUTE } });
        const after = safeguardsUnder(
          before,
          targeting(
            { kind: 'watching', lasts: watching },
            { kind: 'rollback', within: rollback },
            { kind: 'deployment_time', within: time },
          ),
        );
        expect(after.observeFor).toBe(Math.max(before.observeFor, watching));
        expect(after.rollbackWithin).toBe(Math.min(before.rollbackWithin, rollback));
        expect(after.overrun).toEqual({ within: Math.min(allowed, time), grace: MINUTE });
      }),
    );
  });

  it('give a validation its time where it is the longest', () => {
    const { observeFor } = safeguardsUnder(safeguards(), targeting({ kind: 'validation', lasts: 2 * DAY }));
    expect(observeFor).toBe(2 * DAY);
  });

  it.each<[string, Trigger[], boolean]>([
    ['no rule', [], true],
    ['a laxer one', [rule({ metric: 'errors', over: 5 })], true],
    ['one as strict', [rule({ metric: 'errors', over: 1, action: 'hold' })], false],
    ['a stricter one that rolls back', [rule({ metric: 'errors', over: 0.5, action: 'roll_back' })], false],
    ['one of another kind', [rule({ metric: 'errors', over: 0.5, kind: 'points' })], true],
    ['one on something else', [rule({ metric: 'cpu', over: 1 })], true],
  ])('hold it over the rate of errors where the judge has %s', (_has, rules, added) => {
    const before = safeguards();
    const { judge } = safeguardsUnder(
      { ...before, judge: { ...before.judge, triggers: rules } },
      targeting({ kind: 'error_rate', limit: 1, bound: 'below' }),
    );
    expect(judge.triggers.slice(0, rules.length)).toEqual(rules);
    expect(judge.triggers.slice(rules.length)).toMatchObject(
      added ? [{ metric: 'errors', kind: 'absolute', over: 1, action: 'hold', minSample: 1_000 }] : [],
    );
  });
});

describe('HO-4: the items of a contract', () => {
  it('never share an id with the policy’s: both are asked for', () => {
    const policy = needs({ checklist: [item('notes'), item('notes-2'), item('board')] });
    const { checklist } = withItemsOf(policy, [item('notes', { text: 'Of the contract' })]);
    expect(checklist.map(({ id, contract }) => [id, contract])).toEqual([
      ['notes-3', undefined],
      ['notes-2', undefined],
      ['board', undefined],
      ['notes', true],
    ]);
  });

  it('are asked for once where the policy asks for the same in the same words, as the stricter of the two', () => {
    const by = item('runbook', {
      text: 'The runbook is **updated**',
      before: 'hand_over',
      by: [{ role: 'operations', name: 'Operations' }],
      required: false,
    });
    const { checklist } = withItemsOf(needs({ checklist: [by] }), [
      item('c-1-runbook', { text: 'The runbook is updated.', before: 'start' }),
      item('c-1-other', { text: 'The runbook is updated twice' }),
    ]);
    expect(checklist).toEqual([
      { ...by, before: 'start', required: true, contract: true },
      { ...item('c-1-other', { text: 'The runbook is updated twice' }), contract: true },
    ]);
  });

  it('are asked for once where the policy knows them by their names: in the words accepted, from whom the policy asks', () => {
    const { checklist } = presetOf('handoff-v1');
    const own = checklist.map(({ when: _when, ...one }) => one);
    const named = [
      item('c-zero', { text: 'Zero-Downtime Deployment: blue and green change places', before: 'start' }),
      item('c-accuracy', { text: 'Accuracy: as specified', before: 'hand_over' }),
      item('c-accuracy-2', { text: 'Accuracy: once more', before: 'hand_over' }),
      item('c-input', { text: 'Deployment Documentation: docs/deploying.md', before: 'start' }),
      item('c-update', { text: 'Deployment Documentation: updated', before: 'hand_over' }),
      item('c-own', { text: 'Invoices: one was sent', before: 'hand_over' }),
    ];
    const once = withItemsOf(needs({ checklist: own }), named);
    const texts = once.checklist.map(({ text }) => text);
    expect(once.checklist).toHaveLength(own.length + 3);
    expect(texts).not.toContain('There was no downtime');
    expect(once.checklist.find(({ text }) => text.startsWith('Zero-Downtime'))).toMatchObject({
      id: 'no_downtime',
      before: 'hand_over',
      after: 0,
      by: [{ role: 'sre' }, { role: 'on_call' }],
      contract: true,
    });
    expect(once.checklist.slice(-3).map(({ id }) => id)).toEqual(['c-accuracy-2', 'c-input', 'c-own']);
    expect(texts).not.toContain('How it is deployed is written down');
    // As when it is changed: what the contract brought is asked for again.
    const theirs = once.checklist.filter(({ contract }) => contract);
    const again = withItemsOf(needs({ checklist: own }), theirs);
    expect(again.checklist.map(({ text }) => text).sort()).toEqual([...texts].sort());
  });

  it('stay when it is changed, also into another kind of change', async () => {
    const { terms } = await plan(ACCEPTED);
    const before: Deployment = play(requested(terms));
    const theirs = (all: Deployment['terms']['requirements'] | undefined) =>
      all?.checklist.filter((one) => one.contract).map(({ id }) => id);
    const revised = await planRevision(
      examplePolicy(),
      before,
      { ...ASKED, details: details({ changeType: 'emergency', database: 'breaking' }) },
      nobody,
    );
    expect(revised.terms.requirements).toBeDefined();
    expect(theirs(revised.terms.requirements)).toEqual(theirs(before.terms.requirements));
    expect(revised.terms.requirements?.checklist.map(({ id }) => id)).toEqual([
      ...new Set(revised.terms.requirements?.checklist.map(({ id }) => id)),
    ]);
    expect(revised).not.toHaveProperty('safeguards');
    const kept = await planRevision(
      examplePolicy(),
      before,
      { ...ASKED, details: details({ summary: 'In other words.' }) },
      nobody,
    );
    expect(kept.terms.requirements).toBeUndefined();
  });
});
