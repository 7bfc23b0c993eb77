import { afterEach, describe, expect, it } from 'vitest';
import type { DeployBackend } from '../../src/backends/port.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { createRig, onlyInstance, PEOPLE, type Rig } from './rig.ts';

let rig: Rig;
afterEach(() => rig.close());

const PLACE = { service: 'checkout', environment: 'production' };

function watching(policy: Policy, watchedBy: 'backend' | 'reports' = 'backend'): Policy {
  const checkout = policy.services.get('checkout');
  if (checkout === undefined) throw new Error('the example has no checkout');
  const own = { ...checkout, mode: 'watch' as const, watchedBy, lead: PEOPLE.dana.id, signals: [] };
  return { ...policy, services: new Map([...policy.services, ['checkout', own]]) };
}

/** What GoNoGo has of the backend: it can look, and every command throws. */
function readOnly(
  commands: string[],
): (world: DeployBackend) => ReturnType<typeof onlyInstance<DeployBackend>> {
  return (world) =>
    onlyInstance<DeployBackend>({
      ...world,
      apply: async (_change, step) => {
        commands.push(step.kind);
        throw new Error('nothing is to be commanded');
      },
      rollback: async () => {
        commands.push('rollback');
        throw new Error('nothing is to be commanded');
      },
    });
}

async function start(watchedBy?: 'backend' | 'reports'): Promise<string[]> {
  const commands: string[] = [];
  rig = await createRig({
    policy: (example) => watching(example, watchedBy),
    backends: readOnly(commands),
  });
  rig.conductor.start();
  await rig.conductor.idle();
  return commands;
}

let keys = 0;
/** Somebody else moves traffic, past GoNoGo. */
async function elsewhere(version: string, percent: number): Promise<void> {
  const release = (await rig.world.backend.versions(PLACE)).find((one) => one.version === version);
  if (release === undefined) throw new Error(`no ${version}`);
  const { sha, digest } = release;
  const { stable } = await rig.world.backend.observe(PLACE);
  keys += 1;
  await rig.world.backend.apply(
    { ...PLACE, version, sha, digest, previous: stable, deployment: 'elsewhere', sequence: keys },
    { kind: 'set-weight', percent },
    `elsewhere ${keys}`,
  );
}

const newest = async () => (await rig.stores.events.list({ ...PLACE, limit: 1 }))[0];

async function versions(): Promise<{ old: string; good: string; bad: string }> {
  const { stable } = await rig.world.backend.observe(PLACE);
  return { old: stable ?? '', good: 'v2.1.0', bad: 'v2.1.1' };
}

