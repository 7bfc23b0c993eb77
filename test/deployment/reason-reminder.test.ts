/** Why it was rolled back is asked for afterwards, and once more where nobody says it (RB-1). */

import { describe, expect, it } from 'vitest';
import { nextReasonReminder } from '../../src/deployment/rollback/reason-reminder.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { renderNudge } from '../../views/nudge.ts';
import { approval, backend, DANA, inShort, OMAR, omar, T0 } from './builders.ts';
import { observed, type World, worldAt } from './world.ts';

/** Who is asked by the last event, in a message of their own. */
function asked(world: World): string[] {
  return (world.done.at(-1)?.effects ?? []).flatMap((effect) =>
    effect.kind === 'show' && effect.message.kind === 'nudge' ? [effect.message.user] : [],
  );
}

function message(world: World, user: string): string {
  const event = world.events.find(({ type }) => type === 'reason_reminded');
  return (event && renderNudge(world.d, event, user)?.text) ?? '';
}

describe('RB-1: the reason of a rollback', () => {
  it('is asked for once more an hour after its end, of whoever asked for it, and never again', () => {
    const world = worldAt('rolled_back');
    world.pass(HOUR - 1);
    expect(inShort(world.wake())).toBe('unchanged');
    world.pass(1);
    expect(inShort(world.wake())).toBe('accepted reason_reminded');
    expect(asked(world)).toEqual([OMAR.id]);
    expect(message(world, OMAR.id)).toMatch(/It was rolled back .*, and nobody has said why\./);
    world.pass(30 * DAY);
    expect(inShort(world.wake())).toBe('unchanged');
  });

  it('is not asked for again where it was said, and the reminder says what was', () => {
    const said = worldAt('rolled_back');
    said.tell({ kind: 'explain_rollback', reason: 'coupons' }, omar);
    expect(nextReasonReminder(said.d)).toBeUndefined();
    const late = worldAt('rolled_back');
    late.pass(HOUR).wake();
    late.tell({ kind: 'explain_rollback', reason: 'coupons' }, omar);
    expect(asked(late)).toContain(OMAR.id);
    expect(message(late, OMAR.id)).toContain('Why it was rolled back is in the record: “coupons”');
  });

  it('of one by itself is asked of its lead and whoever is on call', () => {
    const world = worldAt('watching');
    world.tell(observed(world.now, { canary: 'v2.1.0', weight: 5, health: 'failing' }), backend);
    world.pass(MINUTE).observe();
    expect(world.d.status).toBe('rolled_back');
    world.pass(HOUR).wake();
    expect(world.events.at(-1)).toMatchObject({ type: 'reason_reminded', people: [DANA, OMAR] });
  });

  it('waits for working hours: nobody is woken for a word', () => {
    const hours = { from: '09:00', to: '17:00' };
    const workdays = { timeZone: 'UTC', holidays: [], hours };
    const world = worldAt('rolling_back', { approval: approval({ workdays }) });
    world.now = T0 + 10 * HOUR;
    world.observe();
    expect(world.d.status).toBe('rolled_back');
    expect(new Date(nextReasonReminder(world.d) ?? 0).toISOString()).toBe('2026-01-06T09:00:00.000Z');
  });

  it('is asked for where the rollback failed, and not where it was put right by hand, which says what happened', () => {
    expect(nextReasonReminder(worldAt('failed').d)).toBeDefined();
    const byHand = worldAt('rolling_back');
    byHand.tell({ kind: 'give_up_rollback', reason: 'restored' }, omar);
    expect(nextReasonReminder(byHand.d)).toBeUndefined();
  });
});
