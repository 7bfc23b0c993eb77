/** What Slack said about a person. */

import { preparedFirst } from '../prepared.ts';
import type { Db } from '../schema.ts';

export const cachedPerson = preparedFirst((db: Db, id: string) =>
  db.selectFrom('people_cache').select(['json', 'fetched_at']).where('id', '=', id),
);
