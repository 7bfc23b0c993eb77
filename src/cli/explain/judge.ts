/** The judge in sentences: when it goes back by itself, when people decide, and how long it is watched. */

import { capitalised, duration, percent, plural } from '../../../views/text.ts';
import { forecast, forecastWords } from '../../judge/forecast.ts';
import { type Foreseen, foresee } from '../../judge/foresee.ts';
import type { Bound, JudgePlan, Trigger } from '../../judge/types.ts';
import { beyond } from '../../judge/words.ts';
import type { Policy, ServicePolicy } from '../../policy/policy.ts';
import { stagesOf } from '../../terms/plan.ts';
import type { Safeguards } from '../../terms/safeguards.ts';
import { any } from './words.ts';

export function judgeWords(policy: Policy): string[] {
  const { safeguards } = policy;
  const { judge, observeFor, expireAfter, rollbackWithin } = safeguards;
  return [
    `It goes back by itself on ${goesBackOn(judge)}.`,
    `Evidence of a rise counts from ${judge.margin}× baseline on, at most ${Math.round(judge.alpha * 1000) / 10} of 100 healthy deployments go back for it; a stage passes once ${judge.harm === 2 ? 'a doubling' : `${judge.harm}×`} is excluded.`,
    ...undecidedWords(judge),
    ...holdsOn(judge).map((causes) => `It holds, and people decide, on ${causes}.`),
    ...criteriaWords(judge).map((words) => `${words}.`),
    ...stageWords(judge),
    ...[...policy.services.values()].flatMap((service) => ownWords(service, judge)),
    ...powerWords(policy),
    `It is watched for ${duration(observeFor)} after the last stage; a rollback should take under ${duration(rollbackWithin)}; a request that nobody completes ends after ${duration(expireAfter)}.`,
  ];
}

const METRIC_NAMES: Record<string, string> = { cpu: 'CPU', queue_depth: 'queue depth' };

const THEN = {
  go_on: 'goes on while nothing speaks for harm',
  extend: 'is watched once more as long, then held',
  hold: 'holds',
};

function undecidedWords({ undecided: { usual, last } }: Safeguards['judge']): string[] {
  return [
    `A stage that ends undecided ${THEN[usual]}; the last watched one before all traffic ${THEN[last]}.`,
  ];
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

/** What the stages of each service can tell at its traffic, where the file says what that is. */
function powerWords({ services, strategies, safeguards }: Policy): string[] {
  return [...services.values()].flatMap(({ name, strategy, traffic, judge = safeguards.judge }) => {
    const stages = stagesOf(strategies.get(strategy)?.plan ?? { strategy, steps: [] });
    if (traffic === undefined) return [];
    const { per_minute: perMinute, errors } = traffic;
    const words = forecast(judge, { perMinute, errors }, stages).map((stage) => forecastWords(judge, stage));
    const usual = `${name} has about ${plural(perMinute, 'request')} a minute, ${percent(errors)} of them fail`;
    if (words.length === 0)
      return [
        `${usual}: its strategy has no stage with a baseline beside it; it is compared with the time before.`,
      ];
    const reach = foresee(judge, { perMinute, errors }, stages, safeguards.lookEvery);
    return [`${usual}. ${words.map(capitalised).join('. ')}.`, `${foreseenWords(name, reach)}.`];
  });
}
