/** What binds a request besides the policy of now: what was frozen before, or the contract that it is to carry out (HO-4). */

import { acceptedContract } from '../src/conductor/contract-requests.ts';
import {
  type AcceptedContract,
  communicationUnder,
  itemsOfContract,
  safeguardsUnder,
} from '../src/conductor/under-contract.ts';
import type { ContractRecord } from '../src/contract/record.ts';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { communicationFor } from '../src/policy/communication.ts';
import type { Policy } from '../src/policy/policy.ts';
import { type Place, safeguardsFor } from '../src/policy/rollout.ts';
import type { ChecklistItem } from '../src/terms/requirements.ts';
import type { Duration } from '../src/time.ts';
import { type Guarded, guardedOf } from '../views/rule-words.ts';
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

/** What guards it, and whether alerts are heard. */
export function guardedBy(policy: Policy, place: Place, { before, contract }: Bound): Guarded {
  if (before !== undefined) return guardedOf(before);
  const own = safeguardsFor(policy, place);
  const safeguards = contract === undefined ? own : safeguardsUnder(own, contract);
  return { safeguards, hearsAlerts: (policy.services.get(place.service ?? '')?.signals ?? []).length > 0 };
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
