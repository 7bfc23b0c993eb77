/** K-3, ST-6: whoever must act on a hold, or on a rollback by itself, is told once, and told when it is done. */

import { describe, expect, it } from 'vitest';
import type { LiveMessage } from '../../src/deployment/effects.ts';
import { MINUTE } from '../../src/time.ts';
import { backend, DANA, dana, details, inShort, OMAR, omar, tom } from './builders.ts';
import { observed, type World, worldAt } from './world.ts';

const shownBy = (world: World, type: string): LiveMessage[] =>
  (world.done.findLast(({ event }) => event.type === type)?.effects ?? []).flatMap((effect) =>
    effect.kind === 'show' ? [effect.message] : [],
  );

const toldBy = (world: World, type: string): string[] =>
  shownBy(world, type).flatMap((message) => (message.kind === 'nudge' ? [message.user] : []));

describe('A hold', () => {
  it.each([
    ['somebody with a role', tom, ['U-DANA', 'U-OMAR']],
    ['its lead', dana, ['U-OMAR']],
    ['its on-call', omar, ['U-DANA']],
  ] as const)('of %s is told to those who must decide, but for who did it', (_who, actor, told) => {
    const world = worldAt('watching');
    world.tell({ kind: 'hold', reason: '' }, actor);
    expect(toldBy(world, 'held')).toEqual(told);
  });

  it('of a lead who is on call as well is told to nobody else', () => {
    const world = worldAt('watching', { details: details({ onCall: DANA }) });
    world.tell({ kind: 'hold', reason: '' }, dana);
    expect(toldBy(world, 'held')).toEqual([]);
    expect(world.d.status).toBe('held');
  });

  it('acts without a reason, and takes it afterwards, also when it is over', () => {
    const world = worldAt('watching');
    expect(inShort(world.tell({ kind: 'explain_hold', reason: 'x' }, tom))).toBe('refused wrong_status');
    expect(inShort(world.tell({ kind: 'hold', reason: '' }, tom))).toBe('accepted held');
    expect(inShort(world.tell({ kind: 'explain_hold', reason: ' ' }, tom))).toBe('refused reason_needed');
    expect(inShort(world.tell({ kind: 'explain_hold', reason: 'a log line' }, tom))).toBe(
      'accepted hold_explained',
    );
    expect(world.d.rollout?.hold).toMatchObject({ reason: 'a log line', by: { name: 'Tom' } });
    world.tell({ kind: 'resume', reason: 'It looks well.' }, dana);
    world.tell({ kind: 'explain_hold', reason: 'a strange log line' }, tom);
    expect(world.d.rollout?.hold).toBeUndefined();
    expect(world.d.rollout?.actionsNeeded.at(-1)?.reason).toBe('a strange log line');
    const nobody = { ...tom, roles: [] };
    expect(inShort(world.ask({ kind: 'explain_hold', reason: 'x' }, nobody))).toMatch(/^refused not_allowed/);
  });

  it.each([
    ['resumed', (w: World) => w.tell({ kind: 'resume', reason: 'It looks well.' }, dana), 'resumed'],
    [
      'promoted',
      (w: World) => w.tell({ kind: 'promote', stage: 1, reason: 'It looks well.' }, dana),
      'promoted',
    ],
    ['rollback_started', (w: World) => w.tell({ kind: 'roll_back', why: 'odd' }, dana), 'rolled_back'],
  ] as const)('is taken back from those who were told once it is %s', (type, act, how) => {
    const world = worldAt('watching');
    world.tell({ kind: 'hold', reason: 'odd' }, tom);
    const seq = world.events.at(-1)?.seq;
    world.pass(MINUTE);
    act(world);
    expect(world.d.rollout?.actionsNeeded).toMatchObject([
      { seq, done: { how, by: { name: 'Dana' }, at: world.now } },
    ]);
    const shown = shownBy(world, type);
    expect(shown).toContainEqual({ kind: 'note', seq, broadcast: true });
    expect(shown).toContainEqual({ kind: 'nudge', seq, user: OMAR.id });
  });
});

describe('A rollback', () => {
  it('by itself asks its lead and on-call to say what happened, until one has', () => {
    const world = worldAt('watching');
    world.pass(1000).tell(observed(world.now, { canary: 'v2.1.0', weight: 5, health: 'failing' }), backend);
    expect(world.d.status).toBe('rolling_back');
    expect(toldBy(world, 'rollback_started')).toEqual(['U-DANA', 'U-OMAR']);
    world.pass(1000).observe();
    expect(toldBy(world, 'rolled_back')).toEqual(['U-DANA', 'U-OMAR']);
    world.tell({ kind: 'explain_rollback', reason: 'a bad query' }, omar);
    expect(world.d.rollout?.actionsNeeded.at(-1)?.done).toMatchObject({
      how: 'explained',
      by: { name: 'Omar' },
    });
    expect(toldBy(world, 'rollback_explained')).toEqual(['U-DANA', 'U-OMAR']);
  });

  it('that somebody asked for asks nobody', () => {
    const world = worldAt('watching');
    world.tell({ kind: 'roll_back', why: 'odd' }, omar);
    expect(toldBy(world, 'rollback_started')).toEqual([]);
  });
});
