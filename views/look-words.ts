/** The judge's answers in words. */

import type { Look, MetricLook, Verdict } from '../src/judge/types.ts';
import { between, metricName } from './metric-words.ts';
import { inline, ratio } from './text.ts';

export const LOOK_WORDS: Record<Verdict, string> = {
  pass: 'looks fine',
  undecided: 'not decided yet',
  fail: 'looks worse',
  no_data: 'no data',
};

/** `Looks fine: errors 0.9× baseline (0.6–1.3)` */
export function lookSentence(look: Look | undefined): string {
  if (look === undefined) return 'Not looked at yet';
  const verdict = LOOK_WORDS[look.verdict];
  return `${verdict.slice(0, 1).toUpperCase()}${verdict.slice(1)}: ${because(look)}`;
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
