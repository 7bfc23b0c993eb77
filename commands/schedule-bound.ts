/** What binds a request besides the policy of now: what was frozen before, or the contract that it is to carry out (HO-4). */

import { acceptedContract } from '../src/conductor/contract-requests.ts';
import {
  type AcceptedContract,
  communicationUnder,
  itemsOfContract,
  observedUnder,
} from '../src/conductor/under-contract.ts';
import type { ContractRecord } from '../src/contract/record.ts';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { communicationFor } from '../src/policy/communication.ts';
import type { Policy } from '../src/policy/policy.ts';
import { type Place, safeguardsFor } from '../src/policy/rollout.ts';
import type { ChecklistItem } from '../src/terms/requirements.ts';
import type { Duration } from '../src/time.ts';
import type { ScheduleState } from '../views/schedule-state.ts';
import type { CommandContext } from './context.ts';

export interface Bound {
  before?: Deployment;
  record?: ContractRecord;
  contract?: AcceptedContract;
}

export async function boundBy(context: CommandContext, { metadata }: ScheduleState): Promise<Bound> {
  const { revises, contract: id } = metadata;
  const [before, record] = await Promise.all([
    revises && context.stores.events.load(revises.d),
    id === undefined ? undefined : context.stores.contracts.find(id),
  ]);
  const contract = record && acceptedContract(record);
  return {
    ...defined({ before, record, contract }),
  };
}

export function observeFor(policy: Policy, place: Place, { before, contract }: Bound): Duration {
  if (before !== undefined) return before.terms.safeguards.observeFor;
  const own = safeguardsFor(policy, place).observeFor;
  return contract === undefined ? own : observedUnder(own, contract);
}

export function itemsOf({ before, contract }: Bound): readonly ChecklistItem[] {
  return before === undefined ? (contract?.checklist ?? []) : itemsOfContract(before);
}

export function noticePlanned(
  policy: Policy,
  environment: string,
  { before, contract }: Bound,
): Duration | undefined {
  // What was frozen counts, as it does once this is sent.
  if (before !== undefined) return before.terms.communication?.notice;
  const own = communicationFor(policy, environment);
  return (contract === undefined ? own : communicationUnder(own, contract))?.notice;
}
