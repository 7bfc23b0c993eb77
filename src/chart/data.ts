/** What a stage's chart shows, as plain numbers: both arms over the stage's looks, the margin, and what happened when. */

import { defined } from '../defined.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { DeploymentEvent } from '../deployment/events.ts';
import { judgedStage } from '../deployment/rollout/look-context.ts';
import { currentStage } from '../deployment/rollout/progress.ts';
import type { StageRecord } from '../deployment/rollout/state.ts';
import { planIn } from '../judge/stage-terms.ts';
import type { Criterion, JudgePlan, MetricLook } from '../judge/types.ts';
import { nameOf } from '../judge/words.ts';
import { stagesOf } from '../terms/plan.ts';
import { type Instant, MINUTE } from '../time.ts';

/** `at` is in minutes since the stage's watch began; null where there was no figure, which breaks the line. */
export interface Point {
  at: number;
  value: number | null;
}

export interface Arms {
  baseline: Point[];
  canary: Point[];
}

export interface Panel {
  /** `Errors so far, % of requests`; `p99 at each look, ms`. */
  title: string;
  /** `errors`, as words call it. */
  name: string;
  unit: MetricLook['unit'];
  lines: Arms;
  /** The single looks where the line is not made of them. */
  looks?: Arms;
  /** A canary up to this many times the baseline, or this many points over it, is within the margin. */
  margin?: { times: number } | { points: number };
  /** A rule's bound for the canary alone, in the panel's unit. */
  limit?: number;
}

export const MARK_KINDS = [
  'held',
  'resumed',
  'extended',
  'promoted',
  'passed',
  'went_on',
  'rolled_back',
] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

export interface Mark {
  at: number;
  kind: MarkKind;
}

export interface Span {
  from: number;
  to: number;
}

export interface ChartData {
  service: string;
  version: string;
  /** Share of the traffic, in percent. */
  percent: number;
  /** How long the watch is, in minutes: planned while it runs, real once it has ended. */
  length: number;
  /** Up to when there are looks, in minutes. */
  until: number;
  ended: boolean;
  /** The same without what holds took of it: how much was watched, of how much. */
  watched: { passed: number; of: number };
  panels: Panel[];
  marks: Mark[];
  held: Span[];
  /** Looks that found no data. */
  silent: Span[];
}

type Looked = Extract<DeploymentEvent, { type: 'looked' }>;

/** Undefined while no look has found any data. */
export function chartData(
  d: Deployment,
  stage: StageRecord,
  events: readonly DeploymentEvent[],
): ChartData | undefined {
  const own = eventsOf(d, stage.number, events);
  const looks = own.filter((event): event is Looked => event.type === 'looked');
  const zero = stage.watchedSince ?? stage.startedAt;
  const minutes = (at: Instant): number => Math.max(0, (at - zero) / MINUTE);
  const rules = planIn(d.terms.safeguards.judge, judgedStage(d, stage.number).number);
  const gap = (2.5 * d.terms.safeguards.lookEvery) / MINUTE;
  const panels = [countsPanel, valuesPanel].flatMap((panel) => panel(looks, rules, minutes, gap) ?? []);
  const last = looks.at(-1);
  if (panels.length === 0 || last === undefined) return undefined;
  const marks = own.flatMap((event) => markOf(event, minutes));
  if (stage.endedAt !== undefined && stage.outcome !== undefined)
    marks.push({ at: minutes(stage.endedAt), kind: stage.outcome });
  const until = minutes(last.look.to);
  const end = stage.endedAt ?? stage.watchUntil ?? last.look.to;
  const held = heldIn(marks, Math.max(until, ...marks.map(({ at }) => at)));
  const over = (stage.heldFor ?? 0) / MINUTE;
  return {
    service: d.terms.envelope.service,
    version: d.terms.envelope.version,
    percent: stage.percent,
    length: Math.max(1, minutes(end), until, ...marks.map(({ at }) => at)),
    until,
    ended: currentStage(d)?.number !== stage.number,
    panels,
    marks,
    held,
    watched: {
      passed: Math.max(0, until - held.reduce((sum, { from, to }) => sum + to - from, 0)),
      of: minutes(end) - over,
    },
    silent: looks
      .filter(({ look }) => look.metrics.length === 0)
      .map(({ look }) => ({ from: minutes(look.from), to: minutes(look.to) })),
  };
}

/** What happened between the stage's shift of traffic and whatever came after the stage. */
function eventsOf(d: Deployment, number: number, events: readonly DeploymentEvent[]): DeploymentEvent[] {
  const shifts = new Set(stagesOf(d.terms.envelope.plan).map(({ shiftStep }) => shiftStep));
  let stage = 0;
  return events.filter((event) => {
    const begins = event.type === 'step_started' && shifts.has(event.step);
    if (begins) stage += 1;
    if (event.type === 'verification_started' || event.type === 'rollback_started') stage = 0;
    return stage === number;
  });
}

function markOf(event: DeploymentEvent, minutes: (at: Instant) => number): Mark[] {
  const { type, at } = event;
  return type === 'held' || type === 'resumed' || type === 'extended'
    ? [{ at: minutes(at), kind: type }]
    : [];
}

