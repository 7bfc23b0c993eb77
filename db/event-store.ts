/** The record: what happened to every deployment, and where each one is. */

import type {
  Commit,
  EventStore,
  ListFilter,
  Measured,
  Started,
  StartedFilter,
  Wake,
  Woken,
} from '../src/conductor/ports/event-store.ts';
import type { Proof, Verification, VerifiedRecord } from '../src/conductor/ports/verification.ts';
import { defined } from '../src/defined.ts';
import type { Lane } from '../src/deployment/command-effects.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { DeploymentEvent } from '../src/deployment/events.ts';
import { NOT_STARTED, type Status } from '../src/deployment/lifecycle.ts';
import type { History } from '../src/judge/types.ts';
import type { Instant } from '../src/time.ts';
import { commit } from './commit.ts';
import type { Connection } from './connection.ts';
import { listDeployments } from './deployment-list.ts';
import { idOf, numberOf, placeOf, stateOf } from './deployment-row.ts';
import { eventOf } from './event-row.ts';
import { published } from './hash-chain.ts';
import { historyAt } from './judge-history.ts';
import { looksOf, measure } from './measure.ts';
import * as queries from './queries/deployments.ts';
import { nextNumber } from './queries/sequences.ts';
import { AT_ONCE } from './schema.ts';
import { verifyDeployment, verifyEverything } from './verify.ts';

export class SqlEventStore implements EventStore {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async nextId(): Promise<string> {
    const { last } = await this.#connection.run((db) => nextNumber(db).executeTakeFirstOrThrow());
    return idOf(last);
  }

  async load(id: string): Promise<Deployment | undefined> {
    return this.#connection.run((db) => this.#connection.kept.load(db, id));
  }

  async events(id: string, fromSeq = 1): Promise<DeploymentEvent[]> {
    const { rows } = await this.#connection.run((db) => queries.eventsFrom(db, id, fromSeq));
    return rows.map(eventOf);
  }

  commit(request: Commit): Promise<string> {
    return commit(this.#connection, request);
  }

  measure(measured: Measured): Promise<Woken> {
    return measure(this.#connection, measured);
  }

  looks(id: string): ReturnType<EventStore['looks']> {
    return this.#connection.run((db) => looksOf(db, id));
  }

  judgeHistory(place: { service: string; environment: string }): Promise<History> {
    return this.#connection.run((db) => historyAt(db, place));
  }

  async snooze(id: string, seq: number, wakeAt: Instant): Promise<void> {
    await this.#connection.run((db) => queries.snooze(db, id, seq, wakeAt));
  }

  async due(now: Instant, limit: number, lane: Lane): Promise<{ due: Wake[]; next: Instant | undefined }> {
    const { rows } = await this.#connection.run((db) => queries.due[lane](db, now, limit));
    const due = rows
      .filter(({ at }) => at <= now)
      .map(({ id, told, ...row }) => ({
        id,
        told,
        ...defined({ known: this.#connection.kept.as(id, row) }),
      }));
    return { due, next: rows.find(({ at }) => at > now)?.at };
  }

  async heard({ id, told }: Wake): Promise<void> {
    await this.#connection.run((db) => queries.heard(db, id, told));
  }

  async wakeNotStarted(): Promise<void> {
    await this.#connection.run((db) => queries.wakeNotStarted(db, [...NOT_STARTED], AT_ONCE).execute());
  }

  async latestAt(): Promise<Instant | undefined> {
    const row = await this.#connection.run((db) => queries.latest(db));
    return row?.at;
  }

  async occupant(service: string, environment: string): Promise<Deployment | undefined> {
    const place = placeOf(service, environment);
    return this.#connection.snapshot(async (db) => {
      const row = await queries.occupant(db, place);
      return row && this.#connection.kept.load(db, row.id);
    });
  }

  list(filter: ListFilter): Promise<Deployment[]> {
    return this.#connection.snapshot((db) => listDeployments(db, filter, this.#connection.kept));
  }

  async handled(inboxKey: string): Promise<string | undefined> {
    const row = await this.#connection.run((db) => queries.handled(db, inboxKey).executeTakeFirst());
    return row?.deployment;
  }

  async started({ after, ...filter }: StartedFilter): Promise<Started[]> {
    const from = after && { startedAt: after.startedAt, number: numberOf(after.id) };
    const rows = await this.#connection.run((db) =>
      queries.startedIn(db, { ...filter, ...defined({ after: from }) }).execute(),
    );
    return rows.map(({ started_at: startedAt, registered_at: builtAt, ...row }) => ({
      deployment: stateOf(row),
      startedAt,
      ...defined({ builtAt: builtAt ?? undefined }),
    }));
  }

  async inEnvironment(
    environment: string,
    services: Iterable<string>,
    statuses: Iterable<Status>,
  ): Promise<Deployment[]> {
    const rows = await this.#connection.run((db) =>
      queries.inEnvironment(db, environment, [...services], [...statuses]).execute(),
    );
    return rows.sort((a, b) => b.number - a.number).map(stateOf);
  }

  async underContract(contract: string): Promise<Deployment | undefined> {
    const row = await this.#connection.run((db) => queries.underContract(db, contract).executeTakeFirst());
    return row && stateOf(row);
  }

  verify(id: string): Promise<Verification> {
    return verifyDeployment(this.#connection, id);
  }

  verifyAll(proof?: Proof): Promise<VerifiedRecord> {
    return verifyEverything(this.#connection, proof);
  }

  async checkpoint(): Promise<string> {
    const row = await this.#connection.run((db) =>
      db.selectFrom('checkpoint').select(['number', 'hash']).where('id', '=', 1).executeTakeFirstOrThrow(),
    );
    return published(row);
  }

  async endedIn(id: string): Promise<string | undefined> {
    const row = await this.#connection.run((db) =>
      db.selectFrom('deployments').select('checkpoint').where('id', '=', id).executeTakeFirst(),
    );
    return row?.checkpoint ?? undefined;
  }
}
