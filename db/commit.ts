/** The one transaction: the request's name, the row, the events, the effects and the messages that must show them. */

import type { Insertable, Kysely, Transaction } from 'kysely';
import type { Commit } from '../src/conductor/ports/event-store.ts';
import { AlreadyHandled, LostRace, Occupied } from '../src/conductor/ports/faults.ts';
import { canonicalJson } from '../src/deployment/canonical-json.ts';
import { isCommand, laneOf } from '../src/deployment/command-effects.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { messageKey } from '../src/deployment/effects.ts';
import { LIVE, TERMINAL } from '../src/deployment/lifecycle.ts';
import { asRecorded } from '../src/deployment/rollout/watch.ts';
import type { Instant } from '../src/time.ts';
import type { Connection } from './connection.ts';
import { numberOf, placeOf, rowOf, waitingIn } from './deployment-row.ts';
import { genesis, linkHash, published } from './hash-chain.ts';
import { writeLessons } from './judge-history.ts';
import { writeWatch } from './measure.ts';
import { prepared, preparedFirst } from './prepared.ts';
import { handled, wakeRelease } from './queries/deployments.ts';
import { RANKS } from './queries/lanes.ts';
import { rankOf } from './queries/live-messages.ts';
import {
  AT_ONCE,
  type DeploymentsTable,
  type EventsTable,
  type InboxTable,
  type LiveMessagesTable,
  type Tables,
  type WaitingPeopleTable,
} from './schema.ts';
import { type Change, type Checkpoint, seal } from './seal.ts';
import { versionOf } from './upcast.ts';

type Db = Kysely<Tables>;
type Trx = Transaction<Tables>;

/** Answers with the checkpoint of the record that its events made. */
export async function commit(connection: Connection, request: Commit): Promise<string> {
  const { id, seq } = request.after;
  const expected = seq - request.events.length;
  if (request.events.length === 0 || expected < 0) {
    throw new Error(`a commit of ${request.events.length} events cannot bring ${id} to ${seq}`);
  }
  const fresh: string[] = [];
  const writing = connection.transaction(async (trx) => {
    await rememberDelivery(trx, request);
    const events = chained(request, await headOf(trx, id, expected));
    const checkpoint = await seal(trx, connection.sealing, [changeOf(request, events, expected)]);
    await writeRow(trx, connection, request, expected, checkpoint);
    for (const event of events) await insertEvent(trx, event);
    await writeWatch(trx, request);
    await writeLessons(trx, request);
    await tellOthers(trx, request);
    await writeWaiting(trx, request, connection.kept.at(id, expected), expected);
    await writeEffects(trx, request, checkpoint);
    fresh.push(...(await wantMessages(trx, request, connection.now())));
    await wantCharts(trx, request);
    // Before it is committed: whoever reads their rows in the same moment knows that nobody can have sent them.
    for (const key of fresh) connection.unsent.add(id, key);
    connection.hooks?.point(`commit:before:${id}:${seq}`);
    return published(checkpoint);
  });
  const checkpoint = await writing.catch((error: unknown) => {
    for (const key of fresh) connection.unsent.delete(id, key);
    throw error;
  });
  connection.kept.wrote(request.after);
  connection.hooks?.point(`commit:after:${id}:${seq}`);
  return checkpoint;
}

const insertEvent = prepared((db: Db, event: Insertable<EventsTable>) =>
  db.insertInto('events').values(event),
);

const insertDelivery = prepared((db: Db, delivery: Insertable<InboxTable>) =>
  db
    .insertInto('inbox')
    .values(delivery)
    .onConflict((c) => c.column('key').doNothing()),
);

async function rememberDelivery(trx: Trx, { inboxKey, after, at }: Commit): Promise<void> {
  if (inboxKey === undefined) return;
  const { numAffectedRows } = await insertDelivery(trx, { key: inboxKey, deployment: after.id, at });
  if (numAffectedRows === 1n) return;
  const first = await handled(trx, inboxKey).executeTakeFirstOrThrow();
  throw new AlreadyHandled(first.deployment);
}

const lastEvent = preparedFirst((db: Db, id: string) =>
  db
    .selectFrom('events')
    .select(['seq', 'hash'])
    .where('deployment', '=', id)
    .orderBy('seq', 'desc')
    .limit(1),
);

/** The hash that the next event builds on. Where it is missing, the record moved or was never there. */
async function headOf(trx: Trx, id: string, expected: number): Promise<string> {
  const last = await lastEvent(trx, id);
  if ((last?.seq ?? 0) !== expected)
    throw new LostRace(`${id} stands on ${last?.seq ?? 0}, not on ${expected}: load it and decide again`);
  return last?.hash ?? genesis(id);
}

