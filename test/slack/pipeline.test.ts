/** What a pipeline reports over the signed API, as people in Slack see it. */

import { describe, expect } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { SCHEDULE_FIELDS as FIELDS } from '../../views/schedule-fields.ts';
import { signedHeaders } from '../http/api-stage.ts';
import { examplePolicy } from './bot.ts';
import { request, rollingOut, signAll } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it, type Stage, type StageOptions } from './stage.ts';
import { expectTruth, timelineOf } from './truth.ts';

const SECRET = 'a-secret-that-only-the-pipeline-knows-0001';
const environment = { GONOGO_API_KEYS: `github=${SECRET};services=checkout;gates=*` };
const AT = 'checkout v2.1.0 to production at 14:00';

/** Each call is signed a second later than the one before, as two calls are. */
function pipelineOf(stage: Stage) {
  let calls = 0;
  return async (path: string, content: object): Promise<{ status: number; body: unknown }> => {
    calls += 1;
    const body = JSON.stringify(content);
    const timestamp = String(Math.floor(stage.settings.messageClock.now() / SECOND) + calls);
    const answer = await fetch(new URL(path, stage.bot.url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...signedHeaders({ key: 'github', secret: SECRET, timestamp, method: 'POST', path, body }),
      },
      body,
    });
    const said = { status: answer.status, body: (await answer.json()) as unknown };
    await stage.settled();
    return said;
  };
}

async function opened(
  open: (options?: StageOptions) => Promise<Stage>,
  policy = examplePolicy(),
  more: StageOptions = {},
) {
  const stage = await open({ policy, environment, ...more });
  return { stage, report: pipelineOf(stage) };
}

const gate = (gate: string, more: object) => ({ service: 'checkout', version: 'v2.1.0', gate, ...more });
const tests = (passed: number, failed: number, status = 'passed') =>
  gate('integration_tests', { status, tests: { passed, failed } });

describe('a gate that a pipeline reports', () => {
  it('GT-1: keeps the start waiting while its figure is too low, and schedules it once it is not', async ({
    open,
  }) => {
    const { stage, report } = await opened(open);
    const id = await request(stage, AT);
    expect(await report('/api/v1/gates', tests(94, 6))).toMatchObject({ status: 201 });
    await signAll(stage, id);
    const card = (await stage.card(id)).text;
    expect(card).toContain('Waiting for 1 gate · starts');
    expect(card).toContain('🚧 *Gates* · integration tests failed: 94 % of 100 tests, at least 95 %');
    expect(await timelineOf(stage, id)).toContainEqual(
      expect.stringMatching(/🚧 Gate integration tests has not passed: 94 % .* reported by github/),
    );
    // Its figure suffices, and its own pipeline calls it failed: no pass.
    expect(await report('/api/v1/gates', tests(96, 4, 'failed'))).toMatchObject({ status: 201 });
    expect((await stage.load(id)).status).toBe('preparing');
    expect((await stage.card(id)).text).toContain('reported as failed, with 96 % of 100 tests');
    await stage.pass(SECOND);
    expect(await report('/api/v1/gates', tests(95, 5))).toMatchObject({ status: 201 });
    expect((await stage.load(id)).status).toBe('scheduled');
    await expectTruth(stage, id);
  });

  it('GT-1: takes a schedule back when it fails later, and says so in the thread', async ({ open }) => {
    const { stage, report } = await opened(open);
    const id = await request(stage, AT);
    await signAll(stage, id);
    expect((await stage.load(id)).status).toBe('scheduled');
    const findings = { critical: 0, high: 1, medium: 0, low: 0 };
    await report('/api/v1/gates', gate('security_scan', { status: 'failed', findings }));
    expect((await stage.load(id)).status).toBe('preparing');
    expect(await timelineOf(stage, id)).toContainEqual(
      `It waits again: security scan is missing\n<@${PEOPLE.dana}>: it starts by itself once that is there.`,
    );
    await report(
      '/api/v1/gates',
      gate('security_scan', { status: 'passed', findings: { ...findings, high: 0 } }),
    );
    expect((await stage.load(id)).status).toBe('scheduled');
    await expectTruth(stage, id);
  });

  it('GT-1: that passes is no line in the thread, however many there are', async ({ open }) => {
    const { stage, report } = await opened(open);
    const id = await request(stage, AT);
    const before = (await timelineOf(stage, id)).length;
    for (let run = 0; run < 5; run += 1) {
      await report('/api/v1/gates', gate('build', { status: 'passed' }));
      await report('/api/v1/gates', tests(100 + run, 0));
    }
    expect(await timelineOf(stage, id)).toHaveLength(before);
    expect((await stage.card(id)).text).toContain('integration tests 100 % of 104 tests');
    await expectTruth(stage, id);
  });

  it('GT-1: reported before anybody asked counts at the request', async ({ open }) => {
    const { stage, report } = await opened(open);
    await report('/api/v1/gates', tests(90, 10));
    const id = await request(stage, AT);
    expect((await stage.card(id)).text).toContain('Waiting for 3 of 3 sign-offs and 1 gate');
  });
});

