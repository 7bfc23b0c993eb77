/** From the record to what is drawn: the right looks, the right figures, and nothing that was not seen. */

import { afterEach, describe, expect, it } from 'vitest';
import { type ChartData, chartData } from '../../src/chart/data.ts';
import { chartInWords } from '../../src/chart/words.ts';
import type { DeploymentEvent } from '../../src/deployment/events.ts';
import { evolve } from '../../src/deployment/evolve.ts';
import { withLooks } from '../../src/deployment/rollout/watch.ts';
import type { MetricLook } from '../../src/judge/types.ts';
import { HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { watchWords } from '../../views/stage-bar.ts';
import { createRig, PEOPLE, type Rig } from '../conductor/rig.ts';
import { historyOf, lookAt, METRIC_LOOKS } from '../views/deployments.ts';

const rigs: Rig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

async function rollingOut(version: string): Promise<{ rig: Rig; id: string }> {
  const rig = await createRig();
  rigs.push(rig);
  const { id } = await rig.request(version);
  await rig.signAll(id);
  await rig.pass(MINUTE, async () => (await rig.load(id)).rollout?.stages[0]?.watchedSince !== undefined);
  return { rig, id };
}

async function dataOf(rig: Rig, id: string, number: number): Promise<ChartData> {
  const d = await rig.load(id);
  const stage = d.rollout?.stages.find((one) => one.number === number);
  const data = stage && chartData(d, stage, await historyIn(rig, id));
  if (data === undefined) throw new Error(`there is no chart of stage ${number}`);
  return data;
}

const historyIn = async ({ stores }: Rig, id: string): Promise<DeploymentEvent[]> =>
  withLooks(await stores.events.events(id), await stores.events.looks(id));

type Looked = Extract<DeploymentEvent, { type: 'looked' }>;

/** A rollout in its first stage, with looks at these minutes of its watch; null for one without data. */
function looked(
  looks: { at: number; metrics: MetricLook[] | null; errors?: [number, number] }[],
): ChartData | undefined {
  const { deployment, events } = historyOf('rolling_out', { look: undefined, stages: 1 });
  const since = deployment.rollout?.stages[0]?.watchedSince ?? 0;
  let state = deployment;
  const all = [...events];
  for (const [index, { at, metrics, errors }] of looks.entries()) {
    const [canary, baseline] = errors ?? [2, 1];
    const event: Looked = {
      deployment: state.id,
      seq: state.seq + 1,
      at: since + at * MINUTE,
      by: { kind: 'system', name: 'judge' },
      type: 'looked',
      digest: 'd',
      look: lookAt(since + at * MINUTE, {
        number: index + 1,
        metrics: (metrics ?? []).map((metric) =>
          metric.metric === 'errors' && metric.baseline !== null
            ? { ...metric, baseline: baseline / 10, canary }
            : metric,
        ),
        ...(metrics === null ? { verdict: 'no_data' as const } : {}),
      }),
      judge: {
        stage: 1,
        looks: index + 1,
        noDataLooks: 0,
        until: 0,
        counts: {},
        values: {},
        totals: {},
        means: {},
        windows: {},
      },
    };
    state = evolve(state, event);
    all.push(event);
  }
  const stage = state.rollout?.stages[0];
  return stage && chartData(state, stage, all);
}

const panelOf = (data: ChartData | undefined, name: string) => {
  const panel = data?.panels.find((one) => one.name === name);
  if (panel === undefined) throw new Error(`there is no panel about ${name}`);
  return panel;
};

describe('what a chart shows', () => {
  it('K-5: every look of its own stage, and none of another', async () => {
    const { rig, id } = await rollingOut('v2.1.0');
    await rig.pass(50 * MINUTE);
    const events = await historyIn(rig, id);
    const looks = events.filter(({ type }) => type === 'looked');
    const [first, second] = [await dataOf(rig, id, 1), await dataOf(rig, id, 2)];
    const drawn = [first, second].map((data) => panelOf(data, 'p99').lines.canary.length);
    expect(drawn[0]).toBeGreaterThan(25);
    expect((drawn[0] ?? 0) + (drawn[1] ?? 0)).toBe(looks.length);
    expect(first).toMatchObject({
      percent: 5,
      length: 30,
      ended: true,
      marks: [{ at: 30, kind: 'went_on' }],
    });
    expect(second).toMatchObject({ percent: 25, length: 60, ended: false, marks: [] });
    expect(first.panels.map(({ title, margin }) => [title, margin])).toEqual([
      ['Errors so far, % of requests', { times: 1.25 }],
      ['p99 at each look, ms', { times: 1.1 }],
    ]);
    expect(panelOf(first, 'errors').limit).toBe(0.1);
  });

  it('K-5: errors since the stage began, which is what the evidence is about', async () => {
    const { rig, id } = await rollingOut('v2.1.1');
    await rig.pass(HOUR, async () => (await rig.load(id)).status === 'rolled_back');
    const totals = (await rig.load(id)).rollout?.stages[0]?.judge?.totals.errors;
    const data = await dataOf(rig, id, 1);
    const share = totals && (100 * totals.canary.x) / totals.canary.n;
    expect(panelOf(data, 'errors').lines.canary.at(-1)?.value).toBeCloseTo(share ?? Number.NaN, 6);
    expect(data.marks.at(-1)?.kind).toBe('rolled_back');
    expect(chartInWords(data)).toMatch(/above the margin \(up to 1\.25× baseline\).*rolled back at \d+ min$/);
  });

  it('K-5: when it was held, and that it went on', async () => {
    const { rig, id } = await rollingOut('v2.1.0');
    await rig.pass(10 * MINUTE);
    await rig.does(PEOPLE.dana, id, { kind: 'hold', reason: 'a look at the logs' });
    await rig.pass(5 * MINUTE);
    const held = await dataOf(rig, id, 1);
    expect(held.marks.map(({ kind }) => kind)).toEqual(['held']);
    expect(held.held[0]?.to).toBeGreaterThan(12);
    expect(chartInWords(held)).toMatch(/ after (9|10) of 30 min\./);
    await rig.does(PEOPLE.dana, id, { kind: 'resume', reason: 'It looks well.' });
    await rig.pass(3 * MINUTE);
    const resumed = await dataOf(rig, id, 1);
    expect(resumed.marks.map(({ kind }) => kind)).toEqual(['held', 'resumed']);
    expect(resumed.held).toEqual([{ from: resumed.marks[0]?.at, to: resumed.marks[1]?.at }]);
    // What the hold took is no part of the watch, in the chart as in the report beside it.
    expect(chartInWords(resumed)).toMatch(/ after 1[23] of 30 min\./);
    const stage = (await rig.load(id)).rollout?.stages[0];
    expect(stage && watchWords(stage)).toMatch(/^1[23] of 30 min$/);
  });

  it('AN-5: a look without data breaks the line and is said to be one', () => {
    const data = looked([
      { at: 1, metrics: METRIC_LOOKS },
      { at: 2, metrics: null },
      { at: 3, metrics: METRIC_LOOKS },
    ]);
    expect(panelOf(data, 'p99').lines.canary).toEqual([
      { at: 1, value: 322 },
      { at: 2, value: null },
      { at: 3, value: 322 },
    ]);
    expect(panelOf(data, 'errors').lines.canary.map(({ value }) => value)).toEqual([2, null, 2]);
    expect(data?.silent).toEqual([{ from: 1, to: 2 }]);
    expect(data && chartInWords(data)).toContain('no data in 1 of the looks');
  });

  it('draws nothing across a time in which nobody looked', () => {
    const data = looked([
      { at: 1, metrics: METRIC_LOOKS },
      { at: 9, metrics: METRIC_LOOKS },
    ]);
    expect(panelOf(data, 'p99').lines.canary.map(({ value }) => value)).toEqual([322, null, 322]);
  });

  it('says so where there is no baseline beside the canary', () => {
    const alone = METRIC_LOOKS.map((metric) => ({
      ...metric,
      baseline: null,
      last: { ...metric.last, baseline: null },
    }));
    const data = looked([{ at: 1, metrics: alone }]);
    expect(data && chartInWords(data)).toContain('p99 at each look, ms: canary 322 ms, no baseline');
  });

  it('is nothing while no look has found anything', () => {
    expect(looked([])).toBeUndefined();
    expect(looked([{ at: 1, metrics: null }])).toBeUndefined();
  });

  it('goes on from the watch’s beginning, not from the shift of traffic before it', () => {
    const data = looked([{ at: 30 * (SECOND / MINUTE), metrics: METRIC_LOOKS }]);
    expect(data?.until).toBe(0.5);
    expect(data?.length).toBe(30);
  });
});