function chained({ after, events, at, by }: Commit, head: string): Insertable<EventsTable>[] {
  const first = after.seq - events.length + 1;
  let prev = head;
  return events.map((body, index) => {
    const seq = first + index;
    const row = {
      deployment: after.id,
      seq,
      type: body.type,
      version: versionOf(body.type),
      at,
      by: canonicalJson(by),
      body: canonicalJson(asRecorded(body)),
    };
    const hash = linkHash({ ...row, prev });
    prev = hash;
    return { ...row, hash };
  });
}

function changeOf({ after }: Commit, events: readonly { hash: string }[], expected: number): Change {
  return {
    stream: 'event',
    subject: after.id,
    seq: after.seq,
    digest: events.at(-1)?.hash ?? '',
    adds: { event: events.length, ...(expected === 0 ? { deployment: 1 } : {}) },
  };
}

/** The row is the lock: it changes only from the seq that was decided on. */
async function writeRow(
  trx: Trx,
  connection: Connection,
  { after, wakeAt }: Commit,
  expected: number,
  checkpoint: Checkpoint,
): Promise<void> {
  try {
    const row = {
      ...rowOf(after, wakeAt),
      ...(TERMINAL.has(after.status) ? { checkpoint: published(checkpoint) } : {}),
    };
    const written = expected === 0 ? await insertRow(trx, row) : await updateRow(trx, row, expected);
    if (written !== 1n) throw new LostRace(`${after.id} moved on from ${expected}: load it and decide again`);
  } catch (error) {
    if (!connection.dialect.isTaken(error, 'deployments', 'occupies')) throw error;
    const { service, environment } = after.terms.envelope;
    throw new Occupied(`another deployment occupies ${placeOf(service, environment)}`, { cause: error });
  }
}

async function insertRow(trx: Trx, row: Insertable<DeploymentsTable>): Promise<bigint | undefined> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('deployments')
    .values(row)
    .onConflict((c) => c.column('id').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows;
}

/** Their id and number stay: naming them would have the database look for rows that refer to the old ones. */
type Changed = Omit<Insertable<DeploymentsTable>, 'id' | 'number' | 'checkpoint' | 'told'>;

const changeRow = prepared((db: Db, id: string, expected: number, changed: Changed) =>
  db.updateTable('deployments').set(changed).where('id', '=', id).where('seq', '=', expected),
);

/** The one in which it ended; remarks come after. */
const endRow = prepared((db: Db, id: string, checkpoint: string) =>
  db
    .updateTable('deployments')
    .set((eb) => ({ checkpoint: eb.fn.coalesce('checkpoint', eb.val(checkpoint)) }))
    .where('id', '=', id),
);

async function updateRow(
  trx: Trx,
  row: Insertable<DeploymentsTable>,
  expected: number,
): Promise<bigint | undefined> {
  const { id, number: _number, checkpoint, ...changed } = row;
  const { numAffectedRows } = await changeRow(trx, id, expected, changed);
  if (checkpoint != null && numAffectedRows === 1n) await endRow(trx, id, checkpoint);
  return numAffectedRows;
}

/** Where it came to its end is an answer to a gate of the same version elsewhere (GT-8). */
async function tellOthers(trx: Trx, { after, events }: Commit): Promise<void> {
  if (!events.some(({ type }) => type === 'verified')) return;
  const { service, version, environment } = after.terms.envelope;
  await wakeRelease(trx, { service, version, outside: environment }, [...LIVE], AT_ONCE).execute();
}

const insertWaiting = prepared((db: Db, row: Insertable<WaitingPeopleTable>) =>
  db.insertInto('waiting_people').values(row),
);

const deleteWaiting = prepared((db: Db, deployment: string, person: string) =>
  db.deleteFrom('waiting_people').where('deployment', '=', deployment).where('person', '=', person),
);

async function writeWaiting(
  trx: Trx,
  { after }: Commit,
  known: Deployment | undefined,
  expected: number,
): Promise<void> {
  const { id } = after;
  const people = waitingIn(after);
  const before = known === undefined ? await waitedFor(trx, id, expected) : waitingIn(known);
  for (const person of before) if (!people.includes(person)) await deleteWaiting(trx, id, person);
  for (const person of people)
    if (!before.includes(person)) await insertWaiting(trx, { deployment: id, person, number: numberOf(id) });
}

async function waitedFor(trx: Trx, id: string, expected: number): Promise<string[]> {
  if (expected === 0) return [];
  const rows = await trx.selectFrom('waiting_people').select('person').where('deployment', '=', id).execute();
  return rows.map(({ person }) => person);
}

