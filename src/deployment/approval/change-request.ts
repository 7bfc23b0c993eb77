/** The change request (CR-n) of a deployment: whether it is missing, and what a new version of it changes (CH-5). */

import {
  CHANGE_REQUEST_PARTS,
  type ChangeRequest,
  type ChangeRequestPart,
} from '../../terms/change-request.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { Deployment } from '../deployment.ts';

export function lacksChangeRequest({
  terms: { requirements },
  evidence: { changeRequest },
}: Deployment): boolean {
  return requirements?.changeRequest === true && changeRequest === undefined;
}

/** Whether its start waits for it: not where it is approved afterwards, since nothing keeps an emergency waiting. */
export function waitsForChangeRequest(d: Deployment): boolean {
  return lacksChangeRequest(d) && d.terms.approval.when !== 'afterwards';
}

/** Who signs what has a change request signs it too: they are asked when it is there, and hear of it until they have answered. */
export function asksApprovers(d: Deployment): boolean {
  return d.approval.askedAt !== undefined || !waitsForChangeRequest(d);
}

/** The parts that read differently now, in their order. */
export function changedParts(before: ChangeRequest, after: ChangeRequest): ChangeRequestPart[] {
  return CHANGE_REQUEST_PARTS.filter((part) => canonicalJson(before[part]) !== canonicalJson(after[part]));
}
