/** The judge's threshold rules in words: "errors over 1 %", "p99 over 3× baseline". */

import type { ThresholdRule } from '../src/judge/types.ts';
import { nameOf } from '../src/judge/words.ts';
import type { Safeguards } from '../src/terms/safeguards.ts';
import { duration, inline, listOf } from './text.ts';

const IN_PERCENT: ReadonlySet<string> = new Set(['errors', 'cpu', 'memory']);
/** More rules than this are counted. */
const MOST_RULES = 8;

/** What sends it back without anybody being asked. Escaped. */
export function rollsBackWords({ judge }: Safeguards): string {
  const causes = [
    ...rulesWith(judge.rules, 'roll_back'),
    'a failing health check',
    `evidence that errors are over ${judge.margin}× baseline`,
  ];
  return `Rolls back by itself on ${listOf(causes, 'or', MOST_RULES)}`;
}

/** What stops it where it is until a person decides. Escaped. */
export function holdsWords({ judge, holdAfterNoData, lookEvery }: Safeguards): string {
  const causes = [
    ...rulesWith(judge.rules, 'hold'),
    `${holdAfterNoData} looks without data (${duration(holdAfterNoData * lookEvery)})`,
    'a watch that ends undecided',
  ];
  return `Holds and asks on ${listOf(causes, 'or', MOST_RULES)}`;
}

function rulesWith(rules: readonly ThresholdRule[], action: ThresholdRule['action']): string[] {
  return rules.filter((rule) => rule.action === action).map(ruleWords);
}

function ruleWords({ metric, kind, over }: ThresholdRule): string {
  const name = inline(nameOf(metric), 40);
  if (kind === 'ratio') return `${name} over ${over}× baseline`;
  if (kind === 'points') return `${name} over baseline + ${over} points`;
  return `${name} over ${over}${IN_PERCENT.has(metric) ? ' %' : ''}`;
}
