/** What going back does to the database, by what was declared before the start (RB-4). */

import type { Details } from '../../terms/change.ts';
import { compatibleVersions, reverseScriptOf } from '../../terms/database-plan.ts';
import type { Deployment } from '../deployment.ts';

/** What the old version would meet; undefined where it works with the database as it is. */
const BREAKS: Record<Details['database'], (details: Details) => string | undefined> = {
  none: () => undefined,
  additive: () => undefined,
  breaking: () =>
    'the old version does not work with the changed database until that is recovered to a point in time, and what was written since is lost with it',
  data_migration: (details) =>
    `the old version does not understand the migrated data until the reverse script has run (${reverseScriptOf(details) ?? 'none was named'}), and what it writes before may be lost`,
};

/** Where nothing ran before, there is no old version that could meet it; where it was declared compatible, it works with it. */
export function whatBreaks(d: Deployment): string | undefined {
  const { details } = d.terms;
  if (d.previous === null || isDeclaredCompatible(d) === true) return undefined;
  const says = [outsideWords(d), BREAKS[details.database](details)].filter((one) => one !== undefined);
  return says.length === 0 ? undefined : says.join('; ');
}

/** Whether the version that would come back was said to work with the changed database; undefined where nothing was said. */
export function isDeclaredCompatible({ previous, terms }: Deployment): boolean | undefined {
  return previous === null ? undefined : compatibleVersions(terms.details)?.includes(previous);
}

function outsideWords(d: Deployment): string | undefined {
  if (isDeclaredCompatible(d) !== false) return undefined;
  const declared = compatibleVersions(d.terms.details) ?? [];
  return `${d.previous} is not among the versions that were declared to work with the changed database (${few(declared)})`;
}

const MAX_NAMED = 5;

const few = (versions: readonly string[]): string =>
  versions.length > MAX_NAMED
    ? `${versions.slice(0, MAX_NAMED).join(', ')} and ${versions.length - MAX_NAMED} more`
    : versions.join(', ');
