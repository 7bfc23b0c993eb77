import { describe, expect } from 'vitest';
import { BACKENDS } from '../../src/backends/index.ts';
import { MINUTE, SECOND } from '../../src/time.ts';
import { adapterContext } from '../adapter-context.ts';
import { share } from './conformance/subject.ts';
import { testBackend } from './conformance.ts';
import { testFaults } from './faults.ts';
import { CANNOT_AT_GITHUB, githubFaults } from './github-faults.ts';
import {
  CHANGE,
  DISPATCH,
  dispatches,
  type GithubStage,
  it,
  openGithubStage,
  REPLACE,
} from './github-rig.ts';
import { digestOf, KEY_NAME, TOKEN } from './github-state.ts';

const subjectOf = ({ github, backend, open, close }: GithubStage) => ({
  backend,
  change: CHANGE,
  next: 'v2.1.1',
  async settle() {
    github.goOn();
  },
  carriedOut: () => github.runs.length,
  told: (version: string) => github.runs.find(({ inputs }) => inputs.version === version)?.inputs.digest,
  async breakDown() {
    await github.stop();
    return github.start;
  },
  async hang() {
    const answerAgain = github.hang();
    return async () => answerAgain();
  },
  async getStuck() {
    github.ends = 'failure';
  },
  reopen: async () => open(),
  close,
});

testBackend('github-actions', async () => subjectOf(await openGithubStage()), [
  {
    reason: 'a workflow holds the capacity itself: it refuses inputs that it does not declare',
    tests: ['ST-3: a part that would leave less than the capacity is not taken out, and it says why'],
  },
]);

testFaults('github-actions', CANNOT_AT_GITHUB, async () => {
  const stage = await openGithubStage();
  return { ...subjectOf(stage), faults: githubFaults(stage) };
});

