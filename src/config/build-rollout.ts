/** Checked settings → how a service rolls out where: steps of strategies, and what differs by environment (ST-8). */

import { defined, given } from '../defined.ts';
import type { RolloutRule, ServiceRolloutRule, Strategy } from '../policy/policy.ts';
import type { Step } from '../terms/plan.ts';
import { criteriaPlan, undecidedPlan } from './build-judge.ts';
import { parseDuration } from './durations.ts';
import type { PolicyFile } from './schema.ts';

type StrategySettings = NonNullable<PolicyFile['strategies']>[string];
type StepSettings = StrategySettings['steps'][number];
type ServiceRuleSettings = NonNullable<NonNullable<PolicyFile['services'][string]['in']>[string]>;
type RuleSettings = Omit<ServiceRuleSettings, 'traffic'>;

export function buildStrategy(id: string, own: StrategySettings): Strategy {
  return {
    id,
    name: own.name,
    plan: { strategy: id, steps: own.steps.flatMap((step) => stepsOf(step, own)) },
  };
}

const PLAIN = { stand_up: 'stand-up', smoke: 'smoke', replace: 'replace', retire_old: 'retire-old' } as const;

/** One line of the file may be several steps. */
function stepsOf(step: StepSettings, { capacity }: StrategySettings): Step[] {
  if (typeof step === 'string') return [{ kind: PLAIN[step] }];
  if ('set_weight' in step) return [{ kind: 'set-weight', percent: step.set_weight }];
  if (!('batches' in step)) return [{ kind: 'watch', for: parseDuration(step.watch) }];
  const { batches: of, watch } = step;
  return Array.from({ length: of }, (_, index): Step[] => [
    { kind: 'batch', number: index + 1, of, ...defined({ keep: capacity }) },
    // After the last one all is replaced: that is what the observation watches.
    ...(watch === undefined || index === of - 1
      ? []
      : [{ kind: 'watch' as const, for: parseDuration(watch) }]),
  ]).flat();
}

/** How long the file's steps are watched together, in milliseconds. */
export function watchedIn({ steps }: Pick<StrategySettings, 'steps'>): number {
  return steps.reduce((sum, step) => {
    if (typeof step === 'string' || 'set_weight' in step || step.watch === undefined) return sum;
    return sum + parseDuration(step.watch) * ('batches' in step ? step.batches - 1 : 1);
  }, 0);
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
