/** The judge in sentences: when it goes back by itself, when people decide, and how long it is watched. */

import { duration } from '../../../views/text.ts';
import type { Trigger } from '../../judge/types.ts';
import type { Policy } from '../../policy/policy.ts';
import { any } from './words.ts';

export function judgeWords({ safeguards }: Policy): string[] {
  const { judge, observeFor, expireAfter, rollbackWithin } = safeguards;
  const over = (action: Trigger['action']): string[] =>
    judge.triggers.filter((rule) => rule.action === action).map(ruleWords);
  const held = over('hold');
  return [
    `It goes back by itself on ${any([...over('roll_back'), 'a failing health check', `evidence that errors are more than ${judge.margin}× baseline`])}.`,
    ...(held.length === 0 ? [] : [`It holds, and people decide, on ${any(held)}.`]),
    `It is watched for ${duration(observeFor)} after the last stage; a rollback should take under ${duration(rollbackWithin)}; a request that nobody completes ends after ${duration(expireAfter)}.`,
  ];
}

const METRIC_NAMES: Record<string, string> = { cpu: 'CPU', queue_depth: 'queue depth' };

function ruleWords({ metric, kind, over }: Trigger): string {
  const name = METRIC_NAMES[metric] ?? metric;
  if (kind === 'ratio') return `${name} over ${over}× baseline`;
  if (kind === 'points') return `${name} over baseline + ${over} points`;
  return `${name} over ${over}${['errors', 'cpu', 'memory'].includes(metric) ? ' %' : ''}`;
}
