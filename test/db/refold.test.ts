/** Rows are projections of events, and old events are read in today's shape (AU-3). */

import { describe, expect, it, vi } from 'vitest';
import { upcast, versionOf } from '../../db/upcast.ts';
import { record } from '../../src/cli/record.ts';
import { CANCELLED, commitOf, goOf, requestOf, TOM } from './examples.ts';
import { tamper } from './forger.ts';
import { freshFile, open } from './places.ts';

async function refolded(file: string, ...more: string[]): Promise<{ status: number; said: string }> {
  let said = '';
  for (const name of ['stdout', 'stderr'] as const)
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
  try {
    return { status: await record.run(['refold', '--db', file, ...more]), said };
  } finally {
    vi.restoreAllMocks();
  }
}

async function recorded(): Promise<string> {
  const file = freshFile();
  const { events, close } = await open(file);
  const request = requestOf('D-1001');
  await events.commit(request);
  await events.commit(commitOf(request.after, [goOf(request.after, 'tech_lead')], { by: TOM }));
  const other = requestOf('D-1002', { service: 'search' });
  await events.commit(other);
  await events.commit(commitOf(other.after, [CANCELLED]));
  await close();
  return file;
}

describe('gonogo record refold', () => {
  it('AU-3: builds rows anew from their events, says what differed, and leaves the record whole', async () => {
    const file = await recorded();
    tamper(
      file,
      `update deployments set status = 'handed_over', lead_id = 'U0TOM' where id = 'D-1002'`,
      `update deployments set state = replace(state, 'Dana', 'Omar') where id = 'D-1001'`,
    ).close();
    const dry = await refolded(file, '--dry-run');
    expect(dry).toMatchObject({
      status: 0,
      said: expect.stringContaining('D-1002: status, lead_id differ\n'),
    });
    expect(await refolded(file)).toMatchObject({
      status: 0,
      said: expect.stringContaining('2 were built anew'),
    });
    expect(await refolded(file)).toMatchObject({
      status: 0,
      said: expect.stringContaining('0 were built anew'),
    });
    const { events } = await open(file);
    expect(await events.verifyAll()).toMatchObject({ problems: [] });
    expect((await events.load('D-1002'))?.status).toBe('cancelled');
  });

  it('AU-3: builds nothing on events that do not fit', async () => {
    const file = await recorded();
    tamper(
      file,
      `update events set by = replace(by, 'Tom', 'Tim') where seq = 2 and deployment = 'D-1001'`,
    ).close();
    expect(await refolded(file)).toMatchObject({
      status: 1,
      said: expect.stringContaining('D-1001: left as it is: event 2 is not what was recorded'),
    });
  });
});

describe('an event of an older shape', () => {
  const UPCASTS = {
    cancelled: [
      ({ why, ...facts }: Record<string, unknown>) => ({ ...facts, reason: why }),
      (facts: Record<string, unknown>) => ({ ...facts, asked: true }),
    ],
  };

  it.each([
    [1, { type: 'cancelled', why: 'not today' }],
    [2, { type: 'cancelled', reason: 'not today' }],
    [3, { type: 'cancelled', reason: 'not today', asked: true }],
  ])('AU-3: of version %i is read in the shape of today', (version, facts) => {
    expect(versionOf('cancelled', UPCASTS)).toBe(3);
    const today = { type: 'cancelled', reason: 'not today', asked: true };
    expect(upcast('cancelled', version, facts, UPCASTS)).toEqual(today);
  });

  it.each([0, 4, 1.5])('AU-3: of version %d, which nobody knows, is refused', (version) => {
    expect(() => upcast('cancelled', version, {}, UPCASTS)).toThrow('not known to this version');
  });
});
