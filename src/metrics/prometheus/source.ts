/** Reads one window of both arms from Prometheus, and the history of a metric where there is no second arm. */

import type { Finding } from '../../adapters/finding.ts';
import type { AdapterContext } from '../../adapters/kind.ts';
import type { Change, Target } from '../../backends/port.ts';
import type { MetricReading, Reading } from '../../judge/types.ts';
import { type Duration, type Instant, MINUTE, SECOND } from '../../time.ts';
import { MetricsError, type MetricsSource, type Point } from '../port.ts';
import { type Arms, armsByLabel, armsByServer, namesOf } from './arms.ts';
import type { Answered, PrometheusClient } from './client.ts';
import { fillIn, withMatchers } from './fill-in.ts';
import { firstSeen, increaseOf, lookBack, type Window } from './increase.ts';
import type { MetricSettings, PrometheusSettings } from './settings.ts';
import { type Template, templateOf } from './templates.ts';

/** Prometheus refuses ranges of more than 11,000 points. */
const MAX_POINTS = 10_000;
/** A rate over less than this many scrapes says little. */
const SCRAPES_OF_A_RATE = 4;

export interface SourceOptions {
  settings: PrometheusSettings;
  context: AdapterContext;
  client: PrometheusClient;
  scrapeInterval: Duration;
}

type Arm = { n: number; x: number };

/** One arm's metrics in one window. `found` where there was any series of it at all. */
interface Measured {
  counts?: Arm;
  value?: number | null;
  found: boolean;
}

/** What every query of one reading has in common. */
interface Looking {
  client: PrometheusClient;
  change: Change;
  /** As the samples are read: earlier than asked by one scrape, so that the last one has come in. */
  window: Window;
  scrapeInterval: Duration;
  partial: Set<string>;
  signal: AbortSignal | undefined;
}

export function createPrometheusSource(options: SourceOptions): MetricsSource {
  const template = templateOf(options.settings);
  return {
    name: 'prometheus',
    read: (change, from, to, signal) => read(options, template, { change, from, to, signal }),
    series: (target, metric, range, signal) => {
      const asked = template.metrics[metric];
      if (asked === undefined) throw new MetricsError(`there is no metric ${metric} here`);
      const names = { service: target.service, environment: target.environment };
      return history(options, asked, names, range, signal);
    },
    check: (target, signal) => check(options, template, target, signal),
    close: () => options.client.close(),
  };
}

interface Asked {
  change: Change;
  from: Instant;
  to: Instant;
  signal: AbortSignal | undefined;
}

async function read(options: SourceOptions, template: Template, asked: Asked): Promise<Reading> {
  const { from, to, change, signal } = asked;
  const { client, scrapeInterval } = options;
  const window = { from: from - scrapeInterval, to: to - scrapeInterval };
  const looking: Looking = { client, change, window, scrapeInterval, partial: new Set(), signal };
  const arms = await armsOf(options, template, looking);
  const measured = await Promise.all(
    Object.entries(template.metrics).map(async ([metric, settings]) => ({
      metric,
      settings,
      baseline: await measure(looking, settings, arms.baseline),
      canary: await measure(looking, settings, arms.canary),
    })),
  );
  const [partial] = looking.partial;
  if (partial !== undefined) return { from, to, noData: `Prometheus has a part of it only: ${partial}` };
  const found = measured.some(({ baseline, canary }) => baseline.found || canary.found);
  if (!found) return { from, to, noData: `${nothing(change, arms)}${skewIn(client)}` };
  return { from, to, metrics: measured.map(readingOf) };
}

function armsOf(
  { settings, client }: SourceOptions,
  template: Template,
  { change, window, signal }: Looking,
): Promise<Arms> | Arms {
  if (settings.servers_by !== undefined) {
    return armsByServer(client, settings.servers_by, change, window.to, signal);
  }
  if (template.arms === undefined) throw new MetricsError(NO_ARMS);
  return armsByLabel(template.arms, change);
}

export const NO_ARMS =
  'nothing tells the old version from the new one: HAProxy knows servers only, so servers_by (or arms) must be given';

/** Windows are of our clock, samples of Prometheus': far apart, they miss each other. */
const CLOCKS_APART: Duration = 10 * SECOND;

