/** Looks leave figures, not events: the record has those that change what is known or asked (AU-4). */

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openToRead } from '../../db/open.ts';
import type { Woken } from '../../src/conductor/ports/event-store.ts';
import { LostRace } from '../../src/conductor/ports/faults.ts';
import { defined } from '../../src/defined.ts';
import { canonicalJson } from '../../src/deployment/canonical-json.ts';
import { judgeStateOf } from '../../src/deployment/rollout/progress.ts';
import { digestAfter, watchOf, withoutWatch } from '../../src/deployment/rollout/watch.ts';
import { DAY, MINUTE } from '../../src/time.ts';
import { tamper } from '../db/forger.ts';
import { freshFile, rawly } from '../db/places.ts';
import { createRig, examplePolicy, type Rig } from './rig.ts';

const rigs: Rig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

async function rollingOut(onLook?: (woken: Woken) => void): Promise<{ rig: Rig; id: string }> {
  const rig = await createRig({ policy: examplePolicy, ...defined({ onLook }) });
  rigs.push(rig);
  const { id } = await rig.request('v2.1.0');
  await rig.signAll(id);
  await rig.pass(MINUTE, async () => (await rig.load(id)).rollout?.stages[0]?.watchedSince !== undefined);
  return { rig, id };
}

describe('AU-4: what a whole deployment leaves', () => {
  it('is 60 kB of record at most with its rows, of which neither every look nor what the judge carries is a part, and which an audit finds whole', async () => {
    const { rig, id } = await rollingOut();
    await rig.pass(2 * DAY, async () => (await rig.load(id)).status === 'handed_over');
    const { stores } = rig;
    const events = await stores.events.events(id);
    const looks = await stores.events.looks(id);
    expect(looks.length).toBeGreaterThan(400);
    expect(events.filter(({ type }) => type === 'looked').length).toBeLessThan(20);
    const d = await rig.load(id);
    const rows = [canonicalJson(withoutWatch(d)), JSON.stringify(watchOf(d))];
    expect(Buffer.byteLength(JSON.stringify(events) + rows.join(''))).toBeLessThan(60_000);
    expect([...events, ...looks].filter((event) => 'judge' in event)).toEqual([]);
    expect(judgeStateOf(d)?.looks).toBeGreaterThan(200);
    expect(await stores.events.verifyAll()).toMatchObject({ problems: [] });
    expect(d.rollout?.finalWatch?.lastLook).toEqual(looks.at(-1)?.look);
  });

  it('ends each stage with its figures, and with a digest that its measurements give', async () => {
    const { rig, id } = await rollingOut();
    await rig.pass(DAY, async () => (await rig.load(id)).rollout?.stages[0]?.endedAt !== undefined);
    const events = await rig.stores.events.events(id);
    const end = events.findIndex(
      ({ type, at }) => type === 'step_completed' && at > (events[0]?.at ?? 0) + 20 * MINUTE,
    );
    const last = events[end - 1];
    const looks = await rig.stores.events.looks(id);
    const measured = looks.slice(0, looks.findIndex(({ at }) => at === last?.at) + 1);
    const digest = measured.reduce<string | undefined>(
      (before, { look }) => digestAfter(before, look),
      undefined,
    );
    expect(measured.length).toBeGreaterThan(20);
    expect(last).toMatchObject({ type: 'looked', digest });
  });
});

describe('AU-7: the figures of looks, beside the record', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gonogo-figures-'));
  const recorded = join(folder, 'gonogo.db');
  afterAll(() => rmSync(folder, { recursive: true }));

  /** One that has come to its second stage. */
  beforeAll(async () => {
    const rig = await createRig({ policy: examplePolicy, file: recorded });
    const { id } = await rig.request('v2.1.0');
    await rig.signAll(id);
    await rig.pass(DAY, async () => (await rig.load(id)).rollout?.stages.length === 2);
    await rig.close();
  });

  function copied(): string {
    const file = freshFile();
    copyFileSync(recorded, file);
    return file;
  }

  async function audited(file: string, figures: boolean) {
    const record = await openToRead(file);
    try {
      return await record.verify({ figures });
    } finally {
      await record.close();
    }
  }

  it('are held against their digests where that is asked for, and are said not to be where it is not', async () => {
    const file = copied();
    const asked = await audited(file, true);
    expect(asked.problems).toEqual([]);
    expect(asked.unproven.join()).not.toContain('--figures');
    const { unproven } = await audited(file, false);
    expect(unproven).toContainEqual(expect.stringContaining('--figures'));
    // What is pruned is missed nowhere.
    rawly(file).exec('delete from measurements where id <= (select min(id) + 7 from measurements)');
    expect((await audited(file, true)).problems).toEqual([]);
  });

  it.each([
    ['a figure', `update measurements set look = replace(look, '"sample":', '"sample":1') where id = 9`],
    ['the first one', `update measurements set look = replace(look, '"sample":', '"sample":1') where id = 1`],
    ['one that is left out', 'delete from measurements where id = 9'],
    ['what is no look', `update measurements set look = '7' where id = 9`],
    ['the last one of a stage', 'delete from measurements where id = (select max(id) from measurements)'],
  ])('give away %s that was changed by hand', async (_what, statement) => {
    const file = copied();
    tamper(file, statement).close();
    expect((await audited(file, false)).problems).toEqual([]);
    expect((await audited(file, true)).problems).toEqual([
      { where: expect.stringMatching(/^figures of D-/), problem: expect.any(String) },
    ]);
  });
});

