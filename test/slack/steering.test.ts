import { describe, expect } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { askedWhyHeld, request, rollingOut, signAll } from './deploying.ts';
import { it } from './stage.ts';
import { expectTruth, reportsOf, timelineOf } from './truth.ts';
import { actionsOn, choice, elementOf } from './views-in-slack.ts';

const SEEN = { 'reason.text': 'The graphs of the shop are flat.' };
const HOLD = { 'reason.text': 'A log line looks odd.' };

describe('steering a rollout', () => {
  it('ST-6, K-5: promote now ends a stage early, from its report, and the buttons move on', async ({
    stage,
  }) => {
    const id = await rollingOut(stage);
    const [first] = await reportsOf(stage, id);
    if (first === undefined) throw new Error('no report');
    expect(actionsOn(first)).toEqual(['card.promote', 'card.hold', 'card.roll_back', 'card.problem']);
    const { modal } = await stage.click('dana', first, 'card.promote');
    expect(JSON.stringify(modal)).toMatch(
      /The judge has not passed stage 1.* goes from 5 % to 25 % of traffic/,
    );
    expect(Object.keys((await stage.submit('dana', {})).errors ?? {})).toEqual(['reason.text']);
    expect(await stage.submit('dana', SEEN)).toMatchObject({ ok: true, modal: null });
    await stage.pass(MINUTE);
    const [old, live, ...more] = await reportsOf(stage, id);
    expect(more).toEqual([]);
    expect(old?.text).toMatch(/Stage 1 of 4 · 5 % of traffic\nPromoted early/);
    expect(old && actionsOn(old)).toEqual([]);
    expect(live && actionsOn(live)).toContain('card.promote');
    expect(await timelineOf(stage, id)).toContainEqual(
      expect.stringContaining('Promoted early by Dana: The graphs'),
    );
    await expectTruth(stage, id);
  });

  it('ST-6: hold stops the traffic at once, asks why afterwards, and resume goes on', async ({ stage }) => {
    const id = await rollingOut(stage);
    const { modal: nothing } = await stage.click('tom', await stage.card(id), 'card.hold');
    expect(nothing).toBeNull();
    expect((await stage.load(id)).status).toBe('held');
    const { modal } = await stage.click('tom', await askedWhyHeld(stage, id), 'card.explain_hold');
    expect(modal?.title).toBe('Why is it held?');
    const none = await stage.submit('tom', {});
    expect(Object.keys(none.errors ?? {})).toEqual(['reason.text']);
    expect(await stage.submit('tom', HOLD)).toMatchObject({ ok: true, modal: null });
    const held = await stage.card(id);
    expect(held.text).toMatch(/✋ Held since .* by Tom: A log line looks odd\./);
    expect(actionsOn(held)).toEqual(['card.roll_back', 'card.resume', 'card.promote', 'card.more']);
    await stage.pass(HOUR);
    expect((await stage.load(id)).rollout?.stages).toHaveLength(1);
    await expectTruth(stage, id);
    // The judge has passed it meanwhile: nothing is asked.
    const resumed = await stage.click('omar', await stage.card(id), 'card.resume');
    expect(resumed).toMatchObject({ told: [], modal: null });
    await stage.pass(2 * DAY, async () => (await stage.load(id)).status === 'observing');
    expect((await stage.load(id)).status).toBe('observing');
    expect(await timelineOf(stage, id)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('✋ Held by Tom: A log line looks odd.'),
        expect.stringContaining('Resumed by Omar'),
      ]),
    );
  });

  it('ST-6: a stage is watched longer, from the menu, and the thread says by whom', async ({ stage }) => {
    const id = await rollingOut(stage);
    const until = (await stage.load(id)).rollout?.stages[0]?.watchUntil ?? 0;
    const card = await stage.card(id);
    const half = choice(card, 'card.more', 'Watch 30 min longer');
    expect((await stage.click('dana', card, 'card.more', half)).told).toEqual([]);
    expect((await stage.load(id)).rollout?.stages[0]?.watchUntil).toBe(until + 30 * MINUTE);
    expect(await timelineOf(stage, id)).toContainEqual(
      expect.stringContaining('Dana has the stage watched 30 min longer'),
    );
    await stage.pass(45 * MINUTE);
    expect((await stage.load(id)).rollout?.stages).toHaveLength(1);
    await expectTruth(stage, id);
  });

  it('ST-6: by word as by button, with the reason that was typed', async ({ stage }) => {
    const id = await rollingOut(stage);
    const held = await stage.type('tom', 'checkout', '/deploy hold checkout looking at a log line');
    expect(held.told).toEqual([expect.stringContaining(`Done: ${id}`)]);
    expect(await stage.load(id)).toMatchObject({
      status: 'held',
      rollout: { hold: { reason: 'looking at a log line' } },
    });
    const asked = await stage.type('dana', 'checkout', '/deploy resume checkout');
    expect(asked.modal?.title).toBe('Resume it');
    expect((await stage.load(id)).status).toBe('held');
    expect(await stage.submit('dana', SEEN)).toMatchObject({ ok: true, modal: null });
    expect((await stage.load(id)).status).toBe('rolling_out');
    const why = await stage.type('dana', 'checkout', `/deploy promote ${id}`);
    expect(JSON.stringify(why.modal)).toMatch(/The judge has not passed stage 1/);
    expect(Object.keys((await stage.submit('dana', {})).errors ?? {})).toEqual(['reason.text']);
    expect((await stage.load(id)).rollout?.stages).toHaveLength(1);
    await stage.type('dana', 'checkout', `/deploy promote ${id} the log line was an old one`);
    await stage.pass(MINUTE);
    expect(await timelineOf(stage, id)).toContainEqual(
      expect.stringContaining('Promoted early by Dana: the log line was an old one'),
    );
    expect((await stage.load(id)).rollout?.stages.map(({ outcome }) => outcome)).toEqual([
      'promoted',
      undefined,
    ]);
  });

  it('ST-6: handed over before its watch is over, by the lead', async ({ stage }) => {
    const id = await request(stage, 'reports v0.8.0 to production');
    await signAll(stage, id);
    await stage.pass(HOUR, async () => (await stage.load(id)).status === 'observing');
    const card = await stage.card(id);
    expect(elementOf(card, 'card.hand_over').confirm).toBeDefined();
    await stage.click('dana', card, 'card.hand_over');
    expect((await stage.load(id)).status).toBe('handed_over');
    await expectTruth(stage, id);
  });

  it('ST-6: a deployment that has not started is cancelled with a reason, and nobody is asked any more', async ({
    stage,
  }) => {
    const id = await request(stage);
    const card = await stage.card(id);
    await stage.click('dana', card, 'card.more', choice(card, 'card.more', 'Cancel'));
    await stage.submit('dana', { 'reason.text': 'Superseded by v2.1.2.' });
    expect((await stage.card(id)).text).toMatch(/Cancelled .* by Dana: Superseded by v2\.1\.2\./);
    const [dm] = await stage.dm('omar');
    expect(dm?.text).toContain('No longer needed: cancelled by Dana: Superseded by v2.1.2.');
    await expectTruth(stage, id);
  });

  it.for([
    ['promote', 'rolling_out'],
    ['resume', 'held'],
  ] as const)('ST-6: whoever may not %s is told who may', async ([verb, status], { stage }) => {
    const id = await rollingOut(stage);
    if (verb === 'resume') await stage.type('dana', 'checkout', '/deploy hold checkout');
    const { told } = await stage.type('tom', 'checkout', `/deploy ${verb} checkout`);
    expect(told).toEqual([
      expect.stringContaining(
        `You can't ${verb} checkout v2.1.0: ask Dana (lead) or Omar (on call). Nothing was recorded`,
      ),
    ]);
    expect((await stage.load(id)).status).toBe(status);
  });

  it('ST-6: anyone with a role may hold, because a hold harms nobody', async ({ stage }) => {
    const id = await rollingOut(stage);
    await stage.type('priya', 'checkout', '/deploy hold checkout');
    expect(await stage.load(id)).toMatchObject({
      status: 'held',
      rollout: { hold: { reason: '' } },
    });
  });
});

