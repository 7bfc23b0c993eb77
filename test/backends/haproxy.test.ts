import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it as plain } from 'vitest';
import { shareOf, weightsFor } from '../../src/backends/haproxy/weights.ts';
import { BACKENDS } from '../../src/backends/index.ts';
import type { Observation } from '../../src/backends/port.ts';
import { until } from '../../src/cli/real/processes.ts';
import { adapterContext } from '../adapter-context.ts';
import { changeTo, commanded } from '../changes.ts';
import { missingPrograms } from '../real/installed.ts';
import { share } from './conformance/subject.ts';
import { testBackend } from './conformance.ts';
import { testFaults } from './faults.ts';
import { CANNOT_AT_HAPROXY, haproxyFaults } from './haproxy-faults.ts';
import { createHaproxyRig, type HaproxyRig, type HaproxyRigOptions, release } from './haproxy-rig.ts';
import { madeAhead } from './made-ahead.ts';

const missing = missingPrograms('haproxy');
const title = `HAProxy itself${missing.length > 0 ? ': not installed (Debian: apt-get install haproxy)' : ''}`;

const change = (version: string, previous: string) => commanded(changeTo(release(version), previous));
const CHANGE = change('v2.1.0', 'v2.0.4');

describe('weights', () => {
  plain('give whole percents exactly with one server on each side', () => {
    for (let percent = 1; percent < 100; percent += 1) {
      expect(shareOf(weightsFor(percent, { share: 1, rest: 1 }), { share: 1, rest: 1 })).toBeCloseTo(
        percent,
        1,
      );
    }
  });

  plain('are within half a point, as far as weights from 1 to 256 reach', () => {
    const size = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), size, size, (percent, mine, others) => {
        const servers = { share: mine, rest: others };
        fc.pre(percent >= shareOf({ share: 1, rest: 256 }, servers));
        fc.pre(percent <= shareOf({ share: 256, rest: 1 }, servers));
        const weights = weightsFor(percent, servers);
        expect(Math.abs(shareOf(weights, servers) - percent)).toBeLessThan(0.5);
        for (const weight of Object.values(weights)) expect(weight >= 1 && weight <= 256).toBe(true);
      }),
    );
  });
});

