/** `gonogo judge --deployment` and `--last`: which verdicts other settings would have given (AN-6). */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { judge } from '../../src/cli/judge.ts';
import { TERMINAL } from '../../src/deployment/lifecycle.ts';
import { replayInParts, replayLooks } from '../../src/deployment/rollout/replay.ts';
import { DAY } from '../../src/time.ts';
import { createRig, type Rig } from '../conductor/rig.ts';

const EXAMPLE = readFileSync(new URL('../../gonogo.example.yml', import.meta.url), 'utf8');
const TRUSTING = EXAMPLE.replace(
  'traffic: { per_minute: 48000, errors: 0.07 }',
  'judge: { alpha: 0.0001, margin: 8, harm: 16, criteria: [], triggers: [] }',
);

let folder = '';
let rig: Rig;
let bad = '';
let out: string[] = [];
let complaints: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'judge-'));
  writeFileSync(join(folder, 'same.yml'), EXAMPLE);
  writeFileSync(join(folder, 'trusting.yml'), TRUSTING);
  rig = await createRig({ file: join(folder, 'gonogo.db') });
  const { id } = await rig.request('v2.1.1');
  await rig.signAll(id);
  await rig.pass(DAY, async () => TERMINAL.has((await rig.load(id)).status));
  bad = id;
});

afterAll(async () => {
  await rig.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  out = [];
  complaints = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => complaints.push(String(text)) > 0);
  return () => vi.restoreAllMocks();
});

const run = (...args: string[]): Promise<number> => judge.run([...args, '--db', join(folder, 'gonogo.db')]);
const config = (name: string): [string, string] => ['--config', join(folder, `${name}.yml`)];

describe('gonogo judge over deployments', () => {
  it('AN-6: finds every verdict again under the settings that the deployment had', async () => {
    expect(await run('--deployment', bad, ...config('same'))).toBe(0);
    expect(out.join('')).toMatch(
      /^D-\d+ checkout v2\.1\.1 to production \(rolled back\)\n {2}All \d+ looks would have had the same verdict\.\n$/,
    );
  });

  it('AN-6: says which verdicts would differ under others, when, and that it would not have gone back', async () => {
    expect(await run('--deployment', bad.toLowerCase(), ...config('trusting'))).toBe(0);
    const text = out.join('');
    expect(text).toMatch(/\d+ of \d+ looks would have had another verdict/);
    expect(text).toMatch(
      /It went back by itself at .* UTC; up to then it would not have\. What came later was not measured\./,
    );
    expect(text).toMatch(/UTC \(stage 1\): looks worse, rolls back → (not decided yet|looks fine): /);
  });

  it('AN-6: says the same for machines, and for all that started lately', async () => {
    expect(await run('--last', '36500d', '--json', ...config('trusting'))).toBe(0);
    const [line] = out.map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(line).toMatchObject({
      deployment: bad,
      status: 'rolled_back',
      lost: 0,
      rolledBack: expect.stringMatching(/Z$/),
      differences: expect.arrayContaining([
        expect.objectContaining({ stage: 1, was: expect.objectContaining({ verdict: 'fail' }) }),
      ]),
    });
    expect(line).not.toHaveProperty('wouldRollBack');
  });

  it('says what it cannot use, and changes nothing', async () => {
    expect(await run('--deployment', 'D-9', ...config('same'))).toBe(65);
    expect(await run('--deployment', bad, '--config', join(folder, 'none.yml'))).toBe(78);
    expect(await run('--last', 'often', ...config('same'))).toBe(64);
    expect(await run('--deployment', bad, '--last', '30d', ...config('same'))).toBe(64);
    expect(complaints.join('').split('\n')).toEqual(
      expect.arrayContaining([
        'There is no deployment D-9 in the record.',
        '--last takes a duration, 30d or 12h, not "often".',
        'Usage: gonogo judge FILE',
        expect.stringContaining('none.yml cannot be read'),
      ]),
    );
  });

  it('OP-9: rests after every twenty looks, so that days of them hold nobody up', async () => {
    const [events, looks] = await Promise.all([rig.stores.events.events(bad), rig.stores.events.looks(bad)]);
    const { judge: plan } = (await rig.load(bad)).terms.safeguards;
    const many = Array.from({ length: 101 }, (_, index) => looks[index % looks.length]).flatMap(
      (look) => look ?? [],
    );
    const rests = [...replayInParts(events, many, plan)];
    expect([many.length, rests.length]).toEqual([101, 5]);
  });

  it('AU-4: judges nothing of which the beginning is gone, or of which a look was deleted meanwhile: what the judge had seen by then is not known', async () => {
    const [events, looks] = await Promise.all([rig.stores.events.events(bad), rig.stores.events.looks(bad)]);
    const { judge: plan } = (await rig.load(bad)).terms.safeguards;
    expect(looks.length).toBeGreaterThan(3);
    expect(replayLooks(events, looks, plan)).toMatchObject({ looks: looks.length, lost: 0, differences: [] });
    const without = (...gone: number[]) => looks.filter((_, index) => !gone.includes(index));
    for (const [gone, judged] of [
      [[0], 0],
      [[0, 1], 0],
      [[2], 2],
    ] as const)
      expect(replayLooks(events, without(...gone), plan), `without ${gone}`).toMatchObject({
        looks: judged,
        lost: looks.length - gone.length - judged,
        differences: [],
      });
  });

  it('AU-4: says that nothing can be judged again once the figures are gone', async () => {
    const [events, looks] = await Promise.all([rig.stores.events.events(bad), rig.stores.events.looks(bad)]);
    const { judge: plan } = (await rig.load(bad)).terms.safeguards;
    const bare = looks.map(({ reading: _, ...look }) => look);
    expect(replayLooks(events, bare, plan)).toMatchObject({ looks: 0, lost: looks.length, differences: [] });
  });
});
