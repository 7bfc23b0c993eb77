/** What each kind of step comes to, and how each strategy goes back. */

import { expect } from 'vitest';
import { BackendError } from '../../../src/backends/port.ts';
import type { BackendStep } from '../../../src/terms/plan.ts';
import { afterRollback, afterStep, moveAll, share, type Tests } from './subject.ts';

export const STRATEGIES = {
  'ST-1: a share that was set is observed once it is reached, step after step': async (subject, context) => {
    const { change } = subject;
    if (subject.whole) context.skip('this world knows no shares');
    for (const percent of [5, 25, 75]) {
      expect(await afterStep(subject, { kind: 'set-weight', percent }, `step-${percent}`)).toMatchObject({
        stable: change.previous,
        canary: change.version,
        weight: percent,
        health: 'passing',
      });
    }
  },

  'ST-2: a version that is brought up stands by whole and without traffic, and then takes its shares': async (
    subject,
    context,
  ) => {
    const { backend, change } = subject;
    if (!backend.steps.has('stand-up')) context.skip('it cannot hold two versions beside each other');
    expect(await afterStep(subject, { kind: 'stand-up' }, 'green')).toMatchObject({
      stable: change.previous,
      canary: null,
      standby: change.version,
      weight: 0,
      health: 'passing',
    });
    expect(share(await afterStep(subject, { kind: 'set-weight', percent: 25 }, 'some'), change.version)).toBe(
      25,
    );
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
    expect(await afterRollback(subject)).toMatchObject({ stable: change.previous, canary: null, weight: 0 });
    await subject.settle();
    expect((await backend.observe(change)).standby ?? null).not.toBe(change.previous);
  },

  'ST-2: retiring takes the old version down and moves no traffic, and even then a rollback brings it back':
    async (subject, context) => {
      const { backend, change } = subject;
      if (!backend.steps.has('stand-up') || !backend.steps.has('retire-old'))
        context.skip('it does not keep the old version');
      await moveAll(subject);
      const retired = await afterStep(subject, { kind: 'retire-old' }, 'retire');
      expect(retired).toMatchObject({ stable: change.version, canary: null, health: 'passing' });
      expect(retired.standby ?? null).toBeNull();
      expect(await afterRollback(subject)).toMatchObject({
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
    const half = await afterStep(subject, { kind: 'batch', number: 1, of: 2 }, 'first');
    expect(half).toMatchObject({ stable: change.previous, canary: change.version, health: 'passing' });
    expect(share(half, change.version)).toBeGreaterThanOrEqual(50);
    expect(share(half, change.version)).toBeLessThan(100);
    expect(await afterStep(subject, { kind: 'batch', number: 2, of: 2 }, 'second')).toMatchObject({
      stable: change.version,
      canary: null,
      weight: 0,
    });
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
    expect(share(await afterStep(subject, allowed, 'allowed'), change.version)).toBeGreaterThanOrEqual(50);
  },

  'ST-5: a rollback in the middle of the parts rolls those back that have changed': async (
    subject,
    context,
  ) => {
    const { backend, change } = subject;
    if (!backend.steps.has('batch')) context.skip('it cannot replace a part');
    await backend.apply(change, { kind: 'batch', number: 1, of: 2 }, 'first');
    await subject.settle();
    expect(await afterRollback(subject)).toMatchObject({ stable: change.previous, canary: null, weight: 0 });
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
    expect(await afterStep(subject, { kind: 'replace' }, 'all')).toMatchObject({
      stable: change.version,
      canary: null,
      weight: 0,
    });
    expect(await afterRollback(subject)).toMatchObject({
      stable: change.previous,
      canary: null,
      weight: 0,
      health: 'passing',
    });
  },
} satisfies Tests;
