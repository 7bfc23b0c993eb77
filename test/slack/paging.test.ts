/** Who is called beyond Slack where nobody acts, from the policy to PagerDuty and back to the card. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { type PagerDutyServer, ROUTING_KEY, startPagerDuty } from '../notifiers/pagerduty-server.ts';
import { examplePolicy } from './bot.ts';
import { request, rollingOut, signAll } from './deploying.ts';
import { it, type Stage } from './stage.ts';
import { expectTruth, timelineOf } from './truth.ts';
import { actionsOn } from './views-in-slack.ts';

const TARGET = { service: 'checkout', environment: 'production' };

let folder: string;
let pagerduty: PagerDutyServer;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paging-'));
  writeFileSync(join(folder, 'key'), ROUTING_KEY);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => pagerduty.close());

async function withPager(): Promise<string> {
  pagerduty = await startPagerDuty();
  return examplePolicy().replace(
    /^services:\n/m,
    `notifiers: { ops: { kind: pagerduty, routing_key: "file:${join(folder, 'key')}", url: "${pagerduty.url}" } }
defaults: { notifiers: [ops] }

services:
`,
  );
}

const statusIs = (stage: Stage, id: string, status: string) => async (): Promise<boolean> =>
  (await stage.load(id)).status === status;

/** A critical alert fires, and the stage holds. */
async function heldByAnAlert(stage: Stage): Promise<string> {
  const id = await rollingOut(stage);
  const at = (await stage.load(id)).rollout?.stages[0]?.watchedSince ?? 0;
  stage.world.raise(TARGET, { alerts: [{ id: 'a1', name: 'CheckoutSlow', critical: true, at }] });
  await stage.pass(3 * MINUTE, statusIs(stage, id, 'held'));
  return id;
}

const alertsNow = () => pagerduty.alerts.map(({ status, woken }) => `${status} ${woken}`);

