/** Before the start: how often a healthy version would reach all traffic without anybody, played with the judge itself. */

import { defined, given } from '../defined.ts';
import { type Duration, type Instant, MINUTE } from '../time.ts';
import { type Draws, drawsFrom } from './draws.ts';
import type { PlannedStage, UsualTraffic } from './forecast.ts';
import { judge } from './judge.ts';
import { atStageEnd, undecidedIn } from './stage-terms.ts';
import type { Bound, JudgePlan, JudgeState, Look, MetricReading } from './types.ts';

export interface Foreseen {
  /** Of 100 healthy rollouts, so many reach all traffic unattended. */
  reach: number;
  /** Rollouts that were played. */
  runs: number;
  /** So many are rolled back although they are healthy. */
  rolledBack: number;
  /** Of the rest, so many wait for people in each watched stage, in order. */
  held: number[];
  /** In the stage where most of them wait: what more than half of them find over a criterion, and else what they cannot settle. */
  over: string[];
  open: string[];
}

/** Played until the share is known to about four points, or so often. */
const MAX_PLAYS = 200;
const LEAST = 30;
const KNOWN = 0.04;

type Ended = 'reached' | 'rolled_back' | { heldIn: number; over: string[]; open: string[] };

export function foresee(
  plan: JudgePlan,
  traffic: UsualTraffic,
  stages: readonly PlannedStage[],
  lookEvery: Duration,
): Foreseen {
  const watched = stages.filter(({ watchFor }) => watchFor > 0);
  const all: Ended[] = [];
  while (all.length < MAX_PLAYS && !isKnown(all))
    all.push(play(onlyOfRequests(plan), traffic, watched, lookEvery, drawsFrom(all.length)));
  const share = (count: number): number => Math.round((100 * count) / all.length);
  const waiting = all.filter((end) => typeof end === 'object');
  const byStage = watched.map((_, index) => waiting.filter(({ heldIn }) => heldIn === index));
  const most = byStage.toSorted((a, b) => b.length - a.length)[0] ?? [];
  return {
    runs: all.length,
    reach: share(all.filter((end) => end === 'reached').length),
    rolledBack: share(all.filter((end) => end === 'rolled_back').length),
    held: byStage.map(({ length }) => share(length)),
    over: mostOf(most.map(({ over }) => over)),
    open: mostOf(most.map(({ open }) => open)),
  };
}

function isKnown(all: readonly Ended[]): boolean {
  const share = (all.filter((end) => end === 'reached').length + 1) / (all.length + 2);
  return all.length >= LEAST && Math.sqrt((share * (1 - share)) / all.length) <= KNOWN;
}

function heldBy({ metrics }: Look, heldIn: number): Ended {
  const over = metrics.filter(({ breached, unmet }) => (breached ?? unmet) !== undefined);
  const open = metrics.filter(({ verdict }) => verdict === 'undecided' || verdict === 'no_data');
  return { heldIn, over: over.map(({ metric }) => metric), open: open.map(({ metric }) => metric) };
}

/** What stands in more than half of the lists. */
function mostOf(lists: readonly string[][]): string[] {
  const often = (name: string): boolean =>
    2 * lists.filter((list) => list.includes(name)).length > lists.length;
  return [...new Set(lists.flat())].filter(often);
}

/** Rules about what does not hang on requests stay out of it: a machine's figures are at rest here. */
function onlyOfRequests(plan: JudgePlan): JudgePlan {
  const own = new Set(['errors', ...Object.keys(SPREAD), ...plan.metrics.map(({ name }) => name)]);
  const of = <T extends Bound>(rules: readonly T[]): T[] => rules.filter(({ metric }) => own.has(metric));
  return {
    ...plan,
    criteria: of(plan.criteria),
    triggers: of(plan.triggers),
    stages: plan.stages.map((stage) => ({
      ...stage,
      ...defined({ criteria: given(stage.criteria, of), triggers: given(stage.triggers, of) }),
    })),
  };
}

function play(
  plan: JudgePlan,
  traffic: UsualTraffic,
  stages: readonly PlannedStage[],
  lookEvery: Duration,
  draws: Draws,
): Ended {
  let at: Instant = 0;
  let state: JudgeState | undefined;
  for (const [index, { percent, watchFor }] of stages.entries()) {
    const stage = { number: index + 1, of: stages.length };
    let until = at + watchFor;
    let extended = false;
    let over = false;
    while (!over) {
      const to = Math.min(at + lookEvery, until);
      const metrics = healthyLook(plan, traffic, percent / 100, (to - at) / MINUTE, draws);
      const answer: { look: Look; state: JudgeState } = judge(
        plan,
        state,
        { from: at, to, metrics },
        { stage, stageEndsAt: until, lookEvery },
      );
      state = answer.state;
      at = to;
      const { look } = answer;
      if (look.verdict === 'fail') return look.action === 'roll_back' ? 'rolled_back' : heldBy(look, index);
      over = look.verdict === 'pass' && (at >= until || extended);
      if (over || at < until) continue;
      const then = atStageEnd(undecidedIn(plan, stage), look, extended);
      if (then === 'hold') return heldBy(look, index);
      over = then === 'go_on';
      if (then === 'extend') {
        extended = true;
        until += watchFor;
      }
    }
  }
  return 'reached';
}

/** Both arms alike: errors as usual, latencies as steady as their requests let them be, and every other figure at rest. */
function healthyLook(
  plan: JudgePlan,
  { perMinute, errors }: UsualTraffic,
  share: number,
  minutes: number,
  draws: Draws,
): MetricReading[] {
  const arm = (of: number) => {
    const n = draws.poisson(perMinute * of * minutes);
    return { n, x: draws.binomial(n, errors / 100) };
  };
  const [baseline, canary] = [arm(1 - share), arm(share)];
  const rules = [
    ...plan.criteria,
    ...plan.triggers,
    ...plan.stages.flatMap((own) => [...(own.criteria ?? []), ...(own.triggers ?? [])]),
  ];
  const names = new Set([...rules.map(({ metric }) => metric), ...plan.metrics.map(({ name }) => name)]);
  names.delete('errors');
  const figure = (metric: string, { n }: { n: number }): number | null => {
    const spread = SPREAD[metric];
    if (spread === undefined) return atRest(metric, rules);
    if (n === 0) return null;
    const wanders = spread / Math.sqrt(n);
    return Math.exp(wanders * draws.normal() - wanders ** 2 / 2);
  };
  return [
    { metric: 'errors', kind: 'counts', baseline, canary },
    ...[...names].map((metric): MetricReading => {
      const unit = metric in SPREAD ? ('ms' as const) : ('' as const);
      return {
        metric,
        kind: 'values',
        unit,
        baseline: figure(metric, baseline),
        canary: figure(metric, canary),
        floor: 1e-9,
      };
    }),
  ];
}

/** How far a quantile of n requests wanders, in logs, times the root of n. */
const SPREAD: Readonly<Record<string, number>> = { p50: 0.4, p99: 1 };

/** A figure that no rule is about to speak of. */
function atRest(metric: string, rules: readonly Bound[]): number {
  const lines = rules.filter((rule) => rule.metric === metric && rule.kind === 'absolute');
  const lower = lines.filter(({ worse }) => worse === 'lower').map(({ over }) => 2 * over);
  const upper = lines.filter(({ worse }) => worse !== 'lower').map(({ over }) => over / 2);
  return Math.max(0, ...lower) || Math.min(1, ...upper);
}
