/** Freezes and locks in the record: what stands, who took what from whom, and a log that nobody can change. */

import { describe, expect, it } from 'vitest';
import { HOUR } from '../../src/time.ts';
import { dueAt } from './due.ts';
import { DANA, requestOf, SANA, T0, TOM } from './examples.ts';
import { freshFile, open, rawly } from './places.ts';

const FREEZE = { reason: 'year end', from: T0, until: T0 + HOUR, overrides: ['tech_lead'], by: TOM };
const LOCK = { service: 'checkout', holder: TOM, reason: 'load test', from: T0, until: T0 + HOUR };

describe('A freeze', () => {
  it('WN-3: stands until its end or until it is lifted, once', async () => {
    const { calendar } = await open(':memory:');
    const scope = { services: ['checkout'], environments: ['production'] };
    const freeze = await calendar.freeze({ ...FREEZE, ...scope }, T0);
    expect(freeze).toEqual({ ...FREEZE, ...scope, id: 'F-1' });
    expect(await calendar.standing(T0)).toEqual({ freezes: [freeze], locks: [] });
    expect((await calendar.standing(FREEZE.until)).freezes).toEqual([]);
    expect(await calendar.lift('F-1', DANA, 'all done', T0 + 1)).toBe(true);
    expect(await calendar.lift('F-1', SANA, 'too late', T0 + 2)).toBe(false);
    expect((await calendar.standing(T0)).freezes).toEqual([]);
    expect(await calendar.log(10)).toMatchObject([
      { seq: 2, what: 'lifted', subject: 'F-1', why: 'all done', by: { name: 'Dana' }, at: T0 + 1 },
      { seq: 1, what: 'frozen', subject: 'F-1', why: 'year end', by: { name: 'Tom' }, at: T0 },
    ]);
  });

  it('WN-3: wakes what has not started, and nothing else', async () => {
    const { events, calendar } = await open(':memory:');
    await events.commit(requestOf('D-1', { wakeAt: T0 + HOUR }));
    expect(await dueAt(events, T0)).toEqual([]);
    await calendar.freeze(FREEZE, T0);
    expect(await dueAt(events, T0)).toEqual(['D-1']);
  });
});

describe('A lock', () => {
  it('WN-4: is in the way of another on any place that both would hold', async () => {
    const { calendar } = await open(':memory:');
    const first = await calendar.lock({ ...LOCK, environment: 'production' }, []);
    expect(first).toMatchObject({ ok: true, lock: { id: 'L-1' }, ended: [] });
    const again = await calendar.lock({ ...LOCK, holder: DANA }, []);
    expect(again).toMatchObject({ ok: false, inTheWay: { id: 'L-1', holder: TOM } });
    const beside = await calendar.lock({ ...LOCK, holder: DANA, environment: 'staging' }, []);
    expect(beside).toMatchObject({ ok: true });
    const other = await calendar.lock({ ...LOCK, holder: DANA, service: 'search' }, []);
    expect(other).toMatchObject({ ok: true });
    expect((await calendar.standing(T0)).locks).toHaveLength(3);
  });

  it('WN-4: taken over ends the old one, and its holder is owed a notice at once', async () => {
    const { calendar } = await open(':memory:');
    await calendar.lock(LOCK, []);
    await calendar.lock({ ...LOCK, holder: DANA, from: T0 + 1 }, ['L-1']);
    expect(await calendar.notices(T0 + 1, 10)).toMatchObject([
      { lock: { id: 'L-1', holder: TOM }, ended: { how: 'taken_over', by: DANA } },
    ]);
    await calendar.told('L-1', T0 + 2);
    expect(await calendar.notices(T0 + 2, 10)).toEqual([]);
    expect((await calendar.log(10)).map(({ what, by }) => [what, 'name' in by ? by.name : ''])).toEqual([
      ['locked', 'Dana'],
      ['taken_over', 'Dana'],
      ['locked', 'Tom'],
    ]);
  });

  it('WN-4: given back by its holder says nothing more to them; by another it does', async () => {
    const { calendar } = await open(':memory:');
    await calendar.lock(LOCK, []);
    expect(await calendar.release('L-1', TOM, T0 + 1)).toBe(true);
    expect(await calendar.release('L-1', TOM, T0 + 1)).toBe(false);
    expect(await calendar.nextNoticeAt()).toBeUndefined();
    await calendar.lock(LOCK, []);
    await calendar.release('L-2', DANA, T0 + 1);
    expect(await calendar.notices(T0 + 1, 10)).toMatchObject([{ ended: { how: 'released', by: DANA } }]);
  });

  it('WN-4: whose time is over is told to its holder then, and ends in the log', async () => {
    const { calendar } = await open(':memory:');
    await calendar.lock(LOCK, []);
    expect(await calendar.nextNoticeAt()).toBe(LOCK.until);
    expect(await calendar.notices(LOCK.until - 1, 10)).toEqual([]);
    const [notice] = await calendar.notices(LOCK.until, 10);
    expect(notice).toEqual({ lock: { ...LOCK, id: 'L-1' } });
    await calendar.told('L-1', LOCK.until);
    expect(await calendar.log(1)).toMatchObject([{ what: 'expired', by: { name: 'clock' } }]);
  });
});

it('AU-3: the log of the calendar refuses to be changed, shortened or replaced', async () => {
  const file = freshFile();
  const { calendar } = await open(file);
  await calendar.freeze(FREEZE, T0);
  const other = rawly(file);
  const refused = /calendar_log is append-only/;
  expect(() => other.exec(`update calendar_log set why = 'never'`)).toThrow(refused);
  expect(() => other.exec('delete from calendar_log')).toThrow(refused);
  expect(() => other.exec(`insert or replace into calendar_log select * from calendar_log`)).toThrow(refused);
});
