/** A watch that does not settle whether the version is well: the lead is asked, and it is never called success by itself. */

import { expect } from 'vitest';
import { DAY, MINUTE } from '../../src/time.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { REASON_MODAL } from '../../views/reason-modal.ts';
import { asShipped } from './bot.ts';
import { request, signAll } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it } from './stage.ts';
import { expectTruth } from './truth.ts';

it('AN-5, MV-2: blind time asks the lead in a message with both ways on, and a hand-over needs a reason', async ({
  open,
}) => {
  const stage = await open({ policy: asShipped() });
  const id = await request(stage, 'reports v0.8.0 to production');
  await signAll(stage, id);
  await stage.pass(5 * MINUTE, async () => (await stage.load(id)).status === 'observing');
  stage.world.metrics.read = async (_change, from, to) => ({ from, to, noData: 'the metrics are away' });
  await stage.pass(20 * MINUTE);
  const says = 'there was no data for 15 minutes: the metrics are away';
  const thread = (await stage.thread(id)).map(({ text }) => text);
  expect(thread.filter((text) => text.includes(says))).toEqual([
    expect.stringContaining(`🟡 <@${PEOPLE.dana}>`),
  ]);
  expect((await stage.card(id)).text).toContain('Not settled since');
  const asked = (await stage.dm('dana')).find(({ text }) => text.includes(says));
  if (asked === undefined) throw new Error('the lead was not asked');

  stage.world.metrics.read = async (_change, from, to) => ({
    from,
    to,
    metrics: [{ metric: 'errors', kind: 'counts', baseline: { n: 0, x: 0 }, canary: { n: 9_000, x: 1 } }],
  });
  await stage.pass(2 * DAY);
  expect((await stage.load(id)).status).toBe('observing');

  const { modal } = await stage.click('dana', asked, CARD_ACTIONS.handOver);
  expect(modal?.callback_id).toBe(REASON_MODAL.callback.hand_over);
  const empty = await stage.submit('dana', {});
  expect(empty.errors).toHaveProperty([REASON_MODAL.action]);
  await stage.submit('dana', { [REASON_MODAL.action]: 'The ledger export is right.' });
  expect(await stage.load(id)).toMatchObject({
    status: 'handed_over',
    ending: { reason: 'The ledger export is right.' },
  });
  expect((await stage.dm('dana')).find(({ ts }) => ts === asked.ts)?.text).toContain('It is decided by now.');
  await expectTruth(stage, id);
});
