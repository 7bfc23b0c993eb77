/** Every deployment: its events in their chain, what they make of it, the row that lists read, and the seals of its commits. */

import type { Selectable } from 'kysely';
import type { Verification } from '../src/conductor/ports/verification.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { evolve } from '../src/deployment/evolve.ts';
import { messageOf } from '../src/message-of.ts';
import { rowOf } from './deployment-row.ts';
import { eventFrom } from './event-row.ts';
import type { Findings } from './findings.ts';
import { genesis, linkHash } from './hash-chain.ts';
import { prepared, preparedFirst } from './prepared.ts';
import type { Db, DeploymentsTable, EventsTable } from './schema.ts';
import { yieldToOthers } from './yield-to-others.ts';

type EventRow = Selectable<EventsTable>;
type Row = Selectable<DeploymentsTable>;

/** Events read between two breaths, so that a long verification does not stop the process. */
const PAGE = 1_000;

interface Problem {
  seq: number;
  problem: string;
}

export async function verifyDeployments(
  db: Db,
  findings: Findings,
): Promise<{ deployments: number; events: number }> {
  const found = { deployments: await deploymentsIn(db), events: 0 };
  let walk: DeploymentWalk | undefined;
  let after = { deployment: '', seq: 0 };
  const end = (): void => {
    const problem = walk?.end();
    if (walk !== undefined && problem !== undefined) tell(findings, walk.id, problem);
  };
  for (;;) {
    const page = await eventsAfter(db, after);
    for (const event of page) {
      if (walk?.id !== event.deployment) {
        end();
        walk = await walkOf(db, event.deployment);
      }
      walk.take(event);
    }
    found.events += page.length;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    after = last;
    await yieldToOthers();
  }
  end();
  for (const id of await withoutEvents(db)) tell(findings, id, await problemOf(db, id));
  return found;
}

function tell(findings: Findings, id: string, { seq, problem }: Problem): void {
  findings.problem(`${id} #${seq}`, problem);
}

export async function verifyOne(db: Db, id: string): Promise<Verification> {
  const { walk, events } = await walked(db, id);
  const problem = walk.end();
  return problem === undefined ? { ok: true, events } : { ok: false, ...problem };
}

/** What the events of a deployment make of it, where they are whole and sealed, whatever its row says. */
export async function foldOf(db: Db, id: string): Promise<{ state: Deployment } | { problem: string }> {
  return (await walked(db, id)).walk.fold();
}

/** A walk over all events of one, and how many those are. */
async function walked(db: Db, id: string) {
  const walk = await walkOf(db, id);
  const events = await db
    .selectFrom('events')
    .selectAll()
    .where('deployment', '=', id)
    .orderBy('seq')
    .execute();
  for (const event of events) walk.take(event);
  return { walk, events: events.length };
}

async function problemOf(db: Db, id: string): Promise<Problem> {
  return (await walkOf(db, id)).end() ?? { seq: 0, problem: `${id} has no events` };
}

const eventsAfter = (db: Db, { deployment, seq }: { deployment: string; seq: number }) =>
  db
    .selectFrom('events')
    .selectAll()
    .where(({ eb, refTuple, tuple }) => eb(refTuple('deployment', 'seq'), '>', tuple(deployment, seq)))
    .orderBy('deployment')
    .orderBy('seq')
    .limit(PAGE)
    .execute();

async function deploymentsIn(db: Db): Promise<number> {
  const { rows } = await db
    .selectFrom('deployments')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  return rows;
}

/** Deployments of which a row or a seal is left. */
async function withoutEvents(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('deployments')
    .select('id')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('events').select('seq').whereRef('events.deployment', '=', 'deployments.id'))),
    )
    .union(
      db
        .selectFrom('seals')
        .select('subject as id')
        .where('stream', '=', 'event')
        .where(({ not, exists, selectFrom }) =>
          not(exists(selectFrom('events').select('seq').whereRef('events.deployment', '=', 'seals.subject'))),
        ),
    )
    .execute();
  return rows.map(({ id }) => id);
}

const rowOfId = preparedFirst((db: Db, id: string) =>
  db.selectFrom('deployments').selectAll().where('id', '=', id),
);

const sealsOf = prepared((db: Db, id: string) =>
  db
    .selectFrom('seals')
    .select(['seq', 'digest'])
    .where('stream', '=', 'event')
    .where('subject', '=', id)
    .orderBy('seq'),
);

