import { beforeEach, describe, expect, it } from 'vitest';
import {
  KEEP_EFFECTS,
  KEEP_INBOX,
  KEEP_JUDGE_HISTORY,
  KEEP_MEASUREMENTS,
  KEEP_MESSAGES,
} from '../../db/prune.ts';
import type { MessageRow, Only } from '../../src/conductor/ports/live-messages.ts';
import type { Stores } from '../../src/conductor/ports/stores.ts';
import type { Lane } from '../../src/deployment/command-effects.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { type Effect, type LiveMessage, messageKey, type News } from '../../src/deployment/effects.ts';
import { CANCELLED, type CommitParts, commitOf, REMARK, requestOf, T0 } from './examples.ts';
import { freshFile, open, rawly } from './places.ts';

let file: string;
let stores: Stores;
let last: Map<string, Deployment>;

beforeEach(async () => {
  file = freshFile();
  stores = await open(file, { now: () => T0 });
  last = new Map();
});

/** The next event of a deployment, whatever it is, with what it asks for. */
async function ask(id: string, effects: Effect[], parts: CommitParts = {}): Promise<void> {
  const before = last.get(id);
  const commit = before
    ? commitOf(before, [REMARK], { ...parts, effects })
    : requestOf(id, { service: id, ...parts, effects });
  await stores.events.commit(commit);
  last.set(id, commit.after);
}

describe('the queue of effects', () => {
  const apply = (key: string): Effect => ({ kind: 'apply', key, step: 0 });
  const keys = async (now = T0, except: string[] = [], limit = 10, lane: Lane = 'rest') =>
    (await stores.effects.ready(now, new Set(except), limit, lane)).ready.map(({ key }) => key);

  const next = async (lane: Lane) => (await stores.effects.ready(T0, new Set(), 10, lane)).next;

  it('RB-1: keeps rollbacks in a lane of their own, and takes the oldest of each', async () => {
    await ask('D-1001', [apply('b1'), apply('a2')], { at: T0 });
    await ask('D-1002', [apply('a1')], { at: T0 - 5 });
    await ask('D-1003', [{ kind: 'roll_back', key: 'z', to: 'v2.0.0' }], { at: T0 + 9 });
    expect(await keys()).toEqual(['a1', 'b1', 'a2']);
    expect(await keys(T0, [], 2)).toEqual(['a1', 'b1']);
    expect(await keys(T0, ['b1'], 2)).toEqual(['a1', 'a2']);
    expect(await keys(T0 + 9, [], 10, 'rollback')).toEqual(['z']);
    await stores.effects.retryAt('z', T0 + 20, 'no answer');
    expect(await next('rollback')).toBe(T0 + 20);
    expect(await next('rest')).toBeUndefined();
  });

  it('gives back what was asked for', async () => {
    await ask('D-1001', [{ kind: 'roll_back', key: 'D-1001:1', to: null }]);
    expect((await stores.effects.ready(T0, new Set(), 1, 'rollback')).ready).toEqual([
      {
        key: 'D-1001:1',
        deployment: 'D-1001',
        sequence: 1,
        record: expect.stringMatching(/^[0-9a-z]+$/),
        effect: { kind: 'roll_back', key: 'D-1001:1', to: null },
        attempts: 0,
      },
    ]);
  });

  it('RB-1: numbers commands in the order of the record, also from deployment to deployment, and names the record', async () => {
    await ask('D-1001', [apply('a')]);
    await ask('D-1002', [apply('b')]);
    await ask('D-1001', [apply('c')]);
    const { ready } = await stores.effects.ready(T0, new Set(), 10, 'rest');
    expect(ready.map(({ key }) => key).toSorted()).toEqual(['a', 'b', 'c']);
    const sequenceOf = (key: string) => ready.find((one) => one.key === key)?.sequence ?? 0;
    expect(sequenceOf('b')).toBeGreaterThan(sequenceOf('a'));
    expect(sequenceOf('c')).toBeGreaterThan(sequenceOf('b'));
    const another = await open(freshFile());
    await another.events.commit(requestOf('D-1001', { effects: [apply('a')] }));
    const [theirs] = (await another.effects.ready(T0, new Set(), 10, 'rest')).ready;
    expect(theirs?.record).not.toBe(ready[0]?.record);
  });

  it('knows an effect by its key, even when it is done', async () => {
    await ask('D-1001', [apply('k')]);
    await ask('D-1001', [apply('k'), apply('k2')]);
    expect(await keys()).toEqual(['k', 'k2']);
    await stores.effects.done('k');
    await ask('D-1001', [apply('k')]);
    expect(await keys()).toEqual(['k2']);
  });

  it('tries again when told, and counts', async () => {
    await ask('D-1001', [apply('k')]);
    await stores.effects.retryAt('k', T0 + 50, 'no answer');
    expect(await keys(T0 + 49)).toEqual([]);
    expect(await next('rest')).toBe(T0 + 50);
    const { ready } = await stores.effects.ready(T0 + 50, new Set(), 1, 'rest');
    expect(ready).toMatchObject([{ key: 'k', attempts: 1 }]);
  });

  it('keeps why it dropped one, and takes neither that nor a done one up again', async () => {
    await ask('D-1001', [apply('k'), apply('l')]);
    await stores.effects.drop('k', 'the deployment has moved on');
    await stores.effects.done('l');
    await stores.effects.retryAt('k', T0, 'late');
    await stores.effects.retryAt('l', T0, 'late');
    await stores.effects.drop('l', 'late');
    expect(await keys(T0 + 99)).toEqual([]);
    expect(await next('rest')).toBeUndefined();
    const kept = rawly(file).prepare('select key, problem, done_at from effects order by key').all();
    expect(kept).toEqual([
      { key: 'k', problem: 'the deployment has moved on', done_at: T0 },
      { key: 'l', problem: null, done_at: T0 },
    ]);
  });

  it('survives a restart', async () => {
    await ask('D-1001', [apply('k')]);
    await stores.close();
    stores = await open(file);
    expect(await keys()).toEqual(['k']);
  });
});

