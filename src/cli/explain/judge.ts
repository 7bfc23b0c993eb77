/** The judge in sentences: when it goes back by itself, when people decide, and how long it is watched. */

import { capitalised, duration, percent, plural } from '../../../views/text.ts';
import { forecast, forecastWords } from '../../judge/forecast.ts';
import { type Foreseen, foresee } from '../../judge/foresee.ts';
import type { Bound, JudgePlan, Trigger } from '../../judge/types.ts';
import { beyond } from '../../judge/words.ts';
import type { Policy, ServicePolicy } from '../../policy/policy.ts';
import { safeguardsFor, suggestedStrategy } from '../../policy/rollout.ts';
import { type Stage, stagesOf } from '../../terms/plan.ts';
import type { Safeguards } from '../../terms/safeguards.ts';
import type { Duration } from '../../time.ts';
import { alike } from './places.ts';
import { all, any } from './words.ts';

export function judgeWords(policy: Policy): string[] {
  const { safeguards } = policy;
  const { judge } = safeguards;
  return [
    `It goes back by itself on ${goesBackOn(judge)}.`,
    `Evidence of a rise counts from ${judge.margin}× baseline on, at most ${Math.round(judge.alpha * 1000) / 10} of 100 healthy deployments go back for it; a stage passes once ${judge.harm === 2 ? 'a doubling' : `${judge.harm}×`} is excluded.`,
    ...everyPlace(policy, undecidedWords),
    ...holdsOn(judge).map((causes) => `It holds, and people decide, on ${causes}.`),
    ...criteriaWords(judge).map((words) => `${words}.`),
    ...stageWords(judge),
    ...[...policy.services.values()].flatMap((service) => ownWords(service, judge)),
    ...powerWords(policy),
    ...everyPlace(policy, watchWords),
  ];
}

type Guards = Omit<Safeguards, 'permissions'>;

const watchWords = ({ observeFor, rollbackWithin, expireAfter }: Guards): string =>
  `it is watched for ${duration(observeFor)} after the last stage; a rollback should take under ${duration(rollbackWithin)}; a request that nobody completes ends after ${duration(expireAfter)}`;

/** A sentence about what guards a rollout, once where it is the same wherever services go; else for each environment, and for a service that has its own there. */
function everyPlace(policy: Policy, words: (guards: Guards) => string): string[] {
  const services = [...policy.services.values()];
  const said = policy.environments.map(({ id: environment }) => {
    const there = services.filter(({ environments }) => environments.includes(environment));
    const usual = words(safeguardsFor(policy, { environment }));
    const own = there
      .map(({ name }) => ({ name, words: words(safeguardsFor(policy, { service: name, environment })) }))
      .filter((one) => one.words !== usual);
    return { environment, usual, own };
  });
  const different = said.some(({ own }) => own.length > 0);
  const groups = alike(
    said.map(({ environment }) => environment),
    (id) => said.find(({ environment }) => environment === id)?.usual ?? '',
  );
  if (groups.length <= 1 && !different)
    return [`${capitalised(groups[0]?.value ?? words(policy.safeguards))}.`];
  return [
    ...groups.map(({ environments, value }) => `In ${all(environments)} ${value}.`),
    ...said.flatMap(({ environment, own }) =>
      own.map((one) => `For ${one.name} in ${environment} ${one.words}.`),
    ),
  ];
}

const METRIC_NAMES: Record<string, string> = { cpu: 'CPU', queue_depth: 'queue depth' };

const THEN = {
  go_on: 'goes on while nothing speaks for harm',
  extend: 'is watched once more as long, then held',
  hold: 'holds',
};

function undecidedWords({ judge: { undecided } }: Guards): string {
  return `a stage that ends undecided ${THEN[undecided.usual]}; the last watched one before all traffic ${THEN[undecided.last]}`;
}

function goesBackOn({ triggers, metrics, margin }: JudgePlan): string {
  const judged = metrics.filter(({ action }) => action === 'roll_back').map(evidenceWords);
  return any([
    ...over(triggers, 'roll_back'),
    'a failing health check',
    'a critical error in its log',
    `evidence that errors are more than ${margin}× baseline`,
    ...judged,
  ]);
}

/** Nothing, or what it holds on. */
function holdsOn({ triggers, metrics }: JudgePlan): string[] {
  const judged = metrics.filter(({ action }) => action === 'hold').map(evidenceWords);
  const causes = [...over(triggers, 'hold'), ...judged];
  return causes.length === 0 ? [] : [any(causes)];
}

const evidenceWords = ({ name, worse }: JudgePlan['metrics'][number]): string =>
  `evidence that ${METRIC_NAMES[name] ?? name} is ${worse}`;

const over = (triggers: readonly Trigger[], action: Trigger['action']): string[] =>
  triggers.filter((rule) => rule.action === action).map(ruleWords);

function criteriaWords({ criteria }: Pick<JudgePlan, 'criteria'>, who = 'A stage'): string[] {
  return criteria.length === 0 ? [] : [`${who} does not pass with ${any(criteria.map(ruleWords))}`];
}

