/** Charts that have to be looked at. */

import type { Instant } from '../../src/time.ts';
import { prepared, preparedFirst } from '../prepared.ts';
import type { Db } from '../schema.ts';

export const dueCharts = prepared((db: Db, now: Instant, limit: number) =>
  db.selectFrom('charts').selectAll().where('next_at', '<=', now).orderBy('next_at').limit(limit),
);

export const chartOf = preparedFirst((db: Db, deployment: string, stage: number) =>
  db.selectFrom('charts').selectAll().where('deployment', '=', deployment).where('stage', '=', stage),
);

export const nextChart = preparedFirst((db: Db) =>
  db.selectFrom('charts').select('next_at as at').where('next_at', '>=', 0).orderBy('next_at').limit(1),
);
