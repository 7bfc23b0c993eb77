/** Answers in the threads of alerts: one for each alert, whatever is delivered twice. */

import type { Kysely, Selectable } from 'kysely';
import {
  type AlertAnswer,
  type AlertAnswerStore,
  type AnswerLimit,
  type AnswerToSay,
  type BegunRollback,
  type Claim,
  type Pressed,
  SAID_WITHIN,
  type UnsaidAnswer,
  type UnshownDecision,
  WORTH_SAYING_FOR,
} from '../src/conductor/ports/alert-answer-store.ts';
import { canonicalJson } from '../src/deployment/canonical-json.ts';
import type { PersonRef } from '../src/terms/person.ts';
import type { Instant } from '../src/time.ts';
import type { Connection } from './connection.ts';
import { prepared } from './prepared.ts';
import type { AlertAnswersTable, Tables } from './schema.ts';

type Place = Pick<AlertAnswer, 'channel' | 'ts'>;

/** It waits for no disk: a rollback comes after it. */
const decide = prepared((db: Kysely<Tables>, channel: string, ts: string, deciding: string | null) =>
  db.updateTable('alert_answers').set({ deciding }).where('channel', '=', channel).where('ts', '=', ts),
);

export class SqlAlertAnswers implements AlertAnswerStore {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async claim(answer: AnswerToSay, at: Instant, limits: readonly AnswerLimit[] = []): Promise<Claim | false> {
    const { channel, ts, service, suspects, reason, thread, alert } = answer;
    return this.#connection.transaction(async (db) => {
      const covered = await isCovered(db, answer, at, limits);
      const values = {
        service,
        suspects: JSON.stringify(suspects),
        reason: reason ?? null,
        covered: Number(covered),
        claimed_at: at,
        thread: thread ?? null,
        alert: covered || alert === undefined ? null : JSON.stringify(alert),
        asked: Number(alert === undefined),
      };
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('alert_answers')
        .values({ channel, ts, at, ...values })
        .onConflict((c) => c.columns(['channel', 'ts']).doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 1n) return covered ? false : {};
      return takeOver(db, answer, values);
    });
  }

  async answered({ channel, ts }: Place, answerTs: string): Promise<void> {
    await this.#connection.transaction((db) =>
      db
        .updateTable('alert_answers')
        .set({ answer_ts: answerTs, alert: null })
        .where('channel', '=', channel)
        .where('ts', '=', ts)
        .execute(),
    );
  }

  async release({ channel, ts }: Place): Promise<void> {
    await this.#connection.transaction((db) =>
      db
        .updateTable('alert_answers')
        .set({ claimed_at: null })
        .where('channel', '=', channel)
        .where('ts', '=', ts)
        .where('answer_ts', 'is', null)
        .execute(),
    );
  }

  async unsaid(now: Instant): Promise<UnsaidAnswer[]> {
    const rows = await this.#connection.run((db) =>
      unsaidAt(db, now)
        .selectAll()
        .where('claimed_at', '<=', now - SAID_WITHIN)
        .orderBy('at')
        .execute(),
    );
    return rows.map((row) => ({
      ...answerOf(row),
      at: row.at,
      ...(row.thread === null ? {} : { thread: row.thread }),
      ...(row.alert === null ? {} : { alert: JSON.parse(row.alert) as AnswerToSay['alert'] & {} }),
    }));
  }

  async nextUnsaidAt(now: Instant): Promise<Instant | undefined> {
    const row = await this.#connection.run((db) =>
      unsaidAt(db, now)
        .select(({ fn }) => fn.min('claimed_at').as('first'))
        .where('claimed_at', '>', now - SAID_WITHIN)
        .executeTakeFirst(),
    );
    return row?.first == null ? undefined : Number(row.first) + SAID_WITHIN;
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

  async suspected(from: Instant, until: Instant): ReturnType<AlertAnswerStore['suspected']> {
    const rows = await this.#connection.run((db) =>
      db
        .selectFrom('alert_answers')
        .selectAll()
        .where('answer_ts', '>', '')
        .where('asked', '=', 0)
        .where('at', '>=', from)
        .where('at', '<', until)
        .execute(),
    );
    return rows.map(answerOf).filter(({ suspects }) => suspects.length > 0);
  }

  async began({ channel, ts }: Place, deployment: string): Promise<void> {
    await this.#connection.transaction((db) =>
      db
        .updateTable('alert_answers')
        .set({ rolls_back: deployment })
        .where('channel', '=', channel)
        .where('ts', '=', ts)
        .execute(),
    );
  }

  async begun(): Promise<BegunRollback[]> {
    const rows = await this.#connection.run((db) =>
      db
        .selectFrom('alert_answers')
        .select(['channel', 'answer_ts', 'rolls_back'])
        // Any; SQLite reads the whole table for "is not null".
        .where('rolls_back', '>', '')
        .execute(),
    );
    return rows.flatMap(({ channel, answer_ts: answerTs, rolls_back: deployment }) =>
      answerTs === null || deployment === null ? [] : [{ channel, answerTs, deployment }],
    );
  }

  async ended({ channel, answerTs }: BegunRollback): Promise<void> {
    await this.#connection.transaction((db) =>
      db
        .updateTable('alert_answers')
        .set({ rolls_back: null, deciding: null })
        .where('channel', '=', channel)
        .where('answer_ts', '=', answerTs)
        .execute(),
    );
  }

  async pressed({ channel, ts }: Place, pressed: Pressed): Promise<void> {
    await this.#connection.run((db) => decide(db, channel, ts, canonicalJson(pressed)));
  }

  async unshown(): Promise<UnshownDecision[]> {
    const rows = await this.#connection.run((db) =>
      // Any; SQLite reads the whole table for "is not null".
      db.selectFrom('alert_answers').selectAll().where('deciding', '>', '').execute(),
    );
    return rows.flatMap((row) =>
      row.answer_ts === null || row.deciding === null
        ? []
        : [{ ...answerOf(row), answerTs: row.answer_ts, pressed: JSON.parse(row.deciding) as Pressed }],
    );
  }

  async shown({ channel, ts }: Place): Promise<void> {
    await this.#connection.run((db) => decide(db, channel, ts, null));
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

/** Those that cover an alert were claimed before it; one that was lost covers nobody. */
async function isSaidFor(
  db: Kysely<Tables>,
  { channel, service, at }: Selectable<AlertAnswersTable>,
): Promise<boolean> {
  const said = await db
    .selectFrom('alert_answers')
    .select('ts')
    .where('channel', '=', channel)
    .where('service', '=', service)
    .where('answer_ts', 'is not', null)
    .where('asked', '=', 0)
    .where('at', '>', at - WORTH_SAYING_FOR)
    .limit(1)
    .executeTakeFirst();
  return said !== undefined;
}

type Claimable = Pick<AlertAnswersTable, 'service' | 'suspects' | 'reason' | 'thread' | 'alert'> & {
  covered: number;
  asked: number;
  claimed_at: Instant;
};

/** What is not said, not being said now, and not covered by what was said. */
async function takeOver(
  db: Kysely<Tables>,
  { channel, ts }: Place,
  values: Claimable,
): Promise<Claim | false> {
  const row = await db
    .selectFrom('alert_answers')
    .selectAll()
    .where('channel', '=', channel)
    .where('ts', '=', ts)
    .executeTakeFirstOrThrow();
  if (row.answer_ts !== null || (row.claimed_at ?? 0) > values.claimed_at - SAID_WITHIN) return false;
  if (row.covered === 1 && (await isSaidFor(db, row))) return false;
  const { numUpdatedRows } = await db
    .updateTable('alert_answers')
    .set(values)
    .where('channel', '=', channel)
    .where('ts', '=', ts)
    .where('answer_ts', 'is', null)
    // Of two who read it at the same time one is first, and the other finds it changed.
    .where('claimed_at', row.claimed_at === null ? 'is' : '=', row.claimed_at)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n && values.covered === 0 && { earlier: row.at };
}

/** Claimed, not known to be said, and still worth it. */
const unsaidAt = (db: Kysely<Tables>, now: Instant) =>
  db
    .selectFrom('alert_answers')
    .where('answer_ts', 'is', null)
    .where('covered', '=', 0)
    .where('at', '>', now - WORTH_SAYING_FOR);

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
      .where('asked', '=', 0)
      .where('at', '>', at - within)
      // What nobody said, and nobody is about to say, covers nothing.
      .where((row) => row.or([row('answer_ts', 'is not', null), row('claimed_at', '>', at - SAID_WITHIN)]))
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
