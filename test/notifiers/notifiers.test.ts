/** The kinds of notifiers, each by the same suite, and what is particular to each. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.ts';
import { NOTIFIERS } from '../../src/notifiers/index.ts';
import type { Notifier } from '../../src/notifiers/port.ts';
import { adapterContext } from '../adapter-context.ts';
import { notification, notifierConformance } from './conformance.ts';
import { type PagerDutyServer, ROUTING_KEY, startPagerDuty } from './pagerduty-server.ts';
import { SECRET, startWebhookPager } from './webhook-server.ts';

const variables = { KEY: ROUTING_KEY, SECRET };
const open = (
  kind: string,
  settings: Record<string, unknown>,
  more: typeof variables | object = variables,
): Notifier =>
  NOTIFIERS.open({ kind, settings }, adapterContext({ variables: more as Record<string, string> }));

describe('pagerduty', () => {
  notifierConformance(async () => {
    const server = await startPagerDuty();
    return {
      notifier: open('pagerduty', { routing_key: 'env:KEY', url: server.url }),
      taken: () => server.taken,
      refused: () => server.refused,
      moods: server.moods,
      close: server.close,
    };
  });
});

describe('webhook', () => {
  notifierConformance(async () => {
    const server = await startWebhookPager();
    return {
      notifier: open('webhook', { url: server.url, secret: 'env:SECRET' }),
      taken: () => server.taken,
      refused: () => server.refused,
      moods: server.moods,
      close: server.close,
    };
  });

  it('refuses a secret that can be guessed, and an address without TLS', () => {
    expect(() => open('webhook', { url: 'https://a.example', secret: 'env:S' }, { S: 'short' })).toThrow(
      /shorter/,
    );
    expect(() => open('webhook', { url: 'http://a.example', secret: 'env:SECRET' })).toThrow(/without TLS/);
  });
});

describe('log', () => {
  notifierConformance(async () => {
    const taken: string[] = [];
    const log = createLog({
      level: 'info',
      destination: {
        write: (line) =>
          void taken.push((JSON.parse(line) as { notification: { tells: string } }).notification.tells),
      },
    });
    return {
      notifier: NOTIFIERS.open({ kind: 'log', settings: {} }, { ...adapterContext(), log }),
      taken: () => taken,
      refused: () => [],
      moods: undefined,
      close: async () => {},
    };
  });
});

describe('PagerDuty', () => {
  let server: PagerDutyServer;
  let pager: Notifier;
  beforeAll(async () => {
    server = await startPagerDuty();
    pager = open('pagerduty', { routing_key: 'env:KEY', url: server.url });
  });
  afterAll(() => server.close());

  it('CM-1: has one alert per call, which is woken for once and follows it', async () => {
    const key = 'gonogo/checkout/production/D-7/9';
    const statuses: unknown[] = [];
    for (const tells of ['trigger', 'trigger', 'acknowledge', 'resolve'] as const) {
      await pager.notify(notification({ key, tells }));
      statuses.push(server.alerts.at(-1)?.status);
    }
    expect(statuses).toEqual(['triggered', 'triggered', 'acknowledged', 'resolved']);
    expect(server.alerts).toHaveLength(1);
    expect(server.alerts[0]).toMatchObject({ key, woken: 1, severity: 'error' });
  });

  it('reads what waits, where, and the way to the card', async () => {
    await pager.notify(notification({ key: 'gonogo/x' }));
    expect(server.bodies.at(-1)).toMatchObject({
      client: 'GoNoGo',
      client_url: notification().link,
      links: [{ href: notification().link }],
      payload: {
        summary: notification().summary,
        timestamp: '2026-01-05T12:00:00.000Z',
        source: 'checkout.production',
        component: 'checkout',
        group: 'production',
        class: 'held',
        custom_details: {
          deployment: 'D-1',
          version: 'v2.1.0',
          before: 'v2.0.4',
          lead: 'Dana',
          on_call: 'Omar',
        },
      },
    });
  });

  it('CM-1: keeps changes beside alerts, and wakes nobody for them', async () => {
    const alerts = server.alerts.length;
    await pager.notify(
      notification({ tells: 'change', summary: 'checkout v2.1.0 has started', severity: 'info' }),
    );
    expect(server.changes.at(-1)).toBe('checkout v2.1.0 has started');
    expect(server.alerts).toHaveLength(alerts);
  });

  it('says what is wrong with an event, and never the key', async () => {
    const wrong = open('pagerduty', { routing_key: 'env:KEY', url: server.url }, { KEY: `${ROUTING_KEY}0` });
    await expect(wrong.notify(notification())).rejects.toThrow(
      /takes the event for invalid \(400\): Event object is invalid; Length of 'routing_key' is incorrect/,
    );
    server.moods.push({ status: 400, body: `{"message":"no ${ROUTING_KEY}"}` });
    await expect(pager.notify(notification())).rejects.toThrow(/\(400\): no …$/);
    const findings = await wrong.check?.();
    expect(findings).toEqual([
      expect.objectContaining({ ok: false, remedy: expect.stringContaining('Integration Key') }),
    ]);
  });

  it('PR-3: a key that was changed counts at the next call', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pager-'));
    const file = join(folder, 'key');
    writeFileSync(file, 'x'.repeat(32));
    const rotated = open('pagerduty', { routing_key: `file:${file}`, url: server.url });
    await expect(rotated.notify(notification())).rejects.toThrow(/Invalid routing key/);
    writeFileSync(file, `${ROUTING_KEY}\n`);
    await rotated.notify(notification());
    rmSync(folder, { recursive: true });
  });

  it('is not opened without its key, nor towards an address without TLS', () => {
    expect(() => open('pagerduty', { routing_key: 'env:NONE' })).toThrow('env:NONE is not set');
    expect(() => open('pagerduty', { routing_key: 'env:KEY', url: 'http://pd.example' })).toThrow(
      /without TLS/,
    );
  });

  it('goes to PagerDuty itself where nothing else is said', () => {
    expect(NOTIFIERS.schema.parse({ kind: 'pagerduty', routing_key: 'env:KEY' })).toMatchObject({
      url: 'https://events.pagerduty.com',
    });
  });
});
