/** Alerts and logs beside the figures, as people in Slack hear of them. */

import { expect } from 'vitest';
import { MINUTE } from '../../src/time.ts';
import { rollingOut } from './deploying.ts';
import { it } from './stage.ts';
import { expectTruth, timelineOf } from './truth.ts';

const TARGET = { service: 'checkout', environment: 'production' };
it('AN-3, AN-4, AN-5: a critical alert holds and asks, a critical error goes back, and nobody passes unseen', async ({
  open,
}) => {
  const stage = await open();
  const id = await rollingOut(stage);
  const now = (await stage.load(id)).rollout?.stages[0]?.watchedSince ?? 0;
  stage.world.raise(TARGET, {
    alerts: [{ id: 'a1', name: 'CheckoutSlow', critical: true, at: now, says: 'p99 <!channel>' }],
  });
  await stage.pass(3 * MINUTE, async () => (await stage.load(id)).status === 'held');
  expect((await stage.card(id)).text).toContain('a critical alert fired: CheckoutSlow');
  expect((await stage.dm('omar')).some(({ text }) => text.includes('a critical alert fired'))).toBe(true);
  const [told] = (await timelineOf(stage, id)).filter((text) => text.includes('🔔'));
  expect(told).toContain('🔔 Critical alert CheckoutSlow fires since');
  expect(told).not.toContain('<!channel>');
  await expectTruth(stage, id);

  stage.world.loseSignals('the log store is away');
  await stage.pass(2 * MINUTE, async () => (await stage.load(id)).signals?.unknown !== undefined);
  expect(await timelineOf(stage, id)).toContainEqual(
    expect.stringContaining('Nobody can say whether alerts fired: the log store is away'),
  );

  stage.world.loseSignals(undefined);
  stage.world.raise(TARGET, { criticalErrors: 2 });
  await stage.pass(3 * MINUTE, async () => (await stage.load(id)).rollback !== undefined);
  expect((await stage.load(id)).rollback?.why).toBe('2 critical errors in the log');
  await expectTruth(stage, id);
});

it('AN-2, MV-1: in the demo a bad version has an alert of its own, told once in the thread', async ({
  open,
}) => {
  const stage = await open();
  const id = await rollingOut(stage, 'checkout v2.1.2 to production');
  await stage.pass(10 * MINUTE, async () => (await stage.load(id)).status === 'held');
  const told = (await timelineOf(stage, id)).filter((text) => text.includes('🔔'));
  expect(told).toEqual([expect.stringContaining('🔔 Alert SlowRequests fires since')]);
  await expectTruth(stage, id);
});
