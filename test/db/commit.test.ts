import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AlreadyHandled, LostRace, Occupied } from '../../src/conductor/ports/faults.ts';
import type { Stores } from '../../src/conductor/ports/stores.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { dueAt, firstDue } from './due.ts';
import {
  CANCELLED,
  commitOf,
  DANA,
  goOf,
  REMARK,
  requestOf,
  SCHEDULED,
  STARTED,
  T0,
  TOM,
} from './examples.ts';
import { freshFile, open, rawly } from './places.ts';

async function loaded(stores: Stores, id: string): Promise<Deployment> {
  const deployment = await stores.events.load(id);
  if (deployment === undefined) throw new Error(`${id} is not there`);
  return deployment;
}

describe('a commit', () => {
  it('AU-1: keeps the state and every event with who and when', async () => {
    const { events } = await open(freshFile());
    const id = await events.nextId();
    const request = requestOf(id);
    await events.commit(request);
    await events.commit(
      commitOf(request.after, [goOf(request.after, 'tech_lead'), SCHEDULED], { at: T0 + 5, by: TOM }),
    );

    expect(await events.load(id)).toEqual(
      commitOf(request.after, [goOf(request.after, 'tech_lead'), SCHEDULED], { at: T0 + 5, by: TOM }).after,
    );
    const kept = await events.events(id);
    expect(kept.map(({ seq, type, at, by }) => [seq, type, at, by])).toEqual([
      [1, 'requested', T0, { kind: 'person', ...DANA }],
      [2, 'signed', T0 + 5, { kind: 'person', ...TOM }],
      [3, 'scheduled', T0 + 5, { kind: 'person', ...TOM }],
    ]);
    expect(kept[0]).toMatchObject({ deployment: id, ...request.events[0] });
    expect(await events.events(id, 3)).toEqual(kept.slice(2));
    expect(await events.load('D-9')).toBeUndefined();
    expect(await events.events('D-9')).toEqual([]);
  });

  it('gives every number once, across connections and restarts', async () => {
    const file = freshFile();
    const [one, two] = [await open(file), await open(file)];
    const ids = await Promise.all([one, two, one, two].map((stores) => stores.events.nextId()));
    await one.close();
    ids.push(await (await open(file)).events.nextId());
    expect(ids.sort()).toEqual(['D-1001', 'D-1002', 'D-1003', 'D-1004', 'D-1005']);
  });

  it('of a remark alone changes nothing but the seq', async () => {
    const { events } = await open(freshFile());
    const request = requestOf('D-1001');
    await events.commit(request);
    await events.commit(commitOf(request.after, [REMARK]));
    expect(await events.load('D-1001')).toEqual({ ...request.after, seq: 2 });
    expect(await events.verify('D-1001')).toEqual({ ok: true, events: 2 });
  });

  it('tells when the newest event of all happened', async () => {
    const { events } = await open(freshFile());
    expect(await events.latestAt()).toBeUndefined();
    await events.commit(requestOf('D-1001', { at: T0 + 9 }));
    await events.commit(requestOf('D-1002', { service: 'search', at: T0 + 3 }));
    expect(await events.latestAt()).toBe(T0 + 9);
  });

  it('without an event is a fault, and so is one for a seq before the first', async () => {
    const { events } = await open(freshFile());
    const request = requestOf('D-1001');
    await expect(events.commit({ ...request, events: [] })).rejects.toThrow('0 events');
    await expect(events.commit({ ...request, events: [REMARK, REMARK] })).rejects.toThrow('2 events');
    expect(await events.load('D-1001')).toBeUndefined();
  });

  it('keeps the file to its owner', async () => {
    const file = freshFile();
    await (await open(file)).events.commit(requestOf('D-1001'));
    for (const part of [file, `${file}-wal`, `${file}-shm`]) {
      expect((statSync(part).mode & 0o777).toString(8)).toBe('600');
    }
  });
});

describe('two writers', () => {
  it('race for one deployment: one wins, the other has lost, and both see the same', async () => {
    const file = freshFile();
    const [one, two] = [await open(file), await open(file)];
    const request = requestOf('D-1001');
    await one.events.commit(request);

    const [seenByOne, seenByTwo] = [await loaded(one, 'D-1001'), await loaded(two, 'D-1001')];
    const outcomes = await Promise.allSettled([
      one.events.commit(commitOf(seenByOne, [SCHEDULED])),
      two.events.commit(commitOf(seenByTwo, [CANCELLED])),
    ]);

    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(lost.map(({ reason }) => reason)).toEqual([expect.any(LostRace)]);
    const winner = outcomes[0].status === 'fulfilled' ? 'scheduled' : 'cancelled';
    for (const { events } of [one, two]) {
      expect((await events.load('D-1001'))?.status).toBe(winner);
      expect((await events.events('D-1001')).map(({ type }) => type)).toEqual(['requested', winner]);
      expect(await events.verify('D-1001')).toEqual({ ok: true, events: 2 });
    }
  });

  it('race for one id: the second request has lost', async () => {
    const file = freshFile();
    const [one, two] = [await open(file), await open(file)];
    await one.events.commit(requestOf('D-1001'));
    await expect(two.events.commit(requestOf('D-1001', { service: 'search' }))).rejects.toThrow(LostRace);
    expect((await loaded(two, 'D-1001')).terms.envelope.service).toBe('checkout');
  });

  it('that decided on something the record does not have has lost too', async () => {
    const { events } = await open(freshFile());
    const request = requestOf('D-1001');
    await expect(events.commit(commitOf(request.after, [CANCELLED]))).rejects.toThrow(LostRace);
    expect(await events.events('D-1001')).toEqual([]);
  });

  it('race for one service and environment: one occupies it, until it ends', async () => {
    const file = freshFile();
    const [one, two] = [await open(file), await open(file)];
    const requests = [requestOf('D-1001'), requestOf('D-1002')] as const;
    const outcomes = await Promise.allSettled([
      one.events.commit(requests[0]),
      two.events.commit(requests[1]),
    ]);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.map(({ reason }) => reason)).toEqual([expect.any(Occupied)]);

    const [winner, loser] =
      outcomes[0].status === 'fulfilled'
        ? requests
        : ([...requests].reverse() as [(typeof requests)[0], (typeof requests)[0]]);
    expect((await two.events.occupant('checkout', 'production'))?.id).toBe(winner.after.id);
    expect(await two.events.load(loser.after.id)).toBeUndefined();
    expect(await two.events.events(loser.after.id)).toEqual([]);

    await two.events.commit(requestOf('D-1003', { environment: 'staging' }));
    await one.events.commit(commitOf(winner.after, [CANCELLED]));
    expect(await two.events.occupant('checkout', 'production')).toBeUndefined();
    await two.events.commit(loser);
    expect((await one.events.occupant('checkout', 'production'))?.id).toBe(loser.after.id);
  });
});

