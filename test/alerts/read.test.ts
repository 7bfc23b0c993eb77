import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Catalogue, findServices, fitting } from '../../src/alerts/find-services.ts';
import { readPayload } from '../../src/alerts/payloads.ts';
import { readAlert, soundsLikeAlert } from '../../src/alerts/read-message.ts';
import { slackMessageSchema } from '../../src/alerts/slack-message.ts';
import { ALERTMANAGER_V4, alertmanager, GRAFANA_WEBHOOK, MESSAGES, PAGERDUTY_V3 } from './fixtures.ts';

const ALERTS = 'C0ALERTS005';

const catalogue = (over: Partial<Catalogue['alerts']> = {}): Catalogue => ({
  services: [
    { name: 'checkout', channel: 'C0CHECKOUT2' },
    { name: 'checkout-api', channel: 'C0WEB000001' },
    { name: 'payments', channel: 'C0PAYMENTS3' },
    { name: 'search', channel: 'C0WEB000001' },
  ],
  alerts: { channels: new Map(), aliases: new Map([['checkout', ['Checkout API', 'cart']]]), ...over },
});

const found = (message: object, channel = ALERTS, over: Partial<Catalogue['alerts']> = {}): string[] => {
  const alert = readAlert(message);
  return alert === undefined
    ? []
    : findServices(alert, channel, catalogue(over)).map(({ service, how }) => `${service} by ${how}`);
};
const text = (said: string): object => ({ bot_id: 'B1', text: said });

describe('an alert in a Slack message', () => {
  it.each(MESSAGES.map((one) => [one.name, one] as const))(
    'K-6: is read as %s writes it',
    (_name, { message, ...expected }) => {
      const alert = readAlert(message);
      expect(alert).toMatchObject({
        source: expected.source,
        status: expected.status,
        labels: expected.labels ?? {},
      });
      expect(alert?.title).not.toBe('');
      expect(alert && findServices(alert, ALERTS, catalogue()).map(({ service }) => service)).toEqual([
        expected.service,
      ]);
    },
  );

  it('K-6: says nothing where it says nothing', () => {
    for (const nothing of [
      undefined,
      null,
      7,
      'words',
      [],
      {},
      { text: '' },
      { attachments: [{}] },
      { blocks: [{ type: 'divider' }] },
    ])
      expect(readAlert(nothing)).toBeUndefined();
  });

  it('K-6: of a person is one only where it sounds like one', () => {
    const sounds = (message: object): boolean => {
      const alert = readAlert(message);
      return alert !== undefined && soundsLikeAlert(slackMessageSchema.parse(message), alert);
    };
    expect(sounds({ user: 'U1', text: 'lunch at noon, who joins?' })).toBe(false);
    expect(sounds({ user: 'U1', text: 'checkout answers 503' })).toBe(true);
    expect(sounds(text('anything a program says'))).toBe(true);
  });

  it('K-6: any message whatsoever is read without a throw', () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 6, withNullPrototype: true }), fc.string(), (thing, words) => {
        readAlert(thing);
        const alert = readAlert({
          text: words,
          attachments: [
            thing,
            { title: words, text: words, fields: [thing, { title: words, value: words }], blocks: thing },
          ],
        });
        if (alert !== undefined)
          findServices(
            alert,
            ALERTS,
            catalogue({ channels: new Map([[ALERTS, { patterns: ['[{service}]'] }]]) }),
          );
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['one long line', 'x'.repeat(2_000_000)],
    ['brackets', '<'.repeat(500_000)],
    ['open links', '<a|'.repeat(200_000)],
    ['lines', 'a = b\n'.repeat(200_000)],
    ['colons', 'a:'.repeat(300_000)],
    ['spaces', `a${' '.repeat(500_000)}= b`],
    ['names', 'checkout '.repeat(100_000)],
    ['words with capitals', 'Aa: '.repeat(200_000)],
    ['nothing but line ends', '\n'.repeat(500_000)],
  ])('OP-9: is bounded in time, whatever length it has: %s', (_name, long) => {
    const before = process.cpuUsage();
    const alert = readAlert({
      text: long,
      attachments: Array.from({ length: 50 }, () => ({ title: long, text: long, footer: long })),
      blocks: Array.from({ length: 2_000 }, () => ({
        type: 'section',
        text: { type: 'mrkdwn', text: long },
      })),
    });
    if (alert !== undefined)
      findServices(
        alert,
        ALERTS,
        catalogue({ channels: new Map([[ALERTS, { patterns: ['a{service}b'] }]]) }),
      );
    // The bound is 50 ms; a busy processor may take several times as long as an idle one.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(400);
  });

  it('OP-9: and however deep it nests', () => {
    let deep: unknown = { type: 'section', text: { type: 'mrkdwn', text: 'checkout is down' } };
    for (let depth = 0; depth < 5_000; depth += 1) deep = { type: 'container', child_blocks: [deep] };
    expect(readAlert({ blocks: [deep] })).toBeUndefined();
  });
});

