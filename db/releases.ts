/** What CI says of releases; what changes the picture wakes the deployments it concerns, in the same transaction. */

import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Registered, ReleaseName, ReleaseStore } from '../src/conductor/ports/release-store.ts';
import { canonicalJson } from '../src/deployment/canonical-json.ts';
import { LIVE } from '../src/deployment/lifecycle.ts';
import { type Artifact, type ArtifactRefusal, offer, reportsFromArtifact } from '../src/policy/artifacts.ts';
import { answeredBy, type GateReport } from '../src/policy/gates.ts';
import type { Instant } from '../src/time.ts';
import type { Connection } from './connection.ts';
import { wakeRelease } from './queries/deployments.ts';
import * as queries from './queries/releases.ts';
import { nextNumber } from './queries/sequences.ts';
import { type ArtifactRefusalsTable, AT_ONCE, type Tables } from './schema.ts';
import { nextChange, rowChange, type Sealing, seal } from './seal.ts';
import { artifactSubject } from './streams.ts';

type Trx = Transaction<Tables>;

export class SqlReleases implements ReleaseStore {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async report(of: ReleaseName, report: GateReport, now: Instant): Promise<'new' | 'same' | 'older'> {
    const itself = answeredBy(report.gate);
    if (itself !== undefined) throw new Error(`${report.gate} is answered by the ${itself}, not reported`);
    const { sealing } = this.#connection;
    return this.#connection.transaction((trx) => keepReport(trx, sealing, of, report, now));
  }

  async reports(of: ReleaseName): Promise<GateReport[]> {
    const rows = await this.#connection.run((db) => queries.latestReports(db, of).execute());
    return rows.map(({ report }) => JSON.parse(report) as GateReport);
  }

  register(artifact: Artifact, now: Instant, patterns?: readonly string[]): Promise<Registered> {
    const { sealing } = this.#connection;
    return this.#connection.transaction(async (trx) => {
      const registered = await artifactIn(trx, artifact);
      if (registered === undefined) return create(trx, sealing, artifact, now, patterns);
      const offered = offer(registered, artifact, patterns);
      if (offered.kind === 'refused') return refuse(trx, sealing, registered, artifact, offered.differs, now);
      const judgedAnew = await judgeAnew(trx, sealing, registered, artifact, now, patterns);
      if (offered.kind === 'same') return { kind: 'same', artifact: registered, judgedAnew };
      const row = await trx
        .updateTable('artifacts')
        .set({ artifact: canonicalJson(offered.artifact), completed_at: now })
        .where('service', '=', artifact.service)
        .where('version', '=', artifact.version)
        .returningAll()
        .executeTakeFirstOrThrow();
      const subject = artifactSubject(artifact.service, artifact.version);
      const completion = await nextChange(trx, 'artifact', subject);
      await seal(trx, sealing, [rowChange('artifact', subject, completion, row)]);
      for (const report of offered.reports) await keepReport(trx, sealing, artifact, report, now);
      await wakeRelease(trx, artifact, [...LIVE], AT_ONCE).execute();
      return { kind: 'completed', artifact: offered.artifact };
    });
  }

  async newest(service: string): Promise<{ artifact: Artifact; registeredAt: Instant } | undefined> {
    const [row] = await this.#connection.run((db) => queries.newestArtifact(db, service).execute());
    return row && { artifact: JSON.parse(row.artifact) as Artifact, registeredAt: row.registered_at };
  }

  artifact(of: ReleaseName): Promise<Artifact | undefined> {
    return this.#connection.run((db) => artifactIn(db, of));
  }

  async refusals(of: ReleaseName): Promise<ArtifactRefusal[]> {
    const rows = await this.#connection.run((db) => queries.refusalsOf(db, of).execute());
    return rows.map(refusalOf);
  }
}

