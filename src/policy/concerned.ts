/** Whether a change is one of those that an item or a sign-off is for. */

import type { Details } from '../terms/change.ts';
import type { Concerned } from './policy.ts';

export function concerns(
  { deploymentTypes, databases, risks }: Concerned,
  change: Pick<Details, 'deploymentType' | 'database' | 'risk'>,
): boolean {
  return (
    (deploymentTypes?.includes(change.deploymentType) ?? true) &&
    (databases?.includes(change.database) ?? true) &&
    (risks?.includes(change.risk) ?? true)
  );
}