describe('an artifact that a pipeline registers', () => {
  async function built(stage: Stage): Promise<{ sha: string; digest: string }> {
    const target = { service: 'checkout', environment: 'production' };
    const release = (await stage.world.backend.versions(target)).find(({ version }) => version === 'v2.1.0');
    if (release === undefined) throw new Error('no v2.1.0');
    return { sha: release.sha, digest: release.digest };
  }
  const artifact = (build: { sha: string; digest: string }) => ({
    service: 'checkout',
    version: 'v2.1.0',
    ...build,
  });

  it('GT-3: answers the gates of its own facts', async ({ open }) => {
    const policy = examplePolicy().replace(
      'staging_smoke]',
      'staging_smoke, artifact_version, artifact_tag]',
    );
    const { stage, report } = await opened(open, policy);
    const id = await request(stage, AT);
    expect((await stage.card(id)).text).toContain('and 2 gates');
    const build = await built(stage);
    const tag = `v2.1.0-${build.sha.slice(0, 7)}`;
    expect(await report('/api/v1/releases', { ...artifact(build), tag })).toMatchObject({ status: 201 });
    expect((await stage.card(id)).text).toContain('Waiting for 3 of 3 sign-offs ·');
    expect((await stage.card(id)).text).toContain('✅ *Gates* · all 7 passed');
  });

  it('GT-3: is the only one: a second digest is refused, and the thread and the channel say so', async ({
    open,
  }) => {
    const { stage, report } = await opened(open);
    const id = await request(stage, AT);
    const build = await built(stage);
    expect(await report('/api/v1/releases', artifact(build))).toMatchObject({ status: 201 });
    const other = { ...build, digest: `sha256:${'c'.repeat(64)}` };
    for (let again = 0; again < 2; again += 1)
      expect(await report('/api/v1/releases', artifact(other))).toMatchObject({ status: 409 });
    const said = (await timelineOf(stage, id)).filter((line) => line.includes('Another build'));
    expect(said).toEqual([
      expect.stringMatching(/^🚧 Another build of checkout v2\.1\.0 was refused: github offered sha256:cccc/),
    ]);
    await expectTruth(stage, id);
  });

  it('GT-3: is the only one while it rolls out as well, whatever else is still to be reported', async ({
    open,
  }) => {
    const gates = 'gates: [build, unit_tests, security_scan, integration_tests, staging_smoke]';
    const policy = examplePolicy().replace(gates, 'gates: [build]\n    checklist: []');
    const { stage, report } = await opened(open, policy);
    const id = await rollingOut(stage);
    const build = await built(stage);
    await report('/api/v1/releases', artifact(build));
    await report('/api/v1/releases', artifact({ ...build, digest: `sha256:${'f'.repeat(64)}` }));
    expect((await stage.load(id)).status).toBe('rolling_out');
    expect(await timelineOf(stage, id)).toContainEqual(
      expect.stringMatching(/^🚧 Another build of checkout/),
    );
  });

  it('GT-3: is refused in the channel of its service where nothing brings that version', async ({ open }) => {
    const { stage, report } = await opened(open);
    const build = await built(stage);
    await report('/api/v1/releases', artifact(build));
    await report('/api/v1/releases', artifact({ ...build, digest: `sha256:${'d'.repeat(64)}` }));
    const messages = await stage.driver.messages({ channel: 'C0CHECKOUT2', user: 'U0DANA00001' });
    expect(messages.map(({ text }) => text)).toEqual([
      expect.stringContaining('Give the new build a new version.'),
    ]);
  });

  it('GT-3: is what the backend must deploy: another build is refused at the version', async ({ open }) => {
    const { stage, report } = await opened(open);
    await report('/api/v1/releases', artifact({ sha: 'ab'.repeat(20), digest: `sha256:${'e'.repeat(64)}` }));
    await stage.type('dana', 'checkout', `/deploy ${AT}`);
    const sent = await stage.submit('dana', { [FIELDS.summary]: 'Adds Apple Pay.' });
    expect(sent.errors).toEqual({
      [FIELDS.version]: expect.stringMatching(
        /^The backend would deploy v2\.1\.0 from the artifact sha256:.* and github registered sha256:eeeeeeeeeeee: a version is never built twice\. Deploy the registered build/,
      ),
    });
  });

  it('GT-3: that differs from what was asked for, registered while it waits, is said at once and keeps it from starting', async ({
    open,
  }) => {
    const { stage, report } = await opened(open);
    const id = await request(stage, AT);
    await signAll(stage, id);
    await report('/api/v1/releases', artifact({ sha: 'ab'.repeat(20), digest: `sha256:${'e'.repeat(64)}` }));
    expect((await stage.card(id)).text).toContain('It cannot start like this');
    expect(await timelineOf(stage, id)).toContainEqual(
      expect.stringMatching(/^🚧 The backend would deploy v2\.1\.0 from the artifact .*never built twice/),
    );
    const { at: startAt = 0 } = (await stage.load(id)).start;
    await stage.pass(startAt - stage.clock.now() + 5 * SECOND);
    const after = await stage.load(id);
    expect(after).toMatchObject({ status: 'scheduled', trouble: { doing: 'start' } });
    expect((await stage.card(id)).text).toContain('a version is never built twice');
  });
});

