/** Each of the nine formats as nobody means it: empty, huge, nested, about something else, or only looking as if it were over. */

import { describe, expect, it } from 'vitest';
import { type Candidate, type Catalogue, findServices } from '../../src/alerts/find-services.ts';
import { readPayload } from '../../src/alerts/payloads.ts';
import { readAlert } from '../../src/alerts/read-message.ts';
import { newMessage } from '../../src/slack/payloads.ts';
import { ALERTMANAGER_V4, alertmanager, MESSAGES, PAGERDUTY_V3 } from './fixtures.ts';

const ALERTS = 'C0ALERTS005';
const FIRING = MESSAGES.filter(({ status, name }) => status === 'firing' && name !== 'A person').map(
  ({ source, message }) => [source, message] as const,
);
const CATALOGUE: Catalogue = {
  services: [
    { name: 'checkout', channel: 'C0CHECKOUT2' },
    { name: 'payments', channel: 'C0PAYMENTS3' },
  ],
  alerts: { channels: new Map(), aliases: new Map([['checkout', ['Checkout API']]]) },
};

const SAID = new Set(['text', 'title', 'value', 'pretext', 'footer', 'fallback', 'author_name']);

/** The same message with all that it says put another way. */
function saying(value: unknown, otherwise: (said: string) => string, key = ''): unknown {
  if (typeof value === 'string') return SAID.has(key) ? otherwise(value) : value;
  if (Array.isArray(value)) return value.map((one) => saying(one, otherwise, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, saying(part, otherwise, name)]),
  );
}

function found(message: unknown): Candidate[] {
  const alert = readAlert(message);
  return alert === undefined ? [] : findServices(alert, ALERTS, CATALOGUE);
}

const text = (said: string): object => ({ bot_id: 'B1', text: said });

it('K-6: there are nine formats', () => {
  expect(new Set(FIRING.map(([source]) => source)).size).toBe(9);
});

