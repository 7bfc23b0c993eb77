/** The judge's answers in words. */

import type { Look, MetricLook, Verdict } from '../src/judge/types.ts';
import { tooEarly } from '../src/judge/words.ts';
import { between, metricName } from './metric-words.ts';
import { capitalised, inline, ratio } from './text.ts';

export const LOOK_WORDS: Record<Verdict, string> = {
  pass: 'looks fine',
  undecided: 'not decided yet',
  fail: 'looks worse',
  no_data: 'no data',
};

/** `Looks fine: errors 0.9× baseline (0.6–1.3)` */
export function lookSentence(look: Look | undefined): string {
  if (look === undefined) return 'Not looked at yet';
  if (saysNothingYet(look)) return capitalised(inline(look.because, 300));
  return `${capitalised(LOOK_WORDS[look.verdict])}: ${because(look)}`;
}

/** "Too early to tell": what is open are counts of which nothing can be told yet. */
function saysNothingYet({ verdict, metrics }: Look): boolean {
  const open = metrics.filter((metric) => metric.verdict !== 'pass');
  const counts = open.filter(({ kind }) => kind === 'counts');
  const heard = open.some(({ unmet, breached, noData }) => (unmet ?? breached ?? noData) !== undefined);
  return verdict === 'undecided' && !heard && counts.length > 0 && counts.every(tooEarly);
}

/** Where it passes, the figure that says most; else the judge's own reason. */
function because(look: Look): string {
  const compared = look.metrics.find(
    (metric): metric is MetricLook & { ratio: number } =>
      metric.kind === 'counts' && metric.ratio !== undefined,
  );
  if (look.verdict !== 'pass' || compared === undefined) return inline(look.because, 300);
  const { ratio: times, interval } = compared;
  const name = inline(metricName(compared.metric), 40);
  return `${name} ${ratio(times)} baseline${interval === undefined ? '' : ` ${between(interval)}`}`;
}
