/** Between JSON as CI writes it and the domain's own types. */

import type { Artifact, ArtifactRefusal } from '../../policy/artifacts.ts';
import { countsUntil, type GateReport, judgeGate } from '../../policy/gates.ts';
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
    ...given({ tag, tree, url, checksumVerified, findings }),
    ...(signature === undefined
      ? {}
      : { signature: { verified: signature.verified, ...given({ by: signature.by }) } }),
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
    ...given({ checksum_verified: checksumVerified, scan: findings }),
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
  const { gate, status, tests, percent, findings, sha, url } = body;
  return { gate, status, ...given({ tests, percent, findings, sha, url }), at, by };
}

interface Known {
  gate: Gate | undefined;
  artifact: Artifact | undefined;
  now: Instant;
}

export function gateView(report: GateReport, { gate, artifact, now }: Known): GateView {
  const verdict = gate && judgeGate(gate.rule, report);
  const until = gate && countsUntil(gate, report);
  const why = whyNotCounting(report, artifact, until, now);
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

function whyNotCounting(
  { sha }: GateReport,
  artifact: Artifact | undefined,
  until: Instant | undefined,
  now: Instant,
): string | undefined {
  if (sha !== undefined && artifact !== undefined && sha !== artifact.sha) {
    return `it is about commit ${sha}, and the release is of ${artifact.sha}`;
  }
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

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the fields that are not there. */
function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}
