import { describe, expect } from 'vitest';
import type { Delivery, DeployBackend } from '../../src/backends/port.ts';
import { MINUTE, SECOND } from '../../src/time.ts';
import { AS_APP, CHANGE, it, REPLACE } from './github-rig.ts';
import { shaOf } from './github-state.ts';
import { asksFor, delivered, webhookBody } from './github-webhooks.ts';

const HOOKED = { webhook_secret: 'env:WEBHOOK_SECRET', ...AS_APP };
const APPROVES = { environment: { approve: true }, top: HOOKED };
const PLACE = { service: 'checkout', environment: 'production' };

const ASK = { run: 17, deployment: 71, sha: CHANGE.sha };

describe('a webhook of GitHub', () => {
  it('K-9: offers the job that asks once, however often it is delivered, and after a restart as well', async ({
    stage: { github, open },
  }) => {
    const backend = open(APPROVES);
    const delivery = asksFor(ASK);
    expect(await backend.receive?.(delivery)).toEqual({ kind: 'taken', wake: [PLACE] });
    const jobs = backend.waiting?.();
    expect(jobs).toEqual([
      {
        key: 'acme/checkout/17/production/d71',
        at: github.now,
        targets: [PLACE],
        of: 'others',
        sha: CHANGE.sha,
        unknown: 'leave',
      },
    ]);
    github.now += SECOND;
    // GitHub's own number of a delivery is not signed: another in its place changes nothing.
    const replayed: Delivery = {
      ...delivery,
      headers: { ...delivery.headers, 'x-github-delivery': 'another' },
    };
    expect(await backend.receive?.(replayed)).toEqual({ kind: 'taken', wake: [] });
    expect(open(APPROVES).waiting?.()).toEqual(jobs);
    expect(github.asked).toEqual([]);
  });

  it('K-9: asks again for each job of a matrix, and an answer to one is given once and stays', async ({
    stage: { github, open },
  }) => {
    const backend = open(APPROVES);
    github.protectedBy = 'rule';
    const run = github.begin('push', CHANGE.sha);
    for (const deployment of [1, 2])
      await backend.receive?.(asksFor({ run: run.id, deployment, sha: CHANGE.sha }));
    const [first, second] = backend.waiting?.() ?? [];
    await backend.answer?.(first?.key ?? '', { approve: true, comment: 'Decided in Slack: D-1.' });
    // GitHub takes it for all of the run that wait there.
    expect(backend.waiting?.()).toEqual([]);
    await backend.answer?.(second?.key ?? '', { approve: true, comment: 'again' });
    await backend.receive?.(asksFor({ run: run.id, deployment: 1, sha: CHANGE.sha }));
    expect(backend.waiting?.()).toEqual([]);
    run.status = 'waiting';
    github.now += SECOND;
    await backend.receive?.(asksFor({ run: run.id, deployment: 3, sha: CHANGE.sha }));
    const [third] = backend.waiting?.() ?? [];
    await backend.answer?.(third?.key ?? '', { approve: true, comment: 'Decided in Slack: D-1.' });
    expect(github.answers).toEqual([
      { run: run.id, state: 'approved', comment: 'Decided in Slack: D-1.' },
      { run: run.id, state: 'approved', comment: 'Decided in Slack: D-1.' },
    ]);
  });

  it('K-9: tells of reviews that are asked for, and an answer that failed is asked for again', async ({
    stage: { github, open },
  }) => {
    const backend = open(APPROVES);
    github.protectedBy = 'review';
    const run = github.begin('push', CHANGE.sha);
    const asked = webhookBody('deployment_review', {
      action: 'requested',
      environment: 'production',
      workflow_run: { id: run.id, event: 'push', head_sha: CHANGE.sha },
      workflow_job_run: { id: 5 },
      repository: { full_name: 'Acme/Checkout' },
    });
    await backend.receive?.(delivered('deployment_review', asked));
    const [job] = backend.waiting?.() ?? [];
    github.fault({ match: /^POST .*pending_deployments/, status: 503, times: 1 });
    const no = { approve: false, comment: 'somebody said no-go' };
    await expect(backend.answer?.(job?.key ?? '', no)).rejects.toThrow('503');
    expect(backend.waiting?.()).toHaveLength(1);
    await backend.answer?.(job?.key ?? '', no);
    expect(github.answers).toEqual([{ run: run.id, state: 'rejected', comment: no.comment }]);
    expect(backend.waiting?.()).toEqual([]);
  });

  it('CH-7: knows a run of its own by what it dispatched, not by what the run calls itself', async ({
    stage: { github, open },
  }) => {
    const backend = open(APPROVES);
    github.protectedBy = 'rule';
    await backend.apply(CHANGE, REPLACE, 'a');
    const [own] = github.runs;
    const forged = github.begin('workflow_dispatch', CHANGE.sha);
    forged.display_title = own?.display_title ?? '';
    for (const [index, { id }] of [own, forged].map((run) => run ?? forged).entries())
      await backend.receive?.(
        asksFor({ run: id, deployment: index, sha: shaOf('main'), event: 'workflow_dispatch' }),
      );
    expect(backend.waiting?.().map(({ of, sha }) => [of, sha])).toEqual([
      ['step', CHANGE.sha],
      ['others', undefined],
    ]);
    await backend.rollback(CHANGE, 'v2.0.4', 'back');
    expect(backend.waiting?.().map(({ of }) => of)).toEqual(['overtaken', 'others']);
  });

  it('CH-7: of a run that may be its own, and is not known to be yet, nothing is decided', async ({
    stage: { github, open },
  }) => {
    const backend = open(APPROVES);
    github.old = true;
    github.protectedBy = 'rule';
    await backend.apply(CHANGE, REPLACE, 'a');
    const run = github.runs[0]?.id ?? 0;
    await backend.receive?.(asksFor({ run, deployment: 1, sha: shaOf('main'), event: 'workflow_dispatch' }));
    expect(backend.waiting?.()).toEqual([]);
    await backend.observe(CHANGE);
    expect(backend.waiting?.()).toMatchObject([{ of: 'step', sha: CHANGE.sha }]);
  });

  it.for(['workflow_dispatch', 'repository_dispatch', 'pull_request_target', 'workflow_run', 'schedule'])(
    'CH-7: says of a run that %s began no commit that a decision could stand for',
    async (event, { stage: { open } }) => {
      const backend = open({ environment: { approve: true, unknown_runs: 'reject' }, top: HOOKED });
      await backend.receive?.(asksFor({ ...ASK, event }));
      expect(backend.waiting?.()).toMatchObject([{ of: 'others', unknown: 'reject' }]);
      expect(backend.waiting?.()[0]).not.toHaveProperty('sha');
    },
  );

  it('wakes the places that it is about: those of its environment, or of the run', async ({
    stage: { github, open },
  }) => {
    const staging = { workflow: 'deploy.yml' };
    const backend = open({
      service: { environments: { production: { ...staging, approve: true }, staging } },
      top: HOOKED,
    });
    const status = webhookBody('deployment_status', {
      deployment: { environment: 'staging' },
      repository: { full_name: 'acme/checkout' },
    });
    expect(await backend.receive?.(delivered('deployment_status', status))).toEqual({
      kind: 'taken',
      wake: [{ service: 'checkout', environment: 'staging' }],
    });
    await backend.apply(CHANGE, REPLACE, 'a');
    const ended = (id: number): Delivery =>
      delivered(
        'workflow_run',
        webhookBody('workflow_run', { workflow_run: { id }, repository: { full_name: 'acme/checkout' } }),
      );
    expect(await backend.receive?.(ended(github.runs[0]?.id ?? 0))).toEqual({ kind: 'taken', wake: [PLACE] });
    expect(await backend.receive?.(ended(4))).toMatchObject({ wake: [PLACE, { environment: 'staging' }] });
  });

  it('of another repository, environment or kind is taken and means nothing here', async ({
    stage: { open },
  }) => {
    const backend = open(APPROVES);
    const ping = delivered('ping', JSON.stringify({ zen: 'Keep it logically awesome.' }));
    const elsewhere = [
      ping,
      asksFor({ ...ASK, repository: 'acme/other' }),
      asksFor({ ...ASK, environment: 'preview' }),
    ];
    for (const delivery of elsewhere)
      expect(await backend.receive?.(delivery)).toEqual({ kind: 'taken', wake: [] });
    expect(backend.waiting?.()).toEqual([]);
  });

  it('opens no question where nobody said that Slack answers it', async ({ stage: { open } }) => {
    const backend = open({ top: HOOKED });
    expect(await backend.receive?.(asksFor(ASK))).toEqual({ kind: 'taken', wake: [PLACE] });
    expect(backend.waiting?.()).toEqual([]);
  });

  it('OP-4: is refused where its signature is not right, or is of something else', async ({
    stage: { github, open },
  }) => {
    const backend = open(APPROVES);
    const right = asksFor(ASK);
    const signature = right.headers['x-hub-signature-256'];
    const { 'x-hub-signature-256': _none, ...unsigned } = right.headers;
    const forged: Delivery[] = [
      { ...right, headers: unsigned },
      { ...right, headers: { ...unsigned, 'x-hub-signature-256': '' } },
      { ...right, headers: { ...unsigned, 'x-hub-signature-256': 'sha256=00' } },
      { ...right, headers: { ...unsigned, 'x-hub-signature': signature } },
      { ...right, body: Buffer.from(right.body.toString().replace('push', 'puSH')) },
      { ...right, body: Buffer.alloc(0) },
      delivered('deployment_protection_rule', right.body.toString(), 'another secret'),
    ];
    for (const delivery of forged)
      expect(await backend.receive?.(delivery)).toMatchObject({ kind: 'refused', status: 401 });
    expect(backend.waiting?.()).toEqual([]);
    expect(github.asked).toEqual([]);
    expect(await open({ environment: { approve: true } }).receive?.(right)).toMatchObject({ status: 404 });
  });

  it('is refused with what is wrong where it is signed and not as GitHub says', async ({
    stage: { open },
  }) => {
    const backend = open(APPROVES);
    const bodies = [
      'no json',
      '{}',
      JSON.stringify({ ...JSON.parse(asksFor(ASK).body.toString()), deployment_callback_url: 'https://x/1' }),
      JSON.stringify({ ...JSON.parse(asksFor(ASK).body.toString()), environment: 7 }),
    ];
    const answers = [];
    for (const body of bodies)
      answers.push(await backend.receive?.(delivered('deployment_protection_rule', body)));
    expect(answers).toMatchObject([
      { status: 400, problem: 'it is no JSON' },
      { status: 400 },
      { status: 400, problem: expect.stringContaining('which run') },
      { status: 400, problem: expect.stringContaining('environment') },
    ]);
  });
});

