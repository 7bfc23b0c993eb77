/** Calls that hang, end early or come to nothing, and what is not there. */

import { expect } from 'vitest';
import { afterStep, failure, give, share, shareOf, type Tests } from './subject.ts';

export const TROUBLE = {
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
    expect(share(await afterStep(subject, give(subject, 25), 'c'), change.version)).toBe(
      shareOf(subject, 25),
    );
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
    expect(share(await afterStep(subject, give(subject, 5), 'a'), change.version)).toBe(shareOf(subject, 5));
  },
} satisfies Tests;
