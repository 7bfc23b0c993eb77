/** A policy in sentences: who is asked for what, what must be true, when it may start, and when it goes back by itself. */

import { planWords } from '../../views/deployment-words.ts';
import { duration } from '../../views/text.ts';
import type { Policy, ServicePolicy } from '../policy/policy.ts';
import { bakeFor } from '../policy/promotion.ts';
import { suggestedStrategy } from '../policy/rollout.ts';
import { alertWords } from './explain/alerts.ts';
import { calendarWords } from './explain/calendar.ts';
import { changeTypesWords } from './explain/change-types.ts';
import { databaseWords } from './explain/database.ts';
import { environmentWords } from './explain/environments.ts';
import { judgeWords } from './explain/judge.ts';
import { pagingWords } from './explain/paging.ts';
import { explainPeople, onCallWords, teamWords } from './explain/people.ts';
import { alike } from './explain/places.ts';
import { all, any, roleName } from './explain/words.ts';

export function explainPolicy(policy: Policy): string[] {
  return [
    ...servicesWords(policy),
    promotionWords(policy),
    ...bakeWords(policy),
    ...policy.environments.flatMap((environment) => environmentWords(policy, environment)),
    ...(policy.environments.some(({ approval }) => approval === 'manual') ? changeTypesWords(policy) : []),
    ...calendarWords(policy),
    ...judgeWords(policy),
    ...databaseWords(policy),
    ...teamWords(policy),
    ...explainPeople(policy),
    ...pagingWords(policy),
    ...alertWords(policy),
    ...permissionWords(policy),
  ];
}

function servicesWords(policy: Policy): string[] {
  return [...policy.services.values()].map((service) => {
    const { name, environments, backend, metrics, team } = service;
    const groups = alike(environments, (environment) => usualPlan(policy, { service: name, environment }));
    const plan = groups
      .map(({ environments: there, value }) => (groups.length === 1 ? value : `in ${all(there)} ${value}`))
      .join('; ');
    const owner = team === undefined ? '' : ` (${policy.teams.get(team) ?? team})`;
    if (service.mode === 'watch') return watchedWords(service, owner);
    return `${name}${owner} goes to ${all(environments)}. Usually: ${plan}; carried out by ${backend}, measured by ${metrics}; ${onCallWords(service)}.`;
  });
}

/** Nothing is said of a plan: none is carried out there. */
function watchedWords(service: ServicePolicy, owner: string): string {
  const { name, environments, backend, metrics, watchedBy } = service;
  const from = watchedBy === 'reports' ? 'reported over POST /api/v1/deployments' : `seen at ${backend}`;
  return `${name}${owner} is only watched (mode: watch) in ${all(environments)}: what somebody else deploys is ${from}, measured by ${metrics}, and nothing is driven; ${onCallWords(service)}.`;
}

function usualPlan(policy: Policy, place: { service: string; environment: string }): string {
  const id = suggestedStrategy(policy, place);
  const strategy = policy.strategies.get(id ?? '');
  return strategy === undefined
    ? 'no strategy that is allowed there'
    : planWords(strategy.plan, strategy.name);
}

function promotionWords({ promotion }: Policy): string {
  return promotion === 'in_order'
    ? 'A version reaches an environment only after it completed in the one before; an emergency may skip that.'
    : 'A version may go to any environment, wherever it has been before.';
}

/** One line for each environment where versions bake, with what waits for it. */
function bakeWords(policy: Policy): string[] {
  return policy.environments.flatMap(({ id, bake }) => {
    if (bake === undefined) return [];
    const places = [...policy.services.values()].flatMap(({ name, environments }) =>
      environments.map((environment) => ({ service: name, environment })),
    );
    const waiting = places.filter((place) => bakeFor(policy, place)?.environment === id);
    const after = [...new Set(waiting.map(({ environment }) => environment))];
    return [
      after.length === 0
        ? `${id}: nothing comes after it, so its bake time of ${duration(bake)} keeps nothing waiting.`
        : `${id}: a version bakes here for ${duration(bake)}, with all traffic and without trouble, before ${all(after)} opens to it; an emergency may skip that.`,
    ];
  });
}

function permissionWords(policy: Policy): string[] {
  return Object.entries(policy.permissions).map(
    ([action, roles]) =>
      `Who may ${action.replace('_', ' ')}: ${any(roles.map((id) => roleName(policy, id)))}.`,
  );
}
