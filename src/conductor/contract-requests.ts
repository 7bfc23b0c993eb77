/** What people want of a contract: who may accept one, and whether a request may carry it out (HO-4). */

import type { ContractRecord } from '../contract/record.ts';
import { contractTargets } from '../contract/targets.ts';
import { contractChecklist, type Moves } from '../contract/to-checklist.ts';
import type { Actor } from '../deployment/intents.ts';
import type { Policy } from '../policy/policy.ts';
import { type Instant, moment } from '../time.ts';
import type { Refused } from './calendar-requests.ts';
import type { ContractStore } from './ports/contract-store.ts';
import type { AcceptedContract } from './under-contract.ts';

type Person = Extract<Actor, { kind: 'person' }>;

/** Why this person cannot accept it now; undefined where they can. */
export function cannotAccept(
  policy: Policy,
  { accepted }: ContractRecord,
  { roles }: Person,
): Refused | undefined {
  if (accepted !== undefined) return wasFaster(accepted);
  if (roles.length > 0) return undefined;
  const named = [...policy.roles.values()].filter(({ anyOf }) => anyOf === undefined);
  const names = named.map(({ name }) => name).join(', ');
  const message = `You can't accept a contract: that is for whoever holds a role here (${names || 'the policy names none'}). Nothing was changed.`;
  return { kind: 'refused', code: 'not_allowed', message };
}

/** Once, and by somebody who may. */
export async function acceptContract(
  { policy, contracts, now }: { policy: Policy; contracts: ContractStore; now: Instant },
  record: ContractRecord,
  who: Person,
  moves: Moves,
): Promise<{ kind: 'accepted'; record: ContractRecord } | Refused> {
  const refusal = cannotAccept(policy, record, who);
  if (refusal !== undefined) return refusal;
  const { id, name } = who.person;
  const outcome = await contracts.accept(record.id, { by: { id, name }, moves }, now);
  const first = outcome?.record.accepted;
  if (outcome === undefined || first === undefined) throw new Error(`${record.id} was there and is not`);
  return outcome.ok ? { kind: 'accepted', record: outcome.record } : wasFaster(first);
}

function wasFaster({ by, at }: NonNullable<ContractRecord['accepted']>): Refused {
  const message = `${by.name} was faster: the contract was accepted at ${moment(at)}. Nothing was changed.`;
  return { kind: 'refused', code: 'too_late', message };
}

/** Undefined before it is accepted. */
export function acceptedContract({ id, contract, accepted }: ContractRecord): AcceptedContract | undefined {
  if (accepted === undefined) return undefined;
  return {
    id,
    acceptedAt: accepted.at,
    checklist: contractChecklist(contract, accepted.moves),
    targets: contractTargets(contract).targets,
  };
}

export type AskedContract =
  | { ok: true; contract?: AcceptedContract }
  | { ok: false; problems: { service?: string; environment?: string } };

/** The contract that a request is to carry out, which binds it to one place. */
export async function contractAsked(
  contracts: Pick<ContractStore, 'find'>,
  {
    contract: id,
    service,
    environment,
  }: { contract?: string | undefined; service: string; environment: string },
): Promise<AskedContract> {
  if (id === undefined) return { ok: true };
  const record = await contracts.find(id);
  const contract = record && acceptedContract(record);
  if (record === undefined || contract === undefined)
    return {
      ok: false,
      problems: { service: `Contract ${id} is not accepted. /deploy contract ${id} shows it.` },
    };
  if (record.service === service && record.environment === environment) return { ok: true, contract };
  const field = record.service === service ? 'environment' : 'service';
  const place = `${record.service} → ${record.environment}`;
  return {
    ok: false,
    problems: {
      [field]: `Contract ${id} is for ${place}. Choose that, or close this and ask without it: /deploy.`,
    },
  };
}
