/** What time alone does about sign-offs that are missing (CH-8). */

import { expect, it } from 'vitest';
import { DAY, HOUR } from '../../src/time.ts';
import { approval, OMAR, PAUL, SANA, TOM, tom } from './builders.ts';
import { worldAt } from './world.ts';

it('CH-8: a go that grew too old is asked for afresh: whoever gave it is reminded, and others are told, once more', () => {
  const world = worldAt('preparing', {
    approval: approval({
      goLasts: 2 * DAY,
      remindAfter: HOUR,
      escalateAfter: 3 * HOUR,
      escalateTo: { role: 'operations', name: 'Operations', people: [OMAR] },
    }),
  });
  const nudges = () =>
    world.events.flatMap((event) =>
      event.type === 'reminded' || event.type === 'escalated' ? [[event.type, event.at - begun]] : [],
    );
  let begun = world.now;
  world.sign(tom);
  world.pass(HOUR).wake();
  world.pass(2 * HOUR).wake();
  expect(nudges()).toEqual([
    ['reminded', HOUR],
    ['reminded', 3 * HOUR],
    ['escalated', 3 * HOUR],
  ]);

  world.pass(2 * DAY - 3 * HOUR).wake();
  begun = world.now;
  const before = nudges().length;
  expect(world.events.map(({ type }) => type)).toContain('sign_offs_expired');
  world.pass(HOUR - 1).wake();
  expect(nudges().slice(before)).toEqual([]);
  world.pass(1).wake();
  world.pass(2 * HOUR).wake();
  expect(nudges().slice(before)).toEqual([
    ['reminded', HOUR],
    ['reminded', 3 * HOUR],
    ['escalated', 3 * HOUR],
  ]);
  const [, told] = world.events.filter((event) => event.type === 'escalated');
  expect(told?.to).toEqual([OMAR]);
  expect(world.d.approval.reminders.at(-1)?.people).toEqual([TOM, SANA, PAUL]);
});
