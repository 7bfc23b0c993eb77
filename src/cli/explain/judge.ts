/** The judge in sentences: when it goes back by itself, when people decide, and how long it is watched. */

import { duration } from '../../../views/text.ts';
import type { Trigger } from '../../judge/types.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Safeguards } from '../../terms/safeguards.ts';
import { any } from './words.ts';

export function judgeWords({ safeguards }: Policy): string[] {
  const { judge, observeFor, expireAfter, rollbackWithin } = safeguards;
  const over = (action: Trigger['action']): string[] =>
    judge.triggers.filter((rule) => rule.action === action).map(ruleWords);
  const held = over('hold');
  return [
    `It goes back by itself on ${any([...over('roll_back'), 'a failing health check', `evidence that errors are more than ${judge.margin}× baseline`])}.`,
    `Evidence of a rise counts from ${judge.margin}× baseline on, at most ${Math.round(judge.alpha * 1000) / 10} of 100 healthy deployments go back for it; a stage passes once ${judge.harm === 2 ? 'a doubling' : `${judge.harm}×`} is excluded.`,
    ...undecidedWords(judge),
    ...(held.length === 0 ? [] : [`It holds, and people decide, on ${any(held)}.`]),
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
