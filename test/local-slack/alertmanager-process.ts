/** The real Alertmanager, as a process of its own that ends with its test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePorts } from '../../src/cli/real/processes.ts';

const ALERTMANAGER = process.env.ALERTMANAGER_PATH ?? '/usr/bin/prometheus-alertmanager';

/** Where it is missing, a test is skipped by this name. */
export const alertmanagerIsMissing = !existsSync(ALERTMANAGER);
export function titled(title: string): string {
  const name = alertmanagerIsMissing ? `${title} (skipped: no Alertmanager at ${ALERTMANAGER})` : title;
  if (alertmanagerIsMissing) console.warn(name);
  return name;
}

const config = (webhook: string): string => `
route: { receiver: slack, group_wait: 10ms, group_interval: 100ms, group_by: [alertname] }
receivers:
  - name: slack
    slack_configs:
      - { api_url: '${webhook}', channel: '#alerts', send_resolved: true }
`;

/** Its address; it posts to the webhook. */
export async function startAlertmanager(webhook: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
  writeFileSync(join(folder, 'config.yml'), config(webhook));
  const [port = 0] = await freePorts(1);
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

export const alertOfCheckout = (endsAt?: string): object => ({
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

/** Tells it of an alert, as Prometheus does. */
export async function tellAlertmanager(url: string, alert: object): Promise<void> {
  const response = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([alert]),
  });
  if (!response.ok) throw new Error(`Alertmanager refused the alert: ${response.status}`);
}
