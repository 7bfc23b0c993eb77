/** A start while Slack is away: record, conductor and adapters go on without it, and people are told when it is back. */

import { describe, expect } from 'vitest';
import { LIVE } from '../../src/deployment/lifecycle.ts';
import { StartError } from '../../src/main/start-error.ts';
import { MINUTE, SECOND } from '../../src/time.ts';
import { startBot } from './bot.ts';
import { rollingOut } from './deploying.ts';
import { it, type Stage } from './stage.ts';
import { expectTruth } from './truth.ts';

const CALLS = ['auth.test', 'chat.postMessage', 'chat.update', 'conversations.open'];

/** From now on nothing reaches Slack. */
async function takeSlackAway(stage: Stage): Promise<void> {
  await stage.driver.faults(...CALLS.map((on) => ({ on, do: 'status' as const, status: 503 })));
  for (const call of CALLS) stage.expectTrouble({ call, error: 'internal_error', may: true });
  stage.expectTrouble({ logged: 'Slack is not there; trying again' });
}

describe('a start while Slack is away', () => {
  it('OP-3, RB-2, RB-7: a canary whose health fails goes back all the same, and people read of it later', async ({
    open,
  }) => {
    const stage = await open({ onDisk: true, settleFor: 45 * SECOND });
    const id = await rollingOut(stage, 'checkout v2.1.3 to production');
    await takeSlackAway(stage);
    await stage.restart();
    expect(await stage.bot.health()).toMatchObject({
      ready: false,
      parts: { slack: expect.stringContaining('Slack'), database: 'answers' },
    });
    await stage.pass(10 * MINUTE, async () => (await stage.load(id)).status === 'rolled_back');
    expect((await stage.load(id)).status).toBe('rolled_back');
    await stage.driver.clearFaults();
    await stage.driver.until(async () => {
      await stage.settled();
      return (await stage.bot.health()).ready;
    });
    await stage.settled();
    expect((await stage.card(id)).text).toContain('v2.0.4 is back');
    await expectTruth(stage, id);
  });

  it('OP-3: a token that Slack refuses ends no start while a deployment is on its way', async ({ open }) => {
    const stage = await open({ onDisk: true, settleFor: 45 * SECOND });
    const id = await rollingOut(stage);
    stage.expectTrouble({ call: 'auth.test', error: 'invalid_auth' });
    stage.expectTrouble({ logged: 'Slack is not there; trying again' });
    stage.expectTrouble({
      logged: 'Slack refuses the bot; what is on its way goes on, and nobody can be told',
    });
    await stage.driver.faults({ on: 'auth.test', do: 'error', error: 'invalid_auth' });
    await stage.restart();
    expect((await stage.bot.health()).parts.slack).toContain('SLACK_BOT_TOKEN is');
    await stage.pass(MINUTE);
    expect(LIVE.has((await stage.load(id)).status)).toBe(true);
    await stage.driver.clearFaults();
    await stage.driver.until(async () => {
      await stage.settled();
      return (await stage.bot.health()).ready;
    });
  });

  it('OP-3: the same token ends it where nothing is, with its port and its record given back', async ({
    stage,
  }) => {
    stage.expectTrouble({ call: 'auth.test', error: 'invalid_auth' });
    const settings = { ...stage.settings, environment: { SLACK_BOT_TOKEN: 'xoxb-wrong' } };
    await expect(startBot(settings)).rejects.toBeInstanceOf(StartError);
  });
});
