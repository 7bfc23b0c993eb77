/** With all traffic on the new version there is no arm beside it: half an hour later it is held against the time before the start; errors too rare for that, at the end, against whole days. */

import { defined } from '../../defined.ts';
import { type ComparedMetric, WATCHED } from '../../judge/before-after.ts';
import { nameOf, timesWords } from '../../judge/words.ts';
import { type Instant, MINUTE } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import { TERMINAL } from '../lifecycle.ts';
import { judgeStateOf, observedUntil } from './progress.ts';
import type { FinalWatch } from './state.ts';

/** What is asked of the past of a place. */
export interface Comparison {
  metrics: { name: string; worse: 'higher' | 'lower' }[];
  /** Those of which the figure before the start is to be read: no arm beside it had one. */
  figures: string[];
  /** When traffic began to move, and when all of it had. */
  began: Instant;
  changed: Instant;
  /** Not the half hour: all until then, against the same hours of earlier days. */
  days?: { to: Instant; requests: number; margin: number; negligible?: number };
}

/** Undefined where it is not time, or it was done. */
export function comparisonDue(d: Deployment, upTo: Instant): Comparison | undefined {
  const { finalWatch, startedAt } = d.rollout ?? {};
  const complete = d.status === 'observing' || d.rollout?.reported?.percent === 100;
  if (!complete || TERMINAL.has(d.status) || finalWatch === undefined || startedAt === undefined)
    return undefined;
  if (finalWatch.handingOver !== undefined) return undefined;
  const times = { began: startedAt, changed: finalWatch.since };
  if (finalWatch.compared !== undefined) return daysDue(d, finalWatch, times, upTo);
  // Once the last of those minutes is whole.
  if (upTo < finalWatch.since + (WATCHED + 1) * MINUTE) return undefined;
  return { metrics: comparedMetrics(d), figures: withoutBaseline(d), ...times };
}

/** Where single minutes had too few errors, before it is handed over. */
function daysDue(
  d: Deployment,
  { compared = [], comparedDays }: FinalWatch,
  times: Pick<Comparison, 'began' | 'changed'>,
  upTo: Instant,
): Comparison | undefined {
  const open = compared.some(({ metric, thin }) => metric === 'errors' && thin === true);
  if (comparedDays === true || !open || upTo < observedUntil(d)) return undefined;
  const requests = judgeStateOf(d)?.totals.errors?.canary.n ?? 0;
  const { margin, negligible } = d.terms.safeguards.judge;
  const days = { to: upTo, requests, margin, ...defined({ negligible }) };
  return { metrics: [{ name: 'errors', worse: 'higher' }], figures: [], ...times, days };
}

/** What came later of a metric takes the place of what was said of it before. */
export function afterComparing(
  before: readonly ComparedMetric[] | undefined,
  found: readonly ComparedMetric[],
): Pick<FinalWatch, 'compared' | 'comparedDays'> {
  if (before === undefined) return { compared: [...found] };
  const told = found.filter(({ thin }) => thin !== true);
  const kept = before.map((one) => {
    const later = told.find(({ metric }) => metric === one.metric);
    return later === undefined ? one : { ...later, ...defined({ before: one.before }) };
  });
  return { compared: kept, comparedDays: true };
}

function withoutBaseline({ rollout }: Deployment): string[] {
  const beside = (rollout?.stages ?? []).flatMap(({ lastLook }) => lastLook?.metrics ?? []);
  const known = new Set(beside.filter(({ baseline }) => baseline !== null).map(({ metric }) => metric));
  const shown = rollout?.finalWatch?.lastLook?.metrics ?? [];
  return shown.map(({ metric }) => metric).filter((metric) => !known.has(metric));
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
  const compared = rollout?.finalWatch?.compared?.filter(({ figureOnly }) => figureOnly !== true);
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
