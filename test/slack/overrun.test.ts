/** A rollout that takes longer than planned, as people hear of it: first those who answer for it, then others. */

import { describe, expect } from 'vitest';
import { HOUR, MINUTE } from '../../src/time.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { examplePolicy } from './bot.ts';
import { holdSaying, request, rollingOut } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it, type Stage } from './stage.ts';
import { choice } from './views-in-slack.ts';

async function held(stage: Stage): Promise<string> {
  const id = await rollingOut(stage);
  await holdSaying(stage, 'dana', id, 'p99 looks odd.');
  return id;
}

const linesOf = async (stage: Stage, id: string): Promise<string[]> =>
  (await stage.thread(id)).map(({ text }) => text).filter((text) => text.startsWith('⏰'));

async function inChannel(stage: Stage): Promise<string> {
  const messages = await stage.driver.messages({ channel: 'checkout', user: PEOPLE.dana });
  return messages.map(({ text }) => text).join('\n');
}

describe('WN-6: a rollout that runs over', () => {
  it('warns its lead and on-call in the thread, then tells the escalation and the channel, and stays as it is', async ({
    stage,
  }) => {
    const id = await held(stage);
    const startedAt = (await stage.load(id)).rollout?.startedAt ?? 0;
    await stage.pass(startedAt + 3 * HOUR + 44 * MINUTE - stage.clock.now());
    expect(await linesOf(stage, id)).toEqual([]);
    await stage.pass(2 * MINUTE);
    const [warning = '', ...none] = await linesOf(stage, id);
    expect(none).toEqual([]);
    expect(warning).toMatch(
      /takes longer than planned: started <!date[^>]+>, planned until <!date[^>]+> \(its plan takes 3 h 30 min\), over by 15 min/,
    );
    expect(warning).toContain(`<@${PEOPLE.dana}> or <@${PEOPLE.omar}>`);
    expect(warning).toContain(
      'On the card: promote it, resume it or roll it back. Time alone rolls nothing back.',
    );
    expect(await inChannel(stage)).not.toContain('longer than planned');
    expect((await stage.card(id)).text).toMatch(/Running over: planned until <!date.*<!date\^\d+\^\{ago\}/);

    await stage.pass(30 * MINUTE);
    const [, escalation = '', ...more] = await linesOf(stage, id);
    expect(more).toEqual([]);
    expect(escalation).toMatch(
      /still running over: .*, over by 45 min · its lead and on-call were told at <!date/,
    );
    expect(escalation).toContain(`<@${PEOPLE.priya}>: nobody has ended it`);
    expect(await inChannel(stage)).toContain('is still running over');
    expect((await stage.load(id)).status).toBe('held');

    await stage.pass(5 * HOUR);
    expect(await linesOf(stage, id)).toHaveLength(2);
    expect((await stage.load(id)).rollback).toBeUndefined();
    await stage.click('dana', await stage.card(id), CARD_ACTIONS.rollBack);
    await stage.pass(MINUTE);
    expect((await stage.card(id)).text).not.toContain('Running over');
  });

  it('has the time besides by which a person had a stage watched longer', async ({ stage }) => {
    const id = await rollingOut(stage);
    const card = await stage.card(id);
    await stage.click('dana', card, CARD_ACTIONS.more, choice(card, CARD_ACTIONS.more, 'Watch 1 h longer'));
    await stage.pass(4 * HOUR + 14 * MINUTE, async () => (await stage.load(id)).status === 'observing');
    expect(await linesOf(stage, id)).toEqual([]);
  });

  it('WN-1: has to be through when its window closes', async ({ open }) => {
    const policy = `${examplePolicy().replace('  staging:\n', '  staging: { strategy: canary }\n')}
windows:
  - { name: Afternoon, days: [mon], from: "09:00", to: "15:00", environments: [staging] }
`;
    const stage = await open({ policy });
    const id = await request(stage, 'checkout v2.1.0 to staging');
    await stage.pass(MINUTE);
    const card = await stage.card(id);
    await stage.click('dana', card, CARD_ACTIONS.more, choice(card, CARD_ACTIONS.more, 'Watch 1 h longer'));
    // 15:00 in Berlin is 14:00 UTC: the plan would be over at 14:30 UTC by now, and the window does not wait for it.
    await stage.pass(Date.UTC(2026, 0, 5, 13, 59) - stage.clock.now());
    const before = await linesOf(stage, id);
    expect(before).toHaveLength(0);
    await stage.pass(2 * MINUTE);
    expect((await linesOf(stage, id))[0]).toContain('(its window closed then)');
  });
});
