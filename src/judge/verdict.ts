/** From the metrics' verdicts to the look's: one verdict, one sentence, and how long until there is more to say. */

import { defined } from '../defined.ts';
import { MINUTE } from '../time.ts';
import { type Assessed, worst } from './metric-verdict.ts';
import type { JudgePlan, Look } from './types.ts';
import {
  comparison,
  criterionSentence,
  exclusion,
  figure,
  nameOf,
  odds,
  showsWords,
  tooEarly,
  triggerSentence,
} from './words.ts';

export type Conclusion = Pick<
  Look,
  'verdict' | 'because' | 'action' | 'decidesIn' | 'mayGoOn' | 'mayExtend' | 'unseen'
>;

/** Evidence of harm from which nothing goes on undecided. */
const SUSPICIOUS = Math.log(3);

export function conclude(plan: JudgePlan, metrics: readonly Assessed[], sample: number): Conclusion {
  const failed = metrics.filter(({ look }) => look.verdict === 'fail');
  if (failed.length > 0) return fail(failed);
  const missing = missingIn(plan, metrics);
  if (missing !== undefined) return { verdict: 'undecided', because: missing };
  const open = metrics.filter((one) => one.look.verdict !== 'pass' && !(one.alone && isMute(one)));
  const [first] = open.sort((a, b) => weight(b) - weight(a));
  if (first === undefined) return aloneWithoutRules(metrics) ?? pass(metrics, sample);
  return undecided(first, metrics);
}

/** With all traffic on the new version, a metric that no rule can be about then stands against nothing. */
function isMute({ look, triggers, criteria }: Assessed): boolean {
  const rules = [...triggers.map(({ rule }) => rule), ...criteria.map(({ criterion }) => criterion)];
  return look.canary !== null && rules.every(({ kind }) => kind !== 'absolute');
}

/** What a person would ask about first: a rule that is over, a missing figure, what looks worse, then open evidence. */
function weight({ look, triggers, loudest }: Assessed): number {
  if (look.unmet !== undefined || triggers.some(({ over }) => over)) return 4;
  if (look.verdict === 'no_data') return 3;
  if (loudest >= SUSPICIOUS) return 2 + Math.min(0.9, loudest / 100);
  return look.kind === 'counts' ? 1 + Math.min(0.9, Math.max(0, loudest / 100)) : 0.5;
}

function fail(failed: readonly Assessed[]): Conclusion {
  const asks = ({ look, action }: Assessed): 'roll_back' | 'hold' => look.breached?.action ?? action;
  const metric = failed.find((one) => asks(one) === 'roll_back') ?? failed[0];
  if (metric === undefined) throw new RangeError('a fail without a metric that failed');
  const trigger = worst(metric.triggers);
  const because = trigger === undefined ? worse(metric) : triggerSentence(trigger, metric.look.unit);
  return { verdict: 'fail', because, action: asks(metric) };
}

function worse({ look }: Assessed): string {
  return `${comparison(look)}, ${odds(look.evidence ?? 0)} that it is worse`;
}

function missingIn(plan: JudgePlan, metrics: readonly Assessed[]): string | undefined {
  const named = new Set(metrics.map(({ look }) => look.metric));
  const rules = [...plan.criteria, ...plan.triggers, ...plan.metrics.map(({ name }) => ({ metric: name }))];
  const missing = rules.find(({ metric }) => !named.has(metric))?.metric;
  return missing === undefined
    ? undefined
    : `a rule is about ${nameOf(missing)}, and there is no figure for it`;
}

function aloneWithoutRules(metrics: readonly Assessed[]): Conclusion | undefined {
  if (!metrics.some(({ alone }) => alone)) return undefined;
  if (metrics.some(({ alone, look }) => alone && look.verdict === 'pass')) return undefined;
  return {
    verdict: 'undecided',
    because: 'there is no baseline beside it, and no rule that can speak without one',
  };
}

function undecided(open: Assessed, metrics: readonly Assessed[]): Conclusion {
  const quiet = metrics.every(({ loudest }) => loudest < SUSPICIOUS);
  const met = metrics.every(
    ({ look, triggers }) => look.unmet === undefined && !triggers.some(({ over }) => over),
  );
  const known = metrics.every(({ look }) => look.verdict !== 'no_data');
  const mayExtend = met && known;
  const unseen = unseenWords(metrics);
  const needs = open.decides === undefined ? undefined : Math.max(1, Math.ceil(open.decides)) * MINUTE;
  return {
    verdict: 'undecided',
    because: openSentence(open),
    ...defined({ decidesIn: needs }),
    ...(mayExtend ? { mayExtend: true as const } : {}),
    ...(mayExtend && quiet ? { mayGoOn: true as const, unseen } : {}),
  };
}

