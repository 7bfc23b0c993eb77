/** Answers in the threads of alerts: one for each alert, whatever is delivered twice. */

import type { Selectable } from 'kysely';
import type { AlertAnswer, AlertAnswerStore } from '../src/conductor/ports/alert-answer-store.ts';
import { canonicalJson } from '../src/deployment/canonical-json.ts';
import type { PersonRef } from '../src/terms/person.ts';
import { type Instant, SECOND } from '../src/time.ts';
import type { Connection } from './connection.ts';
import type { AlertAnswersTable } from './schema.ts';

type Place = Pick<AlertAnswer, 'channel' | 'ts'>;

export class SqlAlertAnswers implements AlertAnswerStore {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async claim({ channel, ts, service, suspects, reason }: AlertAnswer, at: Instant): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#connection.transaction((db) =>
      db
        .insertInto('alert_answers')
        .values({ channel, ts, at, service, suspects: JSON.stringify(suspects), reason: reason ?? null })
        .onConflict((c) => c.columns(['channel', 'ts']).doNothing())
        .executeTakeFirstOrThrow(),
    );
    return numInsertedOrUpdatedRows === 1n;
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

  async recent(channel: string, service: string, since: Instant): Promise<number> {
    const { count } = await this.#connection.run((db) =>
      db
        .selectFrom('alert_answers')
        .select((eb) => eb.fn.countAll<number | string>().as('count'))
        .where('channel', '=', channel)
        // Slack's ts are seconds first: the key is walked from there, and ends before names of other kinds.
        .where('ts', '>=', String(Math.floor(since / SECOND)))
        .where('ts', '<', ':')
        .where('service', '=', service)
        .executeTakeFirstOrThrow(),
    );
    return Number(count);
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

const answerOf = (row: Selectable<AlertAnswersTable>): AlertAnswer => ({
  channel: row.channel,
  ts: row.ts,
  service: row.service,
  suspects: JSON.parse(row.suspects) as AlertAnswer['suspects'],
  ...(row.reason === null ? {} : { reason: row.reason }),
  ...(row.not_a_deployment === null ? {} : { notADeployment: JSON.parse(row.not_a_deployment) as PersonRef }),
});
