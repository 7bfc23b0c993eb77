/** One metric at one look, in the words of the report's table. */

import type { Criterion, MetricLook } from '../src/judge/types.ts';
import { beyond, tooEarly } from '../src/judge/words.ts';
import { count, figure, inline, percent, ratio, timesFigure } from './text.ts';

export interface MetricRow {
  metric: string;
  verdict: string;
  /** Of the whole stage. */
  canary: string;
  baseline: string;
  difference: string;
  /** Of the last look alone: the canary's, and the baseline's in brackets. */
  last: string;
}

const NAMES = new Map([
  ['cpu', 'CPU'],
  ['queue_depth', 'queue depth'],
]);

/** Not escaped. */
export const metricName = (metric: string): string => NAMES.get(metric) ?? metric.replaceAll('_', ' ');

/** Not escaped: table cells read no markup. */
export function metricRow(look: MetricLook, live = false): MetricRow {
  const { unit, last } = look;
  const [canary, baseline] = [measured(last.canary, unit), measured(last.baseline, unit)];
  return {
    metric: metricName(look.metric),
    verdict: verdict(look, live),
    canary: measured(look.canary, unit),
    baseline: measured(look.baseline, unit),
    difference: difference(look),
    last: last.canary === null && last.baseline === null ? '—' : `${canary} (${baseline})`,
  };
}

/** `p50 85 ms (+1 %)`, escaped: for what needs no row of its own. */
export function metricInShort(look: MetricLook): string {
  const { metric, canary, difference: by } = metricRow(look);
  return `${inline(metric, 40)} ${canary}${by === '—' ? '' : ` (${by})`}`;
}

/** The same row as one sentence, escaped. */
export function metricSentence(look: MetricLook): string {
  const row = metricRow(look);
  return `${inline(row.metric, 40)}: canary ${row.canary}, baseline ${row.baseline}, ${row.difference}, ${row.verdict}`;
}

export function measured(value: number | null, unit: MetricLook['unit']): string {
  if (value === null) return '—';
  if (unit === '%') return percent(value);
  return unit === 'ms' ? `${figure(value)} ms` : figure(value);
}

function difference({ kind, unit, baseline, canary, ratio: times, interval }: MetricLook): string {
  if (kind === 'values' && unit === '%' && baseline !== null && canary !== null)
    return points(canary - baseline);
  const shown = baseline !== null && canary !== null && baseline > 0 ? canary / baseline : undefined;
  // The judge's ratio of a value is a mean of ratios: beside the two means in the row it could contradict them.
  const known = kind === 'values' ? (shown ?? times) : (times ?? shown);
  if (known === undefined || !Number.isFinite(known)) return '—';
  if (unit === 'ms')
    return `${change(known)} %${interval ? ` (${change(interval[0])} … ${change(interval[1])})` : ''}`;
  return `${ratio(known)}${interval ? ` ${between(interval)}` : ''}`;
}

/** `+2 points`; more than one decimal is noise. */
function points(value: number): string {
  const size = figure(Number(Math.abs(value).toFixed(1)));
  const sign = size === '0' ? '' : value < 0 ? '−' : '+';
  return `${sign}${size} ${size === '1' ? 'point' : 'points'}`;
}
const change = (times: number): string => {
  const percents = Math.round((times - 1) * 100);
  if (percents === 0) return '0';
  return Number.isFinite(percents) ? `${percents < 0 ? '−' : '+'}${count(Math.abs(percents))}` : '∞';
};
const bound = (value: number): string => (Number.isFinite(value) ? timesFigure(value) : '∞');

/** `(0.6–1.3)` */
export const between = ([low, high]: readonly [number, number]): string =>
  `(${timesFigure(low)}–${bound(high)})`;

function verdict(look: MetricLook, live: boolean): string {
  const { verdict: said, kind, breached, unmet, evidence } = look;
  if (breached) return breachWords(breached);
  if (unmet && said !== 'fail') return `${breachWords(unmet)}, no pass`;
  switch (said) {
    case 'pass':
      return kind === 'counts'
        ? `no worse${evidence !== undefined && evidence < 1 ? odds(evidence) : ''}`
        : 'fine';
    case 'fail':
      return `worse${odds(evidence)}`;
    case 'undecided':
      if (tooEarly(look)) return 'too early to tell';
      // When it can decide stands below the table, which is narrow on a phone.
      return live ? 'undecided' : `undecided${leaning(evidence)}`;
    case 'no_data':
      return 'no data';
  }
}

/** `, 40 : 1`: the stronger side first; nothing where they are even in the figures that are shown. */
function odds(evidence: number | undefined): string {
  if (evidence === undefined || Number.isNaN(evidence)) return '';
  const strength = evidence >= 1 ? evidence : 1 / evidence;
  if (figure(strength) === '1') return '';
  // As the sentence above the table rounds it.
  const whole = strength < 10 ? figure(strength) : String(Math.floor(strength));
  return `, ${strength > 1000 ? '>1,000' : whole} : 1`;
}

/** The odds, and for which side they are. */
function leaning(evidence: number | undefined): string {
  const words = odds(evidence);
  if (words === '' || evidence === undefined) return '';
  return `${words} ${evidence >= 1 ? 'worse' : 'no worse'}`;
}

function breachWords({ kind, over, metric, worse }: Criterion): string {
  const side = beyond({ worse });
  if (kind === 'ratio') return `${side} ${ratio(over)} baseline`;
  if (kind === 'points') return `${side} baseline + ${figure(over)} points`;
  return `${side} ${['errors', 'cpu', 'memory'].includes(metric) ? percent(over) : figure(over)}`;
}
