/** The judge's answers in words. */

import type { Look, MetricLook, Verdict } from '../src/judge/types.ts';
import { exclusion, span, tooEarly } from '../src/judge/words.ts';
import type { Instant } from '../src/time.ts';
import { between, metricName } from './metric-words.ts';
import { capitalised, inline, ratio } from './text.ts';

export const LOOK_WORDS: Record<Verdict, string> = {
  pass: 'looks fine',
  undecided: 'not decided yet',
  fail: 'looks worse',
  no_data: 'no data',
};

/** `Looks fine: errors 0.9× baseline (0.6–1.3)`; of what is open also how long until it can decide, where its watch ends at `until`. */
export function lookSentence(look: Look | undefined, until?: Instant): string {
  return `${lookInShort(look)}${look === undefined ? '' : forecastWords(look, until)}`;
}

/** The same without what comes next. `over`: the watch has ended, and with it the waiting. */
export function lookInShort(look: Look | undefined, over = false): string {
  if (look === undefined) return 'Not looked at yet';
  if (saysNothingYet(look)) return capitalised(inline(look.because, 300));
  const verdict = over && look.verdict === 'undecided' ? 'not decided' : LOOK_WORDS[look.verdict];
  return `${capitalised(verdict)}: ${because(look)}`;
}

function forecastWords({ verdict, to, decidesIn }: Look, until: Instant | undefined): string {
  if (verdict !== 'undecided' || decidesIn === undefined) return '';
  const late = until !== undefined && to < until && to + decidesIn > until;
  return `; about ${span(decidesIn)} until it can decide${late ? ', longer than the stage' : ''}`;
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
  const { ratio: times, interval, excluded } = compared;
  const name = inline(metricName(compared.metric), 40);
  const figures = `${name} ${ratio(times)} baseline${interval === undefined ? '' : ` ${between(interval)}`}`;
  // What stages before have excluded stays so, while the figures are of this one alone.
  const isByMore = excluded !== undefined && (interval === undefined || interval[1] > 1.1 * excluded);
  return isByMore ? `${figures}, and by all that was seen ${exclusion(compared)}` : figures;
}
