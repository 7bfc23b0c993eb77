/** Whatever a metric source does: never a pass by accident, never a rollback without evidence, and it is said what is missing. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultCatalogue } from '../../src/backends/simulator.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { TERMINAL } from '../../src/deployment/lifecycle.ts';
import type { MetricReading, Reading } from '../../src/judge/types.ts';
import type { MetricsSource } from '../../src/metrics/port.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { DAY, type Duration, HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { createRig, type Rig } from './rig.ts';

let rig: Rig;
afterEach(async () => {
  vi.useRealTimers();
  await rig.close();
});

/** Two stages of half an hour, so that each is judged with the traffic of the demo. */
const short = (policy: Policy): Policy => ({
  ...policy,
  strategies: new Map([
    ...policy.strategies,
    [
      'canary',
      {
        id: 'canary',
        name: 'Canary',
        plan: {
          strategy: 'canary',
          steps: [
            { kind: 'set-weight', percent: 25 },
            { kind: 'watch', for: 30 * MINUTE },
            { kind: 'set-weight', percent: 50 },
            { kind: 'watch', for: 30 * MINUTE },
            { kind: 'set-weight', percent: 100 },
          ],
        },
      },
    ],
  ]),
});

type Data = Extract<Reading, { metrics: unknown }>;
type Read = MetricsSource['read'];
type Spoil = (reading: Data, look: number) => Reading | Promise<Reading>;

/** The rollout of a healthy version whose readings come in as the test says, up to where it waits or has all traffic. */
function rolledOut(spoil: Spoil, version?: string): Promise<Deployment> {
  let look = 0;
  return readingAs(
    (read) =>
      async (...asked) => {
        look += 1;
        const reading = await read(...asked);
        return 'noData' in reading ? reading : spoil(reading, look);
      },
    version,
  );
}

/** The same where the test stands between the conductor and the source. */
async function readingAs(between: (read: Read) => Read, version = 'v2.1.0'): Promise<Deployment> {
  rig = await createRig({ policy: short });
  const { id } = await rig.request(version);
  await rig.signAll(id);
  rig.world.metrics.read = between(rig.world.metrics.read);
  await rig.pass(3 * HOUR, async () => {
    const { status } = await rig.load(id);
    return TERMINAL.has(status) || ['held', 'observing'].includes(status);
  });
  return rig.load(id);
}

const eachMetric =
  (change: (metric: MetricReading) => MetricReading): Spoil =>
  (reading) => ({ ...reading, metrics: reading.metrics.map(change) });
const errorsAs = (change: (arms: Extract<MetricReading, { kind: 'counts' }>) => object): Spoil =>
  eachMetric((metric) => (metric.kind === 'counts' ? { ...metric, ...change(metric) } : metric));
const canaryErrors = (n: number, x: number): Spoil => errorsAs(() => ({ canary: { n, x } }));

/** A source that hears of a request only so much later: of what is asked at once it knows no more. */
const late =
  (by: Duration) =>
  (read: Read): Read =>
  async (change, from, to, signal) => ({
    ...(await read(change, from, Math.max(from, to - by), signal)),
    from,
    to,
  });

function expectHeld(d: Deployment, reason: RegExp): void {
  expect(d).toMatchObject({ status: 'held', rollout: { hold: { by: { kind: 'system' } } } });
  expect(d.rollout?.hold?.reason).toMatch(reason);
  expect(d.rollout?.stages.map(({ outcome }) => outcome)).not.toContain('passed');
}

