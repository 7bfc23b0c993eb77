/** The judge's sentences: one per look, with the numbers that decided it. */

import { type Duration, HOUR, MINUTE } from '../time.ts';
import type { CriterionLook, TriggerLook } from './rules.ts';
import type { Bound, MetricLook, Trigger } from './types.ts';

const NAMES: ReadonlyMap<string, string> = new Map([['cpu', 'CPU']]);

export function nameOf(metric: string): string {
  return NAMES.get(metric) ?? metric.replaceAll('_', ' ');
}

/** Two figures that count, three from a hundred on: 0.21, 2.1, 84, 305, 4,812. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return 'far more';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(2)));
}

export function odds(evidence: number): string {
  if (evidence > 1_000) return 'over 1,000 : 1';
  return `${evidence < 10 ? figure(evidence) : Math.floor(evidence)} : 1`;
}

export function span(duration: Duration): string {
  if (duration < MINUTE) return 'less than a minute';
  const minutes = Math.ceil(duration / MINUTE);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor((minutes * MINUTE) / HOUR);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

function withUnit(value: number, unit: string): string {
  return unit === '' ? figure(value) : `${figure(value)} ${unit}`;
}

/** "p99 305 % of baseline, over 300 % in 3 of the last 3 looks". */
export function triggerSentence(
  { rule, figure: measured = 0, recent, hits }: TriggerLook,
  unit: string,
): string {
  const often = recent > 1 ? ` in ${hits} of the last ${recent} looks` : '';
  return `${nameOf(rule.metric)} ${compared(rule.kind, measured, unit)}, ${limitWords(rule, unit)}${often}`;
}

/** "errors 0.4 %, must stay under 0.1 %". */
export function criterionSentence({ criterion, figure: measured = 0 }: CriterionLook, unit: string): string {
  const { metric, kind } = criterion;
  return `${nameOf(metric)} ${compared(kind, measured, unit)} over the stage, to pass it must not be ${limitWords(criterion, unit)}`;
}

/** "a doubling is excluded", "1.4× and more are excluded". */
export function exclusion({ excluded: found = 0, worse, interval, verdict }: MetricLook): string {
  if (worse === 'lower') return `${showsWords({ worse }, found)} is excluded`;
  // Short of a pass no more is claimed than the interval beside it allows.
  const excluded = verdict === 'pass' ? found : Math.max(found, interval?.[1] ?? found);
  if (!Number.isFinite(excluded)) return 'no rise is excluded yet';
  if (Math.abs(excluded - 2) < 0.01) return 'a doubling is excluded';
  return `${timesWords(excluded)} and more are excluded`;
}

/** Nothing can be told of it yet: no end of its interval, no rise that is excluded, no suspicion. */
export function tooEarly({ interval, evidence = 1, excluded, kind }: MetricLook): boolean {
  return kind === 'counts' && interval === undefined && excluded === undefined && evidence < 3;
}

/** "4× and more", "a fall to 25 % and less". */
export const showsWords = ({ worse }: { worse?: 'lower' | undefined }, times: number): string =>
  worse === 'lower' ? `a fall to ${figure(100 / times)} % and less` : `${timesWords(times)} and more`;

export const timesWords = (times: number): string => `${figure(times)}×`;

function compared(kind: Trigger['kind'], measured: number, unit: string): string {
  if (kind === 'absolute') return withUnit(measured, unit);
  return kind === 'ratio'
    ? `${figure(100 * measured)} % of baseline`
    : `${figure(measured)} points over baseline`;
}

const limitWords = ({ kind, over, worse }: Bound, unit: string): string =>
  `${beyond({ worse })} ${bound(kind, over, unit)}`;

/** On which side of a rule's line it is worse. */
export const beyond = ({ worse }: { worse?: 'lower' | undefined }): 'over' | 'under' =>
  worse === 'lower' ? 'under' : 'over';

function bound(kind: Trigger['kind'], over: number, unit: string): string {
  if (kind === 'absolute') return withUnit(over, unit);
  return kind === 'ratio' ? `${figure(100 * over)} %` : `${figure(over)} points`;
}

/** "errors 2.1× baseline (1.6–2.8×)", or both shares where there is no ratio to tell. */
export function comparison(look: MetricLook): string {
  const name = nameOf(look.metric);
  if (look.ratio !== undefined) {
    const [low, high] = look.interval ?? [];
    const range = low === undefined || high === undefined ? '' : ` (${figure(low)}–${figure(high)}×)`;
    return `${name} ${figure(look.ratio)}× baseline${range}`;
  }
  if (look.canary === null) return `${name} not measured in the canary`;
  const against =
    look.baseline === null ? '' : ` against ${withUnit(look.baseline, look.unit)} in the baseline`;
  return `${name} ${withUnit(look.canary, look.unit)}${against}`;
}
