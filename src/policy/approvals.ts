/** Who must say go, and when: by environment, by change type, and by what the change is (CH-1 to CH-4). */

import type { Details } from '../terms/change.ts';
import { changeTypeOf } from './change-types.ts';
import { concerns } from './concerned.ts';
import type { Policy, SignOffRule } from './policy.ts';

export interface ApprovalNeeds {
  /** `none`: nobody is asked · `before`: it waits for them · `afterwards`: it starts without, and owes them. */
  when: 'none' | 'before' | 'afterwards';
  /** Business days between the request and the earliest start. */
  leadTime: number;
  signOffs: { role: string; name: string; quorum: number }[];
}

export type Change = Pick<Details, 'changeType' | 'deploymentType' | 'risk' | 'database'>;

/** Change types matter only where an environment's approval is manual: nothing else has an approver to spare. */
export function approvalFor(policy: Policy, environment: string, change: Change): ApprovalNeeds {
  const place = policy.environments.find(({ id }) => id === environment);
  if (place?.approval !== 'manual') return { when: 'none', leadTime: 0, signOffs: [] };
  const { approval, leadTime, signOffs } = changeTypeOf(policy, change.changeType);
  if (approval === 'none') return { when: 'none', leadTime, signOffs: [] };
  const asked = [...place.signOffs, ...signOffs].filter(({ when = {} }) => concerns(when, change));
  return { when: asked.length === 0 ? 'none' : approval, leadTime, signOffs: named(policy, asked) };
}

/** One line per role: where the environment and the change type both ask for one, the larger quorum counts. */
function named(policy: Policy, rules: readonly SignOffRule[]): ApprovalNeeds['signOffs'] {
  const quorums = new Map<string, number>();
  for (const { role, quorum } of rules) quorums.set(role, Math.max(quorum, quorums.get(role) ?? 0));
  return [...quorums].map(([role, quorum]) => ({ role, quorum, name: policy.roles.get(role)?.name ?? role }));
}
