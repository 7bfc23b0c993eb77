/** How a service rolls out in an environment (ST-8): which strategies, which one is suggested, how long it is watched. */

import { defined } from '../defined.ts';
import type { JudgePlan } from '../judge/types.ts';
import type { Details } from '../terms/change.ts';
import type { Safeguards } from '../terms/safeguards.ts';
import type { Policy, RolloutRule, Strategy, Traffic } from './policy.ts';

export interface Place {
  service?: string | undefined;
  environment?: string | undefined;
}

/** The nearest first: what the service says of the environment, then what the environment says. */
function rulesFor(policy: Policy, { service, environment }: Place): RolloutRule[] {
  const own = policy.services.get(service ?? '')?.in?.[environment ?? ''];
  const general = policy.environments.find(({ id }) => id === environment)?.rollout;
  return [own, general].filter((rule) => rule !== undefined);
}

/** Those that may be used there, in the order of the policy. */
export function strategiesFor(policy: Policy, place: Place): Strategy[] {
  const all = [...policy.strategies.values()];
  const rule = rulesFor(policy, place).find((one) => (one.strategies ?? one.without) !== undefined);
  return all.filter(({ id }) => rule?.strategies?.includes(id) ?? rule?.without?.includes(id) !== true);
}

/** The nearest that may be used there; a high risk has one of its own where the policy says so. */
export function suggestedStrategy(policy: Policy, place: Place, risk?: Details['risk']): string | undefined {
  const rules = rulesFor(policy, place);
  const allowed = strategiesFor(policy, place).map(({ id }) => id);
  const wanted = [
    ...(risk === 'high' ? rules.map(({ highRisk }) => highRisk) : []),
    ...rules.map(({ strategy }) => strategy),
    policy.services.get(place.service ?? '')?.strategy,
    allowed[0],
  ];
  return wanted.find((id) => id !== undefined && allowed.includes(id));
}

/** What guards a rollout there, but for who may act. */
export function safeguardsFor(policy: Policy, place: Place): Omit<Safeguards, 'permissions'> {
  const rules = rulesFor(policy, place).reverse();
  const judge = policy.services.get(place.service ?? '')?.judge ?? policy.safeguards.judge;
  const undecided = rules.findLast((rule) => rule.undecided !== undefined)?.undecided;
  const criteria = rules.findLast((rule) => rule.criteria !== undefined)?.criteria;
  const own = { ...judge, ...defined({ undecided }) };
  const base = { ...policy.safeguards, judge: criteria === undefined ? own : askingOnly(criteria, own) };
  return Object.assign(base, ...rules.map(({ safeguards }) => safeguards));
}

/** The same of every stage: whatever was written for single ones was written for another rollout. */
function askingOnly(criteria: JudgePlan['criteria'], judge: JudgePlan): JudgePlan {
  return { ...judge, criteria, stages: judge.stages.map(({ criteria: _, ...stage }) => stage) };
}

/** What it usually has there, as the policy says. */
export function trafficFor({ services }: Policy, { service, environment }: Place): Traffic | undefined {
  const own = services.get(service ?? '');
  return own?.in?.[environment ?? '']?.traffic ?? own?.traffic;
}
