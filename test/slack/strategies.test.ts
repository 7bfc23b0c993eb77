import { describe, expect } from 'vitest';
import { DAY, MINUTE } from '../../src/time.ts';
import { SCHEDULE_BUTTONS } from '../../views/schedule-lines.ts';
import { examplePolicy } from './bot.ts';
import { request } from './deploying.ts';
import { it } from './stage.ts';
import { expectTruth, reportsOf, timelineOf } from './truth.ts';
import { elementOf } from './views-in-slack.ts';

const PLACE = { service: 'checkout', environment: 'staging' };

/** What the backend is told, the shares of its stages, and how it goes back. */
const STRATEGIES = [
  ['canary', 'set-weight set-weight set-weight set-weight', [5, 25, 75, 100], 'takes all traffic again'],
  [
    'blue-green',
    'stand-up set-weight set-weight set-weight set-weight retire-old',
    [10, 25, 50, 100],
    'is switched back to v2.1.0, which still stands',
  ],
  ['rolling', 'batch batch batch batch', [25, 50, 75, 100], 'The parts that changed roll back to v2.1.0'],
  ['all-at-once', 'replace', [100], 'v2.1.0 is deployed again in the place of v2.1.1'],
] as const;

const REQUIRED = ['errors', 'p50', 'p99', 'CPU', 'memory', 'queue depth'];

describe('each strategy, from the request to its end, and back', () => {
  it.for(STRATEGIES)('ST-1 … ST-5, AN-7: %s', async ([strategy, told, shares, wayBack], { stage }) => {
    const ask = (version: string) =>
      request(stage, `checkout ${version} to staging`, { 'schedule.strategy': strategy });
    const status = async (id: string) => (await stage.load(id)).status;

    const done = await ask('v2.1.0');
    await stage.pass(2 * DAY, async () => ['handed_over', 'held'].includes(await status(done)));
    // Chance may look like harm for a while: then people decide.
    if ((await status(done)) === 'held') {
      await stage.type('dana', 'checkout', '/deploy promote checkout the graphs of the shop are flat');
      await stage.pass(2 * DAY, async () => (await status(done)) === 'handed_over');
    }
    const commands = stage.world.commands().map(({ command }) => command);
    expect(commands.map((one) => (one.kind === 'apply' ? one.step.kind : one.kind)).join(' ')).toBe(told);
    expect((await stage.load(done)).rollout?.stages.map(({ percent }) => percent)).toEqual(shares);
    const reports = await reportsOf(stage, done);
    expect(reports).toHaveLength(shares.length);
    // Each report with a look has all that is required of it, and so has the end (AN-7).
    const ofLooks = reports.filter(({ text }) => text.includes('Look '));
    const withTable = (await stage.thread(done)).filter(({ blocks }) =>
      blocks.some(({ type }) => type === 'table'),
    );
    for (const { text, blocks } of [...ofLooks, ...withTable.slice(-1)])
      for (const metric of REQUIRED) expect(text + JSON.stringify(blocks)).toContain(metric);
    expect(withTable.length).toBeGreaterThan(ofLooks.length);
    const live = await stage.world.backend.observe(PLACE);
    expect(live).toMatchObject({ stable: 'v2.1.0', canary: null, standby: null, health: 'passing' });
    await expectTruth(stage, done);

    const back = await ask('v2.1.1');
    await stage.pass(5 * MINUTE, async () => {
      const { canary, stable } = await stage.world.backend.observe(PLACE);
      return [canary, stable].includes('v2.1.1');
    });
    const card = await stage.card(back);
    expect(elementOf(card, 'card.roll_back').confirm?.text).toMatchObject({
      text: expect.stringContaining(wayBack),
    });
    await stage.click('omar', card, 'card.roll_back');
    await stage.pass(MINUTE, async () => (await status(back)) === 'rolled_back');
    expect(await stage.world.backend.observe(PLACE)).toMatchObject({
      stable: 'v2.1.0',
      canary: null,
      health: 'passing',
    });
    expect((await timelineOf(stage, back)).join('\n')).toContain(wayBack);
    const taken = stage.world.commands().filter(({ command }) => command.kind === 'rollback');
    expect(taken.map(({ command }) => command)).toMatchObject([{ version: 'v2.1.1', to: 'v2.1.0' }]);
    await expectTruth(stage, back);
  });
});

describe('what an environment allows', () => {
  it('ST-8: each place is suggested its own strategy, and what it does not allow is not offered', async ({
    open,
  }) => {
    const stage = await open({
      policy: examplePolicy().replace('    without_strategies: []\n', '    high_risk: rolling\n'),
    });
    const suggested = async (text: string) => {
      const { modal: folded } = await stage.type('dana', 'checkout', `/deploy ${text}`);
      if (folded === null) throw new Error('no modal');
      const { modal } = await stage.click('dana', folded, SCHEDULE_BUTTONS.unfold);
      return JSON.stringify(
        modal?.blocks.find((block) => JSON.stringify(block).includes('"schedule.strategy"')),
      );
    };
    expect(await suggested('checkout v2.1.0 to staging')).toMatch(
      /"initial_option":\{[^}]*\{[^}]*Quick canary/,
    );
    const production = await suggested('checkout v2.1.0 to production');
    expect(production).toMatch(/"initial_option":\{[^}]*\{[^}]*Canary/);
    expect(production).not.toMatch(/All at once|Quick canary/);
  });
});