describe('a run that waits at GitHub', () => {
  it('is told as a problem, where nobody said that Slack answers it', async ({
    stage: { github, backend },
  }) => {
    github.protectedBy = 'review';
    await backend.apply(CHANGE, REPLACE, 'a');
    expect((await backend.observe(CHANGE)).problem).toContain('run #1 waits for a review');
    expect(github.approvals).toEqual([]);
  });

  const answered = async (backend: DeployBackend): Promise<string[]> => {
    const jobs = backend.waiting?.() ?? [];
    for (const { key } of jobs) await backend.answer?.(key, { approve: true, comment: 'D-1' });
    return jobs.map(({ of }) => of);
  };

  it('K-9: waits for what is decided in Slack, which answers it, and again for each job that waits after it', async ({
    stage: { github, open },
  }) => {
    const backend = open({ environment: { approve: true } });
    github.protectedBy = 'review';
    await backend.apply(CHANGE, REPLACE, 'a');
    for (const wave of [1, 2]) {
      // A step that is only waiting for its answer is not held.
      expect((await backend.observe(CHANGE)).problem).toBeUndefined();
      expect(await answered(backend)).toEqual(['step']);
      expect(github.approvals).toHaveLength(wave);
      await backend.observe(CHANGE);
      expect(backend.waiting?.()).toEqual([]);
      // The next wave of a matrix waits anew.
      Object.assign(github.runs[0] ?? {}, { status: 'waiting' });
      github.now += MINUTE;
    }
  });

  it('is told as a problem where the credentials may not answer, or GitHub refuses the answer', async ({
    stage: { github, open },
  }) => {
    const backend = open({ environment: { approve: true } });
    // A rule needs an App.
    github.protectedBy = 'rule';
    await backend.apply(CHANGE, REPLACE, 'a');
    await backend.observe(CHANGE);
    await answered(backend);
    expect((await backend.observe(CHANGE)).problem).toBeUndefined();
    github.now += MINUTE;
    expect((await backend.observe(CHANGE)).problem).toContain('GoNoGo may not answer it');
    await backend.rollback(CHANGE, 'v2.0.4', 'back');
    github.goOn();
    github.protectedBy = 'review';
    await backend.apply(CHANGE, REPLACE, 'b');
    github.fault({
      match: /^POST .*pending_deployments/,
      status: 403,
      body: { message: 'Resource not accessible by integration' },
      headers: { 'x-accepted-github-permissions': 'deployments=write' },
    });
    await backend.observe(CHANGE);
    await expect(answered(backend)).rejects.toThrow('deployments: write');
    expect((await backend.observe(CHANGE)).problem).toContain('it needs the permission deployments: write');
  });

  it('RB-1: is let through on sight where it is a rollback', async ({ stage: { github, open } }) => {
    const backend = open({ environment: { approve: true }, top: AS_APP });
    await backend.apply(CHANGE, REPLACE, 'a');
    github.goOn();
    github.protectedBy = 'rule';
    await backend.rollback(CHANGE, 'v2.0.4', 'back');
    await backend.observe(CHANGE);
    expect(github.approvals.map(({ by }) => by)).toEqual(['rule']);
  });

  it('is not answered once it was overtaken, but cancelled', async ({ stage: { github, open } }) => {
    const backend = open({ environment: { approve: true } });
    github.protectedBy = 'review';
    await backend.apply(CHANGE, REPLACE, 'a');
    await backend.observe(CHANGE);
    github.protectedBy = 'nobody';
    await backend.rollback(CHANGE, 'v2.0.4', 'back');
    expect((backend.waiting?.() ?? []).map(({ of }) => of)).toEqual(['overtaken']);
    await backend.observe(CHANGE);
    expect(github.approvals).toEqual([]);
    expect(github.runs.at(-1)?.conclusion).toBe('cancelled');
  });
});
