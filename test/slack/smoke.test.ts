/** Smoke tests from gonogo.yml against a real server, as people in Slack see what comes of them. */

import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { MINUTE } from '../../src/time.ts';
import { say, startTarget, type Target } from '../smoke/target.ts';
import { EXAMPLE_POLICY } from './bot.ts';
import { request, signAll } from './deploying.ts';
import { it as base } from './stage.ts';
import { expectTruth, timelineOf } from './truth.ts';

const PASSWORD = 'correct-horse-battery';

interface Shop extends Target {
  /** What `/login` answers from now on. */
  login: number;
}

const it = base.extend<{ shop: Shop }>({
  // biome-ignore lint/correctness/noEmptyPattern: the framework reads the pattern
  shop: async ({}, use) => {
    process.env.SMOKE_PASSWORD = PASSWORD;
    const target = await startTarget(({ path, body }, response) =>
      path === '/login' ? say(response, shop.login, body) : say(response, 200, 'ok'),
    );
    const shop: Shop = { ...target, login: 200 };
    await use(shop);
    await target.close();
    delete process.env.SMOKE_PASSWORD;
  },
});

/** The example, whose reports are deployed all at once, with two tests of them in production. */
function policyFor({ port, url }: Target): string {
  return readFileSync(EXAMPLE_POLICY, 'utf8')
    .replace(/^services:\n/m, `smoke: { hosts: ["localhost:${port}"] }\n\nservices:\n`)
    .replace(
      / {2}reports:\n/,
      `  reports:
    smoke:
      environments: { production: { base: "${url}" } }
      secrets: { password: env:SMOKE_PASSWORD }
      tests:
        up: { name: Health, category: health, get: /healthz, expect: { contains: ok } }
        login: { name: Login, category: authentication, post: /login, json: { password: "{{password}}" } }
`,
    );
}

it('SM-1, SM-2: a version is live only after its smoke tests passed, which the card and the thread say', async ({
  open,
  shop,
}) => {
  const stage = await open({ policy: policyFor(shop) });
  const id = await request(stage, 'reports v0.8.0 to production');
  await signAll(stage, id);
  await stage.pass(5 * MINUTE, async () => (await stage.load(id)).status === 'observing');
  expect(shop.seen.map(({ path }) => path).sort()).toEqual(['/healthz', '/login']);
  expect((await stage.card(id)).text).toMatch(/✅ Smoke tests at .*: 2 of 2 passed/);
  expect(await timelineOf(stage, id)).toContainEqual(
    expect.stringContaining('✅ Smoke tests: 2 of 2 passed'),
  );
  expect(JSON.stringify(await stage.bot.stores.events.events(id))).not.toContain(PASSWORD);
  await expectTruth(stage, id);
});

it('SM-2, RB-3: a critical test that fails twice rolls back at once, and the rollback ends when the old version passes it', async ({
  open,
  shop,
}) => {
  shop.login = 500;
  const stage = await open({ policy: policyFor(shop) });
  const id = await request(stage, 'reports v0.8.0 to production');
  await signAll(stage, id);
  await stage.pass(5 * MINUTE, async () => (await stage.load(id)).trouble !== undefined);
  expect(shop.seen.filter(({ path }) => path === '/login')).toHaveLength(4);
  expect(await stage.load(id)).toMatchObject({ status: 'rolling_back' });
  expect((await stage.card(id)).text).toMatch(/v0\.7\.0 is back, and a critical smoke test failed: Login/);
  shop.login = 200;
  await stage.pass(5 * MINUTE, async () => (await stage.load(id)).status === 'rolled_back');
  const thread = await timelineOf(stage, id);
  expect(thread).toContainEqual(
    expect.stringContaining('a critical smoke test failed: Login (it answers 500 instead of 200)'),
  );
  expect((await stage.load(id)).status).toBe('rolled_back');
  expect(JSON.stringify(await stage.bot.stores.events.events(id))).not.toContain(PASSWORD);
  await expectTruth(stage, id);
});
