/** The real bot with GitHub as its backend: jobs there wait for what people decide in Slack. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Delivery } from '../../src/backends/port.ts';
import { MINUTE } from '../../src/time.ts';
import { type GithubServer, startGithub } from '../backends/github-server.ts';
import { APP, APP_KEY, digestOf, shaOf } from '../backends/github-state.ts';
import { asksFor, delivered, WEBHOOK_SECRET, webhookBody } from '../backends/github-webhooks.ts';
import { examplePolicy } from './bot.ts';
import { request, signAll } from './deploying.ts';
import { it as base, type Stage } from './stage.ts';

const it = base.extend<{ github: GithubServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: the framework reads the pattern
  github: async ({}, use) => {
    const github = await startGithub();
    github.deploy({ payload: { version: 'v2.0.4', digest: digestOf('v2.0.4') } });
    github.protectedBy = 'rule';
    await use(github);
    await github.close();
  },
});

/** The example, whose reports are deployed by a workflow, with a protection rule on their environment. */
function policyFor({ url }: GithubServer): string {
  const folder = mkdtempSync(join(tmpdir(), 'github-secrets-'));
  writeFileSync(join(folder, 'key'), APP_KEY);
  writeFileSync(join(folder, 'secret'), WEBHOOK_SECRET);
  return examplePolicy()
    .replace(/gates: \[build.*\]/, 'gates: []')
    .replace(
      'backends:\n',
      `backends:
  shop:
    kind: github-actions
    api_url: ${url}
    auth: { app_id: ${APP.id}, installation_id: ${APP.installation}, private_key: "file:${folder}/key" }
    webhook_secret: file:${folder}/secret
    services:
      reports:
        repository: acme/checkout
        artifact: { image: ghcr.io/acme/checkout }
        environments: { production: { workflow: deploy.yml, steps: [replace, set-weight, stand-up], approve: true } }
`,
    )
    .replace(/^ {2}reports:\n/m, '  reports:\n    backend: shop\n');
}

async function post(stage: Stage, { headers, body }: Delivery, to = 'github/shop'): Promise<number> {
  const { status } = await fetch(`${stage.bot.url}/webhooks/${to}`, {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: new Uint8Array(body),
  });
  await stage.settled();
  return status;
}

it('K-9: one decision in Slack lets every job of GitHub through that waits for it, also after a restart', async ({
  open,
  github,
}) => {
  const stage = await open({ policy: policyFor(github), onDisk: true });
  github.now = stage.clock.now();
  const pushed = github.begin('push', shaOf('v2.1.0'));
  const ask = (deployment: number): Delivery => asksFor({ run: pushed.id, deployment, sha: shaOf('v2.1.0') });
  expect(await post(stage, ask(1))).toBe(202);
  const other = github.begin('push', shaOf('another'));
  expect(await post(stage, asksFor({ run: other.id, deployment: 9, sha: shaOf('another') }))).toBe(202);
  const id = await request(stage, 'reports v2.1.0 to production');
  await stage.restart();
  expect(github.answers).toEqual([]);
  await signAll(stage, id);
  await stage.pass(MINUTE, async () => github.answers.length > 1);
  const comment = `Decided in Slack: ${id}, reports v2.1.0 to production.`;
  const own = github.runs.find(({ event }) => event === 'workflow_dispatch');
  expect(github.answers).toHaveLength(2);
  for (const run of [pushed.id, own?.id])
    expect(github.answers).toContainEqual({ run, state: 'approved', comment });
  expect((await stage.load(id)).status).toBe('rolling_out');
  // The next wave of its matrix asks anew.
  pushed.status = 'waiting';
  expect(await post(stage, ask(2))).toBe(202);
  expect(github.answers).toHaveLength(3);
  // What ended is looked at as soon as GitHub says so, though no time passes here.
  const step = (await stage.load(id)).rollout?.step.index;
  github.goOn();
  const ended = webhookBody('workflow_run', {
    workflow_run: { id: own?.id },
    repository: { full_name: 'acme/checkout' },
  });
  expect(await post(stage, delivered('workflow_run', ended))).toBe(202);
  expect((await stage.load(id)).rollout?.step.index).not.toBe(step);
  expect(other.status).toBe('waiting');
  expect(github.asked.filter(({ status }) => status >= 400)).toEqual([]);
});

it('K-9: a service of GitHub with mode: watch: what a workflow deploys is shown and noted, and nothing is sent or answered there', async ({
  open,
  github,
}) => {
  const stage = await open({
    policy: policyFor(github)
      .replace('approve: true', 'approve: false')
      .replace('    backend: shop\n', '    backend: shop\n    mode: watch\n    lead: U0DANA00001\n'),
  });
  github.now = stage.clock.now();
  await stage.pass(2 * MINUTE);
  github.deploy({ payload: { version: 'v2.1.0', digest: digestOf('v2.1.0') } });
  await stage.pass(2 * MINUTE);
  const [d] = await stage.bot.stores.events.list({ service: 'reports', environment: 'production', limit: 1 });
  if (d === undefined) throw new Error('nothing is watched');
  const card = await stage.card(d.id);
  expect(card.text).toContain('Only watched, seen at shop');
  expect(card.text).toContain('v2.1.0');
  expect(JSON.stringify(card.blocks)).not.toContain('"actions"');
  const back = await stage.type('dana', 'checkout', '/deploy rollback reports');
  expect(back.told.join()).toContain('reports is only watched');
  const told = github.asked.filter(({ what }) => !/^GET |access_tokens$/.test(what));
  expect(told).toEqual([]);
});

it('OP-4: the door to GitHub takes only what is signed, of a size, and for a backend that is there', async ({
  open,
  github,
}) => {
  const stage = await open({ policy: policyFor(github) });
  const right = asksFor({ run: 1, deployment: 1, sha: shaOf('v2.1.0') });
  const forged = delivered('deployment_protection_rule', right.body.toString(), 'another secret');
  expect(await post(stage, forged)).toBe(401);
  expect(await post(stage, right, 'github/other')).toBe(404);
  expect(await post(stage, right, 'gitlab/shop')).toBe(404);
  expect(await post(stage, right, 'github/simulator')).toBe(404);
  expect(await post(stage, delivered('ping', `"${'x'.repeat(1_100_000)}"`))).toBe(413);
  expect(await post(stage, { ...right, headers: { ...right.headers, 'content-type': 'text/plain' } })).toBe(
    415,
  );
  expect(await post(stage, delivered('deployment_protection_rule', '{}'))).toBe(400);
  expect(github.asked).toEqual([]);
});
