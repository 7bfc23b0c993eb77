/** The small print of a stage report: what was seen, what is excluded so far, what would settle the rest and when. */

import type { Deployment } from '../src/deployment/deployment.ts';
import { undecidedPolicy } from '../src/deployment/rollout/look-context.ts';
import type { StageRecord } from '../src/deployment/rollout/state.ts';
import { atStageEnd } from '../src/judge/stage-terms.ts';
import type { Look, MetricLook } from '../src/judge/types.ts';
import { exclusion, showsWords } from '../src/judge/words.ts';
import { lookInShort } from './look-words.ts';
import { metricInShort, metricName, metricRow } from './metric-words.ts';
import { capitalised, count, inline, plural, timeOfDay } from './text.ts';

/** More metrics than this are left out, and counted. */
export const MAX_METRICS = 20;

/** A value that is as it should be is said in a word, not in a row. */
export function needsNoRow({ kind, verdict }: MetricLook): boolean {
  return kind === 'values' && verdict === 'pass';
}

/** Escaped. */
export function stageFacts(d: Deployment, stage: StageRecord, look: Look, live: boolean): string[] {
  const shown = look.metrics.slice(0, MAX_METRICS);
  const fine = shown.filter(needsNoRow).map(metricInShort);
  const left = look.metrics.length - shown.length;
  return [
    `Look ${count(look.number)} at ${timeOfDay(look.to)} · ${plural(look.sample, 'request')} in the canary`,
    ...excluded(stage, look),
    ...(live && look.verdict === 'undecided' ? [settles(d, stage, look)] : []),
    ...(fine.length === 0 ? [] : [`Fine: ${fine.join(', ')}`]),
    ...lastFigures(shown),
    ...(left > 0 ? [`and ${plural(left, 'more metric', 'more metrics')}`] : []),
  ];
}

/** The table is of the whole stage and has no room for these. */
function lastFigures(metrics: readonly MetricLook[]): string[] {
  const figures = metrics
    .filter((metric) => !needsNoRow(metric))
    .map((metric) => metricRow(metric))
    .filter(({ last }) => last !== '—')
    .map(({ metric, last }) => `${inline(metric, 40)} ${last}`);
  return figures.length === 0
    ? []
    : [`The table is of the whole stage; the last look, baseline in brackets: ${figures.join(', ')}`];
}

/** Of counts alone something can be excluded. */
function excluded(stage: StageRecord, look: Look): string[] {
  const { metrics, verdict } = look;
  // What is worse is worse; that it is not far worse helps nobody.
  if (verdict === 'fail') return [];
  const counts = metrics.filter(({ kind, verdict }) => kind === 'counts' && verdict !== 'no_data');
  const judged = counts.filter((metric) => metric.ratio !== undefined);
  // What the sentence above says is not said again.
  const said = lookInShort(look);
  const unsaid = judged
    .slice(0, 3)
    .filter((metric) => metric.excluded === undefined || !said.includes(exclusion(metric)));
  return unsaid.map((metric) => {
    const name = inline(metricName(metric.metric), 40);
    if (metric.excluded !== undefined) return `${capitalised(name)}: ${exclusion(metric)}`;
    const shows = metric.wouldShow;
    const wouldShow =
      shows === undefined || stage.undecided !== undefined
        ? ''
        : `; ${showsWords(metric, shows)} would have shown by now`;
    return `${capitalised(name)}: no ${metric.worse === 'lower' ? 'fall' : 'rise'} is excluded yet${wouldShow}`;
  });
}

/** When it can decide, or what happens at the end of the stage if it cannot. */
function settles(d: Deployment, stage: StageRecord, look: Look): string {
  const { to, decidesIn } = look;
  const { watchUntil } = stage;
  const at = decidesIn === undefined ? undefined : to + decidesIn;
  const can =
    at === undefined
      ? 'At this traffic it cannot be foreseen when it can decide'
      : `Can decide at about ${timeOfDay(at)} at this traffic`;
  // The end of a watch means nothing while it is held: people decide.
  if (watchUntil === undefined || d.status === 'held' || (at !== undefined && at <= watchUntil)) return can;
  return `${can}; the stage ends at ${timeOfDay(watchUntil)}: ${atTheEnd(d, stage, look)}`;
}

function atTheEnd(d: Deployment, stage: StageRecord, look: Look): string {
  const policy = undecidedPolicy(d, stage.number);
  // As it is now: a rule that is not met, or a figure that is missing, lets nothing go on.
  const then = atStageEnd(policy, look, stage.extended === true);
  if (policy === 'go_on' && look.mayExtend)
    return 'if it is undecided then, it goes on while nothing speaks for harm, and is watched longer where something does';
  const words = then === 'extend' ? 'watched once more as long, then held' : 'held and people are asked';
  return `if it is ${policy === 'hold' || look.mayExtend ? 'undecided' : 'still so'} then, it is ${words}`;
}