function openSentence(open: Assessed): string {
  const { look, triggers, criteria, alone, loudest } = open;
  const over = triggers.find((trigger) => trigger.over);
  if (over !== undefined) return triggerSentence(over, look.unit);
  const unmet = criteria.find(({ met }) => met === false);
  if (unmet !== undefined) return criterionSentence(unmet, look.unit);
  if (look.noData !== undefined) return `${nameOf(look.metric)}: ${look.noData}`;
  if (look.canary === null) return `there is no figure for the canary's ${nameOf(look.metric)}`;
  if (alone) return `too few requests yet for the rules about ${nameOf(look.metric)}`;
  if (loudest >= SUSPICIOUS)
    return `${comparison(look)}, ${odds(Math.exp(Math.min(loudest, 20)))} that it is worse`;
  const mute = criteria.find(({ met }) => met === undefined);
  if (mute !== undefined && look.kind === 'counts' && look.excluded !== undefined)
    return `${nameOf(look.metric)}: ${exclusion(look)}, and too few requests yet for the criterion`;
  return tooEarly(look) ? `too early to tell about ${nameOf(look.metric)}` : told(open);
}

function told({ look, criteria }: Assessed): string {
  const nothing = look.kind === 'values' ? `, ${openChange(look, criteria)} is not excluded yet` : '';
  const excluded = look.excluded === undefined ? nothing : `, ${exclusion(look)}`;
  return `${comparison(look)}${excluded}`;
}

/** What would not have shown by now, of the metric that shows the least. */
function unseenWords(metrics: readonly Assessed[]): string {
  const open = metrics.filter(
    ({ look, alone }) => look.kind === 'counts' && look.verdict !== 'pass' && !alone,
  );
  const shows = ({ look }: Assessed): number => look.wouldShow ?? Number.POSITIVE_INFINITY;
  const [least] = open.toSorted((a, b) => shows(b) - shows(a));
  if (least === undefined) return stillOpen(metrics);
  const { metric, worse } = least.look;
  if (!Number.isFinite(shows(least)))
    return `at this share no ${worse === 'lower' ? 'fall of' : 'rise in'} ${nameOf(metric)} would have been seen by now`;
  const of = metric === 'errors' ? '' : ` of ${nameOf(metric)}`;
  return `at this share only ${showsWords({ worse }, shows(least))}${of} would have been seen by now`;
}

/** "a rise over 10 %", where a criterion draws the line; else the judge's own margin is meant. */
function openChange(look: Assessed['look'], criteria: Assessed['criteria']): string {
  const line = criteria.find(({ criterion }) => criterion.kind === 'ratio')?.criterion;
  const by = line === undefined || line.worse === 'lower' ? '' : ` over ${figure(100 * (line.over - 1))} %`;
  return `a ${changeWord(look)}${by}`;
}

const changeWord = ({ worse }: Assessed['look']): string => (worse === 'lower' ? 'fall' : 'rise');

/** Of values nobody can say what would have shown. */
function stillOpen(metrics: readonly Assessed[]): string {
  const open = metrics.filter(({ look, alone }) => look.verdict !== 'pass' && !alone).map(({ look }) => look);
  const [first] = open;
  if (first === undefined) return 'what is open would not have shown by now';
  return `a ${changeWord(first)} of ${open.map(({ metric }) => nameOf(metric)).join(', ')} is not excluded yet, and nothing speaks for one`;
}

function pass(metrics: readonly Assessed[], sample: number): Conclusion {
  const requests = `${figure(sample)} ${sample === 1 ? 'request' : 'requests'}`;
  if (metrics.some(({ alone }) => alone)) {
    return {
      verdict: 'pass',
      because: `no figure is over its bound after ${requests}; there is no baseline beside it`,
    };
  }
  const counts = metrics.find(({ look }) => look.kind === 'counts')?.look;
  if (counts === undefined) return { verdict: 'pass', because: 'no metric is over its bound' };
  const excluded =
    counts.excluded === undefined ? 'so few errors that no rise would matter' : exclusion(counts);
  return { verdict: 'pass', because: `${excluded}: ${comparison(counts)} after ${requests}` };
}
