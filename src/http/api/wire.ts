/** Between JSON as CI writes it and the domain's own types. */

import { defined } from '../../defined.ts';
import type { Artifact, ArtifactRefusal } from '../../policy/artifacts.ts';
import { type Build, countsUntil, type GateReport, isAbout, judgeGate } from '../../policy/gates.ts';
import type { Gate } from '../../terms/requirements.ts';
import type { Instant } from '../../time.ts';
import type { GateBody, GateView, KnownView, ReleaseBody, ReleaseView } from './schemas.ts';

export function artifactOf(body: ReleaseBody, at: Instant, by: string): Artifact {
  const { checksum_verified: checksumVerified, scan: findings, configuration, signature } = body;
  const { service, version, sha, digest, tag, tree, url } = body;
  return {
    service,
    version,
    sha,
    digest,
    ...defined({ tag, tree, url, checksumVerified, findings }),
    ...(signature === undefined
      ? {}
      : { signature: { verified: signature.verified, ...defined({ by: signature.by }) } }),
    ...(configuration === undefined
      ? {}
      : {
          configuration: {
            schemaValidated: configuration.schema_validated,
            secretsFound: configuration.secrets_found,
            separate: configuration.separate,
          },
        }),
    at,
    by,
  };
}

export function releaseView(artifact: Artifact): ReleaseView {
  const { checksumVerified, findings, configuration, at, ...same } = artifact;
  return {
    ...same,
    ...defined({ checksum_verified: checksumVerified, scan: findings }),
    ...(configuration === undefined
      ? {}
      : {
          configuration: {
            schema_validated: configuration.schemaValidated,
            secrets_found: configuration.secretsFound,
            separate: configuration.separate,
          },
        }),
    at: iso(at),
  };
}

export function reportOf(body: GateBody, at: Instant, by: string): GateReport {
  const { gate, status, tests, percent, findings, sha, digest, url } = body;
  return { gate, status, ...defined({ tests, percent, findings, sha, digest, url }), at, by };
}

interface Known {
  gate: Gate | undefined;
  /** What the version is built from: the registered artifact, or all that is known where there is none. */
  builds: readonly Build[];
  /** Whether it is the one that counts of its gate, as a deployment takes it. */
  isNewest: boolean;
  now: Instant;
}

export function gateView(report: GateReport, { gate, builds, isNewest, now }: Known): GateView {
  const verdict = gate && judgeGate(gate.rule, report);
  const until = gate && countsUntil(gate, report);
  const why =
    whyNotAbout(report, builds) ?? (isNewest ? tooOld(until, now) : 'a later report of this gate counts');
  return {
    ...report,
    name: gate?.name ?? null,
    verdict: verdict === undefined ? null : verdict.passed ? 'passed' : 'failed',
    says: why ?? verdict?.says ?? null,
    counts: why === undefined,
    counts_until: until === undefined ? null : iso(until),
    at: iso(report.at),
  };
}

function whyNotAbout(report: GateReport, builds: readonly Build[]): string | undefined {
  if (builds.some((build) => isAbout(report, build))) return undefined;
  const { sha, digest } = report;
  const others = builds.filter((build) => sha === undefined || build.sha === sha);
  return others.length === 0
    ? `it is about commit ${sha}, and the release is of ${builds.map((build) => build.sha).join(' or ')}`
    : `it is about the artifact ${digest}, and the release is ${others.map((build) => build.digest).join(' or ')}`;
}

function tooOld(until: Instant | undefined, now: Instant): string | undefined {
  return until !== undefined && until <= now ? `it is too old: it counted until ${iso(until)}` : undefined;
}

export function refusalView({
  digest,
  sha,
  differs,
  by,
  at,
}: ArtifactRefusal): KnownView['refusals'][number] {
  return { digest, sha, differs, by, at: iso(at) };
}

export function iso(at: Instant): string {
  return new Date(at).toISOString();
}