describe('GitHub Actions', () => {
  it('K-9: a deployment is a run of the workflow, and a deployment at GitHub that says what it brings', async ({
    stage: { github, backend },
  }) => {
    await backend.apply(CHANGE, REPLACE, 'D-1:0');
    const [run] = github.runs;
    expect(run?.inputs).toEqual({
      version: 'v2.1.0',
      sha: CHANGE.sha,
      digest: CHANGE.digest,
      step: 'replace',
      gonogo_key: expect.stringMatching(KEY_NAME),
    });
    expect(run?.ref).toBe('main');
    expect(github.deployments[0]).toMatchObject({ ref: CHANGE.sha, payload: { version: 'v2.1.0' } });
    expect(github.deployments[0]?.statuses.map(({ state }) => state)).toEqual(['in_progress']);
    expect(await backend.observe(CHANGE)).toMatchObject({ stable: 'v2.0.4', canary: null });
    github.goOn();
    expect(await backend.observe(CHANGE)).toMatchObject({
      stable: 'v2.1.0',
      health: 'passing',
      digests: { 'v2.1.0': CHANGE.digest },
    });
    expect(github.deployments[0]?.statuses[0]).toMatchObject({ state: 'success', log_url: run?.html_url });
    expect(github.asked.filter(({ status }) => status >= 400)).toEqual([]);
  });

  it('K-9: what has not changed is asked for by its ETag, which costs nothing of the limit', async ({
    stage: { github, backend },
  }) => {
    await backend.observe(CHANGE);
    const before = github.asked.length;
    await backend.observe(CHANGE);
    const again = github.asked.slice(before);
    expect(again.length).toBeGreaterThan(0);
    expect(again.map(({ status }) => status)).toEqual(again.map(() => 304));
  });

  it('RB-3: a rollback is a run with the old version from the same branch, and cancels the run that it overtakes', async ({
    stage: { github, backend },
  }) => {
    await backend.apply(CHANGE, REPLACE, 'a');
    await backend.rollback(CHANGE, 'v2.0.4', 'back');
    const [back, step] = github.runs;
    expect(back).toMatchObject({
      ref: 'main',
      inputs: { step: 'rollback', version: 'v2.0.4', digest: digestOf('v2.0.4') },
    });
    expect(step?.conclusion).toBe('cancelled');
    github.goOn();
    const seen = await backend.observe(CHANGE);
    expect(seen).toMatchObject({ stable: 'v2.0.4', health: 'passing' });
    expect(seen.problem).toBeUndefined();
  });

  it('RB-3: a rollback that is told again while its run is under way is not run twice', async ({
    stage: { github, backend },
  }) => {
    await backend.apply(CHANGE, REPLACE, 'a');
    github.goOn();
    for (const key of ['back', 'back again', 'and again']) await backend.rollback(CHANGE, 'v2.0.4', key);
    expect(dispatches(github)).toBe(2);
    github.ends = 'failure';
    github.goOn();
    expect((await backend.observe(CHANGE)).problem).toContain('failed in deploy, at "Apply"');
    await backend.rollback(CHANGE, 'v2.0.4', 'once more');
    expect(dispatches(github)).toBe(3);
  });

  it('RB-3, RB-7: a step that ends after the rollback is what runs: so it is told again', async ({
    stage: { github, backend },
  }) => {
    github.fault({ match: /\/cancel$/, status: 500, times: 9 });
    await backend.apply(CHANGE, REPLACE, 'a');
    await backend.rollback(CHANGE, 'v2.0.4', 'back');
    const [back, step] = github.runs;
    Object.assign(back ?? {}, { status: 'completed', conclusion: 'success' });
    github.now += SECOND;
    Object.assign(step ?? {}, {
      status: 'completed',
      conclusion: 'success',
      updated_at: new Date(github.now).toISOString(),
    });
    expect((await backend.observe(CHANGE)).stable).toBe('v2.1.0');
    await backend.rollback(CHANGE, 'v2.0.4', 'back again');
    github.goOn();
    expect((await backend.observe(CHANGE)).stable).toBe('v2.0.4');
  });

  it('a rollback to nothing is refused, and says what to do', async ({ stage: { backend } }) => {
    await expect(backend.rollback(CHANGE, null, 'out')).rejects.toMatchObject({
      final: true,
      message: expect.stringContaining('take it out by hand'),
    });
  });

  describe('a dispatch whose answer is lost', () => {
    it.for([
      ['GitHub answers 502', { status: 502 }],
      ['the connection is cut', { status: 0, cut: true }],
    ] as const)(
      'K-9: is looked for and not sent twice, where %s and has taken it',
      async ([, fault], { stage: { github, backend } }) => {
        github.fault({ match: DISPATCH, carriedOut: true, times: 1, ...fault });
        await expect(backend.apply(CHANGE, REPLACE, 'a')).rejects.toMatchObject({ final: false });
        await backend.apply(CHANGE, REPLACE, 'a');
        expect(github.runs).toHaveLength(1);
        github.goOn();
        expect((await backend.observe(CHANGE)).stable).toBe('v2.1.0');
      },
    );

    it('K-9: is found by another process, which does not send it either', async ({
      stage: { github, backend, open },
    }) => {
      github.fault({ match: DISPATCH, status: 0, cut: true, carriedOut: true, times: 1 });
      await expect(backend.apply(CHANGE, REPLACE, 'a')).rejects.toMatchObject({ final: false });
      await open().apply(CHANGE, REPLACE, 'a');
      expect(github.runs).toHaveLength(1);
    });

    it('K-9: is sent again once it is certain that no run came of it, a rollback sooner', async ({
      stage: { github, backend },
    }) => {
      github.fault({ match: DISPATCH, status: 502, times: 1 });
      await expect(backend.apply(CHANGE, REPLACE, 'a')).rejects.toMatchObject({ final: false });
      await expect(backend.apply(CHANGE, REPLACE, 'a')).rejects.toThrow('only sent again when there is none');
      github.now += MINUTE + SECOND;
      await backend.apply(CHANGE, REPLACE, 'a');
      expect(github.runs).toHaveLength(1);
      github.fault({ match: DISPATCH, status: 502, times: 1 });
      await expect(backend.rollback(CHANGE, 'v2.0.4', 'back')).rejects.toMatchObject({ final: false });
      github.now += 11 * SECOND;
      await backend.rollback(CHANGE, 'v2.0.4', 'back again');
      expect(github.runs.map(({ inputs }) => inputs.step)).toEqual(['rollback', 'replace']);
    });
  });

  it('K-9: a server that does not say the run is asked without, and the run is known by its name', async ({
    stage: { github, backend },
  }) => {
    github.old = true;
    await backend.apply(CHANGE, REPLACE, 'a');
    github.goOn();
    expect((await backend.observe(CHANGE)).stable).toBe('v2.1.0');
    expect(github.runs).toHaveLength(1);
  });

  it('CH-7: a run that bears the name of another, to be taken for it, is not', async ({
    stage: { github, backend },
  }) => {
    github.old = true;
    await backend.apply(CHANGE, REPLACE, 'a');
    const [own] = github.runs;
    const forged = github.begin('workflow_dispatch', CHANGE.sha);
    Object.assign(forged, {
      display_title: own?.display_title,
      status: 'completed',
      conclusion: 'success',
    });
    expect((await backend.observe(CHANGE)).stable).toBe('v2.0.4');
    github.goOn();
    expect((await backend.observe(CHANGE)).stable).toBe('v2.1.0');
  });

  it('K-9: a plan with a step that the workflow of this environment is not said to take is refused', async ({
    stage: { backend },
  }) => {
    expect(await backend.planProblem?.(CHANGE, [REPLACE])).toBeUndefined();
    expect(await backend.planProblem?.(CHANGE, [{ kind: 'stand-up' }, REPLACE])).toBe(
      'deploy.yml is not said to take the step "stand-up" there',
    );
  });

  it('a dispatch that was taken and of which no run appears is told as a problem', async ({
    stage: { github, backend },
  }) => {
    github.swallows = true;
    await backend.apply(CHANGE, REPLACE, 'a');
    expect((await backend.observe(CHANGE)).problem).toBeUndefined();
    github.now += 6 * MINUTE;
    expect((await backend.observe(CHANGE)).problem).toContain('no run with gonogo-');
  });

  it('a run that was cancelled by its concurrency group is told, with where to look', async ({
    stage: { github, backend },
  }) => {
    await backend.apply(CHANGE, REPLACE, 'a');
    Object.assign(github.runs[0] ?? {}, { status: 'completed', conclusion: 'cancelled' });
    const { problem, stable } = await backend.observe(CHANGE);
    expect(problem).toContain('GitHub does not say which run came after it');
    expect(problem).toContain('/actions/runs/');
    expect(stable).toBe('v2.0.4');
  });

  it.for([
    ['failure', 'failed in deploy, at "Apply"'],
    ['timed_out', 'took too long'],
    ['startup_failure', 'its workflow file is not right'],
    ['skipped', 'nothing was deployed'],
    ['neutral', 'without saying whether it worked'],
    ['something_new', 'ended as "something_new"'],
  ] as const)(
    'AN-5: a run that ends as %s is no success',
    async ([conclusion, words], { stage: { github, backend } }) => {
      await backend.apply(CHANGE, REPLACE, 'a');
      github.ends = conclusion;
      github.goOn();
      const seen = await backend.observe(CHANGE);
      expect(seen.problem).toContain(words);
      expect(seen.stable).toBe('v2.0.4');
      expect(github.deployments[0]?.statuses[0]?.state).toBe('failure');
    },
  );

  it('a run whose failed jobs somebody has run again is followed on', async ({
    stage: { github, backend },
  }) => {
    await backend.apply(CHANGE, REPLACE, 'a');
    github.ends = 'failure';
    github.goOn();
    expect((await backend.observe(CHANGE)).problem).toBeDefined();
    Object.assign(github.runs[0] ?? {}, { status: 'in_progress', conclusion: null });
    expect((await backend.observe(CHANGE)).problem).toBeUndefined();
    github.ends = 'success';
    github.goOn();
    expect((await backend.observe(CHANGE)).stable).toBe('v2.1.0');
  });

  describe('what somebody else did', () => {
    it('is seen where their deployment says its version, by payload or by tag', async ({
      stage: { github, backend },
    }) => {
      await backend.apply(CHANGE, REPLACE, 'a');
      github.goOn();
      await backend.observe(CHANGE);
      github.deploy({ ref: 'v2.1.1' });
      expect((await backend.observe(CHANGE)).stable).toBe('v2.1.1');
    });

    it('is a problem where it does not', async ({ stage: { github, backend } }) => {
      await backend.apply(CHANGE, REPLACE, 'a');
      github.goOn();
      await backend.observe(CHANGE);
      github.deploy({ by: 'mallory' });
      expect((await backend.observe(CHANGE)).problem).toContain('mallory deployed to production');
    });

    it('is not what the workflow of GoNoGo itself writes by "environment:"', async ({
      stage: { github, backend },
    }) => {
      await backend.apply(CHANGE, { kind: 'set-weight', percent: 5 }, 'a');
      github.deploy({ ref: 'v2.1.0', run: github.runs[0]?.id ?? 0 });
      github.goOn();
      const seen = await backend.observe(CHANGE);
      expect(seen).toMatchObject({ stable: 'v2.0.4', canary: 'v2.1.0', weight: 5 });
      expect(seen.problem).toBeUndefined();
    });

    it('is seen where they have an older run of GoNoGo run again, by what its job deploys', async ({
      stage: { github, backend },
    }) => {
      await backend.apply(CHANGE, REPLACE, 'a');
      const old = github.runs[0]?.id ?? 0;
      github.deploy({ ref: 'main', run: old });
      github.goOn();
      await backend.observe(CHANGE);
      github.now += MINUTE;
      await backend.rollback(CHANGE, 'v2.0.4', 'back');
      github.goOn();
      expect((await backend.observe(CHANGE)).stable).toBe('v2.0.4');
      github.now += MINUTE;
      github.deploy({ ref: 'main', run: old });
      expect(await backend.observe(CHANGE)).toMatchObject({
        stable: 'v2.1.0',
        digests: { 'v2.1.0': CHANGE.digest },
      });
    });

    it('is failing where monitoring says so with a status of its own', async ({
      stage: { github, backend },
    }) => {
      await backend.apply(CHANGE, REPLACE, 'a');
      github.goOn();
      await backend.observe(CHANGE);
      const status = {
        state: 'failure',
        created_at: new Date(github.now).toISOString(),
        log_url: '',
        target_url: '',
      };
      github.deployments[0]?.statuses.unshift(status);
      expect((await backend.observe(CHANGE)).health).toBe('failing');
    });
  });

  it('another folder begins with what GitHub knows of GoNoGo', async ({
    stage: { github, backend, open },
  }) => {
    await backend.apply(CHANGE, { kind: 'set-weight', percent: 25 }, 'a');
    github.goOn();
    await backend.observe(CHANGE);
    const settings = {
      api_url: github.url,
      auth: { token: 'env:GITHUB_TOKEN' },
      services: {
        checkout: {
          repository: 'acme/checkout',
          artifact: { image: 'ghcr.io/acme/checkout' },
          environments: { production: { workflow: 'deploy.yml' } },
        },
      },
    };
    expect(open).toBeDefined();
    const other = BACKENDS.open(
      { kind: 'github-actions', settings },
      adapterContext({ variables: { GITHUB_TOKEN: TOKEN } }),
    );
    expect(await other.observe(CHANGE)).toMatchObject({ stable: 'v2.0.4', canary: 'v2.1.0', weight: 25 });
    expect(share(await other.observe(CHANGE), 'v2.1.0')).toBe(25);
    await other.close?.();
  });

  it('K-11: says what changed: commits, authors, pull requests, files by area, what they touch, and where to read it', async ({
    stage: { backend },
  }) => {
    expect(await backend.changes?.(CHANGE, 'v2.0.4', 'v2.1.0')).toEqual({
      from: 'v2.0.4',
      to: 'v2.1.0',
      commits: 3,
      lost: 0,
      authors: ['Mai <!channel>', 'priya', 'tom'],
      authorCount: 3,
      pullRequests: [7, 8, 9].map((number) => ({
        number,
        title: `Change ${number - 7}`,
        url: `https://github.com/acme/checkout/pull/${number}`,
      })),
      pullRequestCount: 3,
      files: 2,
      areas: [
        { name: 'db', files: 1 },
        { name: 'src/payment', files: 1 },
      ],
      touches: ['database'],
      url: 'https://github.com/acme/checkout/compare/v2.0.4...v2.1.0',
      partial: false,
    });
  });

  it('K-11: of more than GitHub names at once it says that there is more', async ({
    stage: { github, backend },
  }) => {
    github.commitsPerRelease = 250;
    github.files = Array.from({ length: 300 }, (_, index) => ({
      filename: `src/part-${index % 9}/file-${index}.ts`,
    }));
    const changes = await backend.changes?.(CHANGE, 'v2.0.4', 'v2.1.0');
    expect(changes).toMatchObject({ commits: 250, files: 300, partial: true });
    expect(changes?.pullRequests).toHaveLength(20);
    expect(changes?.areas).toHaveLength(6);
  });

  it('GT-3: the digest is that of the file attached to the release, where the settings say so', async ({
    stage: { open },
  }) => {
    const backend = open({ service: { artifact: { asset: 'checkout.tgz' } } });
    expect((await backend.versions(CHANGE))[0]).toMatchObject({
      version: 'v2.1.1',
      digest: digestOf('asset of v2.1.1'),
    });
  });

  it('GT-3: a release that names two digests, or none, cannot be deployed', async ({
    stage: { github, backend },
  }) => {
    for (const release of github.releases.slice(1)) {
      release.body =
        release.version === 'v2.1.0' ? 'none' : `${release.body} ghcr.io/acme/checkout@${digestOf('two')}`;
    }
    expect((await backend.versions(CHANGE)).map(({ version }) => version)).toEqual(['v2.0.4']);
  });

  it('doctor: tries what a deployment needs, and names what is missing', async ({
    stage: { github, backend },
  }) => {
    expect((await backend.check?.(CHANGE))?.filter(({ ok }) => !ok)).toEqual([]);
    github.fault({ match: /\/workflows\//, status: 404, body: { message: 'Not Found' } });
    for (const release of github.releases) release.body = '';
    const failed = (await backend.check?.(CHANGE))?.filter(({ ok }) => !ok);
    expect(failed?.map(({ what }) => what)).toEqual([
      'find deploy.yml in acme/checkout',
      'read the releases of acme/checkout',
    ]);
    expect(github.runs).toHaveLength(0);
  });

  it('PR-7: doctor writes nothing at GitHub, also where a step has just ended', async ({
    stage: { github, backend },
  }) => {
    const writes = (): number => github.asked.filter(({ what }) => what.startsWith('POST')).length;
    await backend.apply(CHANGE, REPLACE, 'a');
    github.goOn();
    const before = writes();
    await backend.check?.(CHANGE);
    expect(writes()).toBe(before);
    await backend.observe(CHANGE);
    expect(writes()).toBeGreaterThan(before);
  });
});
