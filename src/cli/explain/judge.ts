/** The judge in sentences: when it goes back by itself, when people decide, and how long it is watched. */

import {
  type Guarded,
  holdCauses,
  rollbackCauses,
  ruleWords,
  UNDECIDED_THEN,
} from '../../../views/rule-words.ts';
import { capitalised, duration, percent, plural } from '../../../views/text.ts';
import { forecast, forecastWords } from '../../judge/forecast.ts';
import { type Foreseen, foresee } from '../../judge/foresee.ts';
import type { JudgePlan } from '../../judge/types.ts';
import { span } from '../../judge/words.ts';
import type { Policy, ServicePolicy, Traffic } from '../../policy/policy.ts';
import { type Place, safeguardsFor, suggestedStrategy, trafficFor } from '../../policy/rollout.ts';
import { type Stage, stagesOf } from '../../terms/plan.ts';
import type { Safeguards } from '../../terms/safeguards.ts';
import type { Duration } from '../../time.ts';
import { alike } from './places.ts';
import { all, any } from './words.ts';

export function judgeWords(policy: Policy): string[] {
  const { safeguards } = policy;
  const { judge } = safeguards;
  return [
    `It goes back by itself on ${goesBackOn(judge, policy)}.`,
    `Evidence of a rise counts from ${judge.margin}× baseline on, at most ${Math.round(judge.alpha * 1000) / 10} of 100 healthy deployments go back for it; a stage passes once ${judge.harm === 2 ? 'a doubling' : `${judge.harm}×`} is excluded.`,
    ...everyPlace(policy, undecidedWords),
    ...holdsOn(judge, policy).map((causes) => `It holds, and people decide, on ${causes}.`),
    ...criteriaWords(judge).map((words) => `${words}.`),
    ...stageWords(judge),
    ...criteriaThere(policy),
    ...[...policy.services.values()].flatMap((service) => ownWords(policy, service)),
    ...[...policy.services.values()].flatMap((service) => livesOverLines(policy, service)),
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

function undecidedWords({ judge: { undecided } }: Guards): string {
  return `a stage that ends undecided ${UNDECIDED_THEN[undecided.usual]}; the last watched one before all traffic ${UNDECIDED_THEN[undecided.last]}`;
}

const guardedBy = (judge: JudgePlan, { safeguards, signals }: Policy): Guarded => ({
  safeguards: { ...safeguards, judge },
  hearsAlerts: signals.size > 0,
});

const goesBackOn = (judge: JudgePlan, policy: Policy): string =>
  any(rollbackCauses(guardedBy(judge, policy)));

/** Nothing, or what it holds on. */
function holdsOn(judge: JudgePlan, policy: Policy): string[] {
  const causes = holdCauses(guardedBy(judge, policy));
  return causes.length === 0 ? [] : [any(causes)];
}

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
      undecided === undefined
        ? []
        : [`Stage ${stage}, where it ends undecided, ${UNDECIDED_THEN[undecided]}`];
    return [...rules, ...without, ...acts, ...ends].map((words) => `${words}.`);
  });
}

/** A service whose judge differs: what it goes back and holds on. */
function ownWords(policy: Policy, { name, judge: own }: ServicePolicy): string[] {
  if (own === undefined) return [];
  return [
    `${name} goes back by itself on ${goesBackOn(own, policy)}.`,
    ...holdsOn(own, policy).map((causes) => `${name} holds on ${causes}.`),
    ...criteriaWords(own, `A stage of ${name}`).map((words) => `${words}.`),
    ...stageWords(own).map((words) => `${name}: ${words}`),
  ];
}

/** A service that lives over a line which it must not cross there. */
function livesOverLines(policy: Policy, { name, environments }: ServicePolicy): string[] {
  const groups = alike(environments, (environment) => crossedLines(policy, { service: name, environment }));
  return groups.flatMap(({ environments: where, value: { errors, lines } }) =>
    lines.length === 0
      ? []
      : [
          `${name} has ${percent(errors)} of errors while it is healthy, and in ${all(where)} its rules ask for less: ${any(lines)}. No stage of it can pass; give it rules of its own (services.${name}.judge).`,
        ],
  );
}

function crossedLines(policy: Policy, place: Place): { errors: number; lines: string[] } {
  const { judge } = safeguardsFor(policy, place);
  const errors = trafficFor(policy, place)?.errors ?? 0;
  const rules = [
    ...judge.criteria,
    ...judge.triggers,
    ...judge.stages.flatMap(({ criteria = [] }) => criteria),
  ];
  const crossed = rules.filter(
    ({ metric, kind, over: most }) => metric === 'errors' && kind === 'absolute' && errors >= most,
  );
  return { errors, lines: [...new Set(crossed.map(ruleWords))] };
}

