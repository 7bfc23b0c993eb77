/** By when a deployment must begin that carries out a contract (HO-4). */

import type { ContractTerms } from '../../terms/contract.ts';
import type { Envelope, Start } from '../../terms/envelope.ts';
import { type Instant, moment } from '../../time.ts';
import { canonicalJson } from '../canonical-json.ts';
import { refused } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { Decision } from '../intents.ts';

/** A request that could only begin too late. */
export function contractWindowProblem(
  contract: ContractTerms | undefined,
  start: Start,
  now: Instant,
): Decision | undefined {
  const startBy = contract?.startBy;
  if (contract === undefined || startBy === undefined) return undefined;
  if ((start.kind === 'at' ? start.at : now) <= startBy) return undefined;
  const anew = 'import it under a new id and have that accepted';
  const instead =
    now <= startBy
      ? `Choose an earlier time, or ${anew}.`
      : `That has passed: ${anew}, or ask with /deploy for a deployment without it.`;
  return refused(
    'contract_window',
    `${contract.id}: its window must begin by ${moment(startBy)}. ${instead}`,
  );
}

/** Another start is held to it while there is an earlier one to choose; after that people decide. */
export function revisedWindowProblem(d: Deployment, { start }: Envelope, now: Instant): Decision | undefined {
  const startBy = d.terms.contract?.startBy;
  if (startBy === undefined || now > startBy) return undefined;
  if (canonicalJson(start) === canonicalJson(d.terms.envelope.start)) return undefined;
  return contractWindowProblem(d.terms.contract, start, now);
}

/** Whether it is known, before it has started, that it begins too late. */
export function missesItsWindow({
  terms: {
    contract,
    envelope: { start },
  },
  start: { at: startAt, waiting },
}: Deployment): boolean {
  const planned = startAt ?? (start.kind === 'at' ? start.at : 0);
  return contract?.startBy !== undefined && Math.max(planned, waiting?.until ?? 0) > contract.startBy;
}
