/** Checked settings → how a service rolls out where: steps of strategies, and what differs by environment (ST-8). */

import { defined, given } from '../defined.ts';
import type { RolloutRule, ServiceRolloutRule, Strategy } from '../policy/policy.ts';
import type { Plan } from '../terms/plan.ts';
import { criteriaPlan, undecidedPlan } from './build-judge.ts';
import { parseDuration } from './durations.ts';
import type { PolicyFile } from './schema.ts';
import { stepsOf } from './strategy-steps.ts';

type StrategySettings = NonNullable<PolicyFile['strategies']>[string];
type ServiceRuleSettings = NonNullable<NonNullable<PolicyFile['services'][string]['in']>[string]>;
type RuleSettings = Omit<ServiceRuleSettings, 'traffic'>;

export function buildStrategy(id: string, own: StrategySettings): Strategy {
  return { id, name: own.name, plan: planOf(id, own) };
}

export function planOf(id: string, { steps, capacity }: Pick<StrategySettings, 'steps' | 'capacity'>): Plan {
  return { strategy: id, steps: steps.flatMap((step) => stepsOf(step, capacity)) };
}

export function rolloutRule(own: RuleSettings): RolloutRule {
  const { look_every, observe_for, observe_every, rollback_within, review_within, hold_after_no_data } =
    own.safeguards ?? {};
  const time = (given: string | undefined) => (given === undefined ? undefined : parseDuration(given));
  return defined({
    strategies: own.strategies,
    without: own.without_strategies,
    strategy: own.strategy,
    highRisk: own.high_risk,
    undecided: given(own.undecided, undecidedPlan),
    criteria: given(own.criteria, criteriaPlan),
    safeguards: defined({
      lookEvery: time(look_every),
      holdAfterNoData: hold_after_no_data,
      observeFor: time(observe_for),
      observeEvery: time(observe_every),
      rollbackWithin: time(rollback_within),
      reviewWithin: time(review_within),
    }),
  });
}

/** What a service says of one environment, with the traffic that it has there. */
export function serviceRolloutRule(own: ServiceRuleSettings): ServiceRolloutRule {
  return { ...rolloutRule(own), ...defined({ traffic: own.traffic }) };
}
