/** Gates in words, each with its figure. */

import { duration, listOf } from '../../../views/text.ts';
import type { Policy } from '../../policy/policy.ts';
import { type Gate, type GateRule, SEVERITIES } from '../../terms/requirements.ts';

/** `build, unit tests 100 %, security scan without critical or high findings`; of gates by their id. */
export function gatesWords(policy: Policy, ids: readonly string[]): string {
  return ids.map((id) => gateWords(policy.gates.get(id), id)).join(', ');
}

function gateWords(gate: Gate | undefined, id: string): string {
  if (gate === undefined) return id;
  const words = [gate.name, figureWords(gate.rule)].filter(Boolean).join(' ');
  return gate.lasts === undefined ? words : `${words} (counts for ${duration(gate.lasts)})`;
}

function figureWords(rule: GateRule): string {
  switch (rule.kind) {
    case 'passed':
      return '';
    case 'pass_rate':
    case 'percent':
      return rule.atLeast === 100 ? '100 %' : `at least ${rule.atLeast} %`;
    case 'findings': {
      const limited = SEVERITIES.filter((severity) => rule.atMost[severity] !== undefined);
      const none = limited.filter((severity) => rule.atMost[severity] === 0);
      const some = limited.filter((severity) => rule.atMost[severity] !== 0);
      return [
        ...(none.length === 0 ? [] : [`without ${listOf(none, 'or')} findings`]),
        ...some.map((severity) => `with at most ${rule.atMost[severity]} ${severity}`),
      ].join(' and ');
    }
  }
}
