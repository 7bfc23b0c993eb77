/** The judge's threshold rules in words: "errors over 1 %", "p99 over 3× baseline". */

import type { Trigger } from '../src/judge/types.ts';
import { beyond, nameOf } from '../src/judge/words.ts';
import type { Safeguards } from '../src/terms/safeguards.ts';
import { duration, inline, listOf } from './text.ts';

const IN_PERCENT: ReadonlySet<string> = new Set(['errors', 'cpu', 'memory']);
/** More rules than this are counted. */
const MAX_RULES = 8;

/** What sends it back without anybody being asked. Escaped. */
export function rollsBackWords({ judge }: Safeguards): string {
  const causes = [
    ...rulesWith(judge.triggers, 'roll_back'),
    'a failing health check',
    `evidence that errors are over ${judge.margin}× baseline`,
  ];
  return `Rolls back by itself on ${listOf(causes, 'or', MAX_RULES)}`;
}

/** What stops it where it is until a person decides. Escaped. */
export function holdsWords({ judge, holdAfterNoData, lookEvery }: Safeguards): string {
  const causes = [
    ...rulesWith(judge.triggers, 'hold'),
    `${holdAfterNoData} looks without data (${duration(holdAfterNoData * lookEvery)})`,
    undecidedWords(judge),
  ];
  return `Holds and asks on ${listOf(causes, 'or', MAX_RULES)}`;
}

function undecidedWords({ undecided }: Safeguards['judge']): string {
  if (undecided.usual === 'hold') return 'a watch that ends undecided';
  return 'a suspicion, or a rule that is not met, at the end of a watch';
}

function rulesWith(rules: readonly Trigger[], action: Trigger['action']): string[] {
  return rules.filter((rule) => rule.action === action).map(ruleWords);
}

function ruleWords({ metric, kind, over, worse }: Trigger): string {
  const name = `${inline(nameOf(metric), 40)} ${beyond({ worse })}`;
  if (kind === 'ratio') return `${name} ${over}× baseline`;
  if (kind === 'points') return `${name} baseline + ${over} points`;
  return `${name} ${over}${IN_PERCENT.has(metric) ? ' %' : ''}`;
}
