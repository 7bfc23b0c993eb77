/** What stages that passed teach the judge is kept, and frozen into the next deployment when it starts. */

import { afterEach, describe, expect, it } from 'vitest';
import { TERMINAL } from '../../src/deployment/lifecycle.ts';
import { learn, lessonsOf } from '../../src/judge/history.ts';
import { DAY } from '../../src/time.ts';
import { createRig, type Rig } from './rig.ts';

const rigs: Rig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

const PLACE = { service: 'checkout', environment: 'production' };

async function deployed(rig: Rig, version: string): Promise<string> {
  const { id } = await rig.request(version);
  await rig.signAll(id);
  await rig.pass(2 * DAY, async () => TERMINAL.has((await rig.load(id)).status));
  return id;
}

describe('AN-6: the history of the judge', () => {
  it('grows with each stage that passed, and is frozen into the next deployment at its start', async () => {
    const rig = await createRig();
    rigs.push(rig);
    const { events } = rig.stores;
    const first = await deployed(rig, 'v2.1.0');
    const taught = await events.judgeHistory(PLACE);
    expect(Object.keys(taught)).toContain('errors');
    // 25 % for an hour and 75 % for two: 12 and 24 blocks, the first faded once.
    expect(taught.errors?.counts?.df).toBeCloseTo(0.9 * 11 + 23);
    expect((await rig.load(first)).rollout?.history).toBeUndefined();

    const second = await deployed(rig, 'v2.0.4');
    const started = (await events.events(second)).find(({ type }) => type === 'started');
    expect(started).toMatchObject({ history: taught });
    expect((await rig.load(second)).rollout?.history).toEqual(taught);
    const more = await events.judgeHistory(PLACE);
    expect(more.errors?.counts?.df).toBeGreaterThan(taught.errors?.counts?.df ?? 0);
  }, 30_000);

  it('learns nothing from a stage that did not pass', async () => {
    const rig = await createRig();
    rigs.push(rig);
    await deployed(rig, 'v2.1.1');
    expect(await rig.stores.events.judgeHistory(PLACE)).toEqual({});
  });

  it('begins anew for a metric that is measured otherwise now', () => {
    const counts = { mean: 0, W: 30, S: 5, S1: 0, J: 6, last: 0 };
    const series = { n: 10, sum: 1, squares: 1, cross: 0.5, first: 0.1, last: 0.2 };
    const before = learn(undefined, { counts });
    expect(Object.keys(before)).toEqual(['counts']);
    expect(Object.keys(learn(before, { values: series }))).toEqual(['values']);
    expect(lessonsOf({ counts: {}, values: {} })).toEqual({});
  });
});
