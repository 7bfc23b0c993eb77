/** The same facts as the picture, for those who do not see it. */

import { figure } from '../judge/words.ts';
import type { ChartData, MarkKind, Panel, Point } from './data.ts';

export const MARK_WORDS: Record<MarkKind, string> = {
  held: 'held',
  resumed: 'resumed',
  extended: 'extended',
  promoted: 'promoted',
  passed: 'passed',
  went_on: 'went on undecided',
  rolled_back: 'rolled back',
};

/** `1.9 %`, `322 ms`, `12`. */
export function measured(value: number, unit: Panel['unit']): string {
  const small = value > 0 && value < 0.001;
  const words = small ? '<0.001' : value < 100_000 ? figure(value) : compact(value);
  return unit === '' ? words : `${words} ${unit}`;
}

/** `120K`, where there is no room for more. */
export function compact(value: number): string {
  return value.toLocaleString('en-US', { notation: 'compact', maximumSignificantDigits: 3 });
}

/** `after 22 of 60 min`; `watched 60 min`. */
export function progressWords({ watched: { passed, of }, ended }: ChartData): string {
  const all = Math.round(of);
  const looked = Math.floor(passed);
  return ended || looked >= all ? `watched ${ended ? looked : all} min` : `after ${looked} of ${all} min`;
}

/** `22`, with its unit where that is asked for; within the first minute `40 s`, because 0 would say nothing. `at` is in minutes. */
export function markTime(at: number, unit = ''): string {
  return at < 1 ? `${Math.round(at * 60)} s` : `${Math.round(at)}${unit}`;
}

/** `up to 1.25× baseline`. */
export function marginWords(margin: NonNullable<Panel['margin']>): string {
  return 'times' in margin
    ? `up to ${Number(margin.times.toFixed(2))}× baseline`
    : `up to baseline + ${Number(margin.points.toFixed(2))} points`;
}

/** Where the margin ends over a baseline, in the panel's unit; undefined where the panel has none. */
export function marginEnd(margin: Panel['margin'], baseline: number): number | undefined {
  if (margin === undefined) return undefined;
  return 'times' in margin ? baseline * margin.times : baseline + margin.points;
}

export function lastOf(points: readonly Point[]): { at: number; value: number } | undefined {
  const last = points.findLast(({ value }) => value !== null);
  return last === undefined || last.value === null ? undefined : { at: last.at, value: last.value };
}

export function chartInWords(data: ChartData): string {
  const marks = data.marks.map(({ at, kind }) => `${MARK_WORDS[kind]} at ${markTime(at, ' min')}`);
  return [
    `Chart: ${data.service} ${data.version} at ${data.percent} % of traffic, ${progressWords(data)}`,
    ...data.panels.map(panelInWords),
    ...(data.silent.length === 0 ? [] : [`no data in ${data.silent.length} of the looks`]),
    ...(marks.length === 0 ? [] : [marks.join(', ')]),
  ].join('. ');
}

function panelInWords({ title, unit, lines, margin, limit }: Panel): string {
  const canary = lastOf(lines.canary);
  const baseline = lastOf(lines.baseline);
  if (canary === undefined) return `${title}: no figure for the canary`;
  const end = baseline && marginEnd(margin, baseline.value);
  const side = end === undefined ? '' : canary.value > end ? 'above' : 'within';
  return [
    `${title}: canary ${measured(canary.value, unit)}`,
    baseline === undefined ? 'no baseline' : `baseline ${measured(baseline.value, unit)}`,
    ...(margin === undefined || side === '' ? [] : [`${side} the margin (${marginWords(margin)})`]),
    ...(limit !== undefined && canary.value > limit ? [`over the limit of ${measured(limit, unit)}`] : []),
  ].join(', ');
}