async function walkOf(db: Db, id: string): Promise<DeploymentWalk> {
  const row = await rowOfId(db, id);
  return new DeploymentWalk(id, row, (await sealsOf(db, id)).rows);
}

/** Takes the events of one deployment in their order, and remembers the first thing that does not fit. */
class DeploymentWalk {
  readonly id: string;
  readonly #row: Row | undefined;
  readonly #seals: readonly { seq: number; digest: string }[];
  #sealed = 0;
  #seq = 0;
  #hash: string;
  #state: Deployment | undefined;
  #problem: Problem | undefined;

  constructor(id: string, row: Row | undefined, seals: readonly { seq: number; digest: string }[]) {
    this.id = id;
    this.#row = row;
    this.#seals = seals;
    this.#hash = genesis(id);
  }

  take(event: EventRow): void {
    if (this.#problem !== undefined) return;
    const seq = this.#seq + 1;
    const problem = this.#problemOf(event, seq);
    if (problem === undefined) this.#seq = seq;
    else this.#problem = { seq, problem };
  }

  /** The first event that does not fit, or what stands on them and does not. */
  end(): Problem | undefined {
    if (this.#problem !== undefined) return this.#problem;
    const last = Math.max(this.#row?.seq ?? 0, this.#lastSealed());
    const problem = this.#problemAtTheEnd(last);
    if (problem === undefined) return undefined;
    return { seq: last > this.#seq ? this.#seq + 1 : this.#seq, problem };
  }

  fold(): { state: Deployment } | { problem: string } {
    const problem =
      this.#problem?.problem ?? this.#unsealed(Math.max(this.#row?.seq ?? 0, this.#lastSealed()));
    if (problem !== undefined) return { problem };
    return this.#state === undefined ? { problem: `${this.id} has no events` } : { state: this.#state };
  }

  #problemOf(event: EventRow, seq: number): string | undefined {
    if (event.seq !== seq) return `event ${seq} is missing`;
    const [by, body] = [parsed(event.by), parsed(event.body)];
    if (by === undefined || body === undefined) return `event ${seq} is not JSON any more`;
    if (linkHash({ ...event, prev: this.#hash }) !== event.hash)
      return `event ${seq} is not what was recorded: its hash does not fit`;
    this.#hash = event.hash;
    const seal = this.#seals[this.#sealed];
    if (seal?.seq === seq) {
      if (seal.digest !== event.hash) return `event ${seq} is not the one that was sealed`;
      this.#sealed += 1;
    }
    return this.#replay(event, by, body);
  }

  #replay(event: EventRow, by: object, body: object): string | undefined {
    try {
      this.#state = evolve(this.#state, eventFrom(event, by, body));
      return undefined;
    } catch (error) {
      return `event ${event.seq} cannot follow what was before it: ${messageOf(error)}`;
    }
  }

  #lastSealed(): number {
    return this.#seals.at(-1)?.seq ?? 0;
  }

  #unsealed(last: number): string | undefined {
    if (last > this.#seq) return `event ${this.#seq + 1} is missing: ${this.id} had ${last}`;
    if (this.#lastSealed() !== this.#seq) return `event ${this.#seq} was never sealed`;
    return this.#sealed < this.#seals.length ? 'its seals are not in order' : undefined;
  }

  #problemAtTheEnd(last: number): string | undefined {
    const { id } = this;
    if (last === 0 && this.#seq === 0) return `${id} is not in the record`;
    const unsealed = this.#unsealed(last);
    if (unsealed !== undefined) return unsealed;
    if (this.#row === undefined) return `the row of ${id} is missing`;
    if (this.#row.seq < this.#seq) return `the row of ${id} stands on event ${this.#row.seq} of ${this.#seq}`;
    return this.#state && problemOfRow(this.#row, this.#state);
  }
}

/** The row says nothing but what the events do. */
function problemOfRow(row: Row, state: Deployment): string | undefined {
  const { state: text, ...columns } = rowOf(state, row.wake_at);
  const wrong = Object.entries(columns).find(([column, value]) => row[column as keyof Row] !== value);
  if (wrong !== undefined) return `the ${wrong[0]} in the row of ${row.id} is not what its events say`;
  return row.state === text ? undefined : `the state of ${row.id} is not what its events say`;
}

/** Undefined for what is no JSON, or none that is an object. */
function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Not JSON is an answer here, not a fault: the caller names the event.
    return undefined;
  }
}