describe('live messages', () => {
  const show = (message: LiveMessage, news: News = 'milestone'): Effect => ({
    kind: 'show',
    key: 'unused',
    message,
    news,
  });
  const CARD = show({ kind: 'card' });
  const CARD_ROW = {
    deployment: 'D-1001',
    message: { kind: 'card' as const },
    news: 'milestone',
    since: T0,
    place: 'C0DEPLOYS',
    wanted: 1,
  };
  const PLACE = { channel: 'C0DEPLOYS', ts: '1.5', content: 'hash' };
  const stale = async (now = T0) =>
    (await stores.messages.stale(now, 10)).map(({ deployment, message, wanted }) => [
      deployment,
      message.kind,
      wanted,
    ]);
  const card = async (): Promise<MessageRow> => {
    const row = await stores.messages.find('D-1001', 'card');
    if (row === undefined) throw new Error('no card');
    return row;
  };

  it('are wanted as the commits ask: cards first, then in order of their seq', async () => {
    await ask('D-1001', [CARD, show({ kind: 'dm', user: 'U1' })]);
    await ask('D-1001', [
      show({ kind: 'note', seq: 2, broadcast: true }),
      show({ kind: 'stage', stage: 1 }),
      CARD,
    ]);
    await ask('D-1001', [show({ kind: 'note', seq: 3, broadcast: false })]);
    await ask('D-1002', [CARD]);
    expect(await stale()).toEqual([
      ['D-1001', 'card', 2],
      ['D-1002', 'card', 1],
      ['D-1001', 'dm', 1],
      ['D-1001', 'note', 2],
      ['D-1001', 'stage', 2],
      ['D-1001', 'note', 3],
    ]);
    expect(await stores.messages.stale(T0, 2)).toHaveLength(2);
    expect((await stores.messages.find('D-1001', 'note:2'))?.message).toEqual({
      kind: 'note',
      seq: 2,
      broadcast: true,
    });
  });

  const inOrder = async (only: Only = {}) =>
    (await stores.messages.stale(T0, 20, only)).map(
      ({ deployment, message }) => `${deployment}:${messageKey(message)}`,
    );

  it('K-12: go in order of urgency, and of the same urgency who has waited longest', async () => {
    await ask('D-1001', [show({ kind: 'card' }, 'look')], { at: T0 });
    await ask('D-1002', [show({ kind: 'card' }, 'milestone')], { at: T0 + 2 });
    await ask('D-1003', [show({ kind: 'card' }, 'milestone')], { at: T0 + 1 });
    await ask('D-1004', [show({ kind: 'dm', user: 'U1' }, 'action')], { at: T0 + 3 });
    await ask('D-1005', [show({ kind: 'card' }, 'rollback')], { at: T0 + 4 });
    const order = ['D-1005:card', 'D-1004:dm:U1', 'D-1003:card', 'D-1002:card', 'D-1001:card'];
    expect(await inOrder()).toEqual(order);
    expect(await inOrder({ oldest: true })).toEqual([
      'D-1001:card',
      'D-1003:card',
      'D-1002:card',
      'D-1004:dm:U1',
      'D-1005:card',
    ]);
    expect(await inOrder({ upTo: 'action' })).toEqual(order.slice(0, 2));
    expect(await inOrder({ noDirect: true, upTo: 'action' })).toEqual(['D-1005:card']);
    expect(await inOrder({ outside: ['C0DEPLOYS'] })).toEqual(['D-1004:dm:U1']);
    expect(await inOrder({ posted: true })).toEqual([]);
  });

  it('K-12: are asked for with the one that comes next, and those left out that are less urgent than asked', async () => {
    await ask('D-1001', [show({ kind: 'card' }, 'look')], { at: T0 });
    await ask('D-1002', [show({ kind: 'card' }, 'action')], { at: T0 + 1 });
    await ask('D-1003', [show({ kind: 'card' }, 'rollback')], { at: T0 + 2 });
    const late = await stores.messages.find('D-1003', 'card');
    if (late !== undefined) await stores.messages.retryAt(late, T0 + 9, 'ratelimited');
    const waiting = async (now: number, upTo?: News) => {
      const { rows, next } = await stores.messages.waiting(now, 10, upTo);
      return [rows.map(({ deployment, since }) => [deployment, since - T0]), next];
    };
    expect(await waiting(T0)).toEqual([
      [
        ['D-1002', 1],
        ['D-1001', 0],
      ],
      T0 + 9,
    ]);
    expect(await waiting(T0, 'action')).toEqual([[['D-1002', 1]], T0 + 9]);
    expect(await waiting(T0 + 9, 'rollback')).toEqual([[['D-1003', 2]], undefined]);
  });

  it('K-12: one that waits becomes as urgent as the most urgent it tells, and has waited since the first', async () => {
    await ask('D-1001', [show({ kind: 'card' }, 'look')], { at: T0 });
    await ask('D-1002', [show({ kind: 'card' }, 'rollback')], { at: T0 + 1 });
    await ask('D-1001', [show({ kind: 'card' }, 'rollback')], { at: T0 + 2 });
    await ask('D-1001', [show({ kind: 'card' }, 'look')], { at: T0 + 3 });
    expect(await inOrder()).toEqual(['D-1001:card', 'D-1002:card']);
    const row = await card();
    await stores.messages.shown(row, { ...PLACE, seq: 9 });
    await ask('D-1001', [show({ kind: 'card' }, 'look')], { at: T0 + 4 });
    expect(await inOrder()).toEqual(['D-1002:card', 'D-1001:card']);
  });

  it('K-12: what stands before a line in its thread hastens with it', async () => {
    await ask('D-1002', [show({ kind: 'card' }, 'action')], { at: T0 });
    await ask('D-1001', [show({ kind: 'note', seq: 1, broadcast: false }, 'milestone')], { at: T0 + 1 });
    await ask('D-1001', [show({ kind: 'note', seq: 2, broadcast: false }, 'rollback')], { at: T0 + 2 });
    expect(await inOrder()).toEqual(['D-1001:note:1', 'D-1001:note:2', 'D-1002:card']);
  });

  it('are due whatever the clock says of the commit, for the one who looks may have another', async () => {
    await ask('D-1001', [CARD], { at: T0 + 10 ** 9 });
    expect(await stale(T0)).toHaveLength(1);
  });

  it('may be named twice in one commit', async () => {
    await ask('D-1001', [CARD, CARD]);
    expect(await stale()).toEqual([['D-1001', 'card', 1]]);
  });

  it('are found by key and by place, with all that is known of them', async () => {
    await ask('D-1001', [CARD]);
    expect(await card()).toEqual({ ...CARD_ROW, shown: 0 });
    await stores.messages.sending(await card(), T0 + 1);
    expect(await card()).toMatchObject({ sendingSince: T0 });
    await stores.messages.shown(await card(), { ...PLACE, seq: 1 });
    const shown = { ...CARD_ROW, shown: 1, ...PLACE };
    expect(await card()).toEqual(shown);
    expect(await stores.messages.at('C0DEPLOYS', '1.5')).toEqual(shown);
    expect(await stores.messages.at('C0DEPLOYS', '1.6')).toBeUndefined();
    expect(await stores.messages.find('D-1001', 'stage:1')).toBeUndefined();
  });

  it('K-8: a new one may be on its way since its commit for whoever opens the record after it, and is not for whoever committed it', async () => {
    await ask('D-1001', [CARD, show({ kind: 'dm', user: 'U1' })]);
    await ask('D-1001', [CARD]);
    expect(await card()).not.toHaveProperty('sendingSince');
    await stores.messages.retryAt(await card(), T0, 'waits for the one before it');
    expect(await card()).not.toHaveProperty('sendingSince');
    await stores.close();
    stores = await open(file);
    expect(await card()).toMatchObject({ sendingSince: T0 });
    expect(await stores.messages.find('D-1001', 'dm:U1')).toMatchObject({ sendingSince: T0 });
  });

  it('K-8: nobody can have sent a new one either for whoever looks in the moment of its commit', async () => {
    const asking = ask('D-1001', [CARD]);
    let row: MessageRow | undefined;
    while (row === undefined) [row] = await stores.messages.stale(T0, 1);
    expect(row).not.toHaveProperty('sendingSince');
    await asking;
  });

  it('bring their deployment as it stands where that needs no reading, and none where another process moved it on', async () => {
    await ask('D-1001', [CARD]);
    const known = async () => (await stores.messages.waiting(T0, 1)).rows.map((row) => row.known);
    expect(await known()).toEqual([last.get('D-1001')]);
    const mine = stores;
    stores = await open(file);
    await ask('D-1001', []);
    await stores.close();
    stores = mine;
    expect(await known()).toEqual([undefined]);
  });

  it.each<[string, (row: MessageRow) => Promise<void>]>([
    ['Slack refused it', (row) => stores.messages.retryAt(row, T0, 'not_in_channel', 'no')],
    [
      'somebody deleted it',
      async (row) => {
        await stores.messages.shown(row, { ...PLACE, seq: 1 });
        await ask('D-1001', [CARD]);
        await stores.messages.lost(row);
      },
    ],
  ])('K-8: one that is posted again since %s is on its way on the disk before', async (_why, act) => {
    await ask('D-1001', [CARD]);
    await act(await card());
    expect(await card()).not.toHaveProperty('sendingSince');
    await stores.messages.sending(await card(), T0 + 5);
    expect(await card()).toMatchObject({ sendingSince: T0 + 5 });
  });

  it('rest once they show what they should, and wake with the next commit that names them', async () => {
    await ask('D-1001', [CARD]);
    await stores.messages.shown(await card(), { ...PLACE, seq: 1 });
    expect(await stale()).toEqual([]);
    expect(await stores.messages.nextAt(T0)).toBeUndefined();
    await ask('D-1001', []);
    expect(await stale()).toEqual([]);
    await ask('D-1001', [CARD]);
    expect(await stale()).toEqual([['D-1001', 'card', 3]]);
    expect(await card()).toMatchObject({ shown: 1, ...PLACE });
  });

  it('stay due where the record moved on while they were sent', async () => {
    await ask('D-1001', [CARD]);
    const row = await card();
    await ask('D-1001', [CARD]);
    await stores.messages.shown(row, { ...PLACE, seq: 1 });
    expect(await stale()).toEqual([['D-1001', 'card', 2]]);
  });

  it('show more than was wanted where they were drawn later', async () => {
    await ask('D-1001', [CARD]);
    await stores.messages.shown(await card(), { ...PLACE, seq: 5 });
    await ask('D-1001', []);
    expect(await card()).toMatchObject({ wanted: 1, shown: 5 });
    expect(await stale()).toEqual([]);
  });

  it('wait as long as Slack asked, whatever is wanted meanwhile', async () => {
    await ask('D-1001', [CARD]);
    await stores.messages.retryAt(await card(), T0 + 30, 'ratelimited');
    await ask('D-1001', [CARD]);
    expect(await stale(T0 + 29)).toEqual([]);
    expect(await stores.messages.nextAt(T0)).toBe(T0 + 30);
    expect(await stores.messages.waiting(T0, 10)).toEqual({ rows: [], next: T0 + 30 });
    expect(await stale(T0 + 30)).toEqual([['D-1001', 'card', 2]]);
  });

  it('are given up for good, with the reason', async () => {
    await ask('D-1001', [CARD]);
    await stores.messages.giveUp(await card(), 'channel_not_found');
    await ask('D-1001', [CARD]);
    await stores.messages.retryAt(await card(), T0, 'late');
    expect(await stale(T0 + 99)).toEqual([]);
    const kept = rawly(file).prepare('select problem, given_up_at from live_messages').get();
    expect(kept).toEqual({ problem: 'channel_not_found', given_up_at: T0 });
  });

  it('are posted again where somebody deleted them', async () => {
    await ask('D-1001', [CARD]);
    await stores.messages.shown(await card(), { ...PLACE, seq: 1 });
    await stores.messages.lost(await card());
    expect(await stale()).toEqual([['D-1001', 'card', 1]]);
    expect(await card()).toEqual({ ...CARD_ROW, shown: 0 });
    expect(await stores.messages.at('C0DEPLOYS', '1.5')).toBeUndefined();
  });
});

