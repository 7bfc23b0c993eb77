/** `gonogo judge FILE`: a recorded series, look by look (AN-6). */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ReplayedLook } from '../../src/cli/judge/replay.ts';
import { judge } from '../../src/cli/judge.ts';
import { MINUTE } from '../../src/time.ts';

const START = Date.UTC(2026, 0, 5, 10);
const at = (minute: number): string => new Date(START + minute * MINUTE).toISOString();

let folder = '';
let out: string[] = [];
let complaints: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'judge-'));
  out = [];
  complaints = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => complaints.push(String(text)) > 0);
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function run(file: unknown): Promise<{ code: number; looks: ReplayedLook[] }> {
  const path = join(folder, 'series.json');
  writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));
  const code = await judge.run([path]);
  return { code, looks: out.map((line) => JSON.parse(line) as ReplayedLook) };
}

function counts(length: number, canary: (minute: number) => { n: number; x: number }) {
  const minutes = Array.from({ length }, (_, minute) => minute);
  return {
    name: 'errors',
    kind: 'counts',
    worse: 'higher',
    baseline: minutes.map((minute) => ({ t: at(minute), n: 1_000, x: 10 })),
    canary: minutes.map((minute) => ({ t: at(minute), ...canary(minute) })),
  };
}

it('AN-6: a healthy series ends with a pass and exit 0, a bad one with a fail and exit 1', async () => {
  const healthy = await run({ alpha: 0.05, metrics: [counts(30, () => ({ n: 1_000, x: 10 }))] });
  expect(healthy.code).toBe(0);
  expect(healthy.looks).toHaveLength(30);
  expect(healthy.looks.at(-1)).toMatchObject({ look: 30, t: at(29), verdict: 'pass' });
  out = [];
  const bad = await run({ alpha: 0.05, metrics: [counts(30, () => ({ n: 1_000, x: 30 }))] });
  expect(bad.code).toBe(1);
  const failed = bad.looks.find(({ verdict }) => verdict === 'fail');
  expect(failed?.metrics[0]).toMatchObject({ name: 'errors', verdict: 'fail' });
  expect(failed?.metrics[0]?.evidence).toBeGreaterThan(20);
});

it('AN-6: no errors in either arm, and 4 against none, are undecided: exit 2', async () => {
  const few = counts(6, (minute) => ({ n: 200, x: [0, 1, 2, 1, 0, 0][minute] ?? 0 }));
  const none = { ...few, baseline: few.baseline.map((point) => ({ ...point, n: 200, x: 0 })) };
  const { code, looks } = await run({ alpha: 0.05, metrics: [none] });
  expect(code).toBe(2);
  expect(looks.map(({ verdict }) => verdict)).not.toContain('pass');
});

it('AN-5: a gap, a duplicate, a reset and more errors than requests are no data, and say so', async () => {
  const series = counts(5, (minute) =>
    minute === 1 ? { n: 10, x: 11 } : { n: 1_000, x: minute === 2 ? -4 : 10 },
  );
  series.canary.splice(0, 1);
  series.canary.push({ t: at(3), n: 900, x: 1 });
  const { looks } = await run({ alpha: 0.05, metrics: [series] });
  expect(looks.map(({ verdict, because }) => [verdict, because])).toEqual([
    ['no_data', 'no request has reached the canary'],
    ['no_data', 'more bad ones than there were'],
    ['no_data', 'a figure below zero: a counter was reset'],
    ['no_data', 'a figure that is no number'],
    ['undecided', expect.any(String)],
  ]);
});

it('AN-6: values fail where they are surely worse, in the direction that is', async () => {
  const minutes = Array.from({ length: 20 }, (_, minute) => minute);
  const values = (worse: string, factor: number) => ({
    name: 'orders',
    kind: 'values',
    worse,
    baseline: minutes.map((minute) => ({ t: at(minute), value: 100 + (minute % 3) })),
    canary: minutes.map((minute) => ({ t: at(minute), value: factor * (100 + ((minute + 1) % 3)) })),
  });
  expect((await run({ alpha: 0.05, metrics: [values('lower', 0.5)] })).code).toBe(1);
  expect((await run({ alpha: 0.05, metrics: [values('higher', 0.5)] })).code).toBe(0);
});

it('AN-6: without a second arm it waits half an hour, then holds the change against days without one', async () => {
  const days = 4;
  const change = days * 1_440;
  const wave = (minute: number): number =>
    100 + 20 * Math.sin((2 * Math.PI * minute) / 1_440) + ((minute * 7_919) % 13) / 4;
  const series = (shift: number) =>
    Array.from({ length: change + 31 }, (_, minute) => ({
      t: at(minute),
      value: wave(minute) + (minute >= change ? shift : 0),
    }));
  const metric = { name: 'orders', kind: 'before-after', worse: 'either', change: at(change) };
  const changed = await run({ alpha: 0.05, metrics: [{ ...metric, series: series(40) }] });
  expect(changed.code).toBe(1);
  expect(changed.looks[0]).toMatchObject({ verdict: 'undecided' });
  out = [];
  const same = await run({ alpha: 0.05, metrics: [{ ...metric, series: series(0) }] });
  expect(same.code).toBe(0);
});

it.each<[string, unknown, string]>([
  ['no JSON', '{', 'no JSON'],
  ['no metric', { alpha: 0.05, metrics: [] }, 'metrics: '],
  ['an alpha over a half', { alpha: 2, metrics: [counts(1, () => ({ n: 1, x: 0 }))] }, 'alpha: '],
  [
    'a time that is none',
    {
      alpha: 0.05,
      metrics: [{ ...counts(1, () => ({ n: 1, x: 0 })), canary: [{ t: 'ten', n: 1, x: 0 }] }],
    },
    'metrics[0].canary[0].t: ',
  ],
  [
    'a name twice',
    { alpha: 0.05, metrics: [counts(1, () => ({ n: 1, x: 0 })), counts(1, () => ({ n: 1, x: 0 }))] },
    'metrics[1].name: a second "errors"',
  ],
  [
    'nothing since the change',
    {
      alpha: 0.05,
      metrics: [
        {
          name: 'orders',
          kind: 'before-after',
          worse: 'lower',
          change: at(9),
          series: [{ t: at(8), value: 1 }],
        },
      ],
    },
    'metrics[0].change: its series has no point since then',
  ],
])('AN-6: a file with %s is refused with exit 64 and the path of the mistake', async (_what, file, path) => {
  expect((await run(file)).code).toBe(64);
  expect(complaints.join('')).toContain(path);
  expect(out).toEqual([]);
});
