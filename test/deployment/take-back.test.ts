/** What was handed over is taken back as a deployment of its own (RB-7). */

import { describe, expect, it } from 'vitest';
import { applyEvents } from '../../src/deployment/apply-events.ts';
import { isCommand, laneOf } from '../../src/deployment/command-effects.ts';
import { decide } from '../../src/deployment/decide.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { Actor, Decision } from '../../src/deployment/intents.ts';
import type { TakeBackFacts } from '../../src/deployment/rollback/take-back-facts.ts';
import { byOf, dana, facts, inShort, OMAR, omar, paul, person, T0 } from './builders.ts';
import { type Point, worldAt } from './world.ts';

const of = worldAt('handed_over').d;
const NOW = T0;

function ask(
  change: Partial<TakeBackFacts> & { running?: string | null } = {},
  actor: Actor = omar,
): Decision {
  const { running = 'v2.1.0', ...about } = change;
  const known = facts(actor, { running, takeBack: { of, ...about } });
  return decide(undefined, { kind: 'take_back', of: of.id, why: 'alerts' }, known);
}

function begun(): { d: Deployment; effects: ReturnType<typeof applyEvents>['applied'][number]['effects'] } {
  const decision = ask();
  if (decision.kind !== 'accepted') throw new Error(inShort(decision));
  const { after, applied } = applyEvents('D-9', undefined, decision.events, { at: NOW, by: byOf(omar) });
  return { d: after, effects: applied.flatMap(({ effects }) => effects) };
}

/** Another deployment there, as it stands. */
const there = (point: Point, change: Partial<Deployment> = {}): Deployment => ({
  ...worldAt(point).d,
  id: 'D-8',
  ...change,
});
const takingBack = (point: Point): Deployment => {
  const d = there(point);
  return { ...d, terms: { ...d.terms, takesBack: { deployment: of.id } } };
};

describe('RB-7: taking back what was handed over', () => {
  it('begins going back at once, in the lane of rollbacks, with nobody to approve it', () => {
    const { d, effects } = begun();
    expect(d).toMatchObject({
      id: 'D-9',
      status: 'rolling_back',
      requestedBy: OMAR,
      previous: 'v2.0.4',
      terms: { required: [], approval: { when: 'none' }, takesBack: { deployment: of.id } },
      rollback: { to: 'v2.0.4', why: 'alerts', by: { name: 'Omar' } },
    });
    const commands = effects.filter(isCommand);
    expect(commands.map((one) => [one.kind, laneOf(one)])).toEqual([
      ['roll_back', 'rollback'],
      ['stop_further', 'rest'],
    ]);
  });

  it('takes over what was agreed, and neither the contract, the drill, the notice nor the question of then', () => {
    const before: Deployment = {
      ...of,
      terms: {
        ...of.terms,
        drill: true,
        contract: { id: 'C-1', acceptedAt: T0, startBy: T0 },
        communication: { notice: 1 },
      },
    };
    const decision = ask({ of: before });
    if (decision.kind !== 'accepted') throw new Error(inShort(decision));
    const [requested] = decision.events;
    if (requested?.type !== 'requested') throw new Error('nothing was requested');
    expect(requested.terms).toMatchObject({ safeguards: of.terms.safeguards, contacts: of.terms.contacts });
    for (const own of ['drill', 'contract', 'communication', 'comesBack'])
      expect(requested.terms).not.toHaveProperty(own);
  });

  it('ends as every rollback does: when the old version has it all and works', () => {
    const { d } = begun();
    const seen = (stable: string) =>
      decide(
        d,
        {
          kind: 'observed',
          observation: { at: NOW + 1000, stable, canary: null, weight: 0, health: 'passing' },
        },
        facts({ kind: 'system', name: 'backend' }, { now: NOW + 1000 }),
      );
    expect(inShort(seen('v2.1.0'))).toBe('unchanged');
    expect(inShort(seen('v2.0.4'))).toBe('accepted rolled_back');
  });

  it('is for whoever was named at the request, or has a role: on-call and lead, nobody else', () => {
    for (const actor of [omar, dana, person({ id: 'U-NEW', name: 'New' }, 'on_call')])
      expect(inShort(ask({}, actor))).toBe('accepted requested taken_back');
    expect(inShort(ask({}, paul))).toBe('refused not_allowed');
  });

  it('is taken although the backend does not say what runs', () => {
    const known = facts(omar, { takeBack: { of } });
    const { running: _unknown, ...silent } = known;
    expect(inShort(decide(undefined, { kind: 'take_back', of: of.id, why: 'alerts' }, silent))).toBe(
      'accepted requested taken_back',
    );
  });

  it.each<[string, Parameters<typeof ask>[0], RegExp]>([
    ['nothing ran before it', { of: { ...of, previous: null } }, /first version there/],
    ['it is on its way', { of: worldAt('watching').d }, /is rolling out/],
    [
      'another rolls out there',
      { after: there('watching') },
      /has taken its place \(D-8\)\. Roll that back: it goes back to v2\.0\.4/,
    ],
    ['another is observed there', { after: there('observing') }, /has taken its place \(D-8\)/],
    ['another was handed over after it', { after: there('handed_over') }, /Roll that back instead/],
    ['another is going back there', { after: there('rolling_back') }, /is being rolled back there \(D-8\)/],
    [
      'somebody was faster',
      { after: takingBack('rolling_back') },
      /^Your rollback of checkout v2\.1\.0 is under way \(D-8\)/,
    ],
    ['it was taken back', { after: takingBack('rolled_back') }, /is done \(D-8\)/],
    ['another version runs', { running: 'v2.0.9' }, /^v2\.0\.9 runs there, and not checkout v2\.1\.0/],
    ['nothing runs', { running: null }, /^Nothing runs there/],
  ])('is refused where %s', (_why, change, says) => {
    expect(ask(change)).toMatchObject({ code: 'wrong_status', message: expect.stringMatching(says) });
  });

  it.each<[string, Deployment]>([
    ['an earlier try failed', takingBack('failed')],
    ['another was rolled back to it', there('rolled_back')],
  ])('is taken where %s', (_why, after) => {
    expect(inShort(ask({ after }))).toBe('accepted requested taken_back');
  });
});
