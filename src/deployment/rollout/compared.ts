/** With all traffic on the new version there is no arm beside it: once, half an hour later, it is held against the time before the start. */

import { type ComparedMetric, WATCHED } from '../../judge/before-after.ts';
import { nameOf, timesWords } from '../../judge/words.ts';
import { type Instant, MINUTE } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import { TERMINAL } from '../lifecycle.ts';

/** What is asked of the past of a place. */
export interface Comparison {
  metrics: { name: string; worse: 'higher' | 'lower' }[];
  /** When traffic began to move, and when all of it had. */
  began: Instant;
  changed: Instant;
}

/** Undefined where it is not time, or it was done. */
export function comparisonDue(d: Deployment, upTo: Instant): Comparison | undefined {
  const { finalWatch, startedAt } = d.rollout ?? {};
  const complete = d.status === 'observing' || d.rollout?.reported?.percent === 100;
  if (!complete || TERMINAL.has(d.status) || finalWatch === undefined || startedAt === undefined)
    return undefined;
  if (finalWatch.compared !== undefined || finalWatch.handingOver !== undefined) return undefined;
  // Once the last of those minutes is whole.
  if (upTo < finalWatch.since + (WATCHED + 1) * MINUTE) return undefined;
  return { metrics: comparedMetrics(d), began: startedAt, changed: finalWatch.since };
}

/** Those that evidence judged while there were two arms. */
function comparedMetrics(d: Deployment): Comparison['metrics'] {
  const { metrics, criteria, stages } = d.terms.safeguards.judge;
  const relative = [...criteria, ...stages.flatMap((own) => own.criteria ?? [])]
    .filter(({ kind }) => kind === 'ratio')
    .map(({ metric }) => metric);
  const names = new Set(['errors', ...relative, ...metrics.map(({ name }) => name)]);
  return [...names].map((name) => ({
    name,
    worse: metrics.find((own) => own.name === name)?.worse ?? 'higher',
  }));
}

/** Why people must decide; undefined where nothing speaks against it. What a regression asks for is policy. */
export function whyCompared(compared: readonly ComparedMetric[]): string | undefined {
  const worse = compared.filter(({ verdict }) => verdict === 'fail');
  if (worse.length > 0)
    return `${worse.map(comparedWords).join(', ')} since it has all traffic; the weaker evidence, for there is no old version beside it`;
  const open = compared.find(({ verdict, thin }) => verdict === 'undecided' && thin !== true);
  return open && `it cannot be compared with the time before: ${nameOf(open.metric)}: ${open.because}`;
}

/** "errors 2.1× what it was before the start". */
function comparedWords({ metric, effect }: ComparedMetric): string {
  if (effect === undefined) return `${nameOf(metric)} is worse than before the start`;
  return `${nameOf(metric)} ${timesWords(effect)} what it was before the start`;
}

/** Said once it is done: undefined before. */
export function comparisonWords({ rollout }: Deployment): string | undefined {
  const compared = rollout?.finalWatch?.compared;
  if (compared === undefined) return undefined;
  const of = (verdict: ComparedMetric['verdict']): string =>
    compared
      .filter((one) => one.verdict === verdict)
      .map(({ metric }) => nameOf(metric))
      .join(', ');
  const open = compared.find(({ verdict }) => verdict === 'undecided');
  const parts = [
    of('fail') && `worse than before the start: ${of('fail')}`,
    of('pass') && `no change since before the start beyond the usual: ${of('pass')}`,
    open && `not compared with the time before the start: ${of('undecided')} (${open.because})`,
  ];
  return parts.filter(Boolean).join('; ');
}
