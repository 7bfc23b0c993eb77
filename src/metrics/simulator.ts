/** Metrics of the simulated world: drawn slot by slot, so that the same moment always measures the same. */

import { setImmediate } from 'node:timers/promises';
import type { Target } from '../backends/port.ts';
import { behaviourOf } from '../backends/simulator/catalogue.ts';
import type { Place, WorldHistory } from '../backends/simulator/history.ts';
import { drawsFor } from '../backends/simulator/random.ts';
import { meanShare, segmentAt } from '../backends/simulator/timeline.ts';
import type { MetricReading } from '../judge/types.ts';
import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from '../time.ts';
import { MetricsError, type MetricsSource, type Point } from './port.ts';

/** A window is a sum of these; one belongs to the window in which it ends. */
const SLOT: Duration = 5 * SECOND;

export function createSimulatedMetrics(world: WorldHistory): MetricsSource {
  return {
    name: 'simulator',
    async read(change, from, to, signal) {
      signal?.throwIfAborted();
      const place = world.find(change);
      if (behaviourOf(place.service, change.version).noMetrics) {
        return {
          from,
          to,
          noData: `no series for ${change.service} ${change.version} in ${change.environment}`,
        };
      }
      const until = Math.min(to, world.now());
      const canary = measure(world, change, place, from, until, change.version);
      const stable = otherVersion(place, change.version, until);
      const baseline = stable === null ? EMPTY : measure(world, change, place, from, until, stable);
      return { from, to, metrics: readings(baseline, canary) };
    },
    async series(target, metric, { from, to, step }, signal) {
      signal?.throwIfAborted();
      const place = world.find(target);
      const points: Point[] = [];
      for (let at = from; at <= Math.min(to, world.now()); at += step) {
        const value = historyAt(world, target, place, metric, { from: at - step, to: at });
        if (value !== null) points.push({ at, value });
        // Days of minutes take a while: others have their turn between.
        if (points.length % 250 === 0) await setImmediate();
      }
      return points;
    },
  };
}

/** Drawn step by step, for whoever looks back over days: its noise is not that of the windows, its means are. */
function historyAt(
  { seed }: WorldHistory,
  target: Target,
  { service, perMinute, timeline }: Place,
  metric: string,
  { from, to }: { from: Instant; to: Instant },
): number | null {
  const { stable, canary } = segmentAt(timeline, to);
  const draw = drawsFor(seed, 'history', target.service, target.environment, metric, to);
  const arms = [stable, canary].flatMap((version) =>
    version === null || meanShare(timeline, version, from, to) === 0
      ? []
      : [{ share: meanShare(timeline, version, from, to), ...behaviourOf(service, version) }],
  );
  if (arms.some(({ noMetrics }) => noMetrics)) return null;
  const requests = draw.poisson(((perMinute * (to - from)) / MINUTE) * timeOfDay(to));
  const mean = (figure: number, of: 'errors' | 'p50' | 'p99' | 'cpu'): number => {
    const all = arms.reduce((sum, { share }) => sum + share, 0);
    return arms.reduce((sum, arm) => sum + figure * (arm[of] ?? 1) * (arm.share / all), 0);
  };
  if (arms.length === 0) return null;
  const spread = requests === 0 ? 0 : 1 / Math.sqrt(requests);
  switch (metric) {
    case 'errors':
      return requests === 0
        ? null
        : (100 * draw.binomial(requests, mean(service.errors, 'errors') / 100)) / requests;
    case 'p50':
      return requests === 0 ? null : mean(service.p50, 'p50') * wandering(0.4 * spread, draw.normal());
    case 'p99':
      return requests === 0 ? null : mean(service.p99, 'p99') * wandering(spread, draw.normal());
    case 'cpu':
      return percent(mean(service.cpu, 'cpu') + draw.normal());
    case 'memory':
      return percent(service.memory + 0.3 * draw.normal());
    case 'queue_depth':
      return draw.poisson(service.queueDepth);
    default:
      throw new MetricsError(`there is no metric ${metric} here`);
  }
}

/** The version that has what the new one has not; null where the new one has all. */
function otherVersion({ timeline }: Place, version: string, at: Instant): string | null {
  const { stable } = segmentAt(timeline, at);
  return stable === version ? null : stable;
}

/** Sums over the slots of a window; latencies weigh by requests, the machine's figures by slots. */
interface Measured {
  requests: number;
  errors: number;
  p50: number;
  p99: number;
  slots: number;
  cpu: number;
  memory: number;
  queueDepth: number;
}

const EMPTY: Measured = {
  requests: 0,
  errors: 0,
  p50: 0,
  p99: 0,
  slots: 0,
  cpu: 0,
  memory: 0,
  queueDepth: 0,
};

function measure(
  world: WorldHistory,
  target: Target,
  place: Place,
  from: Instant,
  to: Instant,
  version: string,
): Measured {
  const sum = { ...EMPTY };
  const { service, timeline } = place;
  const factor = behaviourOf(service, version);
  for (let end = (Math.floor(from / SLOT) + 1) * SLOT; end <= to; end += SLOT) {
    const share = meanShare(timeline, version, end - SLOT, end);
    if (share === 0) continue;
    const draw = drawsFor(world.seed, target.service, target.environment, version, end);
    const requests = draw.poisson(((place.perMinute * SLOT) / MINUTE) * share * timeOfDay(end));
    sum.requests += requests;
    sum.errors += draw.binomial(requests, (service.errors / 100) * (factor.errors ?? 1));
    // The fewer the requests, the further their quantiles wander.
    const spread = requests === 0 ? 0 : 1 / Math.sqrt(requests);
    sum.p50 += requests * service.p50 * (factor.p50 ?? 1) * wandering(0.4 * spread, draw.normal());
    sum.p99 += requests * service.p99 * (factor.p99 ?? 1) * wandering(spread, draw.normal());
    sum.slots += 1;
    sum.cpu += percent(service.cpu * (factor.cpu ?? 1) + 3 * draw.normal());
    sum.memory += percent(service.memory + draw.normal());
    sum.queueDepth += draw.poisson(service.queueDepth);
  }
  return sum;
}

function readings(baseline: Measured, canary: Measured): MetricReading[] {
  const value = (
    metric: string,
    unit: 'ms' | '%' | '',
    of: (arm: Measured) => number | null,
  ): MetricReading => ({
    metric,
    kind: 'values',
    unit,
    baseline: of(baseline),
    canary: of(canary),
  });
  const mean = (sum: number, weight: number) => (weight === 0 ? null : Number((sum / weight).toPrecision(4)));
  return [
    {
      metric: 'errors',
      kind: 'counts',
      baseline: { n: baseline.requests, x: baseline.errors },
      canary: { n: canary.requests, x: canary.errors },
    },
    value('p50', 'ms', (arm) => mean(arm.p50, arm.requests)),
    value('p99', 'ms', (arm) => mean(arm.p99, arm.requests)),
    value('cpu', '%', (arm) => mean(arm.cpu, arm.slots)),
    value('memory', '%', (arm) => mean(arm.memory, arm.slots)),
    value('queue_depth', '', (arm) => mean(arm.queueDepth, arm.slots)),
  ];
}

/** A mild day: most at 15:00 UTC, least at 03:00. */
function timeOfDay(at: Instant): number {
  return 1 + 0.2 * Math.sin((2 * Math.PI * ((at % DAY) - 9 * HOUR)) / DAY);
}

/** A factor of mean 1 with this spread. */
function wandering(spread: number, normal: number): number {
  return Math.exp(spread * normal - spread ** 2 / 2);
}

function percent(value: number): number {
  return Math.min(100, Math.max(0, value));
}
