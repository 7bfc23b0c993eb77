import { createHmac } from 'node:crypto';
import { describe, expect } from 'vitest';
import { StartError } from '../../src/main/start-error.ts';
import { MINUTE } from '../../src/time.ts';
import { startBot } from './bot.ts';
import { request, rollingOut, signAll } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it } from './stage.ts';
import { expectTruth } from './truth.ts';

describe.concurrent('deliveries over signed requests', () => {
  it('K-8: the same clicks on the same cards, from the request to the rollback', async ({ open }) => {
    const stage = await open({ delivery: 'http' });
    const id = await request(stage);
    await signAll(stage, id);
    await stage.pass(MINUTE);
    await expectTruth(stage, id);
    const home = await stage.home('omar');
    await stage.click('omar', home, 'card.roll_back');
    await stage.pass(MINUTE);
    expect((await stage.load(id)).status).toBe('rolled_back');
    await expectTruth(stage, id);
    expect(await stage.bot.health()).toMatchObject({ ready: true });
  });

  it('K-2: errors and redraws of the modal come back in time', async ({ open }) => {
    const stage = await open({ delivery: 'http' });
    const { modal } = await stage.type('dana', 'checkout', '/deploy checkout v9.9.9');
    if (modal === null) throw new Error('no modal');
    const drawn = await stage.click('dana', modal, 'schedule.environment', 'production');
    expect(JSON.stringify(drawn.modal?.blocks)).toContain('Running in production now');
    const { errors, ack_ms } = await stage.submit('dana', { 'schedule.summary': 'Adds Apple Pay.' });
    expect(Object.keys(errors ?? {})).toEqual(['schedule.version']);
    expect(ack_ms).toBeLessThan(3_000);
  });

  it('OP-4: a request without Slack’s signature does nothing', async ({ open }) => {
    const stage = await open({ delivery: 'http' });
    const id = await rollingOut(stage);
    const payload = {
      type: 'block_actions',
      user: { id: PEOPLE.omar },
      team: { id: 'T0ACME00001' },
      container: {},
      actions: [{ action_id: 'card.roll_back', value: JSON.stringify({ d: id }) }],
    };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const send = (secret: string, at: number) => {
      const timestamp = String(Math.floor(at / 1_000));
      const signed = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
      return fetch(`${stage.bot.url}/slack/events`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': `v0=${signed}`,
        },
      });
    };
    const { signing_secret } = stage.slack.workspace.bot;
    expect((await send('another secret', Date.now())).status).toBe(401);
    expect((await send(signing_secret, Date.now() - 10 * MINUTE)).status).toBe(401);
    await stage.settled();
    expect((await stage.load(id)).status).toBe('rolling_out');
  });
});

describe.concurrent('deliveries over sockets', () => {
  it('K-8: one socket that Slack takes away costs no click', async ({ stage }) => {
    const id = await request(stage);
    await stage.driver.faults({ on: 'socket', do: 'refresh', times: 1 });
    await signAll(stage, id);
    await stage.pass(MINUTE);
    expect((await stage.load(id)).status).toBe('rolling_out');
    await expectTruth(stage, id);
  });

  it('K-6, K-8: with all of them cut it says that it is not ready, comes back by itself, and answers what it did not hear', async ({
    stage,
  }) => {
    const id = await request(stage);
    await stage.driver.faults(
      { on: 'apps.connections.open', do: 'error', error: 'fatal_error', times: 2 },
      { on: 'socket', do: 'cut' },
    );
    stage.expectTrouble({ call: 'apps.connections.open', error: 'fatal_error' });
    stage.expectTrouble({ logged: 'could not open a socket to Slack; trying again' });
    const refused = ({ ok }: { ok: boolean }): boolean => !ok;
    await stage.driver.until(async () =>
      (await stage.driver.calls({ method: 'apps.connections.open' })).some(refused),
    );
    expect(await stage.bot.health()).toMatchObject({ ready: false });
    // Slack delivers it again a minute later at the earliest: what nobody heard is read as soon as somebody listens.
    const { ts } = await stage.driver.appMessage('Monitoring', 'alerts', { text: 'checkout is down' });
    await stage.driver.until(async () => (await stage.driver.workspace()).connected);
    await stage.driver.until(
      async () => (await stage.driver.messages({ channel: 'alerts', thread_ts: ts })).length === 2,
    );
    await signAll(stage, id);
    expect((await stage.load(id)).approval.signOffs).toHaveLength(3);
    await expectTruth(stage, id);
    expect(await stage.bot.health()).toMatchObject({ ready: true });
  });

  it('RB-1: a click whose connection is cut before its ack is done or it is not, and the next one works', async ({
    stage,
  }) => {
    const id = await rollingOut(stage);
    await stage.driver.faults({ on: 'block_actions', do: 'cut', times: 1 });
    const { channel, ts } = await stage.card(id);
    const cut = await stage.driver.action(PEOPLE.omar, { channel, ts }, { action_id: 'card.roll_back' });
    expect(cut.ok).toBe(false);
    await stage.settled();
    const { rollback } = await stage.load(id);
    if (rollback === undefined) await stage.click('omar', await stage.card(id), 'card.roll_back');
    await stage.pass(MINUTE);
    expect((await stage.load(id)).status).toBe('rolled_back');
    await expectTruth(stage, id);
  });
});

describe.concurrent('a start that Slack refuses', () => {
  it.for([
    ['SLACK_BOT_TOKEN', 'xoxb-wrong'],
    ['SLACK_APP_TOKEN', 'xapp-wrong'],
  ] as const)(
    'OP-3: a wrong %s ends it with the name of the variable, and never its value',
    async ([variable, value], { stage }) => {
      const method = variable === 'SLACK_BOT_TOKEN' ? 'auth.test' : 'apps.connections.open';
      stage.expectTrouble({ call: method, error: 'invalid_auth' });
      const started = startBot({ ...stage.settings, environment: { [variable]: value } });
      const refusal = await started.catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(StartError);
      expect(String(refusal)).toMatch(new RegExp(`invalid_auth. ${variable} is`));
      expect(String(refusal)).not.toContain(value);
    },
  );

  it('OP-3: a Slack that cannot be reached ends no start, and /readyz says so', async ({ stage }) => {
    const environment = { SLACK_API_URL: 'http://127.0.0.1:9/api/' };
    const bot = await startBot({ ...stage.settings, environment });
    const ready = await fetch(`${bot.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({
      parts: { slack: expect.stringContaining('Slack cannot be reached'), database: 'answers' },
    });
    await bot.stop();
  });
});