async function writeEffects(
  trx: Trx,
  { after, effects, at }: Commit,
  { number: checkpoint }: Checkpoint,
): Promise<void> {
  const rows = effects.filter(isCommand).map((effect, ordinal) => ({
    key: effect.key,
    deployment: after.id,
    kind: effect.kind,
    rank: RANKS[laneOf(effect)],
    effect: canonicalJson(effect),
    created_at: at,
    seq: after.seq,
    ordinal,
    checkpoint,
    next_at: AT_ONCE,
  }));
  if (rows.length === 0) return;
  await trx
    .insertInto('effects')
    .values(rows)
    .onConflict((c) => c.column('key').doNothing())
    .execute();
}

const wantMessage = prepared((db: Db, row: Insertable<LiveMessagesTable>) =>
  db
    .insertInto('live_messages')
    .values(row)
    .onConflict((c) =>
      c.columns(['deployment', 'key']).doUpdateSet((eb) => ({
        // One that waits already has waited since then, for the most urgent of what it tells.
        since: eb
          .case()
          .when('live_messages.next_at', 'is', null)
          .then(eb.ref('excluded.since'))
          .else(eb.ref('live_messages.since'))
          .end(),
        rank: eb
          .case()
          .when(
            eb.or([
              eb('live_messages.next_at', 'is', null),
              eb('live_messages.rank', '>', eb.ref('excluded.rank')),
            ]),
          )
          .then(eb.ref('excluded.rank'))
          .else(eb.ref('live_messages.rank'))
          .end(),
        wanted: eb
          .case()
          .when('live_messages.wanted', '>', eb.ref('excluded.wanted'))
          .then(eb.ref('live_messages.wanted'))
          .else(eb.ref('excluded.wanted'))
          .end(),
        // Slack may have asked us to wait: a new wish does not shorten that.
        next_at: eb
          .case()
          .when('live_messages.given_up_at', 'is not', null)
          .then(null)
          .else(eb.fn.coalesce('live_messages.next_at', eb.val(AT_ONCE)))
          .end(),
      })),
    )
    .returning('since_seq'),
);

/**
 * One statement per message: a burst may name one twice, and two rows of one statement must not meet. Answers with their
 * keys of the new ones. Each may be on its way from `now` on: whoever posts it needs nothing on the disk before.
 */
async function wantMessages(trx: Trx, { after, effects, at }: Commit, now: Instant): Promise<string[]> {
  const fresh: string[] = [];
  for (const effect of effects) {
    if (effect.kind !== 'show') continue;
    const { message, news } = effect;
    const key = messageKey(message);
    const { rows } = await wantMessage(trx, {
      deployment: after.id,
      key,
      rank: rankOf(news, key),
      since: at,
      place: 'user' in message ? message.user : after.terms.details.channel,
      message: canonicalJson(message),
      since_seq: after.seq,
      wanted: after.seq,
      sending_since: now,
      next_at: AT_ONCE,
    });
    if (rows[0]?.since_seq === after.seq) fresh.push(key);
    if (message.kind === 'note') await hasten(trx, after.id, rankOf(news, key));
  }
  return fresh;
}

/** What its thread shows before a line is as urgent as that line, or it would read in another order. */
const hasten = prepared((db: Db, deployment: string, rank: number) =>
  db
    .updateTable('live_messages')
    .set({ rank })
    .where('deployment', '=', deployment)
    .where('rank', '>', rank)
    .where('ts', 'is', null)
    .where('next_at', 'is not', null)
    .where('key', 'not like', 'dm:%')
    .where('key', 'not like', 'nudge:%'),
);

const wantChart = prepared((db: Db, deployment: string, stage: number, wanted: number) =>
  db
    .insertInto('charts')
    .values({ deployment, stage, wanted, next_at: AT_ONCE })
    .onConflict((c) =>
      c.columns(['deployment', 'stage']).doUpdateSet((eb) => ({
        wanted: eb.ref('excluded.wanted'),
        // A chart that waits for Slack goes on waiting.
        next_at: eb.fn.coalesce('charts.next_at', eb.val(AT_ONCE)),
      })),
    ),
);

/** A report that changes may need another chart; whoever draws them decides. */
async function wantCharts(trx: Trx, { after, effects }: Commit): Promise<void> {
  const wanted = after.seq;
  const stages = effects.flatMap((effect) =>
    effect.kind === 'show' && effect.message.kind === 'stage' ? [effect.message.stage] : [],
  );
  for (const stage of new Set(stages)) await wantChart(trx, after.id, stage, wanted);
}
