/** What is told: each command once, in its order, and what was signed. */

import { expect } from 'vitest';
import { afterOf, afterStep, failure, give, laterThan, share, shareOf, type Tests } from './subject.ts';

export const COMMANDS = {
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

  'a version with all traffic is the stable one, and nothing is beside it': async (subject) => {
    const { backend, change, next } = subject;
    expect(await afterStep(subject, give(subject, 100), 'all')).toMatchObject({
      stable: change.version,
      canary: null,
      weight: 0,
    });
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
    expect(share(await afterStep(subject, give(subject, 5), 'a'), later.version)).toBe(shareOf(subject, 25));
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
} satisfies Tests;
