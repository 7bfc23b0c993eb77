/** A drill as people run it: it goes there and back for real, is timed, and ticks its item (RB-5). */

import { describe, expect } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { DRILL_ACTION } from '../../views/drill.ts';
import { request, signAll } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it, type Stage } from './stage.ts';

describe('RB-5: a drill', () => {
  it('RB-5: deploys to staging, rolls back by itself, and ticks the item of the release with what it took', async ({
    stage,
  }) => {
    const production = await request(stage, 'checkout v2.1.0 to production tomorrow at 10:00');
    expect((await stage.load(production)).evidence.gates.rollback_rehearsal).toBeUndefined();

    const drill = await drilled(stage, 'checkout v2.1.0');
    expect((await stage.card(drill)).text).toContain(
      '🎯 A drill: it is rolled back as soon as it is complete',
    );
    await stage.pass(4 * HOUR, over(stage, drill));
    expect((await stage.card(drill)).text).toMatch(/🎯 The drill passed: back after \d+ s, target 15 min\./);
    expect((await stage.load(drill)).rollout?.completedAt).toBeDefined();
    const staging = { service: 'checkout', environment: 'staging' };
    expect((await stage.world.backend.observe(staging)).stable).toBe((await stage.load(drill)).previous);

    const { gates } = (await stage.load(production)).evidence;
    expect(gates.rollback_rehearsal).toMatchObject({ passed: true, report: { by: drill } });
    // It says nothing against the release: nobody is asked why it comes again.
    const again = await request(stage, 'checkout v2.1.0 to staging', { 'schedule.strategy': 'all-at-once' });
    await signAllOf(stage, again);
    await stage.pass(DAY, async () => (await stage.load(again)).status === 'handed_over');

    const back = await drilled(stage, 'checkout');
    await stage.pass(MINUTE, over(stage, back));
    expect((await stage.load(back)).terms.takesBack).toEqual({ deployment: again });
    expect((await stage.card(back)).text).toContain('🎯 The drill passed');
  });

  it('RB-5: is refused where it counts, and for whoever may not', async ({ stage }) => {
    expect((await stage.type('omar', 'checkout', '/deploy drill checkout v2.1.0 production')).told).toEqual([
      'The rollback is not rehearsed in production. Drill it in staging.',
    ]);
    expect((await stage.type('omar', 'checkout', '/deploy drill')).told.join()).toContain(
      'Say of which service',
    );
    expect((await stage.type('omar', 'checkout', '/deploy drill chekout')).told.join()).toContain('checkout');
    const offer = await offered(stage, 'checkout v2.1.0', 'priya');
    const { told } = await stage.click('priya', offer, DRILL_ACTION);
    expect(told.join()).toMatch(/^You can't ask for deployments of this kind/);
    expect(await stage.bot.stores.events.list({ limit: 1 })).toEqual([]);
  });
});

async function offered(stage: Stage, what: string, person: 'omar' | 'priya' = 'omar') {
  const user = PEOPLE[person];
  await stage.type(person, 'checkout', `/deploy drill ${what}`);
  const whispers = await stage.driver.messages({ channel: 'checkout', user });
  const offer = whispers.findLast(({ ephemeral }) => ephemeral === user);
  if (offer === undefined) throw new Error('no offer');
  return offer;
}

async function drilled(stage: Stage, what: string): Promise<string> {
  const { told } = await stage.click('omar', await offered(stage, what), DRILL_ACTION);
  const id = /The drill is (D-\d+)/.exec(told.join())?.[1];
  if (id === undefined) throw new Error(told.join());
  return id;
}

const over = (stage: Stage, id: string) => async () => (await stage.load(id)).ending !== undefined;

async function signAllOf(stage: Stage, id: string): Promise<void> {
  if ((await stage.load(id)).terms.required.length > 0) await signAll(stage, id);
}