describe('what Slack said about people', () => {
  it('is kept as it came, the last answer over the one before', async () => {
    expect(await stores.people.get('U1')).toBeUndefined();
    await stores.people.put('U1', { name: 'Dana', roles: ['lead'] }, T0);
    await stores.people.put('U1', { name: 'Dana', roles: [] }, T0 + 1);
    expect(await stores.people.get('U1')).toEqual({ json: { name: 'Dana', roles: [] }, fetchedAt: T0 + 1 });
  });
});

const MESSAGES: LiveMessage[] = [
  { kind: 'card' },
  { kind: 'note', seq: 1, broadcast: false },
  { kind: 'stage', stage: 1 },
];

const LESSONS = { errors: { counts: { mean: 0, W: 30, S: 5, S1: 0, J: 6, last: 0 } } };

describe('AU-4: pruning', () => {
  it('forgets what a service taught the judge a year ago', async () => {
    await stores.events.commit({ ...requestOf('D-1001', { at: T0 }), lessons: LESSONS });
    const place = { service: 'checkout', environment: 'production' };
    expect(await stores.prune(T0 + KEEP_JUDGE_HISTORY)).toMatchObject({ judgeHistory: 0 });
    expect(Object.keys(await stores.events.judgeHistory(place))).toEqual(['errors']);
    expect(await stores.prune(T0 + KEEP_JUDGE_HISTORY + 1)).toMatchObject({ judgeHistory: 1 });
    expect(await stores.events.judgeHistory(place)).toEqual({});
  });

  it('deletes what is past its time and nothing else', async () => {
    const old: Effect[] = Array.from({ length: 1_001 }, (_, step) => ({
      kind: 'apply',
      key: `k${step}`,
      step,
    }));
    await ask('D-1001', [...old, { kind: 'apply', key: 'pending', step: 0 }], { inboxKey: 'old', at: T0 });
    await ask('D-1001', [], { inboxKey: 'new', at: T0 + 1 });
    rawly(file).prepare(`update effects set next_at = null, done_at = ? where key <> 'pending'`).run(T0);

    expect(await stores.prune(T0 + KEEP_INBOX)).toMatchObject({ inbox: 0, effects: 0, signatures: 0 });
    expect(await stores.prune(T0 + KEEP_INBOX + 1)).toMatchObject({ inbox: 1, effects: 0, signatures: 0 });
    expect(await stores.prune(T0 + KEEP_EFFECTS + 1)).toMatchObject({
      inbox: 1,
      effects: 1_001,
      signatures: 0,
    });
    expect((await stores.effects.ready(T0, new Set(), 10, 'rest')).ready.map(({ key }) => key)).toEqual([
      'pending',
    ]);
    expect(await stores.events.verify('D-1001')).toEqual({ ok: true, events: 2 });
  });

  it('deletes the messages and charts of what ended a month ago, but for the card, and old figures', async () => {
    const request = requestOf('D-1001', {
      effects: MESSAGES.map(
        (message, index): Effect => ({ kind: 'show', key: `s${index}`, message, news: 'milestone' }),
      ),
    });
    await stores.events.commit(request);
    const other = requestOf('D-1002', { service: 'search', effects: request.effects as Effect[] });
    await stores.events.commit(other);
    await stores.events.commit(commitOf(request.after, [CANCELLED], { at: T0 }));
    const database = rawly(file);
    database.exec('update live_messages set next_at = null; update charts set next_at = null');
    database.exec(`insert into measurements (deployment, seq, at, look) values ('D-1001', 1, ${T0}, '{}')`);
    expect(await stores.prune(T0 + KEEP_MESSAGES)).toMatchObject({ messages: 0, measurements: 0 });
    expect(await stores.prune(T0 + KEEP_MESSAGES + 1)).toMatchObject({ messages: 3, measurements: 0 });
    expect(await stores.prune(T0 + KEEP_MESSAGES + 1)).toMatchObject({ messages: 0 });
    const left = database
      .prepare('select deployment, key from live_messages order by 1, 2')
      .raw()
      .all() as string[][];
    expect(left.filter(([id]) => id === 'D-1001')).toEqual([['D-1001', 'card']]);
    expect(left.filter(([id]) => id === 'D-1002')).toHaveLength(3);
    expect(await stores.prune(T0 + KEEP_MEASUREMENTS + 1)).toMatchObject({ measurements: 1 });
    expect(await stores.events.verifyAll()).toMatchObject({ problems: [] });
  });
});
