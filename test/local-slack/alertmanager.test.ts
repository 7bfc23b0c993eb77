/** The real Alertmanager posts into the local Slack, as it would into Slack. */
import { expect, it } from 'vitest';
import {
  alertmanagerIsMissing,
  alertOfCheckout,
  startAlertmanager,
  tellAlertmanager,
  titled,
} from './alertmanager-process.ts';
import { stage } from './stage.ts';

const TITLE = titled('K-6: the real Alertmanager posts an alert and its end, and the app hears both');

it.skipIf(alertmanagerIsMissing)(TITLE, { timeout: 30_000 }, async () => {
  const { slack, driver } = await stage();
  const webhook = slack.workspace.webhooks.find(({ channel }) => channel === 'alerts')?.url ?? '';
  const url = await startAlertmanager(webhook);
  const attachment = async (start: string): Promise<Record<string, unknown>> =>
    driver.until(
      async () =>
        (await driver.messages({ channel: 'alerts' }))
          .flatMap(({ attachments = [] }) => attachments)
          .find((one) => String(one.title).startsWith(start)),
      { within: 20_000, what: `an alert ${start}` },
    );
  await tellAlertmanager(url, alertOfCheckout());
  expect(await attachment('[FIRING:1]')).toMatchObject({
    title: '[FIRING:1] HighErrorRate (production checkout critical)',
    color: 'a30200',
  });
  await tellAlertmanager(url, alertOfCheckout(new Date().toISOString()));
  expect(await attachment('[RESOLVED]')).toMatchObject({ color: '2eb886' });
  const messages = await driver.messages({ channel: 'alerts' });
  expect(messages.every(({ username, text }) => username === 'Alertmanager' && text === '')).toBe(true);
  const heard = (await driver.deliveries()).filter(({ attempt }) => attempt === 1);
  expect(heard.map(({ payload }) => payload.event)).toMatchObject([
    { type: 'message', subtype: 'bot_message', username: 'Alertmanager' },
    { type: 'message', subtype: 'bot_message', username: 'Alertmanager' },
  ]);
});
