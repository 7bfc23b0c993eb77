/** A go can be taken back until the start, and whoever gave it hears what reads differently since (CH-7). */

import { describe, expect, it } from 'vitest';
import type { Details } from '../../src/terms/change.ts';
import { dana, details, inShort, OMAR, paul, person, ruth, SANA, sana, TOM, tom } from './builders.ts';
import { type World, worldAt } from './world.ts';

const withdraw = { kind: 'withdraw' } as const;

function revise(world: World, about: Partial<Details>, actor = ruth) {
  const { envelope, details: before } = world.d.terms;
  return world.tell({ kind: 'revise', terms: { envelope, details: { ...before, ...about } } }, actor);
}

describe('withdrawing a go', () => {
  it('CH-7: takes a scheduled deployment back, with no start until somebody signs again', () => {
    const world = worldAt('scheduled');
    expect(inShort(world.tell(withdraw, tom))).toBe('accepted sign_off_withdrawn');
    expect(world.d).toMatchObject({
      status: 'preparing',
      approval: { signOffs: [{ person: TOM, fallen: 'it was withdrawn' }, { person: SANA }] },
    });
    expect(world.d.start.at).toBeUndefined();
    expect(inShort(world.sign(tom))).toBe('accepted signed scheduled');
  });

  it('CH-7: is open to whoever signed, also where they hold the role no more, and to nobody else', () => {
    const world = worldAt('scheduled');
    expect(inShort(world.tell(withdraw, paul))).toBe('refused not_found');
    expect(inShort(world.tell({ ...withdraw, role: 'security' }, tom))).toBe('refused not_found');
    expect(inShort(world.tell(withdraw, person(TOM)))).toBe('accepted sign_off_withdrawn');
    expect(inShort(world.tell(withdraw, tom))).toBe('refused not_found');
  });

  it.each(['shifting', 'observing', 'handed_over', 'cancelled'] as const)(
    'CH-7: is over when it is %s',
    (point) => {
      expect(inShort(worldAt(point).tell(withdraw, tom))).toBe('refused wrong_status');
    },
  );

  it('CH-1: does not keep an emergency from its start', () => {
    const world = worldAt('preparing', {
      details: details({ changeType: 'emergency' }),
      approval: {
        when: 'afterwards',
        leadTime: 0,
        workdays: { timeZone: 'UTC', holidays: [] },
        owed: { within: 1, remindEvery: 1, documentation: false },
      },
    });
    world.sign(tom);
    expect(inShort(world.tell(withdraw, tom))).toBe('accepted sign_off_withdrawn scheduled');
  });
});

describe('what reads differently since a go', () => {
  it.each<[string, Partial<Details>]>([
    ['the summary', { summary: 'Drops the orders table' }],
    ['the lead', { lead: OMAR }],
    ['the on-call', { onCall: SANA }],
  ])('CH-7: %s is told to those whose gos stand, in a message of their own', (_, about) => {
    const world = worldAt('preparing', { details: details({ lead: { id: 'U-LEAD', name: 'Lea' } }) });
    world.sign(tom);
    expect(revise(world, about)).toMatchObject({ events: [{ type: 'revised', falls: [] }] });
    expect(world.d.approval.reminders).toMatchObject([{ people: [TOM], about: 'words' }]);
    const messages = world.done.at(-1)?.effects.map(({ key }) => key);
    expect(messages).toContainEqual(expect.stringContaining(`nudge:${world.d.seq}:${TOM.id}`));
  });

  it('CH-7: asks those again whose go falls with it, and tells them nothing besides', () => {
    const world = worldAt('preparing');
    world.sign(tom);
    revise(world, { summary: 'Other words', risk: 'high' });
    const again = world.d.approval.reminders;
    expect(again).toMatchObject([{ people: [TOM], about: 'again' }]);
    world.sign(sana);
    revise(world, { risk: 'low' }, dana);
    expect(world.d.approval.reminders.filter(({ about }) => about === 'words')).toEqual([]);
  });
});