describe('AN-5: a metric source that', () => {
  it.each<[string, Spoil, RegExp]>([
    [
      'is down',
      () => Promise.reject(new Error('connection refused')),
      /no data to judge by: connection refused/,
    ],
    ['says NaN', canaryErrors(Number.NaN, 0), /no data .*: errors of the canary: NaN requests cannot be/],
    ['says NaN errors', canaryErrors(900, Number.NaN), /NaN failures cannot be/],
    ['has more failures than requests', canaryErrors(10, 11), /11 failures of 10 requests cannot be/],
    ['had its counter reset', canaryErrors(500, -50), /-50 failures cannot be; a counter that began anew\?/],
    ['sees no request in the canary', canaryErrors(0, 0), /no request has reached the canary/],
    [
      'sees no request in either arm',
      errorsAs(() => ({ canary: { n: 0, x: 0 }, baseline: { n: 0, x: 0 } })),
      /no request has reached the canary/,
    ],
    [
      'has a clock that is off',
      ({ from, to, ...reading }) => ({ ...reading, from: from + HOUR, to: to + HOUR }),
      /answered for another time than it was asked for/,
    ],
    [
      'answers for the hour until the stage ends',
      ({ to, ...reading }) => ({ ...reading, to: to + HOUR }),
      /answered for another time than it was asked for/,
    ],
    [
      'names a metric twice',
      ({ metrics, ...reading }) => ({ ...reading, metrics: [...metrics, ...metrics] }),
      /errors comes twice in one answer/,
    ],
    ['has no figures', (reading) => ({ ...reading, metrics: [] }), /without a figure for the canary/],
  ])('%s is no data: it holds, and says what is missing', async (_, spoil, reason) => {
    expectHeld(await rolledOut(spoil), reason);
  });

  it('gives the same answer again and again counts once', async () => {
    let first: Reading | undefined;
    expectHeld(
      await rolledOut((reading) => {
        first ??= reading;
        return first;
      }),
      /answered for another time than it was asked for/,
    );
  });

  it('knows of everything a minute late has nothing to say at any look', async () => {
    expectHeld(await readingAs(late(MINUTE)), /no request has reached the canary/);
  });

  it('knows of a third of each minute too late is judged by the rest, for better and for worse', async () => {
    const healthy = await readingAs(late(20 * SECOND));
    expect(healthy.status).toBe('observing');
    const [first] = healthy.rollout?.stages ?? [];
    // A quarter of 48,000 a minute for half an hour, less a third.
    expect((first?.lastLook?.sample ?? 0) / (0.25 * 48_000 * 30)).toBeCloseTo(2 / 3, 0);
    await rig.close();
    const doubled = await readingAs(late(20 * SECOND), 'v2.1.1');
    expect(doubled.rollback?.why).toMatch(/errors .*that it is worse/);
  });

  it('says something else of the past later changes nothing of what was judged: each window is asked for once', async () => {
    const asked: [number, number][] = [];
    const held = await readingAs((read) => async (change, from, to, signal) => {
      const again = asked.some(([start, end]) => from < end && start < to);
      asked.push([from, to]);
      const reading = await read(change, from, to, signal);
      return 'noData' in reading || !again ? reading : canaryErrors(9_000, 9_000)(reading, asked.length);
    });
    expect(held.status).toBe('observing');
    expect(held.rollback).toBeUndefined();
    expect(asked.length).toBeGreaterThan(50);
  });

  it('never answers is given up', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const held = await rolledOut(() => {
      vi.advanceTimersByTime(20 * SECOND);
      return new Promise(() => {});
    });
    expectHeld(held, /the metrics did not answer within 20 s/);
  });

  it.each<[string, string]>([
    ['p99', 'p99: no figure for the canary'],
    ['errors', 'a rule is about errors, and there is no figure for it'],
  ])('has no %s of the canary does not pass its stage', async (metric, reason) => {
    const held = await rolledOut((reading) => ({
      ...reading,
      metrics:
        metric === 'errors'
          ? reading.metrics.filter((one) => one.metric !== metric)
          : reading.metrics.map(
              (one) => (one.metric === metric ? { ...one, canary: null } : one) as MetricReading,
            ),
    }));
    expectHeld(held, new RegExp(`watch is over and it cannot be judged: ${reason}`));
  });

  it('loses the baseline’s counts does not pass: nothing is compared with nothing', async () => {
    const held = await rolledOut(errorsAs(() => ({ baseline: { n: 0, x: 0 } })));
    expectHeld(held, /errors: no request reached the baseline/);
  });
});

describe('AN-5: what is missing for a while, and what only looks bad', () => {
  it('a gap of two looks is neither a pass nor a hold: the rest decides', async () => {
    const d = await rolledOut((reading, look) =>
      look === 3 || look === 4 ? { from: reading.from, to: reading.to, noData: 'no scrape' } : reading,
    );
    expect(d.status).toBe('observing');
    const looks = d.rollout?.stages.map(({ lastLook }) => lastLook?.sample ?? 0) ?? [];
    // Two of thirty minutes are missing from the first stage, which has half the share of the second.
    expect((looks[0] ?? 0) / (looks[1] ?? 1)).toBeCloseTo((28 / 30) * 0.5, 1);
  });

  it('a gap at the end of a stage holds it', async () => {
    const d = await rolledOut((reading, look) =>
      look === 30 ? { from: reading.from, to: reading.to, noData: 'no scrape' } : reading,
    );
    expectHeld(d, /its watch is over and it cannot be judged: no scrape/);
  });

  it('a baseline that is worse than the canary is no reason to roll back', async () => {
    const d = await rolledOut(
      errorsAs(({ baseline }) => ({ baseline: { ...baseline, x: Math.round(baseline.n / 20) } })),
    );
    expect(d.rollback).toBeUndefined();
    expect(d.status).toBe('observing');
    expect(d.rollout?.stages[1]?.outcome).toBe('passed');
  });

  it('one spoilt look does not hide a version that is worse', async () => {
    const d = await rolledOut(
      (reading, look) =>
        look % 2 === 1 ? { from: reading.from, to: reading.to, noData: 'no scrape' } : reading,
      'v2.1.1',
    );
    expect(['rolling_back', 'rolled_back']).toContain(d.status);
    expect(d.rollback?.why).toMatch(/errors .*that it is worse/);
  });

  it.each(['canary', 'all-at-once'])(
    'three requests an hour never pass, nor roll back (%s)',
    async (strategy) => {
      const reports = defaultCatalogue.reports;
      if (reports === undefined) throw new Error('no reports');
      const quiet = { ...reports, environments: { production: { running: 'v0.7.0', perMinute: 3 / 60 } } };
      rig = await createRig({ catalogue: { ...defaultCatalogue, reports: quiet } });
      const { id } = await rig.request('v0.8.0', { service: 'reports', strategy });
      await rig.signAll(id);
      await rig.pass(3 * DAY, async () => {
        const { status, rollout } = await rig.load(id);
        return TERMINAL.has(status) || status === 'held' || rollout?.finalWatch?.unsettled !== undefined;
      });
      const d = await rig.load(id);
      expect(d.rollback).toBeUndefined();
      expect(d.status).not.toBe('handed_over');
      const watched = d.rollout?.stages.filter(({ watchedSince }) => watchedSince !== undefined) ?? [];
      expect(watched.map(({ outcome }) => outcome)).not.toContain('passed');
      const asked = d.rollout?.hold?.reason ?? d.rollout?.finalWatch?.unsettled?.because;
      expect(asked).toMatch(/cannot be judged: |no data/);
    },
  );
});
