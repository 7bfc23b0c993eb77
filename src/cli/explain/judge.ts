/** The judge in sentences: when it goes back by itself, when people decide, and how long it is watched. */

import { capitalised, duration, percent, plural } from '../../../views/text.ts';
import { forecast, forecastWords } from '../../judge/forecast.ts';
import type { Trigger } from '../../judge/types.ts';
import type { Policy } from '../../policy/policy.ts';
import { stagesOf } from '../../terms/plan.ts';
import type { Safeguards } from '../../terms/safeguards.ts';
import { any } from './words.ts';

export function judgeWords(policy: Policy): string[] {
  const { safeguards } = policy;
  const { judge, observeFor, expireAfter, rollbackWithin } = safeguards;
  const over = (action: Trigger['action']): string[] =>
    judge.triggers.filter((rule) => rule.action === action).map(ruleWords);
  const held = over('hold');
  return [
    `It goes back by itself on ${any([...over('roll_back'), 'a failing health check', `evidence that errors are more than ${judge.margin}× baseline`])}.`,
    `Evidence of a rise counts from ${judge.margin}× baseline on, at most ${Math.round(judge.alpha * 1000) / 10} of 100 healthy deployments go back for it; a stage passes once ${judge.harm === 2 ? 'a doubling' : `${judge.harm}×`} is excluded.`,
    ...undecidedWords(judge),
    ...(held.length === 0 ? [] : [`It holds, and people decide, on ${any(held)}.`]),
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

function ruleWords({ metric, kind, over }: Trigger): string {
  const name = METRIC_NAMES[metric] ?? metric;
  if (kind === 'ratio') return `${name} over ${over}× baseline`;
  if (kind === 'points') return `${name} over baseline + ${over} points`;
  return `${name} over ${over}${['errors', 'cpu', 'memory'].includes(metric) ? ' %' : ''}`;
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
    return [`${usual}. ${words.map(capitalised).join('. ')}.`];
  });
}