/** What single stages have of their own, instead of the rules of all. */
function stageWords({ stages }: JudgePlan): string[] {
  return stages.flatMap(({ stage, criteria, triggers, undecided }) => {
    const rules = criteria === undefined ? [] : criteriaWords({ criteria }, `Stage ${stage}`);
    const without = criteria?.length === 0 ? [`Stage ${stage} has no criteria besides the evidence`] : [];
    const acts =
      triggers === undefined ? [] : [`Stage ${stage} acts on ${any(triggers.map(ruleWords))} alone`];
    const ends =
      undecided === undefined ? [] : [`Stage ${stage}, where it ends undecided, ${THEN[undecided]}`];
    return [...rules, ...without, ...acts, ...ends].map((words) => `${words}.`);
  });
}

/** A service whose judge differs: what it goes back and holds on; and whether it lives over a line it must not cross. */
function ownWords({ name, judge: own, traffic }: ServicePolicy, usual: JudgePlan): string[] {
  const judge = own ?? usual;
  const differs =
    own === undefined
      ? []
      : [
          `${name} goes back by itself on ${goesBackOn(own)}.`,
          ...holdsOn(own).map((causes) => `${name} holds on ${causes}.`),
          ...criteriaWords(own, `A stage of ${name}`).map((words) => `${words}.`),
          ...stageWords(own).map((words) => `${name}: ${words}`),
        ];
  const rules = [
    ...judge.criteria,
    ...judge.triggers,
    ...judge.stages.flatMap(({ criteria = [] }) => criteria),
  ];
  const crossed = rules.filter(
    ({ metric, kind, over: most }) =>
      metric === 'errors' && kind === 'absolute' && traffic && traffic.errors >= most,
  );
  if (crossed.length === 0 || traffic === undefined) return differs;
  const lines = [...new Set(crossed.map(ruleWords))];
  return [
    ...differs,
    `${name} has ${percent(traffic.errors)} of errors while it is healthy, and its rules ask for less: ${any(lines)}. No stage of it can pass; give it rules of its own (services.${name}.judge).`,
  ];
}

function ruleWords({ metric, kind, over, worse }: Bound): string {
  const name = `${METRIC_NAMES[metric] ?? metric} ${beyond({ worse })}`;
  if (kind === 'ratio') return `${name} ${over}× baseline`;
  if (kind === 'points') return `${name} baseline + ${over} points`;
  return `${name} ${over}${['errors', 'cpu', 'memory'].includes(metric) ? ' %' : ''}`;
}

/** "Of 100 healthy deployments of checkout about 94 reach all traffic with nobody asked, 1 is rolled back". */
function foreseenWords(service: string, { reach, rolledBack, held }: Foreseen): string {
  const back = rolledBack === 0 ? '' : `, ${rolledBack} ${rolledBack === 1 ? 'is' : 'are'} rolled back`;
  const most = held.indexOf(Math.max(0, ...held));
  const waits =
    reach + rolledBack >= 100 ? '' : `, the others wait for people, most of them in stage ${most + 1}`;
  const all = reach >= 98 ? 'nearly all' : `about ${reach}`;
  return `Of 100 healthy deployments of ${service} ${all} reach all traffic with nobody asked${back}${waits}`;
}

/** What the stages of each service can tell at its traffic, where the file says what that is: as it usually rolls out in each environment. */
function powerWords(policy: Policy): string[] {
  return [...policy.services.values()].flatMap(({ name, environments, traffic }) => {
    if (traffic === undefined) return [];
    const usual = `${name} has about ${plural(traffic.per_minute, 'request')} a minute, ${percent(traffic.errors)} of them fail.`;
    const groups = alike(environments, (environment) => usualRollout(policy, { service: name, environment }));
    return groups.flatMap((group, index) => {
      const where = groups.length === 1 ? '' : `In ${all(group.environments)}, with ${group.value.called}: `;
      const whose = groups.length === 1 ? name : `${name} in ${all(group.environments)}`;
      const [first = '', ...rest] = rolloutWords(whose, traffic, group.value);
      const told = where === '' ? capitalised(first) : `${where}${first}`;
      return [index === 0 ? `${usual} ${told}` : told, ...rest];
    });
  });
}

interface UsualRollout {
  called: string;
  stages: Stage[];
  judge: JudgePlan;
  lookEvery: Duration;
}

function usualRollout(policy: Policy, place: { service: string; environment: string }): UsualRollout {
  const id = suggestedStrategy(policy, place) ?? '';
  const strategy = policy.strategies.get(id);
  const { judge, lookEvery } = safeguardsFor(policy, place);
  const stages = strategy === undefined ? [] : stagesOf(strategy.plan);
  return { called: strategy?.name.toLowerCase() ?? id, stages, judge, lookEvery };
}

function rolloutWords(
  name: string,
  { per_minute: perMinute, errors }: NonNullable<ServicePolicy['traffic']>,
  { stages, judge, lookEvery }: UsualRollout,
): string[] {
  const traffic = { perMinute, errors };
  const words = forecast(judge, traffic, stages).map((stage) => forecastWords(judge, stage));
  if (words.length === 0)
    return ['no stage of it has a baseline beside it; it is compared with the time before.'];
  const [first = '', ...others] = words;
  const reach = foresee(judge, traffic, stages, lookEvery);
  return [`${[first, ...others.map(capitalised)].join('. ')}.`, `${foreseenWords(name, reach)}.`];
}
