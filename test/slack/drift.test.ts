/** Somebody else changes what runs, past GoNoGo: people see it, are asked, and nothing of it is overwritten before they say so. */

import { describe, expect } from 'vitest';
import { MINUTE } from '../../src/time.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { REASON_MODAL } from '../../views/reason-modal.ts';
import { asShipped } from './bot.ts';
import { request, rollingOut, signAll } from './deploying.ts';
import { ELSEWHERE, elsewhere, PLACE } from './elsewhere.ts';
import { it, type Stage } from './stage.ts';
import { expectTruth, timelineOf } from './truth.ts';

const told = ({ world }: Stage): number =>
  world.commands().filter(({ key }) => !key.startsWith('elsewhere')).length;

describe('K-9: a change behind its back', () => {
  it('in a stage: holds, asks lead and on-call, and is put back by whoever resumes it', async ({ stage }) => {
    const id = await rollingOut(stage);
    await stage.pass(2 * MINUTE);
    const before = told(stage);
    await elsewhere(stage, 'v2.1.0', 40);
    await stage.pass(2 * MINUTE, async () => (await stage.load(id)).status === 'held');
    const card = await stage.card(id);
    expect(card.text).toContain('it should have 5 % of traffic and has 40 %: someone else moved it');
    expect(card.text).toContain('Resuming tells the backend its share again');
    expect(JSON.stringify(card.blocks)).toContain('Put it back, go on');
    expect((await stage.dm('omar')).at(-1)?.text).toContain('someone else moved it');
    await stage.pass(5 * MINUTE);
    expect(told(stage)).toBe(before);

    await stage.click('omar', await stage.card(id), CARD_ACTIONS.resume);
    await stage.pass(MINUTE);
    expect(await stage.world.backend.observe(PLACE)).toMatchObject({ canary: 'v2.1.0', weight: 5 });
    expect(await stage.load(id)).toMatchObject({
      status: 'rolling_out',
      rollout: { stages: [{ percent: 5 }] },
    });
    await expectTruth(stage, id);
  });

  it('in the observation: the lead is asked once, and whoever hands it over leaves it as it is', async ({
    open,
  }) => {
    const stage = await open({ policy: asShipped() });
    const id = await request(stage, 'checkout v2.1.0 to staging');
    const place = { service: 'checkout', environment: 'staging' };
    await stage.pass(12 * 60 * MINUTE, async () => (await stage.load(id)).status === 'observing');
    const release = (await stage.world.backend.versions(place)).find(({ version }) => version === 'v2.0.3');
    if (release === undefined) throw new Error('no v2.0.3');
    await stage.world.backend.apply(
      {
        ...place,
        version: 'v2.0.3',
        sha: release.sha,
        digest: release.digest,
        previous: 'v2.1.0',
        ...ELSEWHERE,
      },
      { kind: 'set-weight', percent: 100 },
      'elsewhere',
    );
    const before = told(stage);
    await stage.pass(10 * MINUTE);
    const says = 'v2.0.3 has 100 % of the traffic, and GoNoGo did not bring it there';
    expect((await stage.card(id)).text).toContain(says);
    expect((await timelineOf(stage, id)).filter((line) => line.includes(says))).toEqual([
      expect.stringContaining('decide whose stands'),
      expect.stringContaining('hand it over with a reason, or roll it back'),
    ]);
    const asked = (await stage.dm('dana')).find(({ text }) => text.includes(says));
    if (asked === undefined) throw new Error('the lead was not asked');
    await stage.click('dana', asked, CARD_ACTIONS.handOver);
    await stage.submit('dana', { [REASON_MODAL.action]: 'Theirs is the hotfix.' });
    expect((await stage.load(id)).status).toBe('handed_over');
    expect(told(stage)).toBe(before);
  });

  it('before the start: does not start, and starts from what runs there once on-call says so', async ({
    stage,
  }) => {
    const id = await request(stage, 'checkout v2.1.0 to production at 14:00');
    await elsewhere(stage, 'v2.0.3', 100);
    await signAll(stage, id);
    await stage.pass(5 * 60 * MINUTE, async () => (await stage.load(id)).start.drift !== undefined);
    const card = await stage.card(id);
    expect(card.text).toContain('v2.0.3 runs there, and v2.0.4 did when it was asked for');
    expect((await timelineOf(stage, id)).join('\n')).toContain(
      'somebody else deployed there. It does not start',
    );
    await stage.pass(10 * MINUTE);
    expect(told(stage)).toBe(0);
    const refused = await stage.click('tom', card, CARD_ACTIONS.acceptDrift);
    expect(refused.told.join()).toContain("You can't start checkout v2.1.0");
    await stage.click('omar', card, CARD_ACTIONS.acceptDrift);
    await stage.pass(MINUTE);
    expect(await stage.load(id)).toMatchObject({ status: 'rolling_out', previous: 'v2.0.3' });
    await expectTruth(stage, id);
  });

  it('in a rollback: what somebody else puts there is told to on-call, and left; the rollback ends once the old version runs', async ({
    stage,
  }) => {
    const id = await rollingOut(stage);
    await stage.pass(2 * MINUTE);
    await stage.click('omar', await stage.card(id), CARD_ACTIONS.rollBack);
    await elsewhere(stage, 'v2.0.3', 100);
    const before = told(stage);
    await stage.pass(10 * MINUTE);
    const card = await stage.card(id);
    expect(card.text).toContain('v2.0.3 has 100 % of the traffic, and GoNoGo did not bring it there');
    expect(card.text).toContain('Nothing is put right by itself: decide whose stands');
    expect(JSON.stringify(card.blocks)).toContain('Put right by hand…');
    expect((await timelineOf(stage, id)).join('\n')).toContain('v2.0.3 has 100 % of the traffic');
    expect(told(stage)).toBe(before);
    await elsewhere(stage, 'v2.0.4', 100);
    await stage.pass(MINUTE);
    expect((await stage.load(id)).status).toBe('rolled_back');
    await expectTruth(stage, id);
  });

  it('in a stage: what somebody took away altogether is asked about, and not put back by itself', async ({
    stage,
  }) => {
    const id = await rollingOut(stage);
    await stage.pass(2 * MINUTE);
    const before = told(stage);
    const { terms } = await stage.load(id);
    const { version, sha, digest } = terms.envelope;
    await stage.world.backend.rollback(
      { ...PLACE, ...ELSEWHERE, version, sha, digest, previous: null },
      null,
      'elsewhere',
    );
    await stage.pass(8 * MINUTE);
    const card = await stage.card(id);
    expect(card.text).toContain('it should have 5 % of traffic and has 0 %: someone else moved it');
    expect(card.text).toContain('Until then checkout v2.1.0 is left as it is');
    expect(await stage.world.backend.observe(PLACE)).toMatchObject({ stable: 'v2.0.4', canary: null });
    expect(told(stage)).toBe(before);
    await stage.click('omar', card, CARD_ACTIONS.rollBack);
    await stage.pass(MINUTE, async () => (await stage.load(id)).status === 'rolled_back');
    await expectTruth(stage, id);
  });
});
