/** Artifacts: what CI says of the one build of a version, and what stays true of it for ever (GT-3, GT-4). */

import { defined } from '../defined.ts';
import type { Severity } from '../terms/requirements.ts';
import { isTagged } from '../terms/version-pattern.ts';
import type { Instant } from '../time.ts';
import type { GateReport } from './gates.ts';

/** One build of a version. What nobody said is unset, and may be added later; what was said stays. */
export interface Artifact {
  service: string;
  /** `v2.1.0` */
  version: string;
  /** Full git commit, 40 or 64 hexadecimal digits. */
  sha: string;
  /** `sha256:…` of the artifact. */
  digest: string;
  /** Image tag, `v2.1.0-1a2b3c4`. */
  tag?: string;
  /** Git tree of the commit: what was built, whatever the commit is called. */
  tree?: string;
  checksumVerified?: boolean;
  signature?: { verified: boolean; by?: string };
  findings?: Record<Severity, number>;
  configuration?: ArtifactConfiguration;
  /** Where a person reads more. */
  url?: string;
  /** When it was built, as CI says. */
  at: Instant;
  /** The name of the API key that registered it. */
  by: string;
}

export interface ArtifactConfiguration {
  schemaValidated: boolean;
  /** Secrets found in the artifact. */
  secretsFound: number;
  /** It comes from outside the artifact. */
  separate: boolean;
}

/** An attempt to give a version another build, or to say the opposite of what was said of it. */
export interface ArtifactRefusal {
  service: string;
  version: string;
  /** What was offered. */
  digest: string;
  sha: string;
  /** What differs from the registered artifact: `digest`, `signature.verified`. */
  differs: string[];
  by: string;
  at: Instant;
}

/** The gates that an artifact's own facts answer. */
const ARTIFACT_GATES = {
  version: 'artifact_version',
  tag: 'artifact_tag',
  checksum: 'artifact_checksum',
  signature: 'artifact_signature',
  scan: 'artifact_scan',
  configuration: 'configuration',
} as const;

const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const SHORT_SHA = /^[0-9a-f]{7,12}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

export function isFullSha(sha: string): boolean {
  return SHA.test(sha);
}

export function isDigest(digest: string): boolean {
  return DIGEST.test(digest);
}

/**
 * `{version}-{short sha}`, without what an image tag cannot have: build metadata, and the name of the service in
 * `checkout@2.1.0` or `checkout/v2.1.0`. A version that is its commit needs no more.
 */
export function isTagOf(
  tag: string,
  { version, sha }: Pick<Artifact, 'version' | 'sha'>,
  patterns?: readonly string[],
): boolean {
  if (!isTagged(version, patterns)) return false;
  const own = version.replace(/^.*[@/]/, '').split('+', 1)[0] ?? '';
  if (SHORT_SHA.test(own) || isFullSha(own)) return tag === own && sha.startsWith(own);
  const short = tag.slice(own.length + 1);
  return own !== '' && tag.startsWith(`${own}-`) && SHORT_SHA.test(short) && sha.startsWith(short);
}

/**
 * What it says, as reports of the gates above; a fact that nobody gave makes none. `patterns` are how its team tags
 * versions, where the policy says so.
 */
export function reportsFromArtifact(artifact: Artifact, patterns?: readonly string[]): GateReport[] {
  const { sha, digest, at, by, url, signature, findings, configuration } = artifact;
  const about = { sha, digest, at, by, ...defined({ url }) };
  const says = (gate: string, passed: boolean, figures: Pick<GateReport, 'findings'> = {}): GateReport => ({
    gate,
    status: passed ? 'passed' : 'failed',
    ...figures,
    ...about,
  });
  const reports = [says(ARTIFACT_GATES.version, isTagged(artifact.version, patterns))];
  if (artifact.tag !== undefined)
    reports.push(says(ARTIFACT_GATES.tag, isTagOf(artifact.tag, artifact, patterns)));
  if (artifact.checksumVerified !== undefined) {
    reports.push(says(ARTIFACT_GATES.checksum, artifact.checksumVerified));
  }
  if (signature !== undefined) reports.push(says(ARTIFACT_GATES.signature, signature.verified));
  if (findings !== undefined) {
    reports.push(says(ARTIFACT_GATES.scan, findings.critical + findings.high === 0, { findings }));
  }
  if (configuration !== undefined) {
    const { schemaValidated, secretsFound, separate } = configuration;
    reports.push(says(ARTIFACT_GATES.configuration, schemaValidated && separate && secretsFound === 0));
  }
  return reports;
}

export type Offered =
  | { kind: 'same' }
  | { kind: 'completed'; artifact: Artifact; reports: GateReport[] }
  | { kind: 'refused'; differs: string[] };

/** What an offer does to the artifact that is registered for the version: nothing, add what was missing, or clash. */
export function offer(registered: Artifact, offered: Artifact, patterns?: readonly string[]): Offered {
  const known = factsOf(registered);
  const given = [...factsOf(offered)];
  const differs = given.filter(([fact, value]) => known.has(fact) && known.get(fact) !== value);
  if (differs.length > 0) return { kind: 'refused', differs: differs.map(([fact]) => fact) };
  if (given.every(([fact]) => known.has(fact))) return { kind: 'same' };
  const { signature } = offered;
  const { at, by } = registered;
  const artifact = {
    ...registered,
    ...offered,
    ...defined({ signature: signature && { ...registered.signature, ...signature } }),
    at,
    by,
  };
  const said = new Set(reportsFromArtifact(registered, patterns).map(({ gate }) => gate));
  const all = reportsFromArtifact({ ...artifact, at: offered.at, by: offered.by }, patterns);
  return { kind: 'completed', artifact, reports: all.filter(({ gate }) => !said.has(gate)) };
}

type Fact = string | number | boolean;

/** Every single thing that was said of the build; who said it and when is none of them. */
function factsOf(artifact: Artifact): Map<string, Fact> {
  const { sha, digest, tag, tree, checksumVerified, signature, findings, configuration } = artifact;
  const facts: Record<string, Fact | undefined> = {
    digest,
    sha,
    tag,
    tree,
    checksum_verified: checksumVerified,
    'signature.verified': signature?.verified,
    'signature.by': signature?.by,
    'scan.critical': findings?.critical,
    'scan.high': findings?.high,
    'scan.medium': findings?.medium,
    'scan.low': findings?.low,
    'configuration.schema_validated': configuration?.schemaValidated,
    'configuration.secrets_found': configuration?.secretsFound,
    'configuration.separate': configuration?.separate,
  };
  return new Map(Object.entries(facts).filter((entry): entry is [string, Fact] => entry[1] !== undefined));
}
