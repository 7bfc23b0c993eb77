/** The demo's CI: tells GoNoGo over its API, as docs/ci.md has it, what a pipeline would of every release of the world. */

import { createHash, createHmac } from 'node:crypto';
import type { DeployBackend, Release, Target } from '../../backends/port.ts';
import { defined } from '../../defined.ts';
import { answeredBy, REHEARSAL_GATE } from '../../policy/gates.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Gate } from '../../terms/requirements.ts';
import { type Clock, type Instant, SECOND } from '../../time.ts';

/** Between two looks at what runs where, in real time. */
const LOOKS_EVERY_MS = SECOND;

export interface DemoPipelineOptions {
  /** Where the API answers. */
  url: string;
  key: { name: string; secret: string };
  policy(): Policy;
  backend: DeployBackend;
  /** The world's, on which it measures. */
  clock: Pick<Clock, 'now'>;
  onFailure(problem: string): void;
}

export interface DemoPipeline {
  /** Tries each version that arrived somewhere since the last look. */
  look(): Promise<void>;
  end(): void;
}

/** Tells at once what is known of what can be deployed, and looks by itself from then on. */
export async function startDemoPipeline(options: DemoPipelineOptions): Promise<DemoPipeline> {
  const { backend, policy, clock, onFailure } = options;
  const began = clock.now();
  const tell = teller(options);
  const places = await simulated(policy(), backend);
  const runs = new Map<Target, string | null>();
  for (const place of places) runs.set(place, (await backend.observe(place)).stable);

  const told = new Set<string>();
  const once = async (path: string, body: object): Promise<void> => {
    const words = JSON.stringify([path, body]);
    if (told.has(words)) return;
    told.add(words);
    await tell(path, body);
  };
  for (const [target, running] of runs)
    for (const release of newerThan(running, await backend.versions(target))) {
      await once('/api/v1/releases', artifactOf(target.service, release));
      for (const gate of asked(policy(), target.environment, 'start'))
        await once('/api/v1/gates', reportOf(target.service, release, gate, began));
    }

  const look = async (): Promise<void> => {
    for (const place of places) {
      const { stable, canary } = await backend.observe(place);
      if (canary !== null || stable === runs.get(place)) continue;
      runs.set(place, stable);
      const release = (await backend.versions(place)).find(({ version }) => version === stable);
      if (release === undefined) continue;
      for (const gate of askedAfter(policy(), place))
        await tell('/api/v1/gates', reportOf(place.service, release, gate, clock.now()));
    }
  };
  const end = every(LOOKS_EVERY_MS, () => look().catch((error: unknown) => onFailure(String(error))));
  return { look, end };
}

/** Where the world knows the service: a policy may name others besides. */
async function simulated({ services }: Policy, backend: DeployBackend): Promise<Target[]> {
  const all = [...services.values()].flatMap(({ name: service, environments }) =>
    environments.map((environment): Target => ({ service, environment })),
  );
  const known = await Promise.allSettled(all.map((place) => backend.observe(place)));
  return all.filter((_, index) => known[index]?.status === 'fulfilled');
}

/** One after the other, so that a slow look is not overtaken by the next. */
function every(pause: number, run: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const next = (): void => {
    if (!ended) timer = setTimeout(() => void run().finally(next), pause).unref();
  };
  next();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

/** `versions` come newest first. */
function newerThan(running: string | null, versions: readonly Release[]): Release[] {
  const at = versions.findIndex(({ version }) => version === running);
  return versions.slice(0, at < 0 ? versions.length : at);
}

/** The gates that an environment asks for there, by themselves or as evidence, and that a pipeline answers. */
function asked(policy: Policy, environment: string, before: 'start' | 'hand_over'): Gate[] {
  const place = policy.environments.find(({ id }) => id === environment);
  if (place === undefined) return [];
  const evidence = policy.checklist.flatMap((item) =>
    item.before === before && place.checklist.includes(item.group) && item.evidence?.kind === 'gate'
      ? [item.evidence.gate]
      : [],
  );
  const ids = new Set([...(before === 'start' ? place.gates : place.handOverGates), ...evidence]);
  return [...ids]
    .filter((id) => answeredBy(id) === undefined && id !== REHEARSAL_GATE)
    .flatMap((id) => policy.gates.get(id) ?? []);
}

/** What can be tried once a version is there: what its hand-over waits for, and what the environment after asks of it. */
function askedAfter(policy: Policy, { service, environment }: Target): Gate[] {
  const all = policy.services.get(service)?.environments ?? [];
  const next = all[all.indexOf(environment) + 1];
  return [
    ...asked(policy, environment, 'hand_over'),
    ...(next === undefined ? [] : asked(policy, next, 'start')),
  ];
}

function artifactOf(service: string, { version, sha, digest, tree, builtAt }: Release): object {
  return {
    service,
    version,
    sha,
    digest,
    ...defined({ tree }),
    tag: `${version}-${sha.slice(0, 7)}`,
    checksum_verified: true,
    signature: { verified: true, by: 'release@acme.example' },
    scan: findingsOf(sha),
    configuration: { schema_validated: true, secrets_found: 0, separate: true },
    at: new Date(builtAt).toISOString(),
  };
}

/** It passes, by figures that differ from release to release. */
function reportOf(
  service: string,
  { version, sha, digest }: Release,
  { id, rule }: Gate,
  at: Instant,
): object {
  const dice = diceOf(`${id} of ${sha}`);
  return {
    service,
    version,
    sha,
    digest,
    gate: id,
    status: 'passed',
    at: new Date(at).toISOString(),
    ...(rule.kind === 'pass_rate' ? { tests: { passed: 90 + dice, failed: 0, skipped: dice % 5 } } : {}),
    ...(rule.kind === 'percent' ? { percent: Math.min(100, rule.atLeast + (dice % 12)) } : {}),
    ...(rule.kind === 'findings' ? { findings: findingsOf(sha) } : {}),
  };
}

function findingsOf(sha: string): object {
  return { critical: 0, high: 0, medium: diceOf(`medium ${sha}`) % 3, low: diceOf(`low ${sha}`) % 7 };
}

/** 0 … 255, always the same for the same words. */
function diceOf(words: string): number {
  return createHash('sha256').update(words).digest()[0] ?? 0;
}

type Tell = (path: string, body: object) => Promise<void>;

function teller({ url, key, onFailure }: DemoPipelineOptions): Tell {
  return async (path, body) => {
    const text = JSON.stringify(body);
    const timestamp = String(Math.floor(Date.now() / SECOND));
    const signature = createHmac('sha256', key.secret)
      .update(`v1:${timestamp}:POST:${path}:${text}`)
      .digest('hex');
    const answer = await fetch(new URL(path, url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-gonogo-key': key.name,
        'x-gonogo-timestamp': timestamp,
        'x-gonogo-signature': `v1=${signature}`,
      },
      body: text,
    });
    if (!answer.ok) onFailure(`${path} answered ${answer.status}: ${await answer.text()}`);
  };
}