describe.each(FIRING)('an alert of %s', (_source, message) => {
  it.each([
    ['', () => ''],
    ['spaces', () => '  \n\t \n'],
    ['marks', () => '* _ ~ `'],
  ])('K-6: that says nothing (%s) is none', (_what, nothing) => {
    const alert = readAlert(saying(message, nothing));
    expect(alert === undefined || found(saying(message, nothing)).length === 0).toBe(true);
  });

  it('OP-9: that is huge is read so far, and what is kept of it is small', () => {
    const before = process.cpuUsage();
    const huge = saying(message, (said) => `${said}\n${'checkout: a = b <x|y> '.repeat(2_000)}\n`.repeat(10));
    const alert = readAlert(huge);
    expect(alert?.status).toBe('firing');
    expect(found(huge).map(({ service }) => service)).toEqual(['checkout']);
    expect(JSON.stringify(alert).length).toBeLessThan(400_000);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(400);
  });

  it.each([1, 6, 3_000])('OP-9: that stands %i deep in itself is read or left, without a throw', (depth) => {
    let deep: unknown = message;
    for (let level = 0; level < depth; level += 1) deep = { type: 'rich_text', elements: [deep] };
    const alert = readAlert({ bot_id: 'B1', blocks: [deep] });
    expect(alert?.status ?? 'firing').toBe('firing');
    if (depth > 12) expect(alert).toBeUndefined();
  });

  it.each(['chekout', 'precheckout', 'checkouts', 'сheckout', 'checkout_old', 'my.checkout'])(
    'K-6: about %s is not said to be about checkout',
    (name) => {
      const other = saying(message, (said) => said.replace(/checkout/gi, name));
      expect(found(other).map(({ service }) => service)).not.toContain('checkout');
    },
  );

  it.each(['checkout-worker', 'checkout.internal'])('K-6: about %s is a guess at most', (name) => {
    const other = saying(message, (said) => said.replace(/checkout/gi, name));
    for (const { how } of found(other)) expect(['like', 'text']).toContain(how);
  });

  it('K-6: in whose names strangers write what programs trip over is read all the same', () => {
    const strange = '__proto__ = x\nconstructor = y\ntoString: z\nhasOwnProperty:1';
    const alert = readAlert(saying(message, (said) => `${said}\n${strange}`));
    expect(alert?.status).toBe('firing');
    expect(Object.getPrototypeOf(alert?.labels)).toBeNull();
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe('what is over', () => {
  it.each([
    alertmanager('[RESOLVED] HighErrorRate (production checkout critical)'),
    text('[OK] High error rate'),
    text('OK: "checkout-5xx" in EU (Frankfurt)'),
    text('CloudWatch Alarm | checkout-5xx | OK'),
    text('Recovered: [P2] Error rate is high on service:checkout'),
    text(':white_check_mark: Resolved: checkout answers again'),
    text('Resolved #1234: Too many 5xx'),
    text('Resolved incident on checkout'),
    text('Alert closed: "Checkout latency is over 2 s"'),
    text('Critical priority issue is closed'),
    text('Incident #12 was resolved by Omar'),
    text('*Resolved*'),
  ])('K-6: is no news: %j', (message) => {
    expect(readAlert(message)?.status).toBe('resolved');
  });

  it.each([
    'Closed connections of checkout spike',
    'OK rate of checkout is below 95 %',
    'OK-rate of checkout is low',
    'Resolved hosts of checkout: none',
    'Recovered nodes of checkout fail again',
    'OperationalError: connection is closed',
    'InterfaceError: the pool was closed',
    'checkout: name is resolved to 0.0.0.0',
    'Acknowledged writes of checkout are lost',
    'systemd-resolved of checkout is down',
    '[FIRING:1] Resolved',
  ])('K-6: is not what only begins or speaks so: %s', (said) => {
    expect(readAlert(text(said))?.status).toBe('firing');
    expect(readAlert(alertmanager(said))?.status).toBe('firing');
  });
});

describe('several services', () => {
  it.each([
    ['in one label', text('impacted entities: checkout, payments')],
    [
      'in a field',
      { bot_id: 'B1', attachments: [{ fields: [{ title: 'Service', value: 'checkout, payments' }] }] },
    ],
    ['in two labels that say as much', text('app = checkout\njob = payments')],
    ['in the title', text('checkout and payments are down')],
  ])('K-6: %s are all said', (_where, message) => {
    expect(found(message).map(({ service }) => service)).toEqual(['checkout', 'payments']);
  });
});

describe('what Slack tells of a message', () => {
  const said = { type: 'message', channel: ALERTS, ts: '1795753434.925397', text: 'checkout is down' };

  it.each([
    ['by a person', said],
    ['by a program', { ...said, subtype: 'bot_message', bot_id: 'B1' }],
    ['with a file', { ...said, subtype: 'file_share' }],
  ])('K-6: is heard where it is new, %s', (_what, event) => {
    expect(newMessage(event)).toEqual({ channel: ALERTS, ts: said.ts });
  });

  it.each([
    ['an edit in place', { ...said, subtype: 'message_changed', message: said }],
    ['that it is deleted', { ...said, subtype: 'message_deleted', deleted_ts: said.ts }],
    ['that somebody came', { ...said, subtype: 'channel_join' }],
    ['a reply', { ...said, thread_ts: '1795753000.000001' }],
    ['a reply that is shown in the channel', { ...said, subtype: 'thread_broadcast', thread_ts: '1.1' }],
    ['nothing', undefined],
  ])('K-6: is no alert: %s', (_what, event) => {
    expect(newMessage(event)).toBeUndefined();
  });
});

describe('what monitoring posts itself', () => {
  const [one] = ALERTMANAGER_V4.alerts;

  it('OP-9: is kept short, however long its words are', () => {
    const long = 'x'.repeat(200_000);
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`l${index}`, 'v']));
    const read = readPayload('alertmanager', {
      ...ALERTMANAGER_V4,
      alerts: [{ ...one, labels: { alertname: long, ...many }, annotations: { summary: long, ...many } }],
    });
    expect(read.ok && JSON.stringify(read.alerts[0]?.labels).length).toBeLessThan(10_000);
    expect(read.ok && read.alerts[0]?.title).toHaveLength(300);
    expect(read.ok && read.alerts[0]?.lines.length).toBeLessThanOrEqual(50);
  });

  it('K-6: without a name or a word is called by what groups it, and is about nothing', () => {
    const read = readPayload('alertmanager', {
      ...ALERTMANAGER_V4,
      alerts: [{ ...one, labels: { alertname: '' }, annotations: {} }],
    });
    expect(read).toMatchObject({ ok: true, alerts: [{ title: ALERTMANAGER_V4.groupKey }] });
    expect(read.ok && read.alerts.flatMap((alert) => findServices(alert, '', CATALOGUE))).toEqual([]);
  });

  it.each(['incident.acknowledged', 'incident.resolved'])(
    'K-6: is no news when it is over: %s',
    (event_type) => {
      const status = event_type.slice('incident.'.length);
      const { event } = PAGERDUTY_V3;
      const read = readPayload('pagerduty', {
        event: { ...event, event_type, data: { ...event.data, status } },
      });
      expect(read).toMatchObject({ ok: true, alerts: [{ status }] });
    },
  );
});