describe('AU-4: a look that says what the one before it said', () => {
  it('moves the figures and the next waking, and neither the record nor its checkpoint', async () => {
    const { rig, id } = await rollingOut();
    await rig.pass(3 * MINUTE);
    const before = await rig.load(id);
    const checkpoint = await rig.stores.events.checkpoint();
    await rig.pass(2 * MINUTE);
    const after = await rig.load(id);
    expect(after.seq).toBe(before.seq);
    expect(await rig.stores.events.checkpoint()).toBe(checkpoint);
    const looked = ({ rollout }: typeof after) => rollout?.stages[0]?.lastLook?.number ?? 0;
    expect(looked(after)).toBeGreaterThan(looked(before));
    expect(await rig.stores.events.verify(id)).toMatchObject({ ok: true });
  });

  it('counts once where two looked at once', async () => {
    const { rig, id } = await rollingOut();
    await rig.pass(3 * MINUTE);
    const { stores, clock } = rig;
    const before = await rig.load(id);
    const looks = await stores.events.looks(id);
    const look = looks.at(-1);
    const stage = before.rollout?.stages[0];
    if (look === undefined || stage?.lastLook === undefined || before.rollout === undefined)
      throw new Error('no look');
    const lastLook = { ...stage.lastLook, to: stage.lastLook.to + MINUTE };
    const after = { ...before, rollout: { ...before.rollout, stages: [{ ...stage, lastLook }] } };
    const measured = {
      before,
      after,
      look,
      at: clock.now(),
      wakeAt: null,
      shows: [{ kind: 'card' as const }],
    };
    await stores.events.measure(measured);
    await expect(stores.events.measure(measured)).rejects.toBeInstanceOf(LostRace);
    expect(await stores.events.looks(id)).toHaveLength(looks.length + 1);
  });
});

describe('K-5: what a look wakes', () => {
  /** Its first stage is looked at, and nothing waits to be shown; the chart that is drawn will do until then. */
  async function shown(until: { enough: number; rests: number }): Promise<{ rig: Rig; woken: Woken[] }> {
    const woken: Woken[] = [];
    const { rig, id } = await rollingOut((one) => void woken.push(one));
    await rig.pass(3 * MINUTE);
    const { charts, messages } = rig.stores;
    const now = rig.clock.now();
    for (const row of await messages.stale(now, 100))
      await messages.shown(row, { channel: 'C1', ts: `1.${row.since}`, content: '', seq: row.wanted });
    const chart = await charts.find(id, 1);
    if (chart === undefined) throw new Error('no chart');
    const [enoughUntil, restsUntil] = [now + until.enough, Date.now() + until.rests];
    const drawn = { state: 'watching', upTo: now, at: 0, enoughUntil, restsUntil };
    await charts.keep({ ...chart, drawn }, null);
    woken.length = 0;
    return { rig, woken };
  }
  const waiting = async ({ rig: { stores, clock } }: { rig: Rig }) => ({
    charts: (await stores.charts.due(clock.now(), 10)).rows.map(({ stage }) => stage),
    messages: (await stores.messages.stale(clock.now(), 10)).map(({ message }) => message.kind).sort(),
  });

  it('its card and its report, and no chart while the one that is drawn will do', async () => {
    const seen = await shown({ enough: 2 * MINUTE, rests: -1 });
    expect(await waiting(seen)).toEqual({ charts: [], messages: [] });
    await seen.rig.pass(MINUTE);
    expect(await waiting(seen)).toEqual({ charts: [], messages: ['card', 'stage'] });
  });

  it('a chart once that one is old', async () => {
    const seen = await shown({ enough: 2 * MINUTE, rests: -1 });
    await seen.rig.pass(2 * MINUTE);
    expect(await waiting(seen)).toMatchObject({ charts: [1] });
  });

  it('no chart sooner than the last one rests, however fast time runs', async () => {
    const seen = await shown({ enough: 0, rests: MINUTE });
    await seen.rig.pass(5 * MINUTE);
    expect(await waiting(seen)).toMatchObject({ charts: [] });
  });

  it('nobody once more who waits already', async () => {
    const seen = await shown({ enough: 0, rests: -1 });
    await seen.rig.pass(2 * MINUTE);
    expect(seen.woken).toEqual([
      { messages: true, charts: true },
      { messages: false, charts: false },
    ]);
  });
});
