/** A contract in sentences: who hands what to whom, what must be ticked and when, and which figures hold. */

import { BEFORE_WORDS, GROUP_NAMES, partsWords, targetWords } from '../../views/contract-words.ts';
import { capitalised, plural } from '../../views/text.ts';
import type { Contract } from '../contract/contract.ts';
import { contractTargets } from '../contract/targets.ts';
import { contractChecklist } from '../contract/to-checklist.ts';
import type { ChecklistItem } from '../terms/requirements.ts';

export function explainContract(contract: Contract): string[] {
  const { targets, notUnderstood } = contractTargets(contract);
  const items = contractChecklist(contract);
  return [
    `${contract.id}: from ${contract.from} to ${contract.to}.`,
    `Objective: ${contract.objective.replace(/\s+/g, ' ')}`,
    `It has ${partsWords(contract)}.`,
    ...(['start', 'hand_over'] as const).flatMap((before) =>
      checklistLines(
        before,
        items.filter((item) => item.before === before),
      ),
    ),
    targets.length === 0 ? 'No figure was understood.' : 'Figures:',
    ...targets.map((target) => `  line ${target.source.line}: ${targetWords(target)}`),
    ...(notUnderstood.length === 0 ? [] : ['Not understood as a figure, kept as text:']),
    ...notUnderstood.map(
      ({ line, section, name, text, why }) =>
        `  line ${line}: ${section}: ${[name, text].filter(Boolean).join(': ').replace(/\s+/g, ' ')} (${why})`,
    ),
  ];
}

function checklistLines(before: ChecklistItem['before'], items: readonly ChecklistItem[]): string[] {
  if (items.length === 0) return [`Nothing is ticked ${BEFORE_WORDS[before]}.`];
  return [
    `${capitalised(BEFORE_WORDS[before])}, ${plural(items.length, 'item')}:`,
    ...items.map(({ group, text }) => `  ${GROUP_NAMES[group]}: ${text}`),
  ];
}
