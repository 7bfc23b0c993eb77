import { createHmac } from 'node:crypto';
import { describe, expect } from 'vitest';
import type { Message } from '../../local-slack/protocol.ts';
import { DAY, MINUTE } from '../../src/time.ts';
import { ALERTMANAGER_V4, GRAFANA_WEBHOOK, PAGERDUTY_V3 } from '../alerts/fixtures.ts';
import { examplePolicy } from './bot.ts';
import { rollingOut } from './deploying.ts';
import { it, type Stage, type StageOptions } from './stage.ts';
import { actionsOn } from './views-in-slack.ts';

const TOKEN = 'a-token-of-more-than-24-characters';
const SECRET = 'a-secret-of-pagerduty';
const OPEN: StageOptions = { environment: { GONOGO_ALERT_TOKEN: TOKEN, GONOGO_PAGERDUTY_SECRET: SECRET } };
const BEARER = { authorization: `Bearer ${TOKEN}` };

async function post(stage: Stage, kind: string, body: unknown, headers: Record<string, string> = {}) {
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${stage.bot.url}/alerts/${kind}`, {
    method: 'POST',
    body: sent,
    headers: { 'content-type': 'application/json', ...headers },
  });
  await stage.settled();
  return { status: response.status, body: (await response.json()) as { error?: string; accepted?: number } };
}

const signatureOf = (body: object, secret = SECRET): Record<string, string> => ({
  'x-pagerduty-signature': `v1=${'0'.repeat(64)},v1=${createHmac('sha256', secret).update(JSON.stringify(body)).digest('hex')}`,
});

const told = async (stage: Stage, channel = 'checkout'): Promise<Message[]> =>
  (await stage.driver.messages({ channel })).filter(({ text }) => text.startsWith('🚨'));

const resolved = {
  ...ALERTMANAGER_V4,
  status: 'resolved',
  alerts: ALERTMANAGER_V4.alerts.map((one) => ({ ...one, status: 'resolved' })),
};
const anotherDay = {
  ...ALERTMANAGER_V4,
  alerts: ALERTMANAGER_V4.alerts.map((one) => ({ ...one, startsAt: '2026-11-28T04:00:00Z' })),
};

describe.concurrent('alerts that monitoring posts itself', () => {
  it('K-6: are told where the service lives, once, and one click there takes back what is to blame', async ({
    open,
  }) => {
    const stage = await open(OPEN);
    const id = await rollingOut(stage);
    expect(await post(stage, 'alertmanager', ALERTMANAGER_V4, BEARER)).toEqual({
      status: 202,
      body: { accepted: 1 },
    });
    expect(await post(stage, 'alertmanager', ALERTMANAGER_V4, BEARER)).toMatchObject({ status: 202 });
    expect(await post(stage, 'alertmanager', resolved, BEARER)).toMatchObject({ status: 202 });
    const [alert, ...more] = await told(stage);
    expect(more).toEqual([]);
    expect(alert?.text).toMatch(
      /^🚨 Alertmanager: HighErrorRate\nErrors of checkout are at 4 %\nIn checkout, production:\n1\. {2}checkout `v2\.1\.0`/,
    );
    if (alert === undefined) throw new Error('nothing was told');
    await stage.click('omar', alert, 'alert.roll_back');
    await stage.pass(MINUTE);
    expect((await stage.load(id)).status).toBe('rolled_back');
    expect(
      actionsOn(
        (await stage.driver.messages({ channel: 'checkout' })).find(({ ts }) => ts === alert.ts) ?? alert,
      ),
    ).toEqual([]);
  });

  it('K-6: fire again another day, and are told again', async ({ open }) => {
    const stage = await open(OPEN);
    await post(stage, 'alertmanager', ALERTMANAGER_V4, BEARER);
    await stage.pass(DAY);
    await post(stage, 'alertmanager', anotherDay, BEARER);
    expect(await told(stage)).toHaveLength(2);
  });

  it('K-12: five hundred of them within a minute are told once, and not one by one afterwards', async ({
    open,
  }) => {
    const stage = await open({ ...OPEN, rateLimits: 'slack' });
    const [one] = ALERTMANAGER_V4.alerts;
    const alerts = Array.from({ length: 500 }, (_, index) => ({ ...one, fingerprint: `f${index}` }));
    const parts = [alerts.slice(0, 200), alerts.slice(200, 400), alerts.slice(400)];
    const send = (): Promise<number[]> =>
      Promise.all(
        parts.map(async (part) => {
          const { status } = await post(stage, 'alertmanager', { ...ALERTMANAGER_V4, alerts: part }, BEARER);
          return status;
        }),
      );
    expect(await send()).toEqual([202, 202, 202]);
    await stage.pass(5 * MINUTE);
    // Alertmanager tells of all that still fires once more.
    expect(await send()).toEqual([202, 202, 202]);
    expect(await told(stage)).toHaveLength(1);
  });

  it('OP-4: call nobody by what they say', async ({ open }) => {
    const stage = await open(OPEN);
    const labels = { alertname: '<!channel> <@U0OMAR00004>', service: 'checkout' };
    const alerts = ALERTMANAGER_V4.alerts.map((one) => ({
      ...one,
      labels,
      annotations: { summary: '<!here>' },
    }));
    await post(stage, 'alertmanager', { ...ALERTMANAGER_V4, alerts }, BEARER);
    const [alert] = await told(stage);
    expect(alert?.text).toContain('&lt;!channel&gt; &lt;@U0OMAR00004&gt;\n&lt;!here&gt;');
    expect(JSON.stringify(alert?.blocks)).not.toMatch(/<[!@]/);
  });

  it('K-6: come from Grafana with a token and from PagerDuty with its signature', async ({ open }) => {
    const stage = await open({
      ...OPEN,
      policy: examplePolicy().replace('checkout: [cart]', 'checkout: [Checkout API]'),
    });
    expect((await post(stage, 'grafana', GRAFANA_WEBHOOK, BEARER)).status).toBe(202);
    await stage.pass(MINUTE);
    expect((await post(stage, 'pagerduty', PAGERDUTY_V3, signatureOf(PAGERDUTY_V3))).status).toBe(202);
    expect((await told(stage)).map(({ text }) => text.split('\n')[0])).toEqual([
      '🚨 Grafana: HighErrorRate',
      '🚨 PagerDuty: Too many 5xx',
    ]);
  });

  it('OP-4: without the right token or signature say nothing, and tell nobody', async ({ open }) => {
    const stage = await open(OPEN);
    const refused = [
      await post(stage, 'alertmanager', ALERTMANAGER_V4),
      await post(stage, 'alertmanager', ALERTMANAGER_V4, { authorization: `Bearer ${TOKEN}x` }),
      await post(stage, 'grafana', GRAFANA_WEBHOOK, { authorization: TOKEN }),
      await post(stage, 'pagerduty', PAGERDUTY_V3, signatureOf(PAGERDUTY_V3, 'another')),
      await post(stage, 'pagerduty', PAGERDUTY_V3, BEARER),
    ];
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    expect(await told(stage)).toEqual([]);
  });

  it('K-6: that are none are refused with what is wrong', async ({ open }) => {
    const stage = await open(OPEN);
    expect(await post(stage, 'alertmanager', 'no json', BEARER)).toMatchObject({ status: 400 });
    const wrong = await post(stage, 'alertmanager', { ...ALERTMANAGER_V4, version: '3' }, BEARER);
    expect(wrong).toMatchObject({ status: 400, body: { error: expect.stringContaining('version') } });
    expect((await post(stage, 'alertmanager', 'x'.repeat(300_000), BEARER)).status).toBe(413);
  });

  it('K-6: without a setting the door says how to open it', async ({ stage }) => {
    expect(await post(stage, 'alertmanager', ALERTMANAGER_V4, BEARER)).toEqual({
      status: 404,
      body: { error: 'Set GONOGO_ALERT_TOKEN, and start GoNoGo again.' },
    });
    expect((await post(stage, 'pagerduty', PAGERDUTY_V3)).body.error).toContain('GONOGO_PAGERDUTY_SECRET');
  });

  it('CM-4: that cannot be told are asked for again, and are told then, as late as they are', async ({
    open,
  }) => {
    const stage = await open(OPEN);
    await stage.driver.faults({ on: 'chat.postMessage', do: 'error', error: 'internal_error', times: 1 });
    stage.expectTrouble({ call: 'chat.postMessage', error: 'internal_error' });
    stage.expectTrouble({ logged: 'could not be passed on' });
    const startsAt = new Date(stage.clock.now() - 10 * MINUTE).toISOString();
    const before = {
      ...ALERTMANAGER_V4,
      alerts: ALERTMANAGER_V4.alerts.map((one) => ({ ...one, startsAt })),
    };
    expect((await post(stage, 'alertmanager', before, BEARER)).status).toBe(503);
    expect((await post(stage, 'alertmanager', before, BEARER)).status).toBe(202);
    const [alert, ...more] = await told(stage);
    expect(more).toEqual([]);
    // What began minutes ago is no news, and is not told as such.
    expect(alert?.text).toMatch(/⏰ This is from <!date.* and answered late: monitoring told it only now\./);
  });

  it.for(['alert:claimed', 'alert:posted'])(
    'K-6: are told once where the process ends at %s, whether or not the sender tries again',
    async (ends, { open }) => {
      let isEnding = true;
      const stage = await open({
        ...OPEN,
        onDisk: true,
        point(name) {
          if (isEnding && name === ends) throw new Error('the process ends here');
        },
      });
      stage.expectTrouble({ logged: 'could not be passed on' });
      expect((await post(stage, 'alertmanager', ALERTMANAGER_V4, BEARER)).status).toBe(503);
      await stage.restart(() => {
        isEnding = false;
      });
      if (ends === 'alert:posted')
        expect((await post(stage, 'alertmanager', ALERTMANAGER_V4, BEARER)).status).toBe(202);
      await stage.pass(2 * MINUTE);
      expect((await post(stage, 'alertmanager', ALERTMANAGER_V4, BEARER)).status).toBe(202);
      const [alert, ...more] = await told(stage);
      expect(more).toEqual([]);
      expect(await stage.bot.stores.alerts.find(alert?.channel ?? '', alert?.ts ?? '')).toMatchObject({
        service: 'checkout',
      });
    },
  );
});