describe('CM-1: where nobody acts', () => {
  it('a hold calls once after five minutes, "I have it" stops the pager, and a rollback by itself calls anew', async ({
    open,
  }) => {
    const stage = await open({ policy: await withPager() });
    const id = await heldByAnAlert(stage);
    const since = (await stage.load(id)).rollout?.hold?.at ?? 0;
    await stage.pass(since + 5 * MINUTE - SECOND - stage.clock.now());
    expect(alertsNow()).toEqual([]);
    expect(actionsOn(await stage.card(id))).not.toContain('card.take_page');
    await stage.pass(2 * SECOND);
    expect(alertsNow()).toEqual(['triggered 1']);
    const [alert] = pagerduty.alerts;
    expect(alert).toMatchObject({
      severity: 'error',
      summary: expect.stringMatching(
        /^checkout v2\.1\.0 in production \(D-\d+\): held, and nobody acts: a critical alert fired: CheckoutSlow/,
      ),
    });
    const card = await stage.card(id);
    const triggered = pagerduty.bodies.find(({ event_action }) => event_action === 'trigger');
    expect(triggered?.client_url).toMatch(
      new RegExp(`/archives/${card.channel}/p${card.ts.replace('.', '')}$`),
    );
    expect(card.text).toMatch(/ops called since .*, and nobody has it yet/);
    await stage.pass(30 * MINUTE);
    expect(alertsNow()).toEqual(['triggered 1']);

    const { told } = await stage.click('priya', card, 'card.take_page');
    expect(told).toEqual([expect.stringMatching(/You can't take the page of checkout v2\.1\.0: ask Dana/)]);
    expect(alertsNow()).toEqual(['triggered 1']);
    await stage.click('omar', await stage.card(id), 'card.take_page');
    expect(alertsNow()).toEqual(['acknowledged 1']);
    expect((await stage.card(id)).text).toMatch(/Omar has it since .* · ops was called/);
    expect(actionsOn(await stage.card(id))).not.toContain('card.take_page');
    await expectTruth(stage, id);

    stage.world.raise(TARGET, { criticalErrors: 2 });
    await stage.pass(5 * MINUTE, statusIs(stage, id, 'rolled_back'));
    expect(alertsNow()).toEqual(['resolved 1', 'triggered 1']);
    expect(pagerduty.alerts[1]?.summary).toContain(
      'going back to v2.0.4 by itself: 2 critical errors in the log',
    );
    const lines = await timelineOf(stage, id);
    const post = (await stage.thread(id)).find(({ text }) =>
      text.startsWith('📟 The pager is called: going back'),
    );
    expect(lines.filter((text) => text.startsWith('📟 The pager is called'))).toHaveLength(2);
    if (post === undefined) throw new Error('no line');
    await stage.click('dana', post, 'card.take_page');
    expect(alertsNow()).toEqual(['resolved 1', 'resolved 1']);
    expect(pagerduty.changes).toEqual([
      expect.stringMatching(/checkout v2\.1\.0 in production \(D-\d+\) has started \(v2\.0\.4 ran before\)/),
      expect.stringMatching(/was rolled back to v2\.0\.4/),
    ]);
    expect(pagerduty.refused).toEqual([]);
    await expectTruth(stage, id);
  });

  it('a healthy rollout calls nobody, and its changes stand beside the alerts', async ({ open }) => {
    const stage = await open({ policy: await withPager() });
    const id = await request(stage, 'checkout v2.1.0 to production', { 'schedule.strategy': 'all-at-once' });
    await signAll(stage, id);
    await stage.pass(HOUR, statusIs(stage, id, 'observing'));
    await stage.click('dana', await stage.card(id), 'card.hand_over');
    expect(await stage.load(id)).toMatchObject({ status: 'handed_over' });
    expect(pagerduty.taken).toEqual(['change', 'change']);
    expect((await timelineOf(stage, id)).join('\n')).not.toContain('📟');
  });

  it('RB-2, CM-4: a rollback that does not end calls; while the pager is down the card says so, and a restart calls once', async ({
    open,
  }) => {
    const stage = await open({ policy: await withPager(), onDisk: true });
    const id = await rollingOut(stage);
    stage.world.setOutage({ from: stage.clock.now(), to: stage.clock.now() + 25 * MINUTE });
    pagerduty.moods.push(
      { status: 500, body: 'out of order' },
      { status: 429, retryAfter: '60' },
      'takes it and is cut off',
    );
    await stage.click('omar', await stage.card(id), 'card.roll_back');
    await stage.pass(15 * MINUTE - 30 * SECOND);
    expect(pagerduty.taken.filter((what) => what !== 'change')).toEqual([]);
    await stage.pass(MINUTE, async () => (await stage.card(id)).text.includes('cannot be reached'));
    expect((await stage.card(id)).text).toMatch(
      /The pager ops cannot be reached since .*It is tried again\. Nobody else was woken: .*must be called by telephone/,
    );
    const failed = (await timelineOf(stage, id)).filter((text) => text.includes('could not be called'));
    expect(failed).toHaveLength(1);
    await stage.pass(2 * MINUTE, async () => pagerduty.alerts.length > 0);
    expect(alertsNow()).toEqual(['triggered 1']);
    // It was taken, and nobody here knows: the next life says it again under the same name.
    await stage.restart();
    await stage.pass(6 * MINUTE, async () => (await stage.card(id)).text.includes('ops called since'));
    expect(alertsNow()).toEqual(['triggered 1']);
    expect(pagerduty.alerts[0]).toMatchObject({
      severity: 'critical',
      summary: expect.stringContaining('within its target'),
    });
    await stage.pass(HOUR, statusIs(stage, id, 'rolled_back'));
    expect(alertsNow()).toEqual(['resolved 1']);
    expect((await stage.card(id)).text).not.toContain('📟');
    await expectTruth(stage, id);
  });
});
