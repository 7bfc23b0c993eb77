/** Somebody sees that something is wrong, and says so from the report of the stage. */

import { expect } from 'vitest';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { PROBLEM_MODAL } from '../../views/problem-modal.ts';
import { rollingOut } from './deploying.ts';
import { it, type Stage } from './stage.ts';
import { expectTruth, reportsOf, timelineOf } from './truth.ts';

async function report(stage: Stage, id: string, values: Record<string, string>) {
  const [post] = await reportsOf(stage, id);
  if (post === undefined) throw new Error('no report');
  const { modal } = await stage.click('tom', post, CARD_ACTIONS.problem);
  expect(modal?.title).toBe('Report a problem');
  return stage.submit('tom', values);
}

const WHAT = { [PROBLEM_MODAL.action]: 'Orders have no lines.' };

it('AN-4: corruption that Tom reports rolls back at once, and the thread says what he saw', async ({
  stage,
}) => {
  const id = await rollingOut(stage);
  expect(Object.keys((await report(stage, id, WHAT)).errors ?? {})).toEqual([PROBLEM_MODAL.impact]);
  expect(await stage.submit('tom', { ...WHAT, [PROBLEM_MODAL.impact]: 'data_corruption' })).toMatchObject({
    ok: true,
  });
  expect((await stage.load(id)).rollback?.why).toBe('data corruption: Orders have no lines.');
  expect(await timelineOf(stage, id)).toContainEqual(
    expect.stringContaining('📣 Tom reports a problem, data corruption: “Orders have no lines.”'),
  );
  await expectTruth(stage, id);
});

it('AN-4, AN-1: what customers feel holds the rollout, and lead and on-call are asked', async ({ stage }) => {
  const id = await rollingOut(stage);
  await report(stage, id, { ...WHAT, [PROBLEM_MODAL.impact]: 'customers' });
  expect((await stage.load(id)).status).toBe('held');
  expect((await stage.dm('omar')).some(({ text }) => text.includes('a problem was reported'))).toBe(true);
  await expectTruth(stage, id);
});
