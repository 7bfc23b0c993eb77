/** The audit trail as plain entries, oldest first: what happened to deployments, and what people and machines did beside them. */

import type { By } from '../src/terms/person.ts';
import type { Instant } from '../src/time.ts';
import type { Connection } from './connection.ts';
import { eventOf } from './event-row.ts';
import type { Db } from './schema.ts';

/** Everything where nothing is named; `until` is not in it. */
export interface Exported {
  deployment?: string;
  from?: Instant;
  until?: Instant;
}

export interface ExportedEntry {
  stream: 'event' | 'calendar' | 'gate_report' | 'artifact_refusal';
  /** `D-1042`, `F-12`, `checkout v2.1.0`. */
  subject: string;
  seq: number;
  at: Instant;
  by: By | { kind: 'api'; name: string };
  what: string;
  facts: Record<string, unknown>;
  /** Of an event; see hash-chain.ts. */
  hash?: string;
}

const PAGE = 500;

/** Page by page, so that a year of record needs no more memory than a day. */
export async function* exportRecord(connection: Connection, which: Exported): AsyncGenerator<ExportedEntry> {
  yield* events(connection, which);
  if (which.deployment !== undefined) return;
  yield* calendar(connection, which);
  yield* gateReports(connection, which);
  yield* artifactRefusals(connection, which);
}

async function* events(connection: Connection, which: Exported): AsyncGenerator<ExportedEntry> {
  let after = { at: which.from ?? 0, deployment: '', seq: 0 };
  for (;;) {
    const page = await connection.run((db) => eventsAfter(db, which, after));
    for (const row of page) {
      const { deployment, seq, at, by, type, ...facts } = eventOf(row);
      yield { stream: 'event', subject: deployment, seq, at, by, what: type, facts, hash: row.hash };
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last;
  }
}

const eventsAfter = (
  db: Db,
  { deployment, until }: Exported,
  after: { at: number; deployment: string; seq: number },
) =>
  db
    .selectFrom('events')
    .selectAll()
    .where(({ eb, refTuple, tuple }) =>
      eb(refTuple('at', 'deployment', 'seq'), '>', tuple(after.at, after.deployment, after.seq)),
    )
    .$if(deployment !== undefined, (q) => q.where('deployment', '=', deployment ?? ''))
    .$if(until !== undefined, (q) => q.where('at', '<', until ?? 0))
    .orderBy('at')
    .orderBy('deployment')
    .orderBy('seq')
    .limit(PAGE)
    .execute();

/** The rows of a table that numbers them, page by page. */
async function* numbered<T extends { seq: number }>(
  connection: Connection,
  read: (db: Db, after: number) => Promise<T[]>,
): AsyncGenerator<T> {
  let after = 0;
  for (;;) {
    const page = await connection.run((db) => read(db, after));
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.seq;
  }
}

async function* calendar(
  connection: Connection,
  { from = 0, until }: Exported,
): AsyncGenerator<ExportedEntry> {
  const rows = numbered(connection, (db, after) =>
    db
      .selectFrom('calendar_log')
      .selectAll()
      .where('seq', '>', after)
      .where('at', '>=', from)
      .$if(until !== undefined, (q) => q.where('at', '<', until ?? 0))
      .orderBy('seq')
      .limit(PAGE)
      .execute(),
  );
  for await (const { subject, seq, at, by, what, why, body } of rows)
    yield {
      stream: 'calendar',
      subject,
      seq,
      at,
      by: JSON.parse(by) as By,
      what,
      facts: { why, body: JSON.parse(body) as unknown },
    };
}

async function* gateReports(
  connection: Connection,
  { from = 0, until }: Exported,
): AsyncGenerator<ExportedEntry> {
  const rows = numbered(connection, (db, after) =>
    db
      .selectFrom('gate_reports')
      .selectAll()
      .where('seq', '>', after)
      .where('received_at', '>=', from)
      .$if(until !== undefined, (q) => q.where('received_at', '<', until ?? 0))
      .orderBy('seq')
      .limit(PAGE)
      .execute(),
  );
  for await (const { service, version, seq, gate, received_at: at, report } of rows) {
    const facts = JSON.parse(report) as Record<string, unknown>;
    const by = { kind: 'api', name: String(facts.by) } as const;
    yield { stream: 'gate_report', subject: `${service} ${version}`, seq, at, by, what: gate, facts };
  }
}

async function* artifactRefusals(
  connection: Connection,
  { from = 0, until }: Exported,
): AsyncGenerator<ExportedEntry> {
  const rows = numbered(connection, (db, after) =>
    db
      .selectFrom('artifact_refusals')
      .selectAll()
      .where('seq', '>', after)
      .where('at', '>=', from)
      .$if(until !== undefined, (q) => q.where('at', '<', until ?? 0))
      .orderBy('seq')
      .limit(PAGE)
      .execute(),
  );
  for await (const { service, version, seq, at, by, digest, sha, differs } of rows)
    yield {
      stream: 'artifact_refusal',
      subject: `${service} ${version}`,
      seq,
      at,
      by: { kind: 'api', name: by },
      what: 'artifact_refused',
      facts: { digest, sha, differs: JSON.parse(differs) as unknown },
    };
}