async function keepReport(
  trx: Trx,
  sealing: Sealing,
  { service, version }: ReleaseName,
  report: GateReport,
  now: Instant,
): Promise<'new' | 'same' | 'older'> {
  const { gate, sha = '', digest = '', at } = report;
  const key = { service, version, gate, sha, digest };
  const text = canonicalJson(report);
  const beside = await queries.reportsAt(trx, key, at).execute();
  if (beside.some((row) => row.report === text)) return 'same';
  const newest = await queries.newestReport(trx, key).executeTakeFirst();
  const { last: seq } = await nextNumber(trx, 'gate_reports').executeTakeFirstOrThrow();
  const row = await trx
    .insertInto('gate_reports')
    .values({ seq, ...key, at, received_at: now, report: text })
    .returningAll()
    .executeTakeFirstOrThrow();
  await seal(trx, sealing, [rowChange('gate_report', '', seq, row)]);
  if (newest !== undefined && newest.at > at) return 'older';
  await wakeRelease(trx, { service, version }, [...LIVE], AT_ONCE).execute();
  return 'new';
}

/** What the version is called is judged by a rule that may have changed since: only what differs is written. */
async function judgeAnew(
  trx: Trx,
  sealing: Sealing,
  registered: Artifact,
  { by }: Artifact,
  now: Instant,
  patterns?: readonly string[],
): Promise<boolean> {
  const rows = await queries.latestReports(trx, registered).execute();
  const before = rows.map(({ report }) => JSON.parse(report) as GateReport);
  const changed = reportsFromArtifact({ ...registered, at: now, by }, patterns).filter(({ gate, status }) =>
    before.some((one) => one.gate === gate && one.status !== status),
  );
  for (const report of changed) await keepReport(trx, sealing, registered, report, now);
  return changed.length > 0;
}

async function create(
  trx: Trx,
  sealing: Sealing,
  artifact: Artifact,
  now: Instant,
  patterns?: readonly string[],
): Promise<Registered> {
  const { service, version, digest, sha } = artifact;
  const row = await trx
    .insertInto('artifacts')
    .values({ service, version, digest, sha, registered_at: now, artifact: canonicalJson(artifact) })
    .returningAll()
    .executeTakeFirstOrThrow();
  await seal(trx, sealing, [rowChange('artifact', artifactSubject(service, version), 1, row)]);
  for (const report of reportsFromArtifact(artifact, patterns))
    await keepReport(trx, sealing, artifact, report, now);
  return { kind: 'created', artifact };
}

async function refuse(
  trx: Trx,
  sealing: Sealing,
  registered: Artifact,
  { service, version, digest, sha, by }: Artifact,
  differs: string[],
  now: Instant,
): Promise<Registered> {
  const refusal: ArtifactRefusal = { service, version, digest, sha, differs, by, at: now };
  const before = (await queries.refusalsOf(trx, refusal).execute()).map(refusalOf);
  const again = before.some((one) => isSameAttempt(one, refusal));
  if (!again) {
    const { last: seq } = await nextNumber(trx, 'artifact_refusals').executeTakeFirstOrThrow();
    const row = await trx
      .insertInto('artifact_refusals')
      .values({ ...refusal, seq, differs: canonicalJson(differs) })
      .returningAll()
      .executeTakeFirstOrThrow();
    await seal(trx, sealing, [rowChange('artifact_refusal', '', seq, row)]);
    await wakeRelease(trx, refusal, [...LIVE], AT_ONCE).execute();
  }
  return { kind: 'refused', registered, refusal, again };
}

function isSameAttempt(one: ArtifactRefusal, other: ArtifactRefusal): boolean {
  return (
    one.digest === other.digest &&
    one.sha === other.sha &&
    canonicalJson(one.differs) === canonicalJson(other.differs)
  );
}

/** Our own text, written in the same shape: its outline is not described a second time (see `stateOf`). */
async function artifactIn(db: Kysely<Tables>, of: ReleaseName): Promise<Artifact | undefined> {
  const row = await queries.artifactOf(db, of).executeTakeFirst();
  return row && (JSON.parse(row.artifact) as Artifact);
}

function refusalOf({ seq: _, differs, ...row }: Selectable<ArtifactRefusalsTable>): ArtifactRefusal {
  return { ...row, differs: JSON.parse(differs) as string[] };
}
