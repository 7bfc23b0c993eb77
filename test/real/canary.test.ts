import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectDriver, type Driver } from '../../local-slack/driver-client.ts';
import { type LocalSlack, startLocalSlack } from '../../local-slack/index.ts';
import { until } from '../../src/cli/real/processes.ts';
import { PACKAGES, type Shop, startShop } from '../../src/cli/real/shop.ts';
import { createClock } from '../../src/clock.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { createLog } from '../../src/log.ts';
import { type Gonogo, startGonogo } from '../../src/main.ts';
import { SECOND } from '../../src/time.ts';
import { ALERT_ACTIONS } from '../../views/alert.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { SCHEDULE_FIELDS } from '../../views/schedule-fields.ts';
import { startAlertmanager } from '../local-slack/alertmanager-process.ts';
import { acting } from '../slack/acting.ts';
import { EXAMPLE_POLICY } from '../slack/bot.ts';
import { looking } from '../slack/looking.ts';
import { missingPrograms } from './installed.ts';

const missing = missingPrograms(...PACKAGES, 'prometheus-alertmanager');
const title = `a real canary on this machine${missing.length > 0 ? `: ${missing.join(' and ')} not installed` : ''}`;
const STEPS = [
  { set_weight: 10 },
  { watch: '16s' },
  { set_weight: 50 },
  { watch: '20s' },
  { set_weight: 100 },
];

describe.skipIf(missing.length > 0)(title, () => {
  let shop: Shop;
  let slack: LocalSlack;
  let driver: Driver;
  let bot: Gonogo;
  const problems: string[] = [];

  beforeAll(async () => {
    shop = await startShop({ policy: EXAMPLE_POLICY, steps: STEPS, rate: 400 });
  }, 60 * SECOND);
  afterAll(() => shop?.stop());

  beforeEach(async () => {
    const manifest = new URL('../../manifest.yml', import.meta.url).pathname;
    slack = await startLocalSlack({ port: 0, manifest });
    driver = await connectDriver(slack.url);
    const { token, app_token } = slack.workspace.bot;
    const read = readEnvironment({
      SLACK_BOT_TOKEN: token,
      SLACK_APP_TOKEN: app_token,
      SLACK_API_URL: slack.workspace.api,
      GONOGO_CONFIG: shop.policyFile,
      GONOGO_DB: ':memory:',
      GONOGO_PORT: '0',
    });
    if (!read.ok) throw new Error(read.problems.join('\n'));
    const write = (line: string) => void problems.push(line);
    const log = createLog({ level: 'warn', destination: { write } });
    bot = await startGonogo({ environment: read.environment, log, clock: createClock() });
  }, 60 * SECOND);
  afterEach(async () => {
    await bot.stop();
    await driver.close();
    await slack.close();
  });

  async function deploy(version: string): Promise<string> {
    const people = acting({ driver, settled: () => bot.idle() });
    const { card } = looking({ driver, bot: () => ({ ...bot, errors: [] }) });
    await people.type('dana', 'checkout', `/deploy checkout ${version} to production`);
    const sent = await people.submit('dana', { [SCHEDULE_FIELDS.summary]: 'Adds Apple Pay.' });
    if (!sent.ok) throw new Error(JSON.stringify(sent));
    const [newest] = await bot.stores.events.list({ limit: 1 });
    if (newest === undefined) throw new Error('nothing was requested');
    for (const person of ['tom', 'sana', 'omar'] as const) {
      await people.click(person, await card(newest.id), CARD_ACTIONS.go);
    }
    return newest.id;
  }

  async function becomes(id: string, what: string, yes: (deployment: Deployment) => boolean): Promise<void> {
    let last: Deployment | undefined;
    await until(
      what,
      async () => {
        last = await bot.stores.events.load(id);
        return last !== undefined && yes(last);
      },
      90 * SECOND,
    ).catch((error: unknown) => {
      throw new Error(
        `${String(error)}: ${last?.status} ${JSON.stringify(last?.rollout)} ${problems.slice(-5).join('')}`,
      );
    });
  }

  /** A fault that no comparison can see any more: from its first failure to the old version for everybody, timed. */
  async function takenBackByAlert(id: string): Promise<void> {
    const webhook = slack.workspace.webhooks.find(({ channel }) => channel === 'alerts')?.url ?? '';
    shop.alertTo(await startAlertmanager(webhook));
    const begun = performance.now();
    const took: string[] = [];
    const note = (what: string) =>
      took.push(`${what} ${((performance.now() - begun) / SECOND).toFixed(1)} s`);
    shop.breakVersion('v2.1.0');
    const alert = await driver.until(
      async () =>
        (await driver.messages({ channel: 'alerts' })).find(({ thread_ts }) => thread_ts === undefined),
      { within: 60_000, what: 'the alert in Slack' },
    );
    note('alert in Slack after');
    const answer = await driver.until(
      async () => (await driver.messages({ channel: 'alerts', thread_ts: alert.ts }))[1],
      { within: 10_000, what: 'the answer in its thread' },
    );
    note('answered in its thread after');
    expect(answer.text).toMatch(/checkout `v2\.1\.0`/);
    await acting({ driver, settled: () => bot.idle() }).click('omar', answer, ALERT_ACTIONS.rollBack);
    await until('everybody has the old version', async () => (await shareOf('v2.0.4', 50)) === 1);
    note('old version for everybody after');
    await becomes(id, 'rolled back', ({ status }) => status === 'rolled_back');
    note('seen to be back after');
    console.log(`from the fault: ${took.join(' · ')}`);
  }

  /** Which share of so many people meets a version. */
  async function shareOf(version: string, people = 200): Promise<number> {
    const answers = await Promise.all(
      Array.from({ length: people }, async () => (await fetch(shop.url)).text()),
    );
    return answers.filter((answer) => answer.trim() === version).length / people;
  }

  it(
    'ST-1, RB-3: errors that double are rolled back on what is measured, and everybody has the old version again',
    async () => {
      const id = await deploy('v2.1.1');
      await becomes(id, 'rolled back', ({ status }) => status === 'rolled_back');
      expect(await shareOf('v2.0.4')).toBe(1);
      const { rollback } = (await bot.stores.events.load(id)) ?? {};
      expect(rollback).toMatchObject({ to: 'v2.0.4' });
      const events = await bot.stores.events.events(id);
      const begun = events.find(({ type }) => type === 'rollback_started');
      expect(JSON.stringify(begun)).toMatch(/errors/);
    },
    120 * SECOND,
  );

  it(
    'K-9, ST-1, K-6: a healthy version reaches all traffic, a reload of HAProxy in the middle changes nothing; when it breaks then, the alert of Prometheus is answered in Slack and one click takes it back',
    async () => {
      const id = await deploy('v2.1.0');
      await becomes(id, 'watched at 10 %', ({ rollout }) => rollout?.stages[0]?.watchedSince !== undefined);
      await shop.reloadHaproxy();
      expect(await shareOf('v2.1.0', 400)).toBeLessThan(0.2);
      await becomes(id, 'at 100 %', ({ status }) => ['verifying', 'observing'].includes(status));
      await becomes(id, 'verified', ({ status }) => status === 'observing');
      expect(await shareOf('v2.1.0')).toBe(1);
      const events = await bot.stores.events.events(id);
      expect(events.filter(({ type }) => type === 'held')).toEqual([]);
      await takenBackByAlert(id);
    },
    120 * SECOND,
  );
});
