/** What makes a deployment somebody's own: nobody approves what is (CH-6). */

import type { Deployment } from '../deployment.ts';
import { BOUND_FIELDS, type BoundField } from '../request/envelope.ts';

export const BOUND_FIELD_NAMES: Record<BoundField, string> = {
  version: 'version',
  plan: 'plan',
  start: 'start',
  changeType: 'change type',
  deploymentType: 'deployment type',
  risk: 'risk',
  database: 'change of the database',
  compatible: 'compatible versions',
  reverseScript: 'reverse script',
  contract: 'contract',
};

export type Own = { kind: 'requested' | 'leads' | 'led' } | { kind: 'wrote'; fields: BoundField[] };

type Owned = Pick<Deployment, 'requestedBy' | 'terms' | 'approval'>;

/** Undefined for whoever may sign it, as far as this goes. What was written counts while it is in force. */
export function whyOwn({ requestedBy, terms, approval }: Owned, personId: string): Own | undefined {
  const { led, wrote } = approval.authors;
  if (requestedBy.id === personId) return { kind: 'requested' };
  if (terms.details.lead.id === personId) return { kind: 'leads' };
  if (led.some(({ id }) => id === personId)) return { kind: 'led' };
  const fields = BOUND_FIELDS.filter((field) => wrote[field]?.id === personId);
  return fields.length === 0 ? undefined : { kind: 'wrote', fields };
}

export function isOwn(d: Owned, personId: string): boolean {
  return whyOwn(d, personId) !== undefined;
}

/** `you lead it`, `Tom wrote its version, risk`; not escaped. */
export function ownWords(own: Own, name?: string): string {
  const who = name ?? 'you';
  switch (own.kind) {
    case 'requested':
      return `${who} asked for it`;
    case 'leads':
      return name === undefined ? 'you lead it' : `${name} leads it`;
    case 'led':
      return `${who} led it before`;
    case 'wrote':
      return `${who} wrote its ${own.fields.map((field) => BOUND_FIELD_NAMES[field]).join(', ')}`;
  }
}