/** Where an environment asks something else of all stages, and where a service does in one. */
function criteriaThere({ environments, services }: Policy): string[] {
  const words = (criteria: JudgePlan['criteria'], where: string): string =>
    criteria.length === 0
      ? `In ${where} a stage has no criteria besides the evidence.`
      : `In ${where} ${criteriaWords({ criteria }, 'a stage').join('')}.`;
  const general = environments.flatMap(({ id, rollout }) =>
    rollout?.criteria === undefined ? [] : [{ id, criteria: rollout.criteria }],
  );
  const groups = alike(
    general.map(({ id }) => id),
    (id) => general.find((one) => one.id === id)?.criteria ?? [],
  );
  const own = [...services.values()].flatMap(({ name, in: places = {} }) =>
    Object.entries(places).flatMap(([id, { criteria }]) =>
      criteria === undefined ? [] : [words(criteria, `${id}, for ${name},`)],
    ),
  );
  return [...groups.map((group) => words(group.value, all(group.environments))), ...own];
}

/** "Of 100 healthy deployments of checkout about 94 reach all traffic with nobody asked, 1 is rolled back". */
function foreseenWords(service: string, foreseen: Foreseen, stages: readonly Stage[]): string {
  const { reach, rolledBack } = foreseen;
  const back = rolledBack === 0 ? '' : `, ${rolledBack} ${rolledBack === 1 ? 'is' : 'are'} rolled back`;
  const waits = reach + rolledBack >= 100 ? '' : `, the others wait for people${waitWords(foreseen, stages)}`;
  const all = reach >= 98 ? 'nearly all' : `about ${reach}`;
  return `Of 100 healthy deployments of ${service} ${all} reach all traffic with nobody asked${back}${waits}`;
}

/** In which stage most of them wait, why, and where they are many, what would help. */
function waitWords({ reach, held, over, open }: Foreseen, stages: readonly Stage[]): string {
  const most = held.indexOf(Math.max(0, ...held));
  const watched = stages.filter(({ watchFor }) => watchFor > 0)[most];
  const where = `, most of them in stage ${most + 1}`;
  const metrics = (names: readonly string[]): string => all(names.map((name) => METRIC_NAMES[name] ?? name));
  if (over.length > 0) return `${where}, over its lines for ${metrics(over)}`;
  if (open.length === 0 || watched === undefined) return where;
  const why = `${where}: what it measures in ${span(watched.watchFor)} does not settle ${metrics(open)}`;
  if (reach >= ENOUGH) return why;
  return `${why}. A longer watch, a larger share or other criteria would; or where its traffic is too thin for that, undecided: { last: go_on }`;
}

/** From so many of 100 on nothing needs help. */
const ENOUGH = 90;

/** What the stages of each service can tell at its traffic, where the file says what that is: as it usually rolls out in each environment. */
function powerWords(policy: Policy): string[] {
  return [...policy.services.values()].flatMap(({ name, environments }) => {
    const known = environments.filter((id) => trafficFor(policy, { service: name, environment: id }));
    const groups = alike(known, (environment) => usualRollout(policy, { service: name, environment }));
    return groups.flatMap((group) => {
      const places =
        groups.length === 1 && known.length === environments.length ? '' : ` in ${all(group.environments)}`;
      const whose = `${name}${places}`;
      const [first = '', ...rest] = rolloutWords(whose, group.value);
      const { called, traffic } = group.value;
      const has = `has about ${plural(traffic.per_minute, 'request')} a minute, ${percent(traffic.errors)} of them fail`;
      return [`${whose} ${has}. With ${called}: ${first}`, ...rest];
    });
  });
}

interface UsualRollout {
  called: string;
  traffic: Traffic;
  stages: Stage[];
  judge: JudgePlan;
  lookEvery: Duration;
}

function usualRollout(policy: Policy, place: { service: string; environment: string }): UsualRollout {
  const id = suggestedStrategy(policy, place) ?? '';
  const strategy = policy.strategies.get(id);
  const { judge, lookEvery } = safeguardsFor(policy, place);
  const stages = strategy === undefined ? [] : stagesOf(strategy.plan);
  const traffic = trafficFor(policy, place) ?? { per_minute: 0, errors: 0 };
  return { called: strategy?.name.toLowerCase() ?? id, traffic, stages, judge, lookEvery };
}

function rolloutWords(
  name: string,
  { traffic: { per_minute: perMinute, errors }, stages, judge, lookEvery }: UsualRollout,
): string[] {
  const traffic = { perMinute, errors };
  const words = forecast(judge, traffic, stages).map((stage) => forecastWords(judge, stage));
  if (words.length === 0)
    return ['no stage of it has a baseline beside it; it is compared with the time before.'];
  const [first = '', ...others] = words;
  const foreseen = foresee(judge, traffic, stages, lookEvery);
  return [`${[first, ...others.map(capitalised)].join('. ')}.`, `${foreseenWords(name, foreseen, stages)}.`];
}