function heldIn(marks: readonly Mark[], until: number): Span[] {
  const spans: Span[] = [];
  let from: number | undefined;
  for (const { at, kind } of marks) {
    if (kind === 'held') from ??= at;
    else if (kind !== 'extended' && from !== undefined) {
      spans.push({ from, to: at });
      from = undefined;
    }
  }
  return from === undefined ? spans : [...spans, { from, to: until }];
}

type MakePanel = (
  looks: readonly Looked[],
  plan: JudgePlan,
  minutes: (at: Instant) => number,
  gap: number,
) => Panel | undefined;

/** The share of bad requests since the stage began, which is what the evidence is about; each look's own beside it. */
const countsPanel: MakePanel = (looks, plan, minutes, gap) => {
  const metric = chosen(looks, 'errors', ({ kind }) => kind === 'counts');
  if (metric === undefined) return undefined;
  const share = (arm: 'baseline' | 'canary') => (event: Looked) => {
    return event.look.metrics.find((one) => one.metric === metric)?.[arm] ?? null;
  };
  const arms = { baseline: share('baseline'), canary: share('canary') };
  const figures = { baseline: figureOf(metric, 'baseline'), canary: figureOf(metric, 'canary') };
  const name = nameOf(metric);
  return {
    title: `${capital(name)} so far, % of requests`,
    name,
    unit: '%',
    lines: linesOf(looks, arms, minutes, gap),
    looks: linesOf(looks, figures, minutes, gap),
    margin: { times: plan.margin },
    ...limitOn(plan, metric),
  };
};

const valuesPanel: MakePanel = (looks, plan, minutes, gap) => {
  const metric =
    chosen(looks, 'p99', ({ kind }) => kind === 'values') ??
    chosen(looks, '', ({ kind, unit }) => kind === 'values' && unit === 'ms');
  if (metric === undefined) return undefined;
  const unit = looks.flatMap(({ look }) => look.metrics).find((look) => look.metric === metric)?.unit ?? '';
  const figures = { baseline: figureOf(metric, 'baseline'), canary: figureOf(metric, 'canary') };
  const name = nameOf(metric);
  const margin = marginOf(plan, metric);
  return {
    title: `${capital(name)} at each look${unit === '' ? '' : `, ${unit}`}`,
    name,
    unit,
    lines: linesOf(looks, figures, minutes, gap),
    ...defined({ margin }),
    ...limitOn(plan, metric),
  };
};

/** The metric of that name, else the first that fits, among those that have a figure for the canary. */
function chosen(
  looks: readonly Looked[],
  name: string,
  fits: (metric: MetricLook) => boolean,
): string | undefined {
  const fitting = looks.flatMap(({ look }) => look.metrics).filter((m) => fits(m) && m.canary !== null);
  return (fitting.find(({ metric }) => metric === name) ?? (name === 'p99' ? undefined : fitting[0]))?.metric;
}

const figureOf =
  (metric: string, arm: 'baseline' | 'canary') =>
  ({ look }: Looked): number | null =>
    look.metrics.find((one) => one.metric === metric)?.last[arm] ?? null;

function linesOf(
  looks: readonly Looked[],
  value: Record<'baseline' | 'canary', (event: Looked) => number | null>,
  minutes: (at: Instant) => number,
  gap: number,
): Arms {
  const points = (arm: 'baseline' | 'canary'): Point[] =>
    looks.flatMap((event, index) => {
      const at = minutes(event.look.to);
      const before = looks[index - 1];
      const point = { at, value: value[arm](event) };
      // Nobody looked for a while: a line across would tell of something that was not seen.
      return before !== undefined && at - minutes(before.look.to) > gap
        ? [{ at, value: null }, point]
        : [point];
    });
  return { baseline: points('baseline'), canary: points('canary') };
}

/** The tightest rule that compares the arms; the judge's margin where no rule is about the metric. */
function marginOf(plan: JudgePlan, metric: string): Panel['margin'] {
  const own = boundsOf(plan).filter((rule) => rule.metric === metric);
  if (own.length === 0) return { times: plan.margin };
  const least = (kind: 'ratio' | 'points'): number =>
    Math.min(...own.filter((rule) => rule.kind === kind).map(({ over }) => over));
  const [times, points] = [least('ratio'), least('points')];
  if (Number.isFinite(times)) return { times };
  return Number.isFinite(points) ? { points } : undefined;
}

/** The chart marks what is too high; of what is worse when lower it shows the curves alone. */
const boundsOf = (plan: JudgePlan): Criterion[] =>
  [...plan.criteria, ...plan.triggers].filter(({ worse }) => worse !== 'lower');

function limitOn(plan: JudgePlan, metric: string): { limit?: number } {
  const bounds = boundsOf(plan).filter((rule) => rule.metric === metric && rule.kind === 'absolute');
  return bounds.length === 0 ? {} : { limit: Math.min(...bounds.map(({ over }) => over)) };
}

/** `p99` stays as it is. */
const capital = (name: string): string =>
  /\d/.test(name) ? name : name.slice(0, 1).toUpperCase() + name.slice(1);
