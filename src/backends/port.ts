/** The port of a deploy backend: what drives the traffic of a service from one version to another. */

import type { Finding } from '../adapters/finding.ts';
import type { GateReport } from '../policy/gates.ts';
import type { SmokeResult } from '../policy/smoke.ts';
import type { Changes } from '../terms/changes.ts';
import type { BackendStep, BackendStepKind } from '../terms/plan.ts';
import type { Duration, Instant } from '../time.ts';

export interface Target {
  service: string;
  environment: string;
  /** Nothing is driven there: who observes it puts nothing right and carries nothing on. */
  watchOnly?: true;
}

/** What a deployment brings, as it was signed, and what it replaces. */
export interface Change extends Target {
  version: string;
  /** Full git SHA. */
  sha: string;
  /** `sha256:…` of the artifact: what is told to run is this, not whatever the version's name points to by now. */
  digest: string;
  previous: string | null;
}

/**
 * A change that is commanded. In one place each command of a record has a higher `sequence` than those before it, of
 * whichever deployment they are: once a newer one has come, an older one has no effect any more, whoever sends it (RB-1).
 */
export interface Commanded extends Change {
  /** Whose command it is: its number, and behind the `@` the name of its record, which no other has: `D-1042@mh3kq2x0`. */
  deployment: string;
  sequence: number;
}

/** What a backend can deploy. */
export interface Release {
  /** `v2.1.0` */
  version: string;
  /** Full git SHA. */
  sha: string;
  /** The git tree of that commit, where the backend knows it. */
  tree?: string;
  /** `sha256:…` of the artifact. */
  digest: string;
  builtAt: Instant;
  /** One line about it, e.g. its newest commit. */
  title?: string;
  /** What the backend knows of its gates, where it knows of any. */
  reports?: readonly GateReport[];
}

export interface Observation {
  at: Instant;
  /** The version that has the traffic the canary has not; null where nothing runs. */
  stable: string | null;
  /** The version beside it that has traffic, or is given the first; null where there is none. */
  canary: string | null;
  /** A version that is there, whole and healthy, without traffic: green before its first share, blue after its last. */
  standby?: string | null;
  /** The canary's share in percent, 0 … 100, as it really is. */
  weight: number;
  /** The health check of the newest version with traffic. */
  health: 'passing' | 'failing' | 'unknown';
  /** Digest by version of what runs, where the backend knows it: compared with what was signed. */
  digests?: Readonly<Record<string, string>>;
  /** What the backend's own smoke tests of the newest version found, where it runs any. */
  smoke?: readonly SmokeResult[];
  /** Why the last command was accepted and will not be carried out, in words; a person must decide. */
  problem?: string;
}

/** Something at the backend that does not deploy before it has an answer from here: a job that a protection rule stops. */
export interface WaitingJob {
  /** Given back with the answer. */
  key: string;
  /** Where it would deploy: several where the backend cannot tell which. */
  targets: readonly Target[];
  /**
   * Whose it is: of a step or of a rollback that was commanded here; `overtaken` where another command came after that;
   * `others` where it was not begun from here.
   */
  of: 'step' | 'rollback' | 'overtaken' | 'others';
  /** What it would deploy; unset where that does not follow from its commit alone. */
  sha?: string;
  /** Since when it is known here. */
  at: Instant;
  /** What the settings say of one that no deployment stands for. */
  unknown: 'reject' | 'leave';
}

export interface JobAnswer {
  approve: boolean;
  /** Stands beside it at the backend. */
  comment: string;
}

/** What came over HTTP from the backend's own side. */
export interface Delivery {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

export type Received =
  /** Written down, where it has to be; what happened in these places is worth looking at now. */
  { kind: 'taken'; wake: readonly Target[] } | { kind: 'refused'; status: 400 | 401 | 404; problem: string };

/**
 * Every call is given a signal: once it is aborted the call ends at once and is treated as unreachable. A key outlives a
 * restart of GoNoGo and of the adapter: a repeat of it, however late, has no effect of its own. Nor has a command of a
 * lower sequence than one that its record has told the place already: a process that stood still may send it after a
 * rollback, or after the next deployment. A command is accepted within 30 s or counts as not carried out; that it was accepted says nothing, only what is observed does.
 */
export interface DeployBackend {
  readonly name: string;
  /** The steps it can take; a plan with another is refused at the request. */
  readonly steps: ReadonlySet<BackendStepKind>;
  /** Takes a step. A second call with the same key changes nothing. Resolves when the command is accepted. */
  apply(change: Commanded, step: BackendStep, key: string, signal?: AbortSignal): Promise<void>;
  /** What is true now; reading changes nothing. */
  observe(target: Target, signal?: AbortSignal): Promise<Observation>;
  /** Gives all traffic back to `to`, or takes the new version out where `to` is null. Same rule for the key. */
  rollback(change: Commanded, to: string | null, key: string, signal?: AbortSignal): Promise<void>;
  /** Newest first. */
  versions(target: Target, signal?: AbortSignal): Promise<Release[]>;
  /**
   * Why a plan could not be carried out there, in words, though it has nothing but steps that the backend takes: asked at
   * the request and again at the start. Undefined where it could.
   */
  planProblem?(
    target: Target,
    steps: readonly BackendStep[],
    signal?: AbortSignal,
  ): Promise<string | undefined>;
  /** What lies between two versions, where the backend can tell (K-11); rejects where it does not know one of them. */
  changes?(target: Target, from: string, to: string, signal?: AbortSignal): Promise<Changes>;
  /** Takes what was posted to `/webhooks/<kind>/<name>`; what must not be lost is written down before it resolves. */
  receive?(delivery: Delivery): Promise<Received>;
  /** What waits for an answer, oldest first, as it is written down here: asks no network. */
  waiting?(): WaitingJob[];
  /** Told at least once; rejects where it has to be told again. */
  answer?(key: string, answer: JobAnswer, signal?: AbortSignal): Promise<void>;
  /** Tries what a deployment will need there (credentials, permissions, names) and changes nothing; for `gonogo doctor`. */
  check?(target: Target, signal?: AbortSignal): Promise<Finding[]>;
  /** The program ends: what is open is closed. */
  close?(): Promise<void>;
}

/** A backend's failure. `final`: trying again will not help, a person must decide. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
  readonly final: boolean;
  /** How long the backend asks to be left alone; unset where it asks for nothing. */
  readonly retryAfter: Duration | undefined;

  constructor(
    message: string,
    options: { final: boolean; cause?: unknown; retryAfter?: Duration | undefined },
  ) {
    super(message, { cause: options.cause });
    this.final = options.final;
    this.retryAfter = options.retryAfter;
  }
}
