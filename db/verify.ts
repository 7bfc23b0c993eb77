/** Reads the record as an auditor would: does each event carry the hash of the one before, and the row the last? */

import type { Kysely, Selectable } from 'kysely';
import type { Verification, VerifiedRecord } from '../src/conductor/ports.ts';
import type { Connection } from './connection.ts';
import { genesis, linkHash, sealOf } from './hash-chain.ts';
import type { DeploymentsTable, EventsTable, Tables } from './schema.ts';

type EventRow = Selectable<EventsTable>;
type Row = Selectable<DeploymentsTable>;

/** Deployments read between two breaths, so that a long verification does not stop the process. */
const PAGE = 50;

export async function verifyDeployment(connection: Connection, id: string): Promise<Verification> {
  const [events, row] = await connection.snapshot(async (trx) => [
    await trx.selectFrom('events').selectAll().where('deployment', '=', id).orderBy('seq').execute(),
    await trx.selectFrom('deployments').selectAll().where('id', '=', id).executeTakeFirst(),
  ]);
  let prev = genesis(id);
  for (const [index, event] of events.entries()) {
    const problem = problemOfEvent(event, index + 1, prev);
    if (problem !== undefined) return { ok: false, seq: index + 1, problem };
    prev = event.hash;
  }
  const problem = problemOfRow(row, id, events.length, prev);
  if (problem === undefined) return { ok: true, events: events.length };
  // The first event that is missing, where the row knows of more; otherwise the one the row should stand on.
  const missing = row !== undefined && row.seq > events.length;
  return { ok: false, seq: missing ? events.length + 1 : events.length, problem };
}

function problemOfEvent(event: EventRow, expected: number, prev: string): string | undefined {
  if (event.seq !== expected) return `event ${expected} is missing`;
  if (event.prev_hash !== prev) return `event ${expected} does not follow the one before it`;
  const body = parsed(event.body);
  const by = parsed(event.by);
  if (body === undefined || by === undefined) return `event ${expected} is not JSON any more`;
  const { deployment, seq, at } = event;
  if (linkHash({ deployment, seq, at, by, body, prev }) !== event.hash) {
    return `event ${expected} is not what was recorded: its hash does not fit`;
  }
  // The column is a copy, which the hash does not cover.
  if ((body as { type?: unknown }).type !== event.type) {
    return `event ${expected} is filed as ${event.type}, which it is not`;
  }
  return undefined;
}

function problemOfRow(row: Row | undefined, id: string, events: number, head: string): string | undefined {
  if (row === undefined) return events === 0 ? `${id} is not in the record` : `the row of ${id} is missing`;
  if (row.seq > events) return `event ${events + 1} is missing: the row of ${id} stands on ${row.seq}`;
  if (row.seq < events) return `the row of ${id} stands on event ${row.seq} of ${events}`;
  if (sealOf(row.state, head) !== row.seal) return `the state of ${id} is not what was recorded`;
  const state = parsed(row.state) as {
    status?: unknown;
    seq?: unknown;
    terms?: { envelope?: Record<string, unknown> };
  };
  const copies: [string, unknown, unknown][] = [
    ['status', row.status, state.status],
    ['seq', row.seq, state.seq],
    ['service', row.service, state.terms?.envelope?.service],
    ['environment', row.environment, state.terms?.envelope?.environment],
    ['version', row.version, state.terms?.envelope?.version],
  ];
  const wrong = copies.find(([, column, value]) => column !== value);
  return wrong && `the ${wrong[0]} in the row of ${id} is not that of its state`;
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Not JSON is an answer here, not a fault: the caller names the event.
    return undefined;
  }
}

export async function verifyEverything(connection: Connection): Promise<VerifiedRecord> {
  const found: VerifiedRecord = { deployments: 0, events: 0, problems: [] };
  let after = '';
  for (;;) {
    const ids = await connection.run((db) => idsAfter(db, after));
    for (const id of ids) {
      const verification = await verifyDeployment(connection, id);
      found.deployments += 1;
      if (verification.ok) found.events += verification.events;
      else found.problems.push({ deployment: id, seq: verification.seq, problem: verification.problem });
      after = id;
    }
    if (ids.length < PAGE) return found;
    await breath();
  }
}

/** Both tables are asked, so that neither a row nor its events can vanish alone. */
async function idsAfter(db: Kysely<Tables>, after: string): Promise<string[]> {
  const rows = await db
    .selectFrom('deployments')
    .select('id')
    .where('id', '>', after)
    .union(db.selectFrom('events').select('deployment as id').where('deployment', '>', after))
    .orderBy('id')
    .limit(PAGE)
    .execute();
  return rows.map(({ id }) => id);
}

function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
