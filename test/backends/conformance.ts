/** What every deploy backend must do; an adapter's own test is `testBackend` with a subject of its own. */

import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import {
  BackendError,
  type Commanded,
  type DeployBackend,
  type Observation,
} from '../../src/backends/port.ts';
import type { BackendStep } from '../../src/terms/plan.ts';

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

/** Tests that a subject cannot run, with the reason; a title that no test has is an error. */
export interface Limit {
  reason: string;
  tests: BackendTest[];
}

export type BackendTest = keyof typeof TESTS;

const TESTS = {
  'names itself and says which steps it can take': async ({ backend, whole = false }) => {
    expect(backend.name).toMatch(/^[a-z][a-z-]*$/);
    expect(backend.steps.has(whole ? 'replace' : 'set-weight')).toBe(true);
  },

  'begins with the previous version at all traffic': async ({ backend, change }) => {
    const observation = await backend.observe(change);
    expect(observation).toMatchObject({ stable: change.previous, canary: null, weight: 0 });
    expect(observation.health).toBe('passing');
  },

  'lists versions newest first, each with its SHA and digest': async ({ backend, change, next }) => {
    const releases = await backend.versions(change);
    const names = releases.map(({ version }) => version);
    expect(names).toEqual(expect.arrayContaining([change.version, change.previous, next]));
    expect(new Set(names).size).toBe(names.length);
    for (const release of releases) {
      expect(release.version).toMatch(/^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/);
      expect(release.sha).toMatch(/^[0-9a-f]{40}$/);
      expect(release.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    }
    const built = releases.map(({ builtAt }) => builtAt);
    expect(built).toEqual([...built].sort((a, b) => b - a));
  },

  'K-11: where it can tell what changed, it counts the same each time, and refuses a version that is not there':
    async ({ backend, change }, context) => {
      const changes = backend.changes ?? context.skip('this backend cannot tell what changed');
      const found = await changes(change, change.previous, change.version);
      expect(found).toMatchObject({ from: change.previous, to: change.version });
      expect(found.commits).toBeGreaterThan(0);
      expect(found.authorCount).toBeGreaterThanOrEqual(found.authors.length);
      expect(await changes(change, change.previous, change.version)).toEqual(found);
      expect((await failure(changes(change, 'v99.98.97', change.version))).message).not.toBe('');
      const back = await changes(change, change.version, change.previous);
      expect(back).toMatchObject({ commits: 0, lost: found.commits });
    },

  'ST-1: a share that was set is observed once it is reached, step after step': async (subject, context) => {
    const { backend, change } = subject;
    if (subject.whole) context.skip('this world knows no shares');
    for (const percent of [5, 25, 75]) {
      await backend.apply(change, { kind: 'set-weight', percent }, `step-${percent}`);
      await subject.settle();
      expect(await backend.observe(change)).toMatchObject({
        stable: change.previous,
        canary: change.version,
        weight: percent,
        health: 'passing',
      });
    }
  },

  'a version with all traffic is the stable one, and nothing is beside it': async (subject) => {
    const { backend, change, next } = subject;
    await backend.apply(change, give(subject, 100), 'all');
    await subject.settle();
    expect(await backend.observe(change)).toMatchObject({ stable: change.version, canary: null, weight: 0 });
    await backend.apply(await afterOf(subject), give(subject, 5), 'next');
    await subject.settle();
    expect(share(await backend.observe(change), next)).toBe(shareOf(subject, 5));
  },

  'a second delivery of a key changes nothing, even after a later command': async (subject) => {
    const { backend, change } = subject;
    await backend.apply(change, give(subject, 5), 'a');
    await subject.settle();
    const later = await laterThan(subject);
    await backend.apply(later, give(subject, 25), 'b');
    await subject.settle();
    await backend.apply(change, give(subject, 5), 'a');
    await subject.settle();
    expect(share(await backend.observe(change), later.version)).toBe(shareOf(subject, 25));
  },

  'a second delivery of a rollback changes nothing of what came after it': async (subject) => {
    const { backend, change } = subject;
    await backend.apply(change, give(subject, 25), 'a');
    await backend.rollback(change, change.previous, 'back');
    await subject.settle();
    await backend.apply(change, give(subject, 5), 'again');
    await subject.settle();
    await backend.rollback(change, change.previous, 'back');
    await subject.settle();
    expect(share(await backend.observe(change), change.version)).toBe(shareOf(subject, 5));
  },

  'RB-1: an older command has no effect once a newer one has come to its place, whichever process tells it':
    async (subject) => {
      const { backend, change } = subject;
      const numbered = (sequence: number, deployment = 'D-7@one') => ({ ...change, deployment, sequence });
      await backend.apply(numbered(8), give(subject, 5), 'a');
      await subject.settle();
      // The process that was to tell the step of number 9 stands still before it has told anybody.
      await backend.rollback(numbered(12), change.previous, 'back');
      await subject.settle();
      const other = (await subject.reopen?.()) ?? backend;
      await other.apply(numbered(9), give(subject, 25), 'late');
      await subject.settle();
      const back = { stable: change.previous, canary: null, weight: 0 };
      expect(await other.observe(change)).toMatchObject(back);
      await other.apply(numbered(9), give(subject, 25), 'late');
      await subject.settle();
      expect(await other.observe(change)).toMatchObject(back);
      // The next deployment goes on from there, and what its predecessor had still to tell has no effect any more.
      await other.apply(numbered(15, 'D-8@one'), give(subject, 5), 'next');
      await subject.settle();
      await other.rollback(numbered(14), change.previous, 'late back');
      await subject.settle();
      expect(share(await other.observe(change), change.version)).toBe(shareOf(subject, 5));
      // Another record counts from its own beginning.
      await other.rollback(numbered(3, 'D-8@another'), change.previous, 'of another');
      await subject.settle();
      expect(await other.observe(change)).toMatchObject(back);
    },

  'one key is carried out once, however often it is delivered': async (subject, context) => {
    const { backend, change } = subject;
    const carriedOut = subject.carriedOut ?? context.skip('this world does not count what it carries out');
    await Promise.all(Array.from({ length: 5 }, () => backend.apply(change, give(subject, 5), 'same')));
    expect(await carriedOut()).toBe(1);
  },

  'a key is remembered by another process': async (subject, context) => {
    const { backend, change } = subject;
    const reopen = subject.reopen ?? context.skip('this world cannot be opened twice');
    await backend.apply(change, give(subject, 5), 'a');
    await subject.settle();
    const later = await laterThan(subject);
    await backend.apply(later, give(subject, 25), 'b');
    await subject.settle();
    const other = await reopen();
    await other.apply(change, give(subject, 5), 'a');
    await subject.settle();
    expect(share(await other.observe(change), later.version)).toBe(shareOf(subject, 25));
  },

  'RB-3: a rollback gives all traffic back to the old version': async (subject) => {
    const { backend, change } = subject;
    await backend.apply(change, give(subject, 75), 'up');
    await subject.settle();
    await backend.rollback(change, change.previous, 'back');
    await subject.settle();
    expect(await backend.observe(change)).toMatchObject({
      stable: change.previous,
      canary: null,
      weight: 0,
      health: 'passing',
    });
  },

  'ST-2: a version that is brought up stands by whole and without traffic, and then takes its shares': async (
    subject,
    context,
  ) => {
    const { backend, change } = subject;
    if (!backend.steps.has('stand-up')) context.skip('it cannot hold two versions beside each other');
    await backend.apply(change, { kind: 'stand-up' }, 'green');
    await subject.settle();
    expect(await backend.observe(change)).toMatchObject({
      stable: change.previous,
      canary: null,
      standby: change.version,
      weight: 0,
      health: 'passing',
    });
    await backend.apply(change, { kind: 'set-weight', percent: 25 }, 'some');
    await subject.settle();
    expect(share(await backend.observe(change), change.version)).toBe(25);
  },

  'ST-2: the old version stands by until it is retired, and a rollback before that switches back': async (
    subject,
    context,
  ) => {
    const { backend, change } = subject;
    if (!backend.steps.has('stand-up') || !backend.steps.has('retire-old'))
      context.skip('it does not keep the old version');
    await moveAll(subject);
    expect(await backend.observe(change)).toMatchObject({ stable: change.version, standby: change.previous });
    await backend.rollback(change, change.previous, 'back');
    await subject.settle();
    expect(await backend.observe(change)).toMatchObject({ stable: change.previous, canary: null, weight: 0 });
    await subject.settle();
    expect((await backend.observe(change)).standby ?? null).not.toBe(change.previous);
  },

  'ST-2: retiring takes the old version down and moves no traffic, and even then a rollback brings it back':
    async (subject, context) => {
      const { backend, change } = subject;
      if (!backend.steps.has('stand-up') || !backend.steps.has('retire-old'))
        context.skip('it does not keep the old version');
      await moveAll(subject);
      await backend.apply(change, { kind: 'retire-old' }, 'retire');
      await subject.settle();
      const retired = await backend.observe(change);
      expect(retired).toMatchObject({ stable: change.version, canary: null, health: 'passing' });
      expect(retired.standby ?? null).toBeNull();
      await backend.rollback(change, change.previous, 'back');
      await subject.settle();
      expect(await backend.observe(change)).toMatchObject({
        stable: change.previous,
        canary: null,
        weight: 0,
      });
    },

  'ST-3: part after part runs the new version, the last one makes it the only one': async (
    subject,
    context,
  ) => {
    const { backend, change } = subject;
    if (!backend.steps.has('batch')) context.skip('it cannot replace a part');
    await backend.apply(change, { kind: 'batch', number: 1, of: 2 }, 'first');
    await subject.settle();
    const half = await backend.observe(change);
    expect(half).toMatchObject({ stable: change.previous, canary: change.version, health: 'passing' });
    expect(share(half, change.version)).toBeGreaterThanOrEqual(50);
    expect(share(half, change.version)).toBeLessThan(100);
    await backend.apply(change, { kind: 'batch', number: 2, of: 2 }, 'second');
    await subject.settle();
    expect(await backend.observe(change)).toMatchObject({ stable: change.version, canary: null, weight: 0 });
  },

  'ST-3: a part that would leave less than the capacity is not taken out, and it says why': async (
    subject,
    context,
  ) => {
    const { backend, change } = subject;
    if (!backend.steps.has('batch')) context.skip('it cannot replace a part');
    const step: BackendStep = { kind: 'batch', number: 1, of: 2, keep: 75 };
    const refused = await backend.apply(change, step, 'half').then(
      () => undefined,
      (error: unknown) => error,
    );
    await subject.settle();
    const observation = await backend.observe(change);
    expect(observation).toMatchObject({ stable: change.previous, canary: null, weight: 0 });
    const why = refused instanceof BackendError && refused.final ? refused.message : observation.problem;
    expect(why).toMatch(/75 % must/);
    const allowed: BackendStep = { kind: 'batch', number: 1, of: 2, keep: 50 };
    await backend.apply(change, allowed, 'allowed');
    await subject.settle();
    expect(share(await backend.observe(change), change.version)).toBeGreaterThanOrEqual(50);
  },

  'ST-5: a rollback in the middle of the parts rolls those back that have changed': async (
    subject,
    context,
  ) => {
    const { backend, change } = subject;
    if (!backend.steps.has('batch')) context.skip('it cannot replace a part');
    await backend.apply(change, { kind: 'batch', number: 1, of: 2 }, 'first');
    await subject.settle();
    await backend.rollback(change, change.previous, 'back');
    await subject.settle();
    expect(await backend.observe(change)).toMatchObject({ stable: change.previous, canary: null, weight: 0 });
  },

  'ST-3, ST-5: parts go back a few at a time, so that the rest has the capacity that must stay': async (
    subject,
    context,
  ) => {
    const { backend, change } = subject;
    const nextPart = subject.nextPart ?? context.skip('this world is not seen between two parts');
    for (const number of [1, 2, 3, 4]) {
      await backend.apply(change, { kind: 'batch', number, of: 4, keep: 75 }, `part-${number}`);
      await subject.settle();
    }
    expect(await backend.observe(change)).toMatchObject({ stable: change.version, canary: null });
    await backend.rollback(change, change.previous, 'back');
    const left: number[] = [];
    for (let part = 1; part <= 4; part += 1) {
      await nextPart();
      left.push(share(await backend.observe(change), change.version));
    }
    expect(left).toEqual([75, 50, 25, 0]);
    expect(await backend.observe(change)).toMatchObject({ stable: change.previous, canary: null });
  },

  'ST-4: replacing leaves the new version alone, and a rollback deploys the old one again': async (
    subject,
    context,
  ) => {
    const { backend, change } = subject;
    if (!backend.steps.has('replace')) context.skip('it cannot replace everything at once');
    await backend.apply(change, { kind: 'replace' }, 'all');
    await subject.settle();
    expect(await backend.observe(change)).toMatchObject({ stable: change.version, canary: null, weight: 0 });
    await backend.rollback(change, change.previous, 'back');
    await subject.settle();
    expect(await backend.observe(change)).toMatchObject({
      stable: change.previous,
      canary: null,
      weight: 0,
      health: 'passing',
    });
  },

  'RB-3: a rollback works after the new version had all traffic': async (subject) => {
    const { backend, change } = subject;
    await backend.apply(change, give(subject, 100), 'up');
    await subject.settle();
    await backend.rollback(change, change.previous, 'back');
    await subject.settle();
    expect(await backend.observe(change)).toMatchObject({ stable: change.previous, canary: null, weight: 0 });
  },

  'a rollback is accepted while a step is settling, and wins': async (subject) => {
    const { backend, change } = subject;
    await backend.apply(change, give(subject, 50), 'up');
    await backend.rollback(change, change.previous, 'back');
    await subject.settle();
    expect(await backend.observe(change)).toMatchObject({ stable: change.previous, canary: null, weight: 0 });
  },

  'a rollback is remembered by another process': async (subject, context) => {
    const { backend, change } = subject;
    const reopen = subject.reopen ?? context.skip('this world cannot be opened twice');
    await backend.apply(change, give(subject, 25), 'a');
    await backend.rollback(change, change.previous, 'back');
    await subject.settle();
    await backend.apply(change, give(subject, 5), 'again');
    await subject.settle();
    const other = await reopen();
    await other.rollback(change, change.previous, 'back');
    await subject.settle();
    expect(share(await other.observe(change), change.version)).toBe(shareOf(subject, 5));
  },

  'the digest that was signed is what is told, and where it is known, what is observed': async (subject) => {
    const { backend, change } = subject;
    await backend.apply(change, give(subject, 25), 'up');
    await subject.settle();
    const { digests } = await backend.observe(change);
    if (digests?.[change.version] !== undefined) expect(digests[change.version]).toBe(change.digest);
    if (subject.told !== undefined) expect(await subject.told(change.version)).toBe(change.digest);
    // One of the two must be able to say it: else nobody knows what runs.
    expect(digests?.[change.version] ?? subject.told).toBeDefined();
  },

  'a call that was given up before it began ends at once, and tells the world nothing': async (subject) => {
    const { backend, change } = subject;
    const over = AbortSignal.abort();
    const calls = [
      backend.apply(change, give(subject, 25), 'a', over),
      backend.observe(change, over),
      backend.rollback(change, change.previous, 'b', over),
      backend.versions(change, over),
    ];
    for (const { final } of await Promise.all(calls.map(failure))) expect(final).toBe(false);
    await subject.settle();
    expect(share(await backend.observe(change), change.version)).toBe(0);
  },

  'RB-1: a call that hangs ends at once when it is given up, and the same key works afterwards': async (
    subject,
    context,
  ) => {
    const { backend, change } = subject;
    const hang = subject.hang ?? context.skip('this world cannot be made to hang');
    const answerAgain = await hang();
    const giveUp = new AbortController();
    const calls = [
      backend.apply(change, give(subject, 5), 'a', giveUp.signal),
      backend.observe(change, giveUp.signal),
      backend.rollback(change, change.previous, 'b', giveUp.signal),
    ];
    const ended = Promise.all(calls.map(failure));
    await new Promise((resolve) => setImmediate(resolve));
    giveUp.abort();
    expect((await ended).map(({ final }) => final)).toEqual([false, false, false]);
    await answerAgain();
    await backend.rollback(change, change.previous, 'b');
    await backend.apply(change, give(subject, 25), 'c');
    await subject.settle();
    expect(share(await backend.observe(change), change.version)).toBe(shareOf(subject, 25));
  },

  'a command that was accepted and is not carried out is told as a problem, in words': async (
    subject,
    context,
  ) => {
    const { backend, change } = subject;
    const getStuck = subject.getStuck ?? context.skip('this world carries out what it accepts');
    expect((await backend.observe(change)).problem).toBeUndefined();
    await getStuck();
    await backend.apply(change, give(subject, 25), 'stuck');
    await subject.settle();
    expect((await backend.observe(change)).problem).toMatch(/\S{2,} \S+/);
  },

  'observing changes nothing': async (subject) => {
    const { backend, change } = subject;
    await backend.apply(change, give(subject, 25), 'up');
    await subject.settle();
    const { at: _, ...before } = await backend.observe(change);
    const commands = await subject.carriedOut?.();
    for (let times = 0; times < 5; times += 1) await backend.observe(change);
    await backend.versions(change);
    await subject.settle();
    expect(await backend.observe(change)).toMatchObject(before);
    expect(await subject.carriedOut?.()).toBe(commands);
  },

  'an unknown version is refused for good, and nothing moves': async (subject) => {
    const { backend, change } = subject;
    const unknown = { ...change, version: 'v99.98.97' };
    const error = await failure(backend.apply(unknown, give(subject, 5), 'unknown'));
    expect(error.final).toBe(true);
    expect(error.message).toContain('v99.98.97');
    await subject.settle();
    expect(await backend.observe(change)).toMatchObject({ stable: change.previous, canary: null, weight: 0 });
  },

  'a rollback to an unknown version is refused for good': async ({ backend, change }) => {
    const error = await failure(backend.rollback(change, 'v99.98.97', 'unknown'));
    expect(error.final).toBe(true);
  },

  'a backend that does not answer is worth another try, which then works': async (subject, context) => {
    const { backend, change } = subject;
    const breakDown = subject.breakDown ?? context.skip('this world cannot be made unreachable');
    const restore = await breakDown();
    const attempts = [
      backend.apply(change, give(subject, 5), 'a'),
      backend.observe(change),
      backend.rollback(change, change.previous, 'b'),
    ];
    const errors = await Promise.all(attempts.map(failure));
    expect(errors.map(({ final }) => final)).toEqual([false, false, false]);
    await restore();
    await backend.apply(change, give(subject, 5), 'a');
    await subject.settle();
    expect(share(await backend.observe(change), change.version)).toBe(shareOf(subject, 5));
  },
} satisfies Record<string, (subject: BackendSubject, context: TestContext) => Promise<void>>;

export function testBackend(
  name: string,
  makeSubject: () => Promise<BackendSubject>,
  limits: readonly Limit[] = [],
): void {
  describe(`the backend ${name}`, () => {
    let subject: BackendSubject;
    beforeEach(async () => {
      subject = await makeSubject();
    });
    afterEach(async () => {
      await subject.close();
    });
    for (const [title, run] of Object.entries<
      (subject: BackendSubject, context: TestContext) => Promise<void>
    >(TESTS)) {
      const limit = limits.find(({ tests }) => tests.some((test) => test === title));
      it(title, async (context) => {
        if (limit !== undefined) context.skip(limit.reason);
        await run(subject, context);
      });
    }
  });
}

/** Green stands, and has everything. */
async function moveAll(subject: BackendSubject): Promise<void> {
  const { backend, change } = subject;
  await backend.apply(change, { kind: 'stand-up' }, 'green');
  await subject.settle();
  await backend.apply(change, { kind: 'set-weight', percent: 100 }, 'all');
  await subject.settle();
}

/** The step that gives it a share; whole where there are no shares. */
export function give({ whole }: BackendSubject, percent: number): BackendStep {
  return whole ? { kind: 'replace' } : { kind: 'set-weight', percent };
}

export function shareOf({ whole }: BackendSubject, percent: number): number {
  return whole ? 100 : percent;
}

/** What comes after it: another share, or another version where there are no shares. */
async function laterThan(subject: BackendSubject): Promise<Commanded> {
  return subject.whole ? afterOf(subject) : subject.change;
}

/** The change that brings the next version, as the backend lists it. */
async function afterOf({ backend, change, next }: BackendSubject): Promise<Commanded> {
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
