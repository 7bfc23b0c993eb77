/** What machines reported of releases, and which build a version is. */

import { sql } from 'kysely';
import type { ReleaseName } from '../../src/conductor/ports/release-store.ts';
import type { Instant } from '../../src/time.ts';
import type { Db } from '../schema.ts';

/** Reports of one gate about one commit and artifact that were measured at one moment. */
export const reportsAt = (db: Db, of: ReportKey, at: Instant) =>
  reportsOf(db, of).select('report').where('at', '=', at);

/** When the report that counts was measured. */
export const newestReport = (db: Db, of: ReportKey) =>
  reportsOf(db, of).select('at').orderBy('at', 'desc').limit(1);

interface ReportKey extends ReleaseName {
  gate: string;
  /** Empty for none. */
  sha: string;
  digest: string;
}

const reportsOf = (db: Db, { service, version, gate, sha, digest }: ReportKey) =>
  db
    .selectFrom('gate_reports')
    .where('service', '=', service)
    .where('version', '=', version)
    .where('gate', '=', gate)
    .where('sha', '=', sha)
    .where('digest', '=', digest);

/** Of each gate, commit and artifact the report measured last, and of those the one that came last. */
export const latestReports = (db: Db, { service, version }: ReleaseName) =>
  db
    .selectFrom('gate_reports as it')
    .select('it.report')
    .where('it.service', '=', service)
    .where('it.version', '=', version)
    .where(({ eb, exists, not, selectFrom, ref }) =>
      not(
        exists(
          selectFrom('gate_reports as later')
            .select('later.seq')
            .whereRef('later.service', '=', 'it.service')
            .whereRef('later.version', '=', 'it.version')
            .whereRef('later.gate', '=', 'it.gate')
            .whereRef('later.sha', '=', 'it.sha')
            .whereRef('later.digest', '=', 'it.digest')
            .where(eb(sql`(later.at, later.seq)`, '>', sql`(${ref('it.at')}, ${ref('it.seq')})`)),
        ),
      ),
    )
    .orderBy('it.gate')
    .orderBy('it.sha')
    .orderBy('it.digest');

export const artifactOf = (db: Db, { service, version }: ReleaseName) =>
  db.selectFrom('artifacts').select('artifact').where('service', '=', service).where('version', '=', version);

export const newestArtifact = (db: Db, service: string) =>
  db
    .selectFrom('artifacts')
    .select(['artifact', 'registered_at'])
    .where('service', '=', service)
    .orderBy('registered_at', 'desc')
    .orderBy('version', 'desc')
    .limit(1);

export const refusalsOf = (db: Db, { service, version }: ReleaseName) =>
  db
    .selectFrom('artifact_refusals')
    .selectAll()
    .where('service', '=', service)
    .where('version', '=', version)
    .orderBy('seq');
