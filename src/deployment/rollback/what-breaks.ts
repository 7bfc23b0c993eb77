/** What going back does to the database, by what was declared before the start (RB-4). */

import type { Details } from '../../terms/change.ts';
import type { Deployment } from '../deployment.ts';

/** What the old version would meet; undefined where it works with the database as it is. */
const BREAKS: Record<Details['database'], string | undefined> = {
  none: undefined,
  additive: undefined,
  breaking:
    'the old version does not work with the changed database until that is recovered to a point in time, and what was written since is lost with it',
  data_migration:
    'the old version does not understand the migrated data until the reverse script has run, and what it writes before may be lost',
};

/** Where nothing ran before, there is no old version that could meet it. */
export function whatBreaks({ previous, terms }: Deployment): string | undefined {
  return previous === null ? undefined : BREAKS[terms.details.database];
}
