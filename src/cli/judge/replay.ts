/** Plays a recorded series through the judge, look by look, as it would have been asked then. */

import { defined, given } from '../../defined.ts';
import { type BeforeAfterAnswer, beforeAfter, WATCHED } from '../../judge/before-after.ts';
import { judge } from '../../judge/judge.ts';
import type { JudgePlan, JudgeState, Look, MetricReading, Verdict } from '../../judge/types.ts';
import { type Instant, MINUTE } from '../../time.ts';
import type { SeriesFile, SeriesMetric } from './series-file.ts';

export interface ReplayedLook {
  look: number;
  t: string;
  verdict: Verdict;
  because: string;
  metrics: {
    name: string;
    verdict: Verdict;
    effect?: number;
    interval?: [number, number];
    evidence?: number;
    noData?: string;
  }[];
}

type TwoArmed = Extract<SeriesMetric, { kind: 'counts' | 'values' }>;
type OneArmed = Extract<SeriesMetric, { kind: 'before-after' }>;

const MARGIN = 1.25;

export function replay(file: SeriesFile): ReplayedLook[] {
  const armed = file.metrics.filter((one): one is TwoArmed => one.kind !== 'before-after');
  const alone = file.metrics.filter((one): one is OneArmed => one.kind === 'before-after');
  const times = timesOf(armed, alone);
  const length = intervalOf(times);
  const plan = planOf(file, armed);
  let state: JudgeState | undefined;
  return times.map((at, index): ReplayedLook => {
    const metrics = armed.map((one) => readingAt(one, at));
    const before = alone.map((one) => ({ name: one.name, answer: answerAt(one, at) }));
    let look: Look | undefined;
    if (metrics.length > 0) {
      const reading = { from: at, to: at + length, metrics };
      const context = { stage: { number: 1, of: 1 }, lookEvery: length };
      const { stageEnd } = file;
      const answer = judge(plan, state, reading, {
        ...context,
        ...defined({ stageEndsAt: stageEnd }),
      });
      ({ look, state } = answer);
    }
    return lineOf(index + 1, at, look, before);
  });
}

function planOf(file: SeriesFile, armed: readonly TwoArmed[]): JudgePlan {
  return {
    alpha: file.alpha,
    margin: MARGIN,
    harm: file.harm ?? 2,
    criteria: [],
    triggers: [],
    metrics: armed.flatMap((one) =>
      one.kind === 'values' ? [{ name: one.name, worse: one.worse, action: 'roll_back' as const }] : [],
    ),
    undecided: { usual: 'hold', last: 'hold' },
    stages: [],
    history: Object.fromEntries(
      armed.flatMap((one) => (one.history === undefined ? [] : [[one.name, { [one.kind]: one.history }]])),
    ),
  };
}

/** Every moment at which an arm has a point; before and after alone, every minute from the change on. */
function timesOf(armed: readonly TwoArmed[], alone: readonly OneArmed[]): Instant[] {
  const points =
    armed.length > 0
      ? armed.flatMap(({ baseline, canary }) => [...baseline, ...canary].map(({ t }) => t))
      : alone.flatMap(({ series, change }) => series.map(({ t }) => t).filter((t) => t >= change));
  return [...new Set(points)].sort((a, b) => a - b);
}

/** How far apart most points are; a minute where there is one. */
function intervalOf(times: readonly Instant[]): number {
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? MINUTE;
}

function readingAt(metric: TwoArmed, at: Instant): MetricReading {
  if (metric.kind === 'counts') {
    const arm = (points: typeof metric.baseline): { n: number; x: number } => {
      const own = points.filter(({ t }) => t === at);
      const [point] = own;
      if (point === undefined) return { n: 0, x: 0 };
      // Two points of one moment contradict each other: neither counts.
      return own.length > 1
        ? { n: Number.NaN, x: Number.NaN }
        : { n: point.n ?? Number.NaN, x: point.x ?? Number.NaN };
    };
    return {
      metric: metric.name,
      kind: 'counts',
      baseline: arm(metric.baseline),
      canary: arm(metric.canary),
    };
  }
  const arm = (points: typeof metric.baseline): number | null => {
    const own = points.filter(({ t }) => t === at);
    return own.length === 1 ? (own[0]?.value ?? null) : null;
  };
  const usual = metric.baseline.find(({ value }) => value !== null && value > 0)?.value ?? 1;
  return {
    metric: metric.name,
    kind: 'values',
    unit: '',
    baseline: arm(metric.baseline),
    canary: arm(metric.canary),
    floor: metric.floor ?? usual / 1_000,
  };
}

/** One answer, half an hour after the change. */
function answerAt({ series, change, worse }: OneArmed, at: Instant): BeforeAfterAnswer {
  if (at < change + (WATCHED - 1) * MINUTE)
    return { verdict: 'undecided', because: `${WATCHED} minutes after the change are not over yet` };
  const start = Math.min(...series.map(({ t }) => t));
  const minute = (t: Instant): number => Math.round((t - start) / MINUTE);
  const values: (number | null)[] = Array.from({ length: minute(change) + WATCHED }, () => null);
  for (const { t, value } of series) if (minute(t) < values.length) values[minute(t)] = value;
  return beforeAfter({ values, change: minute(change), worse });
}

/** The worst of all says what the look is. */
const ORDER: readonly Verdict[] = ['fail', 'no_data', 'undecided', 'pass'];

function lineOf(
  number: number,
  at: Instant,
  look: Look | undefined,
  before: readonly { name: string; answer: BeforeAfterAnswer }[],
): ReplayedLook {
  const verdicts = [
    ...(look === undefined ? [] : [look.verdict]),
    ...before.map((one) => one.answer.verdict),
  ];
  const verdict = ORDER.find((one) => verdicts.includes(one)) ?? 'undecided';
  const armed = (look?.metrics ?? []).map((one) => ({
    name: one.metric,
    verdict: one.verdict,
    ...defined({ effect: given(one.ratio, figure) }),
    ...(one.interval === undefined
      ? {}
      : { interval: [figure(one.interval[0]), figure(one.interval[1])] as [number, number] }),
    ...defined({ evidence: given(one.evidence, figure), noData: one.noData }),
  }));
  const alone = before.map(({ name, answer }) => ({
    name,
    verdict: answer.verdict,
    ...(answer.verdict === 'undecided' || answer.effect === null ? {} : { effect: figure(answer.effect) }),
    ...(answer.verdict === 'undecided' ? { noData: answer.because } : { evidence: figure(answer.score) }),
  }));
  const because = look?.because ?? before.map(({ answer }) => reasonOf(answer)).join('; ');
  return { look: number, t: new Date(at).toISOString(), verdict, because, metrics: [...armed, ...alone] };
}

function reasonOf(answer: BeforeAfterAnswer): string {
  if (answer.verdict === 'undecided') return answer.because;
  const than = `${figure(answer.score)}× its usual movement, which is the weaker evidence of one arm alone`;
  return answer.verdict === 'fail' ? `changed, ${than}` : `no change, ${than}`;
}

const figure = (value: number): number => Number(value.toPrecision(4));