function skewIn(client: PrometheusClient): string {
  const skew = client.skew();
  if (skew === undefined || Math.abs(skew) < CLOCKS_APART) return '';
  const [by, way] = [Math.abs(skew) / SECOND, skew > 0 ? 'ahead of' : 'behind'];
  return `; its clock is ${by} s ${way} ours`;
}

function nothing({ service, version, previous }: Change, arms: Arms): string {
  const told = (name: string, arm: string | null) => `${name} (${arm ?? 'no server of it is known'})`;
  const which = [told(version, arms.canary), ...(previous === null ? [] : [told(previous, arms.baseline)])];
  return `Prometheus has no series of ${service} for ${which.join(' or ')} in this time`;
}

function readingOf({
  metric,
  settings,
  baseline,
  canary,
}: {
  metric: string;
  settings: MetricSettings;
  baseline: Measured;
  canary: Measured;
}): MetricReading {
  if (settings.kind === 'ratio' || settings.kind === 'slower') {
    const none = { n: 0, x: 0 };
    return { metric, kind: 'counts', baseline: baseline.counts ?? none, canary: canary.counts ?? none };
  }
  return {
    metric,
    kind: 'values',
    unit: settings.unit ?? '',
    baseline: baseline.value ?? null,
    canary: canary.value ?? null,
  };
}

async function measure(looking: Looking, metric: MetricSettings, arm: string | null): Promise<Measured> {
  if (arm === null) return { found: false };
  const names = namesOf(looking.change);
  switch (metric.kind) {
    case 'ratio':
      return counted(looking, {
        total: withMatchers(fillIn(metric.total, names), [arm]),
        bad: withMatchers(fillIn(metric.bad, names), [arm]),
        badIs: 'counted',
      });
    case 'slower': {
      const histogram = fillIn(metric.histogram, names);
      return counted(looking, {
        total: withMatchers(histogram, [arm, 'le="+Inf"'], '_bucket'),
        bad: withMatchers(histogram, [arm, bucketOf(metric.over)], '_bucket'),
        badIs: 'the rest',
      });
    }
    default: {
      const filled = queryOf(metric, names, [arm], windowOf(looking));
      const { series, partial } = await looking.client.query(filled, looking.window.to, looking.signal);
      for (const words of partial) looking.partial.add(words);
      return { ...valueIn(series, metric), found: series.length > 0 };
    }
  }
}

/** `1` is written `1.0` by some clients. */
function bucketOf(over: number): string {
  return Number.isInteger(over) ? `le=~"${over}|${over}\\\\.0"` : `le="${over}"`;
}

interface Counted {
  total: string;
  bad: string;
  /** `the rest`: what the second counter has not counted is bad. */
  badIs: 'counted' | 'the rest';
}

async function counted(looking: Looking, { total, bad, badIs }: Counted): Promise<Measured> {
  const { client, window, scrapeInterval, signal } = looking;
  const range = window.to - window.from + lookBack(scrapeInterval);
  const samples = async (selector: string): Promise<Answered['series']> => {
    const answered = await client.query(`${selector}[${Math.ceil(range / SECOND)}s]`, window.to, signal);
    for (const words of answered.partial) looking.partial.add(words);
    return answered.series;
  };
  const [all, some] = await Promise.all([samples(total), samples(bad)]);
  if (badIs === 'the rest' && all.length > 0 && some.length === 0) {
    throw new MetricsError(`Prometheus has no series ${bad}: is that a bucket of the histogram?`);
  }
  const seen = firstSeen(all);
  const n = Math.round(increaseOf(all, window, seen));
  const x = Math.round(increaseOf(some, window, seen));
  return { counts: { n, x: badIs === 'the rest' ? n - x : x }, found: all.length > 0 };
}

type ValueSettings = Exclude<MetricSettings, { kind: 'ratio' | 'slower' }>;

function queryOf(
  metric: ValueSettings,
  names: Readonly<Record<string, string>>,
  arm: readonly string[],
  window: string,
): string {
  if (metric.kind === 'value') {
    // The matchers are PromQL already: they must not be quoted once more.
    return fillIn(metric.query, { ...names, window })
      .replaceAll('{{arm}}', arm.join(','))
      .replace(/,\s*\}/g, '}');
  }
  const buckets = withMatchers(fillIn(metric.histogram, names), arm, '_bucket');
  return `histogram_quantile(${metric.quantile}, sum by (le) (rate(${buckets}[${window}])))`;
}

