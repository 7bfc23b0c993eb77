/** What runs, as GitHub's deployments say it, and what a run of the workflow means. Pure readings. */

import { z } from 'zod';
import type { BackendStep } from '../../terms/plan.ts';
import type { Instant } from '../../time.ts';
import type { Observation } from '../port.ts';

export const seenSchema = z.object({
  stable: z.string().nullable(),
  canary: z.string().nullable(),
  standby: z.string().nullable(),
  weight: z.number(),
});
export type Seen = z.output<typeof seenSchema>;

/** What a step leaves once its run has succeeded. */
export function after(step: BackendStep, version: string, before: Seen): Seen {
  switch (step.kind) {
    case 'set-weight':
      return share(step.percent, version, before);
    case 'batch':
      return share(Math.floor((100 * step.number) / step.of), version, before);
    case 'replace':
      return { stable: version, canary: null, standby: null, weight: 0 };
    case 'stand-up':
      return [before.stable, before.canary].includes(version) ? before : { ...before, standby: version };
    case 'retire-old':
      return { ...before, standby: null };
  }
}

function share(percent: number, version: string, before: Seen): Seen {
  if (percent < 100)
    return { ...before, canary: version, weight: percent, standby: notIt(before.standby, version) };
  const kept = before.standby === version ? before.stable : before.standby;
  return { stable: version, canary: null, standby: kept === version ? null : kept, weight: 0 };
}

const notIt = (one: string | null, version: string): string | null => (one === version ? null : one);

export const runSchema = z.object({
  id: z.int(),
  run_number: z.int(),
  html_url: z.string(),
  display_title: z.string(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  updated_at: z.string(),
});
export type Run = z.output<typeof runSchema>;

export type Outcome =
  | { kind: 'running' }
  | { kind: 'waiting' }
  | { kind: 'succeeded' }
  | { kind: 'cancelled' }
  /** `words` go behind "run #12 ". */
  | { kind: 'failed'; words: string };

/** What is not certainly a success is none. */
export function outcomeOf({ status, conclusion }: Pick<Run, 'status' | 'conclusion'>): Outcome {
  if (status === 'waiting') return { kind: 'waiting' };
  if (status !== 'completed') return { kind: 'running' };
  if (conclusion === 'success') return { kind: 'succeeded' };
  if (conclusion === 'cancelled') return { kind: 'cancelled' };
  const words: Record<string, string> = {
    failure: 'failed',
    timed_out: 'took too long and was ended',
    startup_failure: 'could not begin: its workflow file is not right',
    action_required: 'asks for somebody to act',
    skipped: 'skipped every job, so nothing was deployed',
    neutral: 'ended without saying whether it worked',
    stale: 'was given up by GitHub',
  };
  return { kind: 'failed', words: words[conclusion ?? ''] ?? `ended as "${conclusion}"` };
}

export const deploymentSchema = z.object({
  id: z.int(),
  sha: z.string(),
  ref: z.string(),
  task: z.string(),
  payload: z.unknown(),
  created_at: z.string(),
  creator: z.object({ login: z.string() }).nullish(),
});
export type GithubDeployment = z.output<typeof deploymentSchema>;

export const statusSchema = z.object({
  state: z.string(),
  created_at: z.string(),
  log_url: z.string().nullish(),
  target_url: z.string().nullish(),
});
export type GithubStatus = z.output<typeof statusSchema>;

/** What GoNoGo writes with each of its deployments. */
const ownPayload = z.object({
  gonogo: z.string(),
  leaves: seenSchema,
  digests: z.record(z.string(), z.string()),
});

export function payloadFor(id: string, leaves: Seen, digests: Readonly<Record<string, string>>): object {
  return { gonogo: id, version: leaves.canary ?? leaves.stable, leaves, digests };
}

/** What one deployment at GitHub says of what runs; `unknown` where it does not say a version. */
export type Said =
  | { kind: 'own'; id: string; seen: Seen; digests: Record<string, string>; at: Instant }
  | { kind: 'version'; seen: Seen; digests: Record<string, string>; at: Instant; by: string }
  | { kind: 'unknown'; at: Instant; by: string };

export function saidBy(
  { payload, ref, creator }: GithubDeployment,
  status: GithubStatus,
  versionOf: (ref: string) => string | undefined,
): Said {
  const content = typeof payload === 'string' ? json(payload) : payload;
  const at = Date.parse(status.created_at);
  const own = ownPayload.safeParse(content).data;
  if (own !== undefined) return { kind: 'own', id: own.gonogo, seen: own.leaves, digests: own.digests, at };
  const by = creator?.login ?? 'somebody';
  const told = z.object({ version: z.string(), digest: z.string().optional() }).safeParse(content).data;
  const version = told === undefined ? versionOf(ref) : (versionOf(told.version) ?? told.version);
  if (version === undefined) return { kind: 'unknown', at, by };
  const digests = told?.digest === undefined ? {} : { [version]: told.digest };
  return {
    kind: 'version',
    seen: { stable: version, canary: null, standby: null, weight: 0 },
    digests,
    at,
    by,
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A payload in words of somebody's own says no version.
    return undefined;
  }
}

/** `https://github.com/o/r/actions/runs/17/job/4` → 17 */
export function runIn({ log_url, target_url }: GithubStatus): number | undefined {
  const found = /\/actions\/runs\/(\d+)/.exec(log_url || target_url || '')?.[1];
  return found === undefined ? undefined : Number(found);
}

/** A status that came after the success says that it does not work: monitoring writes it there. */
export function healthOf(state: string): Observation['health'] {
  if (state === 'success') return 'passing';
  return state === 'failure' || state === 'error' ? 'failing' : 'unknown';
}