describe('a release that goes by itself', () => {
  const merging = (): string =>
    examplePolicy()
      .replace('  staging:\n', '  staging: { on_merge: true, gates: [], hand_over_gates: [] }\n')
      .replace('lead: U0DANA00001', 'lead: U0DANA00001\n    environments: [staging]')
      .replace(/(search:\n {4}channel: C0DEPLOYS01)/, '$1\n    lead: U0DANA00001')
      .replace(/(reports:\n {4}channel: C0DEPLOYS01)/, '$1\n    lead: U0DANA00001');

  it('CH-2: is deployed on merge once, however often it is registered, and one that went back keeps the next out and says so', async ({
    open,
  }) => {
    const { stage, report } = await opened(open, merging(), { onDisk: true });
    const listed = await stage.world.backend.versions({ service: 'checkout', environment: 'staging' });
    const build = (version: string) => {
      const found = listed.find((one) => one.version === version);
      if (found === undefined) throw new Error(`no ${version}`);
      return { service: 'checkout', version, sha: found.sha, digest: found.digest };
    };
    expect(await report('/api/v1/releases', build('v2.1.0'))).toMatchObject({ status: 201 });
    const first = await stage.bot.stores.events.list({ limit: 9 });
    expect(first).toMatchObject([
      {
        requestedBy: { id: PEOPLE.dana },
        terms: { automatic: 'on_merge', envelope: { environment: 'staging', version: 'v2.1.0' } },
      },
    ]);
    const id = first[0]?.id ?? '';
    expect((await stage.thread(id)).map(({ text }) => text).join('\n')).toContain('goes by itself: v2.1.0');
    await report('/api/v1/releases', build('v2.1.0'));
    expect(await stage.bot.stores.events.list({ limit: 9 })).toHaveLength(1);
    await stage.pass(HOUR, async () => (await stage.load(id)).rollout !== undefined);
    await stage.click('dana', await stage.card(id), CARD_ACTIONS.rollBack);
    await stage.pass(HOUR, async () => (await stage.load(id)).status === 'rolled_back');
    expect((await stage.load(id)).status).toBe('rolled_back');
    expect(await report('/api/v1/releases', build('v2.1.2'))).toMatchObject({ status: 201 });
    await stage.pass(10 * MINUTE);
    expect(await stage.bot.stores.events.list({ limit: 9 })).toHaveLength(1);
    const saidOf = async (version: string) =>
      (await stage.driver.messages({ channel: 'checkout' })).filter(
        ({ text }) => text.includes('by itself') && text.includes(version),
      );
    const said = await saidOf('v2.1.2');
    expect(said).toHaveLength(1);
    await stage.restart();
    await stage.pass(30 * MINUTE);
    expect(await saidOf('v2.1.2')).toHaveLength(1);
    expect(said.at(-1)?.text).toContain(`v2.1.0 was rolled back there (${id})`);
  });
});
