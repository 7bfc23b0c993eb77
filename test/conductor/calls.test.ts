/** Calls to an instance: what a server asks for holds for all of them, but for a rollback. */

import { describe, expect, it } from 'vitest';
import { MAX_WAIT, readRetryAfter, waitIn } from '../../src/adapters/retry-after.ts';
import { BackendError } from '../../src/backends/port.ts';
import { Crowded, createCalls } from '../../src/conductor/calls.ts';
import { HOUR, SECOND } from '../../src/time.ts';

const busy = (retryAfter?: number) => new BackendError('429', { final: false, retryAfter });

describe('K-9: Retry-After', () => {
  it.each<[string | null, number | undefined]>([
    ['30', 30 * SECOND],
    ['3600', HOUR],
    [new Date(10 * SECOND).toUTCString(), 10 * SECOND],
    [new Date(-10 * SECOND).toUTCString(), undefined],
    ['0', undefined],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%s is read as %s ms', (header, wait) => {
    expect(readRetryAfter(header, 0)).toBe(wait);
  });

  it('is found in the error that another came from, and never longer than people can wait to hear of it', () => {
    expect(waitIn(new Error('x', { cause: busy(5 * SECOND) }))).toBe(5 * SECOND);
    expect(waitIn(busy(HOUR))).toBe(MAX_WAIT);
    expect(waitIn(busy())).toBeUndefined();
    expect(waitIn('a word')).toBeUndefined();
  });

  it('keeps every call but a rollback from the instance until it is over, and none from another', async () => {
    let now = 0;
    const calls = createCalls(() => now);
    const one = { adapter: 'one', limit: 8 };
    const other = { adapter: 'other', limit: 8 };
    const answers = async (adapter: string): Promise<string> => adapter;
    const failing = calls.make(one, 'rest', async () => {
      throw busy(30 * SECOND);
    });
    await expect(failing).rejects.toThrow('429');
    now = 29 * SECOND;
    await expect(calls.make(one, 'rest', answers)).rejects.toThrow(Crowded);
    await expect(calls.make(one, 'rest', answers)).rejects.toThrow('1 s more');
    expect(await calls.make(one, 'rollback', answers)).toBe('one');
    expect(await calls.make(other, 'rest', answers)).toBe('other');
    now = 30 * SECOND;
    expect(await calls.make(one, 'rest', answers)).toBe('one');
  });

  it('that a rollback meets holds for the rest as well', async () => {
    const calls = createCalls(() => 0);
    const one = { adapter: 'one', limit: 8 };
    const failing = calls.make(one, 'rollback', async () => {
      throw busy(30 * SECOND);
    });
    await expect(failing).rejects.toThrow('429');
    await expect(calls.make(one, 'rest', async () => 'x')).rejects.toThrow(Crowded);
  });
});
