import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  BackendError,
  type DeployBackend,
  type JobAnswer,
  type WaitingJob,
} from '../../src/backends/port.ts';
import type { Instances } from '../../src/conductor/instances.ts';
import { HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { createRig, onlyInstance, PEOPLE, type Rig } from './rig.ts';

/** The simulated world with jobs that wait there. */
function withJobs() {
  const open = new Map<string, WaitingJob>();
  const told: (JobAnswer & { key: string })[] = [];
  const refusals: Error[] = [];
  return {
    open,
    told,
    refusals,
    around(world: DeployBackend): Instances<DeployBackend> {
      const adapter: DeployBackend = {
        ...world,
        waiting: () => [...open.values()],
        async answer(key, answer) {
          const refusal = refusals.shift();
          if (refusal !== undefined) throw refusal;
          told.push({ key, ...answer });
          open.delete(key);
        },
      };
      return onlyInstance(adapter);
    },
  };
}

const rigs: Rig[] = [];

async function open(jobs = withJobs(), file?: string): Promise<{ rig: Rig; jobs: typeof jobs }> {
  const rig = await createRig({ backends: jobs.around, ...(file === undefined ? {} : { file }) });
  rigs.push(rig);
  return { rig, jobs };
}

afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

const jobOf = async (rig: Rig, key: string, more: Partial<WaitingJob> = {}): Promise<WaitingJob> => {
  const place = { service: 'checkout', environment: 'production' };
  const release = (await rig.world.backend.versions(place)).find(({ version }) => version === 'v2.1.0');
  if (release === undefined) throw new Error('the simulator has changed');
  return {
    key,
    targets: [place],
    of: 'others',
    sha: release.sha,
    at: rig.clock.now(),
    unknown: 'leave',
    ...more,
  };
};

describe('jobs that wait at a backend', () => {
  it('K-9: one decision answers all that wait and that come after it, and a hold keeps them waiting', async () => {
    const { rig, jobs } = await open();
    for (const key of ['a', 'b']) jobs.open.set(key, await jobOf(rig, key));
    const { id } = await rig.request('v2.1.0');
    await rig.conductor.idle();
    expect(jobs.told).toEqual([]);
    await rig.signAll(id);
    await rig.pass(MINUTE, async () => jobs.told.length === 2);
    expect(jobs.told).toMatchObject([
      { key: 'a', approve: true, comment: `Decided in Slack: ${id}, checkout v2.1.0 to production.` },
      { key: 'b', approve: true },
    ]);
    await rig.does(PEOPLE.omar, id, { kind: 'hold', reason: 'look at this' });
    jobs.open.set('c', await jobOf(rig, 'c'));
    rig.conductor.happenedAt([]);
    await rig.conductor.idle();
    expect(jobs.told).toHaveLength(2);
    await rig.does(PEOPLE.dana, id, { kind: 'resume' });
    await rig.conductor.idle();
    expect(jobs.told[2]).toMatchObject({ key: 'c', approve: true });
  });

  it('CH-1: a no-go rejects what waited for it, also where it was said before a restart', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'jobs-')), 'gonogo.db');
    const { rig, jobs } = await open(withJobs(), file);
    jobs.refusals.push(new BackendError('GitHub failed (503)', { final: false }));
    jobs.open.set('a', await jobOf(rig, 'a'));
    const { id, envelopeHash } = await rig.request('v2.1.0');
    rig.clock.advance(SECOND);
    await rig.does(PEOPLE.tom, id, { kind: 'sign', decision: 'no_go', reason: 'not today', envelopeHash });
    await rig.conductor.idle();
    expect(jobs.told).toEqual([]);
    await rigs.pop()?.close();
    const again = await open(jobs, file);
    await again.rig.conductor.idle();
    expect(jobs.told).toMatchObject([
      { key: 'a', approve: false, comment: expect.stringContaining('somebody said no-go') },
    ]);
  });

  it('K-9: an answer that fails is given again later and later, and once', async () => {
    const { rig, jobs } = await open();
    jobs.open.set('a', await jobOf(rig, 'a', { unknown: 'reject', at: 0, sha: 'f'.repeat(40) }));
    const failure = (): Error => new BackendError('GitHub failed (503)', { final: false });
    jobs.refusals.push(failure(), failure(), failure());
    const from = rig.clock.now();
    rig.conductor.happenedAt([]);
    await rig.pass(HOUR, async () => jobs.told.length > 0);
    expect(rig.clock.now() - from).toBe((5 + 10 + 20) * SECOND);
    await rig.pass(HOUR);
    expect(jobs.told).toMatchObject([{ key: 'a', approve: false }]);
  });

  it('K-9: what a backend says has happened is looked at at once, between two looks as well', async () => {
    let observed = 0;
    const jobs = withJobs();
    const rig = await createRig({
      backends: (world) =>
        jobs.around({
          ...world,
          observe: (...args) => {
            observed += 1;
            return world.observe(...args);
          },
        }),
    });
    rigs.push(rig);
    const { id } = await rig.request('v2.1.0');
    await rig.signAll(id);
    await rig.pass(MINUTE, async () => (await rig.load(id)).rollout?.stages[0]?.watchedSince !== undefined);
    await rig.pass(SECOND);
    const [before, at] = [observed, rig.clock.now()];
    rig.conductor.happenedAt([{ service: 'checkout', environment: 'production' }]);
    await rig.conductor.idle();
    expect(observed).toBe(before + 1);
    expect(rig.clock.now()).toBe(at);
    rig.conductor.happenedAt([{ service: 'checkout', environment: 'staging' }]);
    await rig.conductor.idle();
    expect(observed).toBe(before + 1);
  });
});
