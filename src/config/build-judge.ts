/** Checked settings → how a rollout is judged. */

import { defined, given } from '../defined.ts';
import type { Bound, JudgePlan } from '../judge/types.ts';
import type { Settings } from './merge.ts';
import { required } from './required.ts';

type JudgeSettings = NonNullable<Settings['judge']>;

export function judgePlan(judge: Settings['judge']): JudgePlan {
  return {
    alpha: required(judge?.alpha, 'judge.alpha'),
    margin: required(judge?.margin, 'judge.margin'),
    harm: required(judge?.harm, 'judge.harm'),
    ...(judge?.negligible === undefined || judge.negligible === 0 ? {} : { negligible: judge.negligible }),
    criteria: criteriaPlan(required(judge?.criteria, 'judge.criteria')),
    triggers: triggers(required(judge?.triggers, 'judge.triggers')),
    metrics: (judge?.metrics ?? []).map(({ name, direction, action }) => ({
      name,
      worse: direction === 'lower_is_worse' ? 'lower' : 'higher',
      action: action ?? 'hold',
    })),
    undecided: undecidedPlan(judge?.undecided),
    stages: (judge?.stages ?? []).map((own) => ({
      stage: own.stage,
      ...defined({
        criteria: given(own.criteria, criteriaPlan),
        triggers: given(own.triggers, triggers),
        undecided: own.undecided,
      }),
    })),
  };
}

export function criteriaPlan(list: NonNullable<JudgeSettings['criteria']>): JudgePlan['criteria'] {
  return list.map(bound);
}

function triggers(list: NonNullable<JudgeSettings['triggers']>): JudgePlan['triggers'] {
  return list.map((rule) => ({
    ...bound(rule),
    breaches: rule.breaches,
    of: rule.of,
    action: rule.action,
  }));
}

/** Where less is worse, the line is under the figure. */
function bound(rule: NonNullable<JudgeSettings['criteria']>[number]): Bound {
  const { metric, kind, over, under, min_sample: minSample } = rule;
  const limit = under === undefined ? {} : { worse: 'lower' as const };
  return { metric, kind, over: required(under ?? over, 'over or under of a rule'), ...limit, minSample };
}

type Undecided = NonNullable<JudgeSettings['undecided']>;

/** One word is for all stages but the last watched one, which still watches longer before all traffic. */
export function undecidedPlan(own: Undecided | undefined): JudgePlan['undecided'] {
  if (typeof own === 'object') return { usual: own.usual ?? 'go_on', last: own.last ?? 'extend' };
  return { usual: own ?? 'go_on', last: own === undefined || own === 'go_on' ? 'extend' : own };
}
