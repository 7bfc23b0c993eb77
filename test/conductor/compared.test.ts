/** With all traffic on the new version it is held against the time before the start, once (AN-6, MV-2). */

import { afterEach, expect, it } from 'vitest';
import { type Catalogue, defaultCatalogue } from '../../src/backends/simulator.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { TERMINAL } from '../../src/deployment/lifecycle.ts';
import { beforeAndAfter } from '../../src/deployment/rollout/before-and-after.ts';
import { comparisonWords } from '../../src/deployment/rollout/compared.ts';
import { MetricsError, type MetricsSource } from '../../src/metrics/port.ts';
import { DAY, MINUTE } from '../../src/time.ts';
import { verificationLine } from '../../views/verification.ts';
import { createRig, examplePolicy, type Rig } from './rig.ts';

let rig: Rig;
afterEach(() => rig.close());

type Series = NonNullable<MetricsSource['series']>;

async function observed(
  version: string,
  series?: Series | 'none',
  options: Parameters<typeof createRig>[0] = { policy: examplePolicy },
): Promise<Deployment> {
  rig = await createRig(options);
  if (series === 'none') delete rig.world.metrics.series;
  else if (series !== undefined) rig.world.metrics.series = series;
  const { id } = await rig.request(version, { strategy: 'all-at-once' });
  await rig.signAll(id);
  await rig.pass(2 * DAY, async () => {
    const { status, rollout } = await rig.load(id);
    return TERMINAL.has(status) || rollout?.finalWatch?.unsettled !== undefined;
  });
  return rig.load(id);
}

it('AN-6: a doubling that no second arm shows is not handed over: people are asked, and told that it is the weaker evidence', async () => {
  const d = await observed('v2.1.1');
  expect(d.status).toBe('observing');
  expect(d.rollout?.finalWatch?.unsettled?.because).toMatch(
    /^errors (1\.[5-9]|2(\.\d)?)× what it was before the start since it has all traffic; the weaker evidence/,
  );
  const asked = (d.rollout?.finalWatch?.unsettled?.at ?? 0) - (d.rollout?.completedAt ?? 0);
  expect(asked).toBeLessThanOrEqual(36 * MINUTE);
});

it('AN-6: a healthy one is handed over, compared once, and says with what', async () => {
  const d = await observed('v2.1.0');
  expect(d.status).toBe('handed_over');
  const judged = d.rollout?.finalWatch?.compared?.filter(({ figureOnly }) => figureOnly !== true);
  expect(judged?.map(({ metric, verdict }) => `${metric} ${verdict}`)).toEqual([
    'errors pass',
    'p50 pass',
    'p99 pass',
  ]);
  expect(comparisonWords(d)).toBe('no change since before the start beyond the usual: errors, p50, p99');
  expect(await rig.stores.events.verify(d.id)).toMatchObject({ ok: true });
});

it('MV-1, MV-4: where no arm stood beside it the table has the hour before the start, of every metric', async () => {
  const d = await observed('v2.1.0');
  const rows = beforeAndAfter(d);
  expect(rows.map(({ metric }) => metric)).toEqual(['errors', 'p50', 'p99', 'cpu', 'memory', 'queue_depth']);
  for (const { before, status } of rows) expect([typeof before, status]).toEqual(['number', 'same']);
});

it('MV-1, AN-5: where the past cannot be read the table says so, and nothing is called the same', async () => {
  const d = await observed('v2.1.0', 'none');
  expect(beforeAndAfter(d).map(({ status }) => status)).toEqual(Array(6).fill('unknown'));
  expect(verificationLine(d)).toBe('No figure from before the start is known to compare with');
});

/** So few that most minutes have no error at all. */
const RARE = { errors: 0.07, environments: { production: { running: 'v2.0.4', perMinute: 900 } } };
const rarely: Parameters<typeof createRig>[0] = {
  catalogue: { checkout: { ...defaultCatalogue.checkout, ...RARE } as Catalogue[string] },
  // No line of any rule is near: only the comparison can find it.
  policy: (example) => ({
    ...example,
    safeguards: { ...example.safeguards, judge: { ...example.safeguards.judge, stages: [] } },
  }),
};

it('AN-6, MV-2: a doubling of errors too rare for single minutes is found against whole days, before it is handed over', async () => {
  const d = await observed('v2.1.1', undefined, rarely);
  expect(d.status).toBe('observing');
  expect(d.rollout?.finalWatch?.compared?.[0]).toMatchObject({ metric: 'errors', verdict: 'fail' });
  expect(d.rollout?.finalWatch?.unsettled?.because).toMatch(
    /^errors (1\.[6-9]|2(\.\d)?)× what it was before the start since it has all traffic; the weaker evidence/,
  );
});

it('AN-6: a healthy one with as few is handed over, and says that nothing changed', async () => {
  const d = await observed('v2.1.0', undefined, rarely);
  expect(d.status).toBe('handed_over');
  expect(comparisonWords(d)).toBe('no change since before the start beyond the usual: errors, p50, p99');
});

it.each<[string, Series | 'none', string, string?]>([
  ['keeps no history', 'none', 'the source of metrics keeps no history'],
  [
    'has less than a day of it',
    async () => [],
    'less than a day of history: threshold rules alone can speak',
  ],
  [
    'has an error in few minutes only',
    async (_target, _metric, { from, to, step }) =>
      Array.from({ length: (to - from) / step + 1 }, (_, n) => ({
        at: from + n * step,
        value: n % 25 === 0 ? 10 : 0,
      })),
    'most minutes have none at all: threshold rules alone can speak',
    'p50, p99',
  ],
])(
  'AN-6: where a source %s the rules alone speak, and it says so',
  async (_, series, because, metrics = 'errors, p50, p99') => {
    const d = await observed('v2.1.0', series);
    expect(d.status).toBe('handed_over');
    expect(comparisonWords(d)).toContain(
      `not compared with the time before the start: ${metrics} (${because})`,
    );
  },
);

it('AN-5: a history that cannot be read is no pass: people are asked', async () => {
  const d = await observed('v2.1.0', () => Promise.reject(new MetricsError('503 from Prometheus')));
  expect(d.status).toBe('observing');
  expect(d.rollout?.finalWatch?.unsettled?.because).toBe(
    'it cannot be compared with the time before: errors: 503 from Prometheus',
  );
});
