/** What the judge is told at a look beside the figures: the frozen plan with what was taught before, and where the watch is. */

import type { JudgeContext } from '../../judge/judge.ts';
import type { StageOf } from '../../judge/memory.ts';
import { undecidedIn } from '../../judge/stage-terms.ts';
import type { JudgePlan, Undecided } from '../../judge/types.ts';
import type { Deployment } from '../deployment.ts';
import { currentStage, observedUntil, watchedStages } from './progress.ts';

/** As it was frozen at the request, with what earlier stages had taught when it started. */
export function judgePlanOf(d: Deployment): JudgePlan {
  return withTaught(d, d.terms.safeguards.judge);
}

export function withTaught(d: Deployment, plan: JudgePlan): JudgePlan {
  const history = d.rollout?.history;
  return history === undefined ? plan : { ...plan, history };
}

/** Undefined while there is nothing to look at. */
export function lookContext(d: Deployment): JudgeContext | undefined {
  const { lookEvery, observeEvery } = d.terms.safeguards;
  if (d.status === 'observing') {
    const stages = Math.max(1, watchedStages(d).length);
    return {
      stage: { number: stages + 1, of: stages },
      stageEndsAt: observedUntil(d),
      lookEvery: observeEvery,
    };
  }
  if (d.status === 'watched_only') {
    const percent = d.rollout?.reported?.percent ?? 0;
    if (percent === 0) return undefined;
    const complete = percent === 100;
    return {
      stage: { number: complete ? 2 : 1, of: 1 },
      lookEvery: complete ? observeEvery : lookEvery,
      ...(complete ? { stageEndsAt: observedUntil(d) } : { beside: d.previous !== null }),
    };
  }
  const stage = currentStage(d);
  if ((d.status !== 'rolling_out' && d.status !== 'held') || stage?.watchUntil === undefined)
    return undefined;
  const beside = stage.percent < 100 && d.previous !== null;
  return { stage: judgedStage(d, stage.number), stageEndsAt: stage.watchUntil, lookEvery, beside };
}

/** Where it is among the stages that are watched. */
export function judgedStage(d: Deployment, number: number): StageOf {
  const watched = watchedStages(d);
  const index = watched.findIndex((stage) => stage.number === number);
  return { number: index + 1 || watched.length + 1, of: Math.max(1, watched.length) };
}

/** What is done where the watch of a stage ends undecided. */
export function undecidedPolicy(d: Deployment, number: number): Undecided {
  return undecidedIn(d.terms.safeguards.judge, judgedStage(d, number));
}
