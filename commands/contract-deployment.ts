/** Between an accepted contract and the deployment that carries it out (HO-4). */

import type { ContractRecord } from '../src/contract/record.ts';
import { contractTargets, targetOf } from '../src/contract/targets.ts';
import { defined } from '../src/defined.ts';
import { stepsNobodyTakes } from '../src/deployment/rollout/steps.ts';
import { strategiesFor } from '../src/policy/rollout.ts';
import { plannedDuration } from '../src/terms/plan.ts';
import type { Rendered } from '../views/blocks.ts';
import { renderContractCard } from '../views/contract-card.ts';
import type { ScheduleState } from '../views/schedule-state.ts';
import type { CommandContext } from './context.ts';

/** What the form begins with: why it is done, and a strategy that keeps to the contract's time. */
export function filledFromContract(
  context: CommandContext,
  state: ScheduleState,
  { id, contract }: ContractRecord,
): ScheduleState {
  const strategy = strategyWithin(
    context,
    state,
    targetOf(contractTargets(contract).targets, 'deployment_time'),
  );
  return {
    ...state,
    metadata: { ...state.metadata, contract: id },
    summary: contract.objective,
    ...defined({ strategy }),
  };
}

/** The service's own where it is fast enough, else the one that watches longest; none is chosen that watches nothing. */
function strategyWithin(
  context: CommandContext,
  { service, environment, strategy }: ScheduleState,
  time: { within: number } | undefined,
): string | undefined {
  if (service === undefined || time === undefined) return strategy;
  const { steps } = context.conductor.backendFor(service);
  const fast = strategiesFor(context.policy(), { service, environment })
    .map(({ id, plan }) => ({ id, plan, takes: plannedDuration(plan) }))
    .filter(({ plan, takes }) => takes <= time.within && stepsNobodyTakes(plan, steps).length === 0);
  if (fast.some(({ id }) => id === strategy)) return strategy;
  const [longest] = fast.filter(({ takes }) => takes > 0).toSorted((a, b) => b.takes - a.takes);
  return longest?.id ?? strategy;
}

/** With the newest deployment that was asked for to carry it out. */
export async function contractCard(context: CommandContext, record: ContractRecord): Promise<Rendered> {
  if (record.accepted === undefined) return renderContractCard(record);
  return renderContractCard(record, (await context.stores.events.underContract(record.id))?.id);
}

/** Draws its message anew, where it has one. */
export async function showContract(context: CommandContext, id: string): Promise<void> {
  const record = await context.stores.contracts.find(id);
  if (record?.card === undefined) return;
  await context.clients.outbound.chat.update({ ...record.card, ...(await contractCard(context, record)) });
}
