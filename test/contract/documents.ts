/** Contracts to read: a whole one, and the smallest there is. */

import { readFileSync } from 'node:fs';
import type { Contract } from '../../src/contract/contract.ts';
import { describeContractProblem } from '../../src/contract/problems.ts';
import { readContract } from '../../src/contract/read-contract.ts';

export const WHOLE = readFileSync(new URL('./checkout-to-operations.md', import.meta.url), 'utf8');

export const SMALLEST = `## Schema
**HANDOFF/V1**

## Handoff Details
- **Handoff ID**: C-1
- **From**: Dana
- **To**: Omar

## Objective
Ship it.

## Acceptance Criteria
- [ ] **Health checks**: All pass

## Success Metrics
- **Downtime**: 0 minutes

## Timeline
- **Deployment Window**: Within 48 hours of acceptance
`;

export function contractIn(source: string): Contract {
  const read = readContract(source);
  if (!read.ok) throw new Error(read.problems.map(describeContractProblem).join('\n'));
  return read.contract;
}

/** What is wrong with it, a line each. */
export function problemsIn(source: string): string[] {
  const read = readContract(source);
  return read.ok ? [] : read.problems.map(describeContractProblem);
}

/** Lines are of the document that was read: another one with the same contract has others. */
export function withoutLines(contract: Contract): unknown {
  return JSON.parse(JSON.stringify(contract, (key, value: unknown) => (key === 'line' ? undefined : value)));
}