describe.skipIf(missing.length > 0)(title, () => {
  const subjectOf = (rig: HaproxyRig) => ({
    backend: rig.haproxy,
    change: CHANGE,
    next: 'v2.1.1',
    settle: () => rig.haproxy.idle(),
    async carriedOut() {
      await rig.haproxy.idle();
      return rig.activations.length;
    },
    told: (version: string) => rig.activations.findLast((one) => one.version === version)?.digest,
    async breakDown() {
      await rig.stopHaproxy();
      return rig.startHaproxy;
    },
    async hang() {
      const goOn = rig.hangHaproxy();
      return async () => goOn();
    },
    async getStuck() {
      rig.refuseActivation('no space left on device');
    },
    async reopen() {
      return withSettling(rig);
    },
    close: () => rig.close(),
  });

  const nextRig = madeAhead(() => createHaproxyRig());

  testBackend('haproxy', async () => subjectOf(await nextRig()));

  testFaults('haproxy', CANNOT_AT_HAPROXY, async () => {
    const rig = await nextRig();
    const { through, faults } = await haproxyFaults(rig);
    const haproxy = rig.open({}, through);
    return { ...subjectOf({ ...rig, haproxy }), faults };
  });

  /** Another opening, which the first one's settling does not wait for. */
  function withSettling(rig: HaproxyRig) {
    const other = rig.open();
    const first = rig.haproxy.idle;
    rig.haproxy.idle = async () => {
      await first();
      await other.idle();
    };
    return other;
  }

  const it = plain.extend<{ rigOf(options?: HaproxyRigOptions): Promise<HaproxyRig> }>({
    // biome-ignore lint/correctness/noEmptyPattern: the framework reads the pattern
    rigOf: async ({}, use) => {
      const rigs: HaproxyRig[] = [];
      await use(async (options) => {
        const rig = await (options === undefined ? nextRig() : createHaproxyRig(options));
        rigs.push(rig);
        return rig;
      });
      for (const rig of rigs) await rig.close();
    },
  });

  /** A socket before HAProxy's that keeps the first command of a kind until it is let go. */
  async function holdingBack(rig: HaproxyRig, kind: RegExp) {
    const socket = join(rig.folder, 'slow.sock');
    let letGo = (): void => {};
    let isHeldBack = (): void => {};
    const released = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const heldBack = new Promise<void>((resolve) => {
      isHeldBack = resolve;
    });
    const server = createServer({ allowHalfOpen: true }, (from) => {
      const to = connect(rig.socket);
      to.pipe(from);
      from.on('data', async (command) => {
        if (kind.test(command.toString())) {
          isHeldBack();
          await released;
        }
        to.write(command);
      });
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    return { socket, heldBack, letGo, close: () => server.close() };
  }

  async function take(rig: HaproxyRig, step: Parameters<HaproxyRig['haproxy']['apply']>[1], key: string) {
    await rig.haproxy.apply(CHANGE, step, key);
    await rig.haproxy.idle();
    return rig.haproxy.observe(CHANGE);
  }

  const FOUR = { all: ['s1', 's2', 's3', 's4'] };

  it('ST-1: the split that people get is the one that was asked for', async ({ rigOf }) => {
    const rig = await rigOf({ groups: { blue: ['blue1', 'blue2', 'blue3'], green: ['green1'] } });
    for (const percent of [5, 25, 75]) {
      await take(rig, { kind: 'set-weight', percent }, `to ${percent}`);
      // HAProxy goes once through its turns, in sixteenths of a weight, until the new weights are wholly in force.
      await rig.split(1_000);
      const { 'v2.1.0': canary = 0 } = await rig.split(1_000);
      expect(Math.abs(canary / 10 - percent), `${canary} of 1000 at ${percent} %`).toBeLessThanOrEqual(1);
    }
    await take(rig, { kind: 'set-weight', percent: 100 }, 'all');
    expect(await rig.split(200)).toEqual({ 'v2.1.0': 200 });
  });

  it('ST-2: blue-green: green stands up without traffic, takes it over, and blue is retired at the end', async ({
    rigOf,
  }) => {
    const rig = await rigOf();
    expect(await take(rig, { kind: 'stand-up' }, 'up')).toMatchObject({
      stable: 'v2.0.4',
      canary: null,
      standby: 'v2.1.0',
    });
    expect(await rig.split(100)).toEqual({ 'v2.0.4': 100 });
    expect(await take(rig, { kind: 'set-weight', percent: 100 }, 'over')).toMatchObject({
      stable: 'v2.1.0',
      standby: 'v2.0.4',
      health: 'passing',
      digests: { 'v2.1.0': CHANGE.digest },
    });
    expect((await take(rig, { kind: 'retire-old' }, 'retire')).standby).toBeNull();
    await rig.haproxy.rollback(CHANGE, 'v2.0.4', 'back after all');
    await rig.haproxy.idle();
    expect(await rig.split(50)).toEqual({ 'v2.0.4': 50 });
  });

  it('ST-3: rolling: one part after the other, and nobody meets a closed door', async ({ rigOf }) => {
    const rig = await rigOf({ groups: FOUR });
    let failed = 0;
    let over = false;
    const traffic = (async () => {
      while (!over) if (!(await fetch(rig.url).catch(() => ({ ok: false }))).ok) failed += 1;
    })();
    for (const number of [1, 2, 3, 4]) {
      const seen = await take(rig, { kind: 'batch', number, of: 4 }, `batch ${number}`);
      expect(share(seen, 'v2.1.0')).toBe(number * 25);
    }
    over = true;
    await traffic;
    expect(failed).toBe(0);
    expect(rig.activations.map(({ server }) => server)).toEqual(FOUR.all);
  });

  it('ST-5: a rolling deployment rolls back in reverse, and what it has not reached stays as it was', async ({
    rigOf,
  }) => {
    const rig = await rigOf({ groups: FOUR });
    await take(rig, { kind: 'batch', number: 1, of: 2 }, 'half');
    await rig.haproxy.rollback(CHANGE, 'v2.0.4', 'back');
    await rig.haproxy.idle();
    expect(await rig.haproxy.observe(CHANGE)).toMatchObject({
      stable: 'v2.0.4',
      canary: null,
      health: 'passing',
    });
    // Those of one part change at the same time, in no order.
    const activated = rig.activations.map(({ server, version }) => `${server} ${version}`);
    expect(activated.slice(0, 2).sort()).toEqual(['s1 v2.1.0', 's2 v2.1.0']);
    expect(activated.slice(2).sort()).toEqual(['s1 v2.0.4', 's2 v2.0.4']);
  });

  it('ST-4: all at once is replaced and goes back the same way', async ({ rigOf }) => {
    const rig = await rigOf({ groups: FOUR });
    expect(await take(rig, { kind: 'replace' }, 'all')).toMatchObject({ stable: 'v2.1.0', canary: null });
    await rig.haproxy.rollback(CHANGE, 'v2.0.4', 'back');
    await rig.haproxy.idle();
    expect(await rig.haproxy.observe(CHANGE)).toMatchObject({ stable: 'v2.0.4', health: 'passing' });
  });

  it('never takes the last server that answers out of the traffic', async ({ rigOf }) => {
    const rig = await rigOf({ groups: { all: ['s1', 's2'] } });
    await rig.byHand('set server be_checkout/s2 state maint');
    const { problem } = await take(rig, { kind: 'batch', number: 1, of: 2 }, 'first');
    expect(problem).toBe('nobody would be left to answer while s1 changes');
    expect(rig.activations).toEqual([]);
    expect(await rig.split(20)).toEqual({ 'v2.0.4': 20 });
  });

  it('ST-3: a server that does not answer counts as gone: a part that would leave less than the capacity stays', async ({
    rigOf,
  }) => {
    const rig = await rigOf({ groups: FOUR });
    await rig.byHand('set server be_checkout/s4 state maint');
    const { problem } = await take(rig, { kind: 'batch', number: 1, of: 4, keep: 75 }, 'first');
    expect(problem).toBe('2 of 4 servers would answer while s1 changes, and 75 % must');
    expect(rig.activations).toEqual([]);
    const seen = await take(rig, { kind: 'batch', number: 1, of: 4, keep: 50 }, 'second');
    expect(seen.problem).toBeUndefined();
    expect(rig.activations.map(({ server }) => server)).toEqual(['s1']);
  });

  it.for([
    { keepsState: true, how: 'with a state file HAProxy keeps' },
    { keepsState: false, how: 'without one the next observation restores' },
  ])('a reload of HAProxy: $how what it was told', async ({ keepsState }, { rigOf }) => {
    const rig = await rigOf({ keepsState });
    await take(rig, { kind: 'set-weight', percent: 25 }, 'up');
    await rig.haproxy.rollback(CHANGE, 'v2.0.4', 'back');
    await rig.haproxy.idle();
    await rig.reload();
    if (keepsState) expect(await rig.split(50)).toEqual({ 'v2.0.4': 50 });
    const seen = await rig.haproxy.observe(CHANGE);
    expect(seen).toMatchObject({ stable: 'v2.0.4', canary: null, weight: 0 });
    expect(await rig.split(100)).toEqual({ 'v2.0.4': 100 });
  });

  it('what somebody changes by hand is told as it is, and left', async ({ rigOf }) => {
    const rig = await rigOf();
    await take(rig, { kind: 'set-weight', percent: 25 }, 'up');
    await rig.byHand('set server be_checkout/green1 weight 256');
    const seen = await rig.haproxy.observe(CHANGE);
    expect(seen).toMatchObject({ stable: 'v2.0.4', canary: 'v2.1.0' });
    expect(seen.weight).toBeGreaterThan(50);
    expect((await rig.haproxy.observe(CHANGE)).weight).toBe(seen.weight);
  });

  it('RB-3: a new version that fails its health check is seen to fail', async ({ rigOf }) => {
    const rig = await rigOf();
    await take(rig, { kind: 'set-weight', percent: 25 }, 'up');
    for (const app of rig.apps) if (app.runs.version === 'v2.1.0') app.healthy = false;
    let seen: Observation | undefined;
    await until('the failing health', async () => {
      seen = await rig.haproxy.observe(CHANGE);
      return seen.health === 'failing';
    });
  });

  it('goes on where a process ended in the middle, and activates nothing twice', async ({ rigOf }) => {
    const rig = await rigOf();
    await rig.haproxy.apply(CHANGE, { kind: 'set-weight', percent: 25 }, 'up');
    await rig.haproxy.close?.();
    const other = rig.open();
    await until('the share', async () => share(await other.observe(CHANGE), 'v2.1.0') === 25);
    expect(rig.activations.length).toBeLessThanOrEqual(1);
    await other.apply(CHANGE, { kind: 'set-weight', percent: 25 }, 'up');
    await other.idle();
    expect(rig.activations.length).toBeLessThanOrEqual(1);
  });

  it('RB-1: a process that stood still in the middle of a command makes good what it did when it goes on', async ({
    rigOf,
  }) => {
    const rig = await rigOf();
    await take(rig, { kind: 'set-weight', percent: 25 }, 'up');
    // As if stopped between looking and telling: the command arrives when everything else is over.
    const slow = await holdingBack(rig, /weight/);
    const stopped = rig.open({}, slow.socket);
    await stopped.apply(CHANGE, { kind: 'set-weight', percent: 75 }, 'further');
    await slow.heldBack;
    await rig.haproxy.rollback(CHANGE, 'v2.0.4', 'back');
    await rig.haproxy.idle();
    slow.letGo();
    await stopped.idle();
    expect(await rig.haproxy.observe(CHANGE)).toMatchObject({ stable: 'v2.0.4', canary: null, weight: 0 });
    expect(await rig.split(100)).toEqual({ 'v2.0.4': 100 });
    slow.close();
  });

  it('RB-1: a rollback does not wait for a new version that hangs', async ({ rigOf }) => {
    const rig = await rigOf();
    await take(rig, { kind: 'set-weight', percent: 75 }, 'up');
    for (const app of rig.apps) if (app.runs.version === 'v2.1.0') app.hangs = true;
    const begun = performance.now();
    await rig.haproxy.rollback(CHANGE, 'v2.0.4', 'back');
    await rig.haproxy.idle();
    expect(performance.now() - begun).toBeLessThan(2_500);
    expect(await rig.split(50)).toEqual({ 'v2.0.4': 50 });
  });

  it.for<[string, Record<string, unknown>, boolean, RegExp]>([
    [
      'a backend that HAProxy does not have',
      { backend: 'be_nowhere' },
      true,
      /be_nowhere.*(No such|Can't find) backend/i,
    ],
    [
      'a server that it does not have',
      { groups: { blue: ['blue1'], green: ['green9'] } },
      true,
      /no server green9/,
    ],
    [
      'a list that is not there',
      { releases: { file: '/nowhere.json' } },
      false,
      /list of releases \/nowhere.json cannot be read: ENOENT/,
    ],
    [
      'a list of another shape',
      { releases: { file: '/etc/hostname' } },
      false,
      /list of releases .* is not as it should be/,
    ],
  ])('a command with %s is refused in words', async ([, more, final, words], { rigOf }) => {
    const rig = await rigOf();
    const failed = await rig
      .open(more)
      .apply(CHANGE, { kind: 'stand-up' }, 'a')
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ final, message: expect.stringMatching(words) });
    expect(await rig.split(20)).toEqual({ 'v2.0.4': 20 });
  });

  it.for<[string, (rig: HaproxyRig) => Record<string, unknown>, RegExp]>([
    [
      'takes too long',
      () => ({ activate: { command: ['/bin/sleep', '30'] }, activate_within: '1s' }),
      /took too long|aborted/,
    ],
    ['is not there', () => ({ activate: { command: ['/nowhere'] } }), /ENOENT/],
    [
      'does nothing',
      () => ({ activate: { command: ['/bin/true'] }, ready_within: '1s' }),
      /green1 does not say that it runs v2.1.0 after 1s/,
    ],
    [
      'asks a host that is away',
      () => ({ activate: { url: 'http://127.0.0.1:1/' } }),
      /fetch failed.*(ECONNREFUSED|bad port)/,
    ],
  ])(
    'a hook that %s is a problem in words, and the traffic stays where it is',
    async ([, more, words], { rigOf }) => {
      const rig = await rigOf();
      const other = rig.open(more(rig));
      await other.apply(CHANGE, { kind: 'set-weight', percent: 25 }, 'a');
      await other.idle();
      const seen = await other.observe(CHANGE);
      expect(seen).toMatchObject({ stable: 'v2.0.4', canary: null, weight: 0 });
      expect(seen.problem).toMatch(words);
    },
  );

  it('RB-1: a rollback takes what is left of the old group, and the look says which servers are gone', async ({
    rigOf,
  }) => {
    const rig = await rigOf({ groups: { blue: ['blue1', 'blue2'], green: ['green1', 'green2'] } });
    await rig.haproxy.apply(CHANGE, { kind: 'set-weight', percent: 25 }, 'up');
    await rig.haproxy.idle();
    await rig.stopHaproxy();
    for (const gone of ['blue2', 'green1']) rig.removeServer(gone);
    await rig.startHaproxy();
    const further = rig.haproxy.apply(CHANGE, { kind: 'set-weight', percent: 50 }, 'further');
    await expect(further).rejects.toMatchObject({
      final: true,
      message: expect.stringMatching(/blue2, green1/),
    });
    await rig.haproxy.rollback(CHANGE, 'v2.0.4', 'back');
    await rig.haproxy.idle();
    expect(await rig.split(20)).toEqual({ 'v2.0.4': 20 });
    expect(await rig.haproxy.observe(CHANGE)).toMatchObject({
      ...{ stable: 'v2.0.4', canary: null, weight: 0, health: 'passing' },
      problem: "HAProxy's backend be_checkout has no server blue2, green1",
    });
  });

  it('K-9: is driven over TCP as well as over the socket, through a reload too', async ({ rigOf }) => {
    const rig = await rigOf();
    const over = rig.open({}, rig.address);
    await over.apply(CHANGE, { kind: 'set-weight', percent: 25 }, 'up');
    await over.idle();
    await rig.reload();
    expect(await over.observe(CHANGE)).toMatchObject({ stable: 'v2.0.4', canary: 'v2.1.0', weight: 25 });
    await over.rollback({ ...CHANGE, sequence: 2 }, 'v2.0.4', 'back');
    await over.idle();
    expect(await rig.split(20)).toEqual({ 'v2.0.4': 20 });
    await rig.stopHaproxy();
    await expect(over.observe(CHANGE)).rejects.toThrow(
      /socket 127\.0\.0\.1:\d+ is not there \(ECONNREFUSED\)/,
    );
  });

  it('a socket that may only be read says which level it needs', async ({ rigOf }) => {
    const rig = await rigOf();
    const reading = createServer((socket) => void socket.end('Permission denied\n\n'));
    const path = join(rig.folder, 'operator.sock');
    await new Promise<void>((resolve) => reading.listen(path, resolve));
    await expect(rig.open({}, path).observe(CHANGE)).rejects.toThrow(/needs "level admin"/);
    reading.close();
  });

  it('is not opened where a reload would lose what HAProxy was told, and says which line is missing', async ({
    rigOf,
  }) => {
    const rig = await rigOf({ keepsState: false });
    const open = (more: object) => () =>
      BACKENDS.open(
        { kind: 'haproxy', settings: { socket: rig.socket, services: {}, ...more } },
        adapterContext(),
      );
    const config = join(rig.folder, 'haproxy.cfg');
    const state_file = join(rig.folder, 'state');
    expect(open({ state_file, config })).toThrow(
      /needs "server-state-file .*state" in global: else a reload/,
    );
    expect(open({ state_file: '/nowhere/state' })).toThrow(/\/nowhere cannot be written/);
    expect(open({})).toThrow(/state_file/);
    expect(open({ state_file })).not.toThrow();
  });

  it('tries for the doctor what a deployment will need, and says what is missing', async ({ rigOf }) => {
    const rig = await rigOf();
    const findings = async (target = CHANGE) => (await rig.haproxy.check?.(target)) ?? [];
    expect((await findings()).map(({ ok }) => ok)).toEqual([true, true, true]);
    const [first] = await findings({ ...CHANGE, service: 'payments' });
    expect(first).toMatchObject({
      ok: false,
      problem: expect.stringContaining('where payments in production is'),
    });
  });

  it('a build with another digest than the signed one is refused, and another digest under the same name is replaced', async ({
    rigOf,
  }) => {
    const rig = await rigOf();
    const other = { ...CHANGE, digest: `sha256:${'9'.repeat(64)}` };
    await expect(rig.haproxy.apply(other, { kind: 'stand-up' }, 'a')).rejects.toThrow(/was signed/);
    for (const app of rig.apps)
      if (app.name === 'green1') app.runs = { version: 'v2.1.0', digest: other.digest };
    await take(rig, { kind: 'stand-up' }, 'b');
    expect(rig.activations).toHaveLength(1);
  });

  it('without a hook it moves traffic to what is there, and refuses what is not', async ({ rigOf }) => {
    const rig = await rigOf();
    const other = rig.open({ activate: undefined });
    await other.apply(CHANGE, { kind: 'stand-up' }, 'a');
    await other.idle();
    expect((await other.observe(CHANGE)).problem).toMatch(/does not run v2.1.0, and no "activate"/);
  });

  it('a program is told the version, SHA and digest, and none of our secrets', async ({ rigOf }) => {
    const rig = await rigOf();
    const other = rig.open({
      activate: { command: ['/bin/sh', '-c', 'env | sort | grep -v ^PATH >&2; exit 3'] },
    });
    process.env.GONOGO_API_KEYS = 'ci=should-not-be-seen';
    await other.apply(CHANGE, { kind: 'stand-up' }, 'a');
    await other.idle();
    delete process.env.GONOGO_API_KEYS;
    const { problem } = await other.observe(CHANGE);
    expect(problem).toMatch(/could not be activated on green1: it ended with 3/);
    expect(problem).not.toContain('should-not-be-seen');
  });
});
