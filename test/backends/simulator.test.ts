import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Commanded } from '../../src/backends/port.ts';
import { createSimulatedWorld, defaultCatalogue, type SimulatedWorld } from '../../src/backends/simulator.ts';
import type { BackendStep } from '../../src/terms/plan.ts';
import { HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { commanded, CHANGE as RELEASED } from '../changes.ts';
import { PRESETS, presetOf } from '../config/preset-policies.ts';
import { countsIn, metricsOf, testMetricsSource } from '../metrics/conformance.ts';
import { testBackend } from './conformance.ts';
import { testFaults } from './faults.ts';

const START = Date.UTC(2026, 0, 5, 13);
const CHANGE = commanded(RELEASED);

function clockAt(instant: number) {
  const clock = { time: instant, now: () => clock.time };
  return clock;
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulator-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const INSIDE = 'the simulated world is in this process: nothing lies between';
const CANNOT = {
  'the credentials are not accepted (401)': INSIDE,
  'a permission is missing (403)': INSIDE,
  'there is no such thing (404)': 'what is in its catalogue stays there',
  'it is in conflict with another, without end (409)': 'the last command stands',
  'what was told is invalid there (422)': 'what is invalid is refused before',
  'it is busy, and says until when (429)': INSIDE,
  'it does not answer in time': INSIDE,
  'its answer is huge': INSIDE,
  'its answer is not as agreed': INSIDE,
  standsStill: 'a command to it is one statement in this process',
  cutsWatch: 'it is looked at, and not watched',
  deleted: 'what is in its catalogue stays there',
  clockAhead: 'its clock is that of the program',
};

async function subject() {
  const clock = clockAt(START);
  const open = () => createSimulatedWorld({ seed: 1, clock, file: join(folder, 'world.db') });
  const world = open();
  const worlds = [world];
  return {
    backend: world.backend,
    change: CHANGE,
    next: 'v2.1.1',
    async settle() {
      clock.time += 2 * SECOND;
    },
    async nextPart() {
      clock.time += 2 * SECOND;
    },
    carriedOut: () => world.commands().length,
    async breakDown() {
      world.setOutage({ from: clock.time, to: clock.time + MINUTE });
      return async () => {
        clock.time += MINUTE;
      };
    },
    async hang() {
      world.setOutage({ from: clock.time, to: clock.time + MINUTE, hangs: true });
      return async () => {
        clock.time += MINUTE;
      };
    },
    async getStuck() {
      world.setProblem(CHANGE, 'no node has room for it');
    },
    told(version: string) {
      const applied = world
        .commands()
        .flatMap(({ command }) => (command.kind === 'apply' && command.version === version ? command : []));
      return applied.at(-1)?.digest;
    },
    async reopen() {
      const other = open();
      worlds.push(other);
      return other.backend;
    },
    async close() {
      for (const opened of worlds) opened.close();
    },
    faults: {
      'it fails (503)': {
        begin() {
          world.setOutage({ from: clock.time, to: clock.time + MINUTE });
          return () => {
            clock.time += MINUTE;
          };
        },
        words: /does not answer/,
      },
      losesAnswer() {
        world.setOutage({ from: clock.time, to: clock.time + MINUTE, losesAnswers: true });
        return () => {
          clock.time += MINUTE;
        };
      },
      async changedByAnother() {
        await world.backend.apply(CHANGE, { kind: 'set-weight', percent: 40 }, 'of somebody else');
        clock.time += 2 * SECOND;
        return { stable: 'v2.0.4', canary: 'v2.1.0', weight: 40 };
      },
    },
  };
}

testBackend('simulator', subject);
testFaults('simulator', CANNOT, subject);

testMetricsSource('simulator', async () => {
  const clock = clockAt(START);
  const world = createSimulatedWorld({ seed: 1, clock });
  return {
    source: world.metrics,
    change: CHANGE,
    async windowAt(percent) {
      if (percent > 0) await world.backend.apply(CHANGE, { kind: 'set-weight', percent }, `to ${percent}`);
      const from = clock.time + 10 * SECOND;
      clock.time = from + MINUTE;
      return { from, to: clock.time };
    },
    async silent() {
      const change = { ...CHANGE, service: 'search', version: 'v1.9.0', previous: 'v1.8.0' };
      clock.time += MINUTE;
      return { change, window: { from: START, to: clock.time } };
    },
    close: async () => world.close(),
  };
}, [
  {
    reason: 'a simulated source has nothing that could fail',
    tests: ['AN-5: a fault of the source rejects and is no reading'],
  },
]);

describe('the simulated world', () => {
  async function readingOf(seed: number, percent = 5, change: Commanded = CHANGE) {
    const clock = clockAt(START);
    const world = createSimulatedWorld({ seed, clock });
    await world.backend.apply(change, { kind: 'set-weight', percent }, 'up');
    clock.time += 10 * MINUTE;
    const read = (from: number, to: number) => world.metrics.read(change, START + from, START + to);
    return { read, world, clock };
  }

  it('repeats itself exactly with the same seed, and differs with another', async () => {
    const window = [MINUTE, 4 * MINUTE] as const;
    const one = await (await readingOf(7)).read(...window);
    expect(await (await readingOf(7)).read(...window)).toEqual(one);
    expect(await (await readingOf(8)).read(...window)).not.toEqual(one);
  });

  it('counts a window as the sum of its parts, whatever was read before', async () => {
    const { read } = await readingOf(7);
    const [whole, first, second] = [
      await read(MINUTE, 5 * MINUTE),
      await read(MINUTE, 2.3 * MINUTE),
      await read(2.3 * MINUTE, 5 * MINUTE),
    ].map((reading) => countsIn(metricsOf(reading)));
    expect(whole?.canary.n).toBe((first?.canary.n ?? 0) + (second?.canary.n ?? 0));
    expect(whole?.baseline.x).toBe((first?.baseline.x ?? 0) + (second?.baseline.x ?? 0));
  });

  it('splits the traffic as it is set and doubles the errors of the version that does', async () => {
    const change = { ...CHANGE, version: 'v2.1.1' };
    const { read, clock } = await readingOf(7, 5, change);
    clock.time += 50 * MINUTE;
    const { baseline, canary } = countsIn(metricsOf(await read(MINUTE, 60 * MINUTE)));
    expect(canary.n / (canary.n + baseline.n)).toBeCloseTo(0.05, 2);
    expect(canary.x / canary.n / (baseline.x / baseline.n)).toBeGreaterThan(1.6);
    expect(canary.x / canary.n / (baseline.x / baseline.n)).toBeLessThan(2.6);
  });

  it('has a version whose p99 triples', async () => {
    const { read } = await readingOf(7, 5, { ...CHANGE, version: 'v2.1.2' });
    const p99 = metricsOf(await read(MINUTE, 5 * MINUTE)).find(({ metric }) => metric === 'p99');
    if (p99?.kind !== 'values') throw new Error('no p99');
    expect((p99.canary ?? 0) / (p99.baseline ?? 1)).toBeGreaterThan(3);
  });

  it('has a version whose health check fails some time after it got traffic, and a rollback heals it', async () => {
    const change = { ...CHANGE, version: 'v2.1.3' };
    const clock = clockAt(START);
    const { backend } = createSimulatedWorld({ seed: 7, clock });
    await backend.apply(change, { kind: 'set-weight', percent: 5 }, 'up');
    const health: string[] = [];
    for (const after of [0, 2, 26, 27, 3600]) {
      clock.time = START + after * SECOND;
      health.push((await backend.observe(change)).health);
    }
    expect(health).toEqual(['unknown', 'passing', 'passing', 'failing', 'failing']);
    await backend.rollback(change, 'v2.0.4', 'back');
    clock.time += 2 * SECOND;
    expect(await backend.observe(change)).toMatchObject({ stable: 'v2.0.4', health: 'passing' });
  });

  it('PR-5: knows every environment that a preset names, with a version that runs there', async () => {
    const { backend } = createSimulatedWorld({ seed: 7, clock: clockAt(START) });
    for (const { environments } of Object.keys(PRESETS).map(presetOf))
      for (const { id: environment } of environments)
        for (const service of Object.keys(defaultCatalogue))
          expect((await backend.observe({ service, environment })).stable, environment).toMatch(/^v/);
  });

  it('has a service too quiet to judge', async () => {
    const change = { ...CHANGE, service: 'reports', version: 'v0.8.0', previous: 'v0.7.0' };
    const { read } = await readingOf(7, 5, change);
    expect(countsIn(metricsOf(await read(MINUTE, 60 * MINUTE))).canary.n).toBeLessThan(10);
  });

  it('a share is not reached before it has settled, and traffic follows the weight, not the command', async () => {
    const clock = clockAt(START);
    const { backend, metrics } = createSimulatedWorld({ seed: 7, clock });
    await backend.apply(CHANGE, { kind: 'set-weight', percent: 50 }, 'up');
    clock.time += 2 * SECOND - 1;
    expect(await backend.observe(CHANGE)).toMatchObject({ canary: null, weight: 0 });
    clock.time += 1;
    expect(await backend.observe(CHANGE)).toMatchObject({ canary: 'v2.1.0', weight: 50 });
    clock.time = START + HOUR;
    const before = countsIn(metricsOf(await metrics.read(CHANGE, START - MINUTE, START)));
    const settling = countsIn(metricsOf(await metrics.read(CHANGE, START, START + 5 * SECOND)));
    expect(before.canary.n).toBe(0);
    expect(settling.canary.n / (settling.canary.n + settling.baseline.n)).toBeCloseTo(0.3, 1);
  });

  it.each<[string, BackendStep[], (string | number | null)[][]]>([
    [
      'a canary is scaled down',
      [{ kind: 'set-weight', percent: 25 }],
      [
        ['v2.0.4', 0, null],
        ['v2.0.4', 0, null],
      ],
    ],
    [
      'traffic is switched back, and then the new one is taken down',
      [{ kind: 'stand-up' }, { kind: 'set-weight', percent: 100 }],
      [
        ['v2.0.4', 0, 'v2.1.0'],
        ['v2.0.4', 0, null],
      ],
    ],
    [
      'parts roll back one by one',
      [
        { kind: 'batch', number: 1, of: 3 },
        { kind: 'batch', number: 2, of: 3 },
      ],
      [
        ['v2.0.4', 33, null],
        ['v2.0.4', 0, null],
      ],
    ],
    [
      'what was replaced is deployed again',
      [{ kind: 'replace' }],
      [
        ['v2.0.4', 0, null],
        ['v2.0.4', 0, null],
      ],
    ],
  ])('ST-5: %s', async (_way, steps, seen) => {
    const clock = clockAt(START);
    const { backend } = createSimulatedWorld({ seed: 7, clock });
    for (const [index, step] of steps.entries()) {
      await backend.apply(CHANGE, step, `step ${index}`);
      clock.time += 2 * SECOND;
    }
    await backend.rollback(CHANGE, 'v2.0.4', 'back');
    for (const [stable, weight, standby] of seen) {
      clock.time += 2 * SECOND;
      expect(await backend.observe(CHANGE)).toMatchObject({ stable, weight, standby });
    }
  });

  it('ST-5: what is told to go back once more goes on from where it is', async () => {
    const clock = clockAt(START);
    const { backend } = createSimulatedWorld({ seed: 7, clock });
    for (const number of [1, 2, 3, 4]) {
      await backend.apply(CHANGE, { kind: 'batch', number, of: 4 }, `part ${number}`);
      clock.time += 2 * SECOND;
    }
    await backend.rollback(CHANGE, 'v2.0.4', 'back');
    clock.time += 5 * SECOND;
    await backend.rollback(CHANGE, 'v2.0.4', 'back, again');
    const left: number[] = [];
    for (const _ of [1, 2, 3]) {
      clock.time += 2 * SECOND;
      left.push((await backend.observe(CHANGE)).weight);
    }
    expect(left).toEqual([25, 0, 0]);
  });

  it('RB-3: a rollback overtakes a step that is settling, which then never happens', async () => {
    const clock = clockAt(START);
    const { backend, metrics } = createSimulatedWorld({ seed: 7, clock });
    await backend.apply(CHANGE, { kind: 'set-weight', percent: 50 }, 'up');
    clock.time += SECOND;
    await backend.rollback(CHANGE, 'v2.0.4', 'back');
    clock.time += MINUTE;
    expect(countsIn(metricsOf(await metrics.read(CHANGE, START, clock.time))).canary.n).toBe(0);
  });

  it('has measured nothing of the time that has not come yet', async () => {
    const { read, clock } = await readingOf(7);
    clock.time = START + MINUTE;
    const now = countsIn(metricsOf(await read(0, 5 * MINUTE)));
    const past = countsIn(metricsOf(await read(0, MINUTE)));
    expect(now).toEqual(past);
  });

  it('is the same world after a restart, with its deliveries counted and its releases as old as before', async () => {
    const file = join(folder, 'world.db');
    const clock = clockAt(START);
    const first = createSimulatedWorld({ seed: 7, clock, file });
    await first.backend.apply(CHANGE, { kind: 'set-weight', percent: 25 }, 'up');
    await first.backend.apply(CHANGE, { kind: 'set-weight', percent: 25 }, 'up');
    clock.time += 5 * MINUTE;
    const facts = async ({ backend, metrics, commands }: SimulatedWorld) => [
      await backend.observe(CHANGE),
      await backend.versions(CHANGE),
      await metrics.read(CHANGE, START, START + 5 * MINUTE),
      commands(),
    ];
    const before = await facts(first);
    first.close();
    const second = createSimulatedWorld({ seed: 7, clock, file });
    expect(await facts(second)).toEqual(before);
    expect(second.commands()).toMatchObject([{ key: 'up', at: START, deliveries: 2 }]);
    second.close();
    expect(() => createSimulatedWorld({ seed: 8, clock, file })).toThrow('seed 7');
  });

  it('can lose the answer to a command it carries out', async () => {
    const clock = clockAt(START);
    const outages = [{ from: START, to: START + SECOND, losesAnswers: true }];
    const { backend, commands } = createSimulatedWorld({ seed: 7, clock, outages });
    const apply = () => backend.apply(CHANGE, { kind: 'set-weight', percent: 5 }, 'up');
    await expect(apply()).rejects.toMatchObject({ final: false });
    clock.time += SECOND;
    await apply();
    expect(commands()).toMatchObject([{ key: 'up', at: START, deliveries: 2 }]);
    clock.time += SECOND;
    expect(await backend.observe(CHANGE)).toMatchObject({ canary: 'v2.1.0', weight: 5 });
  });

  it('takes the first version of a service out again where nothing ran before', async () => {
    const clock = clockAt(START);
    const catalogue = structuredClone(defaultCatalogue);
    const production = catalogue.checkout?.environments.production;
    if (production) production.running = null;
    const { backend, metrics } = createSimulatedWorld({ seed: 7, clock, catalogue });
    const change = { ...CHANGE, previous: null };
    await backend.apply(change, { kind: 'set-weight', percent: 5 }, 'up');
    clock.time += MINUTE;
    expect(await backend.observe(change)).toMatchObject({ stable: null, canary: 'v2.1.0', weight: 5 });
    const { baseline, canary } = countsIn(metricsOf(await metrics.read(change, START, clock.time)));
    expect([baseline.n, canary.n > 0]).toEqual([0, true]);
    await backend.rollback(change, null, 'out');
    clock.time += 2 * SECOND;
    expect(await backend.observe(change)).toMatchObject({ stable: null, canary: null, health: 'unknown' });
  });

  it('refuses a service, an environment and a share that do not exist, for good', async () => {
    const { backend, metrics } = createSimulatedWorld({ seed: 7, clock: clockAt(START) });
    const elsewhere = { ...CHANGE, environment: 'moon' };
    await expect(backend.observe(elsewhere)).rejects.toMatchObject({ final: true });
    await expect(metrics.read(elsewhere, START, START)).rejects.toThrow('no checkout in moon');
    const over = backend.apply(CHANGE, { kind: 'set-weight', percent: 101 }, 'over');
    await expect(over).rejects.toMatchObject({ final: true });
  });
});
