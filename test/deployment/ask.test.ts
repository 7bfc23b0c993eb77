import { describe, expect, it } from 'vitest';
import type { Actor } from '../../src/deployment/intents.ts';
import { backend, DANA, dana, inShort, person, SANA, sana, tom } from './builders.ts';
import { type Point, worldAt } from './world.ts';

const ask = { kind: 'ask', question: ' Who may refund? ' } as const;

describe('K-4: a question to the lead', () => {
  it.each<[string, Actor, Point, string]>([
    ['an approver', sana, 'preparing', 'accepted question_asked'],
    ['an approver', sana, 'watching', 'accepted question_asked'],
    ['somebody with a role', tom, 'scheduled', 'accepted question_asked'],
    ['an approver who lost the role since', person(SANA), 'preparing', 'accepted question_asked'],
    ['the lead', dana, 'preparing', 'refused not_allowed'],
    [
      'somebody without a role',
      person({ id: 'U-X', name: 'X' }),
      'preparing',
      'refused not_allowed + attempt_refused',
    ],
    ['a machine', backend, 'preparing', 'refused not_allowed'],
    ['an approver', sana, 'rolled_back', 'refused wrong_status'],
    ['an approver', sana, 'handed_over', 'refused wrong_status'],
  ])('of %s (%#) in %s: %s', (_who, actor, point, ends) => {
    expect(inShort(worldAt(point).tell(ask, actor))).toBe(ends);
  });

  it('is recorded as it was typed, changes no sign-off, and needs words', () => {
    const world = worldAt('preparing');
    const { signOffs } = world.d.approval;
    world.tell(ask, sana);
    expect(world.d.approval.questions).toMatchObject([{ by: SANA, to: DANA, question: 'Who may refund?' }]);
    expect(world.d.approval.signOffs).toEqual(signOffs);
    expect(inShort(world.ask({ kind: 'ask', question: ' ' }, sana))).toBe('refused reason_needed');
  });
});
