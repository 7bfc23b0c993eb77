/** Whoever said go is asked for again when it starts: they may have lost the role, have left, or Slack does not say (CH-7). */

import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { HOUR, MINUTE } from '../../src/time.ts';
import { asShipped, examplePolicy } from './bot.ts';
import { request, signAll } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it, type Stage } from './stage.ts';
import { expectTruth, timelineOf } from './truth.ts';

/** Signed by all three, and kept from its start for two hours by a lock that then ends by itself. */
async function lockedAndSigned(stage: Stage): Promise<string> {
  const id = await request(stage);
  await stage.type('omar', 'checkout', '/deploy lock checkout production for 2h because load test');
  await signAll(stage, id);
  const d = await stage.load(id);
  expect(d).toMatchObject({ status: 'scheduled', start: { waiting: { for: [{ kind: 'lock' }] } } });
  return id;
}

describe('a go when it would start', () => {
  it('CH-7: of somebody who has left does not count: it waits for another, and the lead is told', async ({
    stage,
  }) => {
    const id = await lockedAndSigned(stage);
    await stage.driver.people(PEOPLE.tom, { deleted: true });
    await stage.pass(2 * HOUR + MINUTE);
    const d = await stage.load(id);
    expect(d).toMatchObject({ status: 'preparing' });
    expect(d.rollout).toBeUndefined();
    expect((await stage.card(id)).text).toContain(
      "nobody can say go as Tech lead: Tom can't any more (their account is deactivated)",
    );
    expect(await timelineOf(stage, id)).toContainEqual(
      expect.stringContaining(
        `It can't start: the go of Tom as Tech lead (their account is deactivated) does not count any more and is asked for again. Dana sees that somebody in the role signs.`,
      ),
    );
    const told = (await stage.dm('dana')).map(({ text }) => text);
    expect(told).toContainEqual(expect.stringContaining("It can't start: the go of Tom does not count"));
    await expectTruth(stage, id);
  });

  it('CH-7: of somebody who lost the role falls, and its start goes on once whoever has it says go', async ({
    open,
  }) => {
    const stage = await open({ policy: asShipped() });
    const id = await lockedAndSigned(stage);
    writeFileSync(
      stage.policyFile,
      examplePolicy()
        .replace(`tech_lead: [${PEOPLE.tom}]`, `tech_lead: [${PEOPLE.priya}]`)
        .replace(`product_owner: [${PEOPLE.priya}]`, `product_owner: [${PEOPLE.tom}]`),
    );
    expect(await stage.bot.reload()).toMatchObject({ kind: 'taken' });
    await stage.pass(2 * HOUR + MINUTE);
    expect((await stage.load(id)).status).toBe('preparing');
    const [lead] = (await stage.dm('dana')).slice(-1);
    expect(lead?.text).toContain('nobody else was asked: somebody must be given the role');
    await stage.click('priya', await stage.card(id), 'card.go');
    await stage.pass(MINUTE);
    expect((await stage.load(id)).rollout?.startedAt).toBeDefined();
    expect((await stage.dm('dana')).at(-1)?.text).toContain('Nothing waits for you any more');
  });

  it('CH-7: of whom Slack does not say anything waits, is asked about again, and starts by itself', async ({
    stage,
  }) => {
    const id = await lockedAndSigned(stage);
    await stage.pass(2 * HOUR - MINUTE);
    await stage.driver.faults({ on: 'users.info', do: 'status', status: 500 });
    stage.expectTrouble({ call: 'users.info', error: 'internal_error' });
    await stage.pass(3 * MINUTE);
    expect((await stage.load(id)).rollout).toBeUndefined();
    const { text } = await stage.card(id);
    expect(text).toContain('Slack does not say whether Tom may still sign as Tech lead');
    expect(text).toContain('It starts when Slack says so');
    await stage.driver.clearFaults();
    await stage.pass(MINUTE);
    expect((await stage.load(id)).rollout?.startedAt).toBeDefined();
  });
});