describe('a delivery that comes twice', () => {
  it('is committed once, and the second hears which deployment it became', async () => {
    const { events } = await open(freshFile());
    await events.commit(requestOf('D-1001', { inboxKey: 'view:V1' }));
    const again = events.commit(requestOf('D-1002', { service: 'search', inboxKey: 'view:V1' }));
    await expect(again).rejects.toThrow(AlreadyHandled);
    await expect(again).rejects.toMatchObject({ deployment: 'D-1001' });
    expect(await events.load('D-1002')).toBeUndefined();
  });

  it('is not remembered where its commit failed', async () => {
    const { events } = await open(freshFile());
    await events.commit(requestOf('D-1001'));
    const second = requestOf('D-1002', { inboxKey: 'view:V2' });
    await expect(events.commit(second)).rejects.toThrow(Occupied);
    await expect(events.commit(second)).rejects.toThrow(Occupied);
    await events.commit(commitOf(requestOf('D-1001').after, [CANCELLED]));
    await events.commit(second);
    expect((await events.load('D-1002'))?.seq).toBe(1);
  });
});

describe('the moments of a commit', () => {
  it('are before anyone can see it, and after everyone can', async () => {
    const file = freshFile();
    await (await open(file)).close();
    const other = rawly(file);
    const seen: [string, unknown][] = [];
    const point = (name: string) => {
      seen.push([name, other.prepare('select count(*) from events').pluck().get()]);
    };
    const { events } = await open(file, { hooks: { point } });
    const request = requestOf('D-1001');
    await events.commit(request);
    await events.commit(commitOf(request.after, [SCHEDULED, STARTED]));
    expect(seen).toEqual([
      ['commit:before:D-1001:1', 0],
      ['commit:after:D-1001:1', 1],
      ['commit:before:D-1001:3', 1],
      ['commit:after:D-1001:3', 3],
    ]);
  });

  it('that fail before it leave nothing of it behind', async () => {
    const file = freshFile();
    const point = () => {
      throw new Error('killed');
    };
    const { events, effects, messages } = await open(file, { hooks: { point } });
    const request = requestOf('D-1001', {
      inboxKey: 'view:V1',
      effects: [
        { kind: 'supersede', key: 'D-1001:1' },
        { kind: 'show', key: 'D-1001:card', message: { kind: 'card' }, news: 'milestone' },
      ],
    });
    await expect(events.commit(request)).rejects.toThrow('killed');
    expect(await events.load('D-1001')).toBeUndefined();
    expect(await events.events('D-1001')).toEqual([]);
    expect(await effects.ready(T0, new Set(), 10, 'rest')).toEqual({ ready: [], next: undefined });
    expect(await messages.stale(T0, 10)).toEqual([]);
    expect(rawly(file).prepare('select count(*) from inbox').pluck().get()).toBe(0);
  });
});

describe('what is due', () => {
  it('comes longest due first, and not before its time', async () => {
    const { events } = await open(freshFile());
    const at = (service: string, wakeAt: number | null) => ({ service, wakeAt });
    await events.commit(requestOf('D-1001', at('a', T0 + 30)));
    await events.commit(requestOf('D-1002', at('b', T0 + 10)));
    await events.commit(requestOf('D-1003', at('c', null)));
    await events.commit(requestOf('D-1004', at('d', T0 + 20)));
    expect(await firstDue(events)).toBe(T0 + 10);
    expect(await dueAt(events, T0 + 9)).toEqual([]);
    expect(await dueAt(events, T0 + 20)).toEqual(['D-1002', 'D-1004']);
    expect(await dueAt(events, T0 + 99, 2)).toEqual(['D-1002', 'D-1004']);
  });

  it('is put off only by who saw the last event', async () => {
    const { events } = await open(freshFile());
    const request = requestOf('D-1001', { wakeAt: T0 });
    await events.commit(request);
    await events.commit(commitOf(request.after, [REMARK], { wakeAt: T0 + 1 }));
    await events.snooze('D-1001', 1, T0 + 99);
    expect(await firstDue(events)).toBe(T0 + 1);
    await events.snooze('D-1001', 2, T0 + 99);
    expect(await firstDue(events)).toBe(T0 + 99);
    expect(await events.verify('D-1001')).toEqual({ ok: true, events: 2 });
  });

  it('is nothing where nothing waits', async () => {
    const { events } = await open(freshFile());
    await events.commit(requestOf('D-1001'));
    expect(await firstDue(events)).toBeUndefined();
    expect(await dueAt(events, T0)).toEqual([]);
  });
});