describe('the service of an alert', () => {
  it.each<[string, object, string[]]>([
    ['a label over a name in the words', text('service = payments\ncheckout is slow'), ['payments by label']],
    [
      'the value of a label called service over others',
      text('service = payments\nnamespace = checkout'),
      ['payments by label'],
    ],
    ['a pod by its service', text('pod = checkout-6d5f9c-x2v'), ['checkout by label']],
    ['the longest name that fits a pod', text('pod = checkout-api-6d5f9c-x2v'), ['checkout-api by label']],
    [
      'a name in the title over the text',
      { bot_id: 'B1', attachments: [{ title: 'payments: 5xx', text: 'calls of checkout fail' }] },
      ['payments by title'],
    ],
    ['an alias', text('cart is down'), ['checkout by title']],
    ['an alias of two words', text('Checkout API is down'), ['checkout by title']],
    ['no part of another word', text('the searchlight is down'), []],
    ['several, all said', text('checkout and payments are down'), ['checkout by title', 'payments by title']],
    ['none where there is none', alertmanager('[FIRING:1] DiskFull (node-7)'), []],
  ])('K-6: is %s', (_what, message, services) => {
    expect(found(message)).toEqual(services);
  });

  it('K-6: is the owner of the channel where it names none, and nobody where several live there', () => {
    expect(found(text('disk is full'), 'C0PAYMENTS3')).toEqual(['payments by channel']);
    expect(found(text('disk is full'), 'C0WEB000001')).toEqual([]);
    const channels = new Map([['C0WEB000001', { patterns: [], service: 'search' }]]);
    expect(found(text('disk is full'), 'C0WEB000001', { channels })).toEqual(['search by channel']);
  });

  it('K-6: is what a pattern of the channel says, before all else', () => {
    const channels = new Map([[ALERTS, { patterns: ['svc/{service} '] }]]);
    expect(found(text('svc/payments is down, service = checkout'), ALERTS, { channels })).toEqual([
      'payments by pattern',
    ]);
    expect(found(text('svc/unknown is down, checkout too'), ALERTS, { channels })).toEqual([
      'checkout by title',
    ]);
  });

  it.each([
    ['[{service}]', 'a [b] c', 'b'],
    ['[{service}]', '[not this] [but-this]', 'but-this'],
    ['{service}-prod', 'checkout-prod is down', 'checkout'],
    ['on {service}', 'errors on checkout', 'checkout'],
    ['on {service}', 'errors', undefined],
  ])('K-6: pattern %s in "%s"', (pattern, line, service) => {
    expect(fitting(pattern, line)).toBe(service);
  });
});

describe('an alert that monitoring posts itself', () => {
  it.each([
    [
      'alertmanager',
      ALERTMANAGER_V4,
      {
        source: 'alertmanager',
        status: 'firing',
        title: 'HighErrorRate',
        labels: { service: 'checkout' },
        key: 'alertmanager c0ffee0123456789 2026-11-27T04:00:00.000Z',
      },
    ],
    [
      'grafana',
      GRAFANA_WEBHOOK,
      { source: 'grafana', status: 'firing', title: 'HighErrorRate', labels: { service: 'checkout' } },
    ],
    [
      'pagerduty',
      PAGERDUTY_V3,
      {
        source: 'pagerduty',
        status: 'firing',
        title: 'Too many 5xx',
        labels: { service: 'Checkout API' },
        key: 'pagerduty Q1XYZ',
      },
    ],
  ] as const)('K-6: is read from %s', (kind, body, alert) => {
    const read = readPayload(kind, JSON.parse(JSON.stringify(body)));
    expect(read).toMatchObject({ ok: true, alerts: [alert] });
    if (read.ok)
      expect(
        read.alerts.flatMap((one) => findServices(one, ALERTS, catalogue())).map(({ service }) => service),
      ).toEqual(['checkout']);
  });

  it('K-6: is not taken for another that only begins as it does, however long its labels are', () => {
    const labels = { alertname: 'Errors', pod: 'x'.repeat(2_000) };
    const keys = ['2026-11-27T04:00:00Z', '2026-11-28T04:00:00Z'].flatMap((startsAt) => {
      const alerts = ALERTMANAGER_V4.alerts.map(({ fingerprint: _, ...one }) => ({
        ...one,
        labels,
        startsAt,
      }));
      const read = readPayload('alertmanager', { ...ALERTMANAGER_V4, alerts });
      return read.ok ? read.alerts.slice(0, 1).map(({ key }) => key) : [];
    });
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key.length).toBeLessThanOrEqual(500);
  });

  it('K-6: keeps its key from its beginning to its end', () => {
    const keys = (['firing', 'resolved'] as const).map((status) => {
      const read = readPayload('alertmanager', {
        ...ALERTMANAGER_V4,
        alerts: ALERTMANAGER_V4.alerts.map((one) => ({ ...one, fingerprint: undefined, status })),
      });
      return read.ok ? read.alerts.map((one) => [one.key, one.status]) : [];
    });
    expect(keys[0]?.[0]?.[0]).toBe(keys[1]?.[0]?.[0]);
    expect(keys.flat().map(([, status]) => status)).toEqual(['firing', 'resolved']);
  });

  it.each([
    ['alertmanager', { ...ALERTMANAGER_V4, version: '3' }],
    ['alertmanager', { ...ALERTMANAGER_V4, alerts: [] }],
    ['grafana', ALERTMANAGER_V4],
    ['pagerduty', { event: { ...PAGERDUTY_V3.event, event_type: 'service.updated' } }],
    ['pagerduty', 'no object'],
  ] as const)('K-6: is refused where %s does not write so', (kind, body) => {
    expect(readPayload(kind, body)).toMatchObject({ ok: false, problem: expect.stringContaining('✖') });
  });
});
