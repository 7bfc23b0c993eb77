/** What stages that passed teach the judge: written with the commit that ends them, read before the next start. */

import type { Kysely, Transaction } from 'kysely';
import type { Commit } from '../src/conductor/ports/event-store.ts';
import { learn } from '../src/judge/history.ts';
import type { History } from '../src/judge/types.ts';
import type { Tables } from './schema.ts';

export async function historyAt(
  db: Kysely<Tables>,
  { service, environment }: { service: string; environment: string },
): Promise<History> {
  const rows = await db
    .selectFrom('judge_history')
    .select(['metric', 'history'])
    .where('service', '=', service)
    .where('environment', '=', environment)
    .orderBy('metric')
    .execute();
  return Object.fromEntries(rows.map(({ metric, history }) => [metric, JSON.parse(history)]));
}

/** A stage teaches once: with the commit in which it ended. */
export async function writeLessons(
  trx: Transaction<Tables>,
  { after, lessons, at }: Pick<Commit, 'after' | 'lessons' | 'at'>,
): Promise<void> {
  if (lessons === undefined) return;
  const { service, environment } = after.terms.envelope;
  const known = await historyAt(trx, { service, environment });
  const rows = Object.entries(lessons).flatMap(([metric, lesson]) => {
    const history = learn(known[metric], lesson);
    const taught = Object.keys(history).length > 0;
    return taught ? [{ service, environment, metric, history: JSON.stringify(history), at }] : [];
  });
  for (const row of rows)
    await trx
      .insertInto('judge_history')
      .values(row)
      .onConflict((c) =>
        c.columns(['service', 'environment', 'metric']).doUpdateSet({ history: row.history, at }),
      )
      .execute();
}