describe('evidence that is missing', () => {
  it('AN-5: traffic too thin to judge holds at the end of the stage and asks lead and on-call', async ({
    stage,
  }) => {
    const id = await request(stage, 'reports v0.8.0 to production', { 'schedule.strategy': 'canary' });
    await signAll(stage, id);
    await stage.pass(2 * HOUR, async () => (await stage.load(id)).status === 'held');
    const card = await stage.card(id);
    expect(card.text).toMatch(/✋ Held since .* by GoNoGo: /);
    expect(card.text).toContain('Dana or Omar must decide: resume, promote or roll back');
    expect(JSON.stringify(card.blocks)).toContain('<@U0DANA00001> or <@U0OMAR00004> must decide');
    expect((await stage.load(id)).rollout?.stages).toHaveLength(1);
    await expectTruth(stage, id);
    // An update of the card notifies nobody: both are mentioned in a new post, and get a message with the buttons.
    const post = (await stage.thread(id)).find(({ text }) => text.startsWith('✋ Held by GoNoGo'));
    expect(JSON.stringify(post?.blocks)).toContain('<@U0DANA00001> or <@U0OMAR00004>: decide.');
    const [dm] = (await stage.dm('omar')).filter(({ text }) => text.includes('Held by GoNoGo'));
    if (dm === undefined) throw new Error('Omar was not told');
    expect(actionsOn(dm)).toEqual(['card.roll_back', 'card.resume', 'card.promote']);
    expect((await stage.dm('dana')).filter(({ text }) => text.includes('Held by GoNoGo'))).toHaveLength(1);
    await stage.click('omar', dm, 'card.promote');
    await stage.submit('omar', SEEN);
    await stage.pass(MINUTE);
    expect((await stage.load(id)).rollout?.stages).toHaveLength(2);
    for (const person of ['dana', 'omar'] as const) {
      const [done, ...more] = (await stage.dm(person)).filter(({ text }) => text.includes('Held by GoNoGo'));
      expect(more).toEqual([]);
      expect(done?.text).toContain('Done: Omar promoted it at');
      expect(done && actionsOn(done)).toEqual([]);
    }
    expect(await timelineOf(stage, id)).toContainEqual(
      expect.stringMatching(/✋ Held by GoNoGo: .*\nDone: Omar promoted it at/),
    );
    await expectTruth(stage, id);
  });

  it('AN-5: a version without metrics is never passed: it holds, and the report says that there is no data', async ({
    stage,
  }) => {
    const id = await request(stage, 'search v1.9.0 to production');
    await signAll(stage, id);
    await stage.pass(HOUR, async () => (await stage.load(id)).status === 'held');
    expect((await stage.card(id)).text).toMatch(/✋ Held since .* by GoNoGo: there is no data to judge by/);
    const [report] = await reportsOf(stage, id);
    expect(report?.text).toContain('No data');
    expect(report && actionsOn(report)).toEqual([
      'card.roll_back',
      'card.resume',
      'card.promote',
      'card.problem',
    ]);
    await expectTruth(stage, id);
  });

  it('K-5: each stage has one report that goes on living, with figures and odds', async ({ stage }) => {
    const id = await rollingOut(stage);
    await stage.pass(12 * MINUTE);
    const [early] = await reportsOf(stage, id);
    await stage.pass(10 * MINUTE);
    const [late, ...more] = await reportsOf(stage, id);
    expect({ ts: late?.ts, more }).toEqual({ ts: early?.ts, more: [] });
    expect(late?.text).not.toBe(early?.text);
    expect(late?.text).toMatch(/errors: canary .* %, baseline .* %, .*×/);
    for (const metric of ['p50', 'p99', 'CPU', 'memory', 'queue depth'])
      expect(late?.text).toContain(`${metric}: canary`);
    expect(late?.blocks.map(({ type }) => type)).toContain('table');
  });
});
