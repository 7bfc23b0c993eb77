/** What is wrong with a contract, in words: where, what was found, and what would be right. */

import { SECTIONS, type SectionKey } from './contract.ts';

export interface ContractProblem {
  /** From 1; of a part that is missing, where it would stand. */
  line: number;
  /** `section "Timeline"` */
  place: string;
  found: string;
  right: string;
}

/** `line 12: section "Timeline": found nothing; right would be …` */
export function describeContractProblem({ line, place, found, right }: ContractProblem): string {
  return `line ${line}: ${place}: ${found}; ${right}`;
}

export const placeOf = (key: SectionKey): string => `section "${SECTIONS[key]}"`;

/** As it is written, cut where it is long. */
export function shown(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line === '' ? 'nothing' : `"${line.length > 80 ? `${line.slice(0, 79)}…` : line}"`;
}
