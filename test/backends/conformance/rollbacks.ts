/** Going back, whenever it is told and however often. */

import { expect } from 'vitest';
import { afterRollback, give, share, shareOf, type Tests } from './subject.ts';

export const ROLLBACKS = {
  'a second delivery of a rollback changes nothing of what came after it': async (subject) => {
    const { backend, change } = subject;
    await backend.apply(change, give(subject, 25), 'a');
    await backend.rollback(change, change.previous, 'back');
    await subject.settle();
    await backend.apply(change, give(subject, 5), 'again');
    await subject.settle();
    expect(share(await afterRollback(subject), change.version)).toBe(shareOf(subject, 5));
  },

  'RB-3: a rollback gives all traffic back to the old version': async (subject) => {
    const { backend, change } = subject;
    await backend.apply(change, give(subject, 75), 'up');
    await subject.settle();
    expect(await afterRollback(subject)).toMatchObject({
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
    expect(await afterRollback(subject)).toMatchObject({ stable: change.previous, canary: null, weight: 0 });
  },

  'a rollback is accepted while a step is settling, and wins': async (subject) => {
    const { backend, change } = subject;
    await backend.apply(change, give(subject, 50), 'up');
    expect(await afterRollback(subject)).toMatchObject({ stable: change.previous, canary: null, weight: 0 });
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
} satisfies Tests;