describe('K-9: a service that is only watched', () => {
  it('has nothing in the record at the first look, which only learns what runs', async () => {
    await start();
    await rig.pass(5 * MINUTE);
    expect(await newest()).toBeUndefined();
  });

  it('shows what somebody else brings, follows its share, and watches it to the end, commanding nothing', async () => {
    const commands = await start();
    const { old, good } = await versions();
    await elsewhere(good, 25);
    await rig.pass(2 * MINUTE);
    expect(await newest()).toMatchObject({
      status: 'watched_only',
      previous: old,
      terms: { envelope: { version: good }, details: { lead: { id: PEOPLE.dana.id } } },
      rollout: { reported: { percent: 25 } },
    });
    await rig.pass(10 * MINUTE);
    expect((await newest())?.rollout?.finalWatch?.lastLook?.metrics.length).toBeGreaterThan(0);
    await elsewhere(good, 100);
    await rig.pass(2 * MINUTE);
    expect((await newest())?.rollout?.reported?.percent).toBe(100);
    await rig.pass(25 * HOUR, async () => (await newest())?.status === 'watch_over');
    expect(await newest()).toMatchObject({
      status: 'watch_over',
      ending: { reason: expect.stringContaining('the judge') },
      rollout: { reported: { ended: 'observed' } },
    });
    await rig.pass(HOUR);
    expect(await rig.stores.events.list({ ...PLACE, limit: 9 })).toHaveLength(1);
    expect(commands).toEqual([]);
  });

  it('ends the watch where another version takes its place, and watches that', async () => {
    await start();
    const { good, bad } = await versions();
    await elsewhere(good, 100);
    await rig.pass(2 * MINUTE);
    await elsewhere(bad, 100);
    await rig.pass(2 * MINUTE);
    const [second, first] = await rig.stores.events.list({ ...PLACE, limit: 2 });
    expect(first?.rollout?.reported?.ended).toBe('superseded');
    expect(second).toMatchObject({ status: 'watched_only', previous: good });
  });

  it('does not watch for ever what never gets all traffic: says so, ends, and watches again once it gets more', async () => {
    const commands = await start();
    const { old, good } = await versions();
    await elsewhere(good, 25);
    await rig.pass(2 * MINUTE);
    const first = await newest();
    await rig.pass(25 * HOUR, async () => (await newest())?.status === 'watch_over');
    expect(await newest()).toMatchObject({
      id: first?.id,
      status: 'watch_over',
      ending: { reason: expect.stringContaining('it came no further than 25 % of the traffic') },
      rollout: { reported: { ended: 'stood_still', percent: 25 }, finalWatch: { unsettled: {} } },
    });
    await rig.pass(HOUR);
    expect(await rig.stores.events.list({ ...PLACE, limit: 9 })).toHaveLength(1);
    await elsewhere(good, 100);
    await rig.pass(2 * MINUTE);
    expect(await newest()).toMatchObject({
      status: 'watched_only',
      previous: old,
      rollout: { reported: { percent: 100 } },
    });
    expect(commands).toEqual([]);
  });

  it('is looked at at once where its backend says that something happened', async () => {
    await start();
    const { good } = await versions();
    await elsewhere(good, 100);
    await rig.pass(3 * SECOND);
    rig.conductor.happenedAt([PLACE]);
    await rig.conductor.idle();
    expect(await newest()).toMatchObject({ status: 'watched_only' });
  });

  it('says on the card that its backend does not answer, and that it does again', async () => {
    await start();
    const { good } = await versions();
    await elsewhere(good, 25);
    await rig.pass(2 * MINUTE);
    rig.world.setOutage({ from: rig.clock.now(), to: rig.clock.now() + 3 * MINUTE });
    await rig.pass(2 * MINUTE);
    expect((await newest())?.trouble?.doing).toBe('observe');
    await rig.pass(3 * MINUTE);
    expect((await newest())?.trouble).toBeUndefined();
  });

  it('is refused a deployment and a rollback from here, and says where its deployments come from', async () => {
    await start();
    const { good } = await versions();
    expect(await rig.ask(good)).toMatchObject({
      kind: 'refused',
      code: 'watched_only',
      message: expect.stringContaining('seen at its backend'),
    });
  });

  it('ends the watch where it is conducted from here again', async () => {
    await start();
    const { good } = await versions();
    await elsewhere(good, 100);
    await rig.pass(2 * MINUTE);
    const checkout = rig.policy.services.get('checkout');
    if (checkout === undefined) throw new Error('the example has no checkout');
    rig.policy = {
      ...rig.policy,
      services: new Map([...rig.policy.services, ['checkout', { ...checkout, mode: 'drive' }]]),
    };
    await rig.pass(2 * MINUTE);
    expect(await newest()).toMatchObject({
      status: 'watch_over',
      rollout: { reported: { ended: 'not_watched_any_more' } },
    });
  });

  it('is reported over HTTP where no backend shows it, each word once', async () => {
    const commands = await start('reports');
    const report = (more: { state: 'moving' | 'done' | 'failed'; percent?: number }) =>
      rig.conductor.reportWatched({ ...PLACE, version: 'v9.0.0', ...more }, 'ci');
    expect(await report({ state: 'failed' })).toEqual({ kind: 'nothing_there' });
    const atOnce = Array.from({ length: 8 }, () => report({ state: 'moving', percent: 10 }));
    const kinds = (await Promise.all(atOnce)).map((one) => one.kind);
    expect(kinds).toEqual(kinds.map(() => 'taken'));
    expect(await rig.stores.events.list({ ...PLACE, limit: 9 })).toHaveLength(1);
    await report({ state: 'done' });
    expect(await newest()).toMatchObject({
      terms: { watched: { by: 'report', reporter: 'ci' } },
      rollout: { reported: { percent: 100 } },
    });
    await report({ state: 'failed' });
    expect(await report({ state: 'done' })).toMatchObject({
      kind: 'taken',
      deployment: { status: 'watch_over' },
    });
    expect(commands).toEqual([]);
  });

  it('takes no report of a service that it conducts itself', async () => {
    await start();
    const said = { service: 'search', environment: 'production', version: 'v1.0.0', state: 'done' as const };
    expect(await rig.conductor.reportWatched(said, 'ci')).toEqual({ kind: 'driven' });
  });
});
