/** Kinds of change by their names: the three, and those that a team has built on one of them (CH-1, PR-6). */

import { defined } from '../defined.ts';
import { type BaseType, baseOf, CHANGE_TYPES, type Details } from '../terms/change.ts';
import type { ChangeTypePolicy, Policy } from './policy.ts';

type Known = Pick<Policy, 'changeTypes'>;

export const isChangeType = ({ changeTypes }: Known, type: string): boolean =>
  Object.hasOwn(changeTypes, type);

/** What it takes. A kind that the policy does not have, or has no more, takes what a normal change takes: nothing is waived by a name. */
export function changeTypeOf({ changeTypes }: Known, type: string): ChangeTypePolicy {
  return (Object.hasOwn(changeTypes, type) ? changeTypes[type] : undefined) ?? changeTypes.normal;
}

export function baseTypeOf(policy: Known, type: string): BaseType {
  return baseOf({ changeType: type, ...defined({ like: changeTypeOf(policy, type).like }) });
}

/** The details with what their kind is built on, as a request freezes it. */
export function withBase(policy: Known, { like: _like, ...details }: Details): Details {
  return { ...details, ...defined({ like: changeTypeOf(policy, details.changeType).like }) };
}

/** The three first. */
export function changeTypeIds({ changeTypes }: Known): string[] {
  return [...new Set([...CHANGE_TYPES, ...Object.keys(changeTypes)])];
}