function windowOf({ window, scrapeInterval }: Looking): string {
  return `${Math.ceil(Math.max(window.to - window.from, SCRAPES_OF_A_RATE * scrapeInterval) / SECOND)}s`;
}

function valueIn(series: Answered['series'], metric: ValueSettings): { value: number | null } {
  if (series.length > 1) {
    throw new MetricsError(
      `a query of a value answers ${series.length} series, and must answer one: sum or average it`,
    );
  }
  const value = series[0]?.samples.at(-1)?.value;
  return { value: value === undefined || !Number.isFinite(value) ? null : value * (metric.scale ?? 1) };
}

/** In pieces that Prometheus takes. */
async function history(
  { client, scrapeInterval }: SourceOptions,
  metric: MetricSettings,
  names: Readonly<Record<string, string>>,
  { from, to, step }: { from: Instant; to: Instant; step: Duration },
  signal?: AbortSignal,
): Promise<Point[]> {
  const window = `${Math.ceil(Math.max(step, SCRAPES_OF_A_RATE * scrapeInterval, MINUTE) / SECOND)}s`;
  const query = shareOrValue(metric, names, window);
  const points: Point[] = [];
  for (let start = from; start <= to; start += MAX_POINTS * step) {
    const end = Math.min(to, start + (MAX_POINTS - 1) * step);
    const { series, partial } = await client.queryRange(query, { from: start, to: end, step }, signal);
    if (partial[0] !== undefined) throw new MetricsError(`Prometheus has a part of it only: ${partial[0]}`);
    if (series.length > 1) throw new MetricsError(`a history of ${series.length} series, and must be of one`);
    const scale = 'scale' in metric ? (metric.scale ?? 1) : 1;
    for (const { at, value } of series[0]?.samples ?? []) {
      if (Number.isFinite(value)) points.push({ at, value: value * scale });
    }
  }
  return points;
}

function shareOrValue(
  metric: MetricSettings,
  names: Readonly<Record<string, string>>,
  window: string,
): string {
  const rate = (selector: string) => `sum(rate(${selector}[${window}]))`;
  switch (metric.kind) {
    case 'ratio': {
      const [total, bad] = [metric.total, metric.bad].map((selector) =>
        withMatchers(fillIn(selector, names), []),
      );
      return `100 * (${rate(bad ?? '')} or vector(0)) / ${rate(total ?? '')}`;
    }
    case 'slower': {
      const histogram = fillIn(metric.histogram, names);
      const all = withMatchers(histogram, ['le="+Inf"'], '_bucket');
      const fast = withMatchers(histogram, [bucketOf(metric.over)], '_bucket');
      return `100 * (1 - ${rate(fast)} / ${rate(all)})`;
    }
    default:
      return queryOf(metric, names, [], window);
  }
}

/** Each metric without its arm, as it is just now: what has no series for the service will have none for a version. */
async function check(
  { client, scrapeInterval, context }: SourceOptions,
  template: Template,
  { service, environment }: Target,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const now = context.clock.now();
  const window = `${Math.ceil(Math.max(MINUTE, SCRAPES_OF_A_RATE * scrapeInterval) / SECOND)}s`;
  const findings: Finding[] = [];
  for (const [metric, settings] of Object.entries(template.metrics)) {
    const what = `read ${metric} of ${service}`;
    const query = shareOrValue(settings, { service, environment }, window);
    try {
      const { series } = await client.query(query, now, signal);
      findings.push(series.length > 0 ? { what, ok: true } : { what, ok: false, ...nothingFor(query) });
    } catch (error) {
      if (!(error instanceof MetricsError)) throw error;
      findings.push({
        what,
        ok: false,
        problem: error.message,
        remedy: 'see url, bearer and basic in its settings',
      });
    }
  }
  const apart = skewIn(client);
  const what = 'compare clocks with Prometheus';
  findings.push(
    apart === ''
      ? { what, ok: true }
      : { what, ok: false, problem: apart.slice(2), remedy: 'let both machines follow the same time (NTP)' },
  );
  return findings;
}

function nothingFor(query: string): Pick<Finding, 'problem' | 'remedy'> {
  return {
    problem: `Prometheus has no series for ${query}`,
    remedy: 'compare match and names in its settings with what is scraped',
  };
}
