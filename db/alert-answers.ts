/** Answers in the threads of alerts: one for each alert, whatever is delivered twice. */

import type { Kysely, Selectable } from 'kysely';
import type {
  AlertAnswer,
  AlertAnswerStore,
  AnswerLimit,
} from '../src/conductor/ports/alert-answer-store.ts';
import { canonicalJson } from '../src/deployment/canonical-json.ts';
import type { PersonRef } from '../src/terms/person.ts';
import type { Instant } from '../src/time.ts';
import type { Connection } from './connection.ts';
import type { AlertAnswersTable, Tables } from './schema.ts';

type Place = Pick<AlertAnswer, 'channel' | 'ts'>;

export class SqlAlertAnswers implements AlertAnswerStore {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async claim(answer: AlertAnswer, at: Instant, limits: readonly AnswerLimit[] = []): Promise<boolean> {
    const { channel, ts, service, suspects, reason } = answer;
    return this.#connection.transaction(async (db) => {
      const covered = await isCovered(db, answer, at, limits);
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('alert_answers')
        .values({
          channel,
          ts,
          at,
          service,
          suspects: JSON.stringify(suspects),
          reason: reason ?? null,
          covered: Number(covered),
        })
        .onConflict((c) => c.columns(['channel', 'ts']).doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n && !covered;
    });
  }

  async answered({ channel, ts }: Place, answerTs: string): Promise<void> {
    await this.#connection.transaction((db) =>
      db
        .updateTable('alert_answers')
        .set({ answer_ts: answerTs })
        .where('channel', '=', channel)
        .where('ts', '=', ts)
        .execute(),
    );
  }

  async release({ channel, ts }: Place): Promise<void> {
    await this.#connection.transaction((db) =>
      db.deleteFrom('alert_answers').where('channel', '=', channel).where('ts', '=', ts).execute(),
    );
  }

  async find(channel: string, answerTs: string): Promise<AlertAnswer | undefined> {
    const row = await this.#connection.run((db) =>
      db
        .selectFrom('alert_answers')
        .selectAll()
        .where('channel', '=', channel)
        .where('answer_ts', '=', answerTs)
        .executeTakeFirst(),
    );
    return row && answerOf(row);
  }

  async to(channel: string, ts: string): Promise<AlertAnswer | undefined> {
    const row = await this.#connection.run((db) =>
      db
        .selectFrom('alert_answers')
        .selectAll()
        .where('channel', '=', channel)
        .where('ts', '=', ts)
        .executeTakeFirst(),
    );
    return row && answerOf(row);
  }

  async notADeployment({ channel, ts }: Place, by: PersonRef, at: Instant): Promise<void> {
    await this.#connection.transaction((db) =>
      db
        .updateTable('alert_answers')
        .set({ not_a_deployment: canonicalJson(by), said_at: at })
        .where('channel', '=', channel)
        .where('ts', '=', ts)
        .where('not_a_deployment', 'is', null)
        .execute(),
    );
  }
}

/** Whether others about the same were answered so lately that this one needs no answer of its own. */
async function isCovered(
  db: Kysely<Tables>,
  { channel, service }: AlertAnswer,
  at: Instant,
  limits: readonly AnswerLimit[],
): Promise<boolean> {
  for (const { answers, within } of limits) {
    const lately = await db
      .selectFrom('alert_answers')
      .select('at')
      .where('channel', '=', channel)
      .where('service', '=', service)
      .where('covered', '=', 0)
      .where('at', '>', at - within)
      .limit(answers)
      .execute();
    if (lately.length >= answers) return true;
  }
  return false;
}

const answerOf = (row: Selectable<AlertAnswersTable>): AlertAnswer => ({
  channel: row.channel,
  ts: row.ts,
  service: row.service,
  suspects: JSON.parse(row.suspects) as AlertAnswer['suspects'],
  ...(row.reason === null ? {} : { reason: row.reason }),
  ...(row.not_a_deployment === null ? {} : { notADeployment: JSON.parse(row.not_a_deployment) as PersonRef }),
});
