/** The world of a backend's test, and what is asked of any of them. */

import { expect, type TestContext } from 'vitest';
import {
  BackendError,
  type Commanded,
  type DeployBackend,
  type Observation,
} from '../../../src/backends/port.ts';
import type { BackendStep } from '../../../src/terms/plan.ts';

/** A world of its own for each test, in which `change.previous` has all the traffic. */
export interface BackendSubject {
  backend: DeployBackend;
  /** The version is known to the backend and has no traffic yet; `previous` is not null. */
  change: Commanded & { previous: string };
  /** A second version that could be brought after the first. */
  next: string;
  /** Until the world has followed what it was told. */
  settle(): Promise<void>;
  /** Until it has followed one more part of the way, where it can be looked at meanwhile; settles at last. */
  nextPart?(): Promise<void>;
  /** It knows no shares: a version is replaced whole, and rolls by itself. */
  whole?: true;
  /** How many commands the world has carried out since it began, where that can be counted. */
  carriedOut?(): number | Promise<number>;
  /** The digest that the world was told to run under a version's name, where it can be read there. */
  told?(version: string): string | undefined | Promise<string | undefined>;
  /** Makes the backend unreachable until the returned function is called, where that can be done. */
  breakDown?(): Promise<() => Promise<void>>;
  /** Has every call taken and never answered until the returned function is called, where that can be done. */
  hang?(): Promise<() => Promise<void>>;
  /** Has the next step accepted and not carried out (a crash loop, a quota, a paused rollout), where that can be done. */
  getStuck?(): Promise<void>;
  /** Opens the same world from another process, or as if from one, where that can be done. */
  reopen?(): Promise<DeployBackend>;
  close(): Promise<void>;
}

/** Tests by their titles. */
export type Tests = Record<string, (subject: BackendSubject, context: TestContext) => Promise<void>>;

/** Tells a step, and answers what is seen once the world has come to rest. */
export async function afterStep(
  subject: BackendSubject,
  step: BackendStep,
  key: string,
): Promise<Observation> {
  await subject.backend.apply(subject.change, step, key);
  await subject.settle();
  return subject.backend.observe(subject.change);
}

/** The same of the way back to what ran before. */
export async function afterRollback(subject: BackendSubject): Promise<Observation> {
  const { backend, change } = subject;
  await backend.rollback(change, change.previous, 'back');
  await subject.settle();
  return backend.observe(change);
}

/** Green stands, and has everything. */
export async function moveAll(subject: BackendSubject): Promise<void> {
  await afterStep(subject, { kind: 'stand-up' }, 'green');
  await afterStep(subject, { kind: 'set-weight', percent: 100 }, 'all');
}

/** The step that gives it a share; whole where there are no shares. */
export function give({ whole }: BackendSubject, percent: number): BackendStep {
  return whole ? { kind: 'replace' } : { kind: 'set-weight', percent };
}

export function shareOf({ whole }: BackendSubject, percent: number): number {
  return whole ? 100 : percent;
}

/** What comes after it: another share, or another version where there are no shares. */
export async function laterThan(subject: BackendSubject): Promise<Commanded> {
  return subject.whole ? afterOf(subject) : subject.change;
}

/** The change that brings the next version, as the backend lists it. */
export async function afterOf({ backend, change, next }: BackendSubject): Promise<Commanded> {
  const { sha, digest } = (await backend.versions(change)).find(({ version }) => version === next) ?? change;
  return { ...change, version: next, sha, digest, previous: change.version };
}

/** A version's share of the traffic in percent, wherever it is. */
export function share(observation: Observation, version: string): number {
  if (observation.stable === version) return 100 - observation.weight;
  return observation.canary === version ? observation.weight : 0;
}

/** The backend's error; that it does not fail is a failure of the test. */
export async function failure(attempt: Promise<unknown>): Promise<BackendError> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BackendError);
  if (error instanceof BackendError) return error;
  throw new TypeError('unreachable');
}
