/** One record, two Slacks after each other: a local Slack keeps nothing, so its second life must not repeat the first. */
import { describe, expect, onTestFinished } from 'vitest';
import { connectDriver } from '../../local-slack/driver-client.ts';
import { startLocalSlack } from '../../local-slack/index.ts';
import { HOUR, MINUTE } from '../../src/time.ts';
import { acting } from './acting.ts';
import { request } from './deploying.ts';
import { looking } from './looking.ts';
import { it, manifestWith, type Stage } from './stage.ts';

/** Ends the local Slack and starts another, with nothing but the record of the bot kept. */
async function nextLife(stage: Stage): Promise<Stage> {
  await stage.pass(HOUR);
  const slack = await startLocalSlack({
    manifest: manifestWith([]),
    page: false,
    rateLimits: { factor: 10_000 },
    now: () => Math.max(stage.settings.clock.now(), stage.settings.messageClock.now()),
  });
  const driver = await connectDriver(slack.url);
  await stage.restart(() => {
    stage.settings.slack = slack;
  });
  onTestFinished(async () => {
    await driver.close();
    await slack.close();
  });
  const { settled, bot } = stage;
  return { ...stage, slack, driver, ...acting({ driver, settled }), ...looking({ driver, bot: () => bot }) };
}

describe('a second life of the local Slack beside the same record', () => {
  it('K-8: takes a second schedule modal for what it is, and something comes of it', async ({ open }) => {
    const first = await open({ onDisk: true });
    const before = await request(first, 'checkout v2.1.0 to production');
    const second = await nextLife(first);
    const after = await request(second, 'payments v9.4.0 to production');
    expect(after).not.toBe(before);
    expect((await second.card(after)).text).toContain('payments v9.4.0');
    await second.pass(MINUTE);
  });
});
