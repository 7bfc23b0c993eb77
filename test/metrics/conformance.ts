/** What every metric source must do; an adapter's own test is `testMetricsSource` with a subject of its own. */

import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import type { Change } from '../../src/backends/port.ts';
import type { MetricReading, Reading } from '../../src/judge/types.ts';
import type { MetricsSource } from '../../src/metrics/port.ts';
import type { Instant } from '../../src/time.ts';

export interface Window {
  from: Instant;
  to: Instant;
}

/** A world of its own for each test. */
export interface MetricsSubject {
  source: MetricsSource;
  /** A change whose new version can be given traffic. */
  change: Change;
  /**
   * Gives the new version this share of the traffic, lets a window with plenty of requests pass in it, and returns
   * the window. At 0 the new version is not there at all; at 100 the old one is not.
   */
  windowAt(percent: 0 | 50 | 100): Promise<Window>;
  /** A change and a window about which the source has nothing to say. */
  silent(): Promise<{ change: Change; window: Window }>;
  /** Makes the source fail until the test ends, where that can be done. */
  breakDown?(): Promise<void>;
  /** Has calls taken and never answered until the test ends, where that can be done. */
  hang?(): Promise<void>;
  close(): Promise<void>;
}

export interface Limit {
  reason: string;
  tests: MetricsTest[];
}

export type MetricsTest = keyof typeof TESTS;

const UNITS: Readonly<Record<string, string>> = {
  p50: 'ms',
  p99: 'ms',
  cpu: '%',
  memory: '%',
  queue_depth: '',
};

const TESTS = {
  'names itself': async ({ source }) => {
    expect(source.name).toMatch(/^[a-z][a-z-]*$/);
  },

  'AN-7: counts requests and errors in both arms': async (subject) => {
    const metrics = await read(subject, 50);
    const errors = countsIn(metrics);
    for (const { n, x } of [errors.baseline, errors.canary]) {
      expect(Number.isInteger(n) && Number.isInteger(x)).toBe(true);
      expect(n).toBeGreaterThan(0);
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(n);
    }
  },

  'AN-7: names each value once, in its unit, within what the unit allows': async (subject) => {
    const metrics = await read(subject, 50);
    const names = metrics.map(({ metric }) => metric);
    expect(new Set(names).size).toBe(names.length);
    const values = metrics.filter((metric) => metric.kind === 'values');
    for (const { metric, unit, baseline, canary } of values) {
      expect(unit).toBe(UNITS[metric] ?? unit);
      for (const value of [baseline, canary]) {
        if (value === null) continue;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(unit === '%' ? 100 : Number.MAX_VALUE);
      }
    }
  },

  'answers for the window that was asked': async (subject) => {
    const window = await subject.windowAt(50);
    expect(await subject.source.read(subject.change, window.from, window.to)).toMatchObject(window);
  },

  'the same window reads the same again': async (subject) => {
    const { from, to } = await subject.windowAt(50);
    const first = await subject.source.read(subject.change, from, to);
    expect(await subject.source.read(subject.change, from, to)).toEqual(first);
  },

  'a new version without traffic has no requests and no values': async (subject) => {
    const metrics = await read(subject, 0);
    const errors = countsIn(metrics);
    expect(errors.baseline.n).toBeGreaterThan(0);
    expect(errors.canary).toEqual({ n: 0, x: 0 });
    for (const metric of metrics) if (metric.kind === 'values') expect(metric.canary).toBeNull();
  },

  'a new version with all traffic has no baseline': async (subject) => {
    const metrics = await read(subject, 100);
    const errors = countsIn(metrics);
    expect(errors.canary.n).toBeGreaterThan(0);
    expect(errors.baseline).toEqual({ n: 0, x: 0 });
    for (const metric of metrics) if (metric.kind === 'values') expect(metric.baseline).toBeNull();
  },

  'AN-5: where it has nothing to say it says so, with the reason': async ({ source, silent }) => {
    const { change, window } = await silent();
    const reading = await source.read(change, window.from, window.to);
    expect(reading).toMatchObject(window);
    expect('noData' in reading && reading.noData.length).toBeGreaterThan(0);
  },

  'a call that was given up ends at once, and is no reading': async (subject) => {
    const { from, to } = await subject.windowAt(50);
    await expect(subject.source.read(subject.change, from, to, AbortSignal.abort())).rejects.toThrow();
  },

  'a call that hangs ends at once when it is given up': async (subject, context) => {
    const hang = subject.hang ?? context.skip('this source cannot be made to hang');
    const { from, to } = await subject.windowAt(50);
    await hang();
    const giveUp = new AbortController();
    const ended = expect(subject.source.read(subject.change, from, to, giveUp.signal)).rejects.toThrow();
    await new Promise((resolve) => setImmediate(resolve));
    giveUp.abort();
    await ended;
  },

  'AN-5: a fault of the source rejects and is no reading': async (subject, context) => {
    const breakDown = subject.breakDown ?? context.skip('this source cannot be made to fail');
    const { from, to } = await subject.windowAt(50);
    await breakDown();
    await expect(subject.source.read(subject.change, from, to)).rejects.toThrow();
  },
} satisfies Record<string, (subject: MetricsSubject, context: TestContext) => Promise<void>>;

export function testMetricsSource(
  name: string,
  makeSubject: () => Promise<MetricsSubject>,
  limits: readonly Limit[] = [],
): void {
  describe(`the metric source ${name}`, () => {
    let subject: MetricsSubject;
    beforeEach(async () => {
      subject = await makeSubject();
    });
    afterEach(async () => {
      await subject.close();
    });
    for (const [title, run] of Object.entries<
      (subject: MetricsSubject, context: TestContext) => Promise<void>
    >(TESTS)) {
      const limit = limits.find(({ tests }) => tests.some((test) => test === title));
      it(title, async (context) => {
        if (limit !== undefined) context.skip(limit.reason);
        await run(subject, context);
      });
    }
  });
}

async function read(subject: MetricsSubject, percent: 0 | 50 | 100): Promise<MetricReading[]> {
  const { from, to } = await subject.windowAt(percent);
  return metricsOf(await subject.source.read(subject.change, from, to));
}

export function metricsOf(reading: Reading): MetricReading[] {
  if ('noData' in reading) throw new Error(`no data: ${reading.noData}`);
  return reading.metrics;
}

export function countsIn(metrics: readonly MetricReading[]): MetricReading & { kind: 'counts' } {
  const errors = metrics.find((metric) => metric.metric === 'errors');
  if (errors?.kind !== 'counts') throw new Error('errors are not counted');
  return errors;
}
