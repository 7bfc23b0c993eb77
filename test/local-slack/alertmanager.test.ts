/** The real Alertmanager posts into the local Slack, as it would into Slack. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { stage } from './stage.ts';

const ALERTMANAGER = process.env.ALERTMANAGER_PATH ?? '/usr/bin/prometheus-alertmanager';
const missing = !existsSync(ALERTMANAGER);
const TITLE = 'K-6: the real Alertmanager posts an alert and its end, and the app hears both';
const title = missing ? `${TITLE} (skipped: no Alertmanager at ${ALERTMANAGER})` : TITLE;
if (missing) console.warn(title);

const freePort = async (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const config = (webhook: string): string => `
route: { receiver: slack, group_wait: 10ms, group_interval: 100ms, group_by: [alertname] }
receivers:
  - name: slack
    slack_configs:
      - { api_url: '${webhook}', channel: '#alerts', send_resolved: true }
`;

async function startAlertmanager(webhook: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
  writeFileSync(join(folder, 'config.yml'), config(webhook));
  const port = await freePort();
  const child: ChildProcess = spawn(
    ALERTMANAGER,
    [
      `--config.file=${join(folder, 'config.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  onTestFinished(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  await listening(child);
  return `http://127.0.0.1:${port}`;
}

/** It says so itself: nothing is polled. */
async function listening(child: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`Alertmanager ended:\n${said}`)));
    child.stderr?.on('data', (data: Buffer) => {
      said += String(data);
      if (/Listening on|TLS is disabled/.test(said)) resolve();
    });
  });
}

const alert = (endsAt?: string): object => ({
  labels: {
    alertname: 'HighErrorRate',
    service: 'checkout',
    environment: 'production',
    severity: 'critical',
  },
  annotations: { summary: 'Errors of checkout are at 4 %' },
  startsAt: new Date(Date.now() - 60_000).toISOString(),
  ...(endsAt !== undefined && { endsAt }),
});

it.skipIf(missing)(title, { timeout: 30_000 }, async () => {
  const { slack, driver } = await stage();
  const webhook = slack.workspace.webhooks.find(({ channel }) => channel === 'alerts')?.url ?? '';
  const url = await startAlertmanager(webhook);
  const tell = async (one: object): Promise<void> => {
    const response = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([one]),
    });
    expect(response.status).toBe(200);
  };
  const titled = async (start: string): Promise<Record<string, unknown>> =>
    driver.until(
      async () =>
        (await driver.messages({ channel: 'alerts' }))
          .flatMap(({ attachments = [] }) => attachments)
          .find((one) => String(one.title).startsWith(start)),
      { within: 20_000, what: `an alert ${start}` },
    );
  await tell(alert());
  expect(await titled('[FIRING:1]')).toMatchObject({
    title: '[FIRING:1] HighErrorRate (production checkout critical)',
    color: 'a30200',
  });
  await tell(alert(new Date().toISOString()));
  expect(await titled('[RESOLVED]')).toMatchObject({ color: '2eb886' });
  const messages = await driver.messages({ channel: 'alerts' });
  expect(messages.every(({ username, text }) => username === 'Alertmanager' && text === '')).toBe(true);
  const heard = (await driver.deliveries()).filter(({ attempt }) => attempt === 1);
  expect(heard.map(({ payload }) => payload.event)).toMatchObject([
    { type: 'message', subtype: 'bot_message', username: 'Alertmanager' },
    { type: 'message', subtype: 'bot_message', username: 'Alertmanager' },
  ]);
});
