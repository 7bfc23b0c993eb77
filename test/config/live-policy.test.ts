/** Another policy while the program runs: taken as a whole or not at all (PR-4). */

import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLivePolicy, type LivePolicy, PolicyProblem } from '../../src/config/live-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import { watchFile } from '../../src/config/watch-file.ts';
import type { Policy } from '../../src/policy/policy.ts';

const GOOD = `
team: Shop
environments: { staging: }
services: { checkout: { channel: C0CHECKOUT2 } }
`;

let text: string | Error;
let prepared: Policy[];
let unable: Error | undefined;

function open(): LivePolicy {
  return createLivePolicy({
    read() {
      if (text instanceof Error) throw text;
      return text;
    },
    presets: readPresets(),
    prepare(policy) {
      if (unable) throw unable;
      prepared.push(policy);
    },
  });
}

beforeEach(() => {
  text = GOOD;
  prepared = [];
  unable = undefined;
});

describe('PR-4: the policy in force', () => {
  it('is another once the file is another, and what it names was made ready first', async () => {
    const live = open();
    text = GOOD.replace('Shop', 'Market');
    const reloaded = await live.reload();
    expect(reloaded).toMatchObject({ kind: 'taken', policy: { team: 'Market' } });
    expect(live.current().team).toBe('Market');
    expect(prepared.map(({ team }) => team)).toEqual(['Shop', 'Market']);
    expect(await live.reload()).toEqual({ kind: 'unchanged' });
  });

  it('stays where the file is a mistake, and each mistake is said once', async () => {
    const live = open();
    text = `${GOOD}\nstrategees: {}\ntime_zone: Nowhere\n`;
    expect(await live.reload()).toEqual({
      kind: 'refused',
      problems: [expect.stringContaining('strategees: found the unknown key')],
    });
    expect(live.current().team).toBe('Shop');
    expect(await live.reload()).toEqual({ kind: 'unchanged' });
    text = GOOD;
    expect(await live.reload()).toMatchObject({ kind: 'taken' });
  });

  it('stays where the file is gone, or names an adapter that cannot be opened', async () => {
    const live = open();
    text = new Error('ENOENT');
    expect(await live.reload()).toEqual({ kind: 'refused', problems: ['it cannot be read: ENOENT'] });
    text = GOOD.replace('C0CHECKOUT2', 'C0CHECKOUT2, lead: U0TOM000009');
    unable = new Error('backends.eu cannot be opened: env:KUBE_TOKEN is not set');
    expect(await live.reload()).toEqual({ kind: 'refused', problems: [unable.message] });
    expect(live.current().services.get('checkout')?.backend).toBe('simulator');
  });

  it('is none to begin with where the first one is a mistake', async () => {
    text = 'team: [';
    expect(open).toThrow(PolicyProblem);
  });
});

describe('a watched file', () => {
  let folder: string;
  let stop: () => void;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gonogo-watch-'));
  });
  afterEach(() => {
    stop();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['written into', (file: string) => writeFileSync(file, 'b')],
    [
      'replaced, as editors do',
      (file: string) => {
        writeFileSync(`${file}.new`, 'b');
        renameSync(`${file}.new`, file);
      },
    ],
  ])('PR-4: is noticed when it is %s, once for a burst', async (_, change) => {
    const file = join(folder, 'gonogo.yml');
    writeFileSync(file, 'a');
    let calls = 0;
    const noticed = new Promise<void>((resolve, reject) => {
      stop = watchFile(file, {
        settle: 20,
        onChange() {
          calls += 1;
          resolve();
        },
        onError: reject,
      });
    });
    change(file);
    change(file);
    await noticed;
    expect(calls).toBe(1);
  });
});
