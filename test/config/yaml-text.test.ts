/** YAML from outside: what is too much for anybody to mean ends in a sentence, and soon (OP-9). */

import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import { readingYaml, readYaml } from '../../src/config/yaml-text.ts';

/** Nine levels, each with nine of the one before: 387 million of the first. */
const BOMB = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: 9 }, (_, level) => {
    const names = Array.from({ length: 9 }, () => `*a${level}`).join(', ');
    return `a${level + 1}: &a${level + 1} [${names}]`;
  }),
].join('\n');

describe('YAML that is too much', () => {
  it.each([
    ['a bomb of aliases', BOMB, 'aliases (*name) that stand for too much'],
    ['an alias of nothing', 'a: *nowhere', 'nowhere'],
    ['ten thousand brackets', '['.repeat(10_000), 'more than 50 deep'],
    ['ten thousand lists in one line', `${'- '.repeat(10_000)}x`, 'more than 50 deep'],
    [
      'steps without end',
      Array.from({ length: 3_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      'KiB',
    ],
    ['more than anybody writes', 'a: b\n'.repeat(200_000), 'KiB'],
  ])('%s is a fault with its reason', (_what, text, words) => {
    const read = readYaml(text);
    expect(read.ok).toBe(false);
    expect(JSON.stringify(read)).toContain(words);
  });

  it('is read in parts, so that others are served in between: the more of it, the more of them', () => {
    const rests = (lines: number): number => {
      const text = Array.from({ length: lines }, (_, line) => `k${line}: { a: [b, c], d: "e" }`).join('\n');
      return [...readingYaml(text)].length;
    };
    expect(rests(2_000)).toBeGreaterThan(10);
    expect(rests(4_000)).toBeGreaterThan(1.8 * rests(2_000));
  });

  it('names fifty unknown keys, and counts the others', () => {
    const text = Array.from({ length: 80 }, (_, line) => `kk${line}: b`).join('\n');
    const loaded = loadPolicy(text, readPresets());
    const found = loaded.ok ? [] : loaded.problems.map((problem) => problem.found);
    expect(found.filter((words) => words.startsWith('the unknown key'))).toHaveLength(50);
    expect(found).toContain('30 more unknown keys');
  });

  it('of several documents is a fault where the second begins', () => {
    expect(readYaml('a: b\n---\nc: d\n')).toMatchObject({
      ok: false,
      faults: [{ line: 2, message: 'a second document, after ---' }],
    });
  });

  it('is not what people write: an alias here and there, lists in mappings in lists', () => {
    const text = 'people: &all [U1, U2]\nroles: { a: *all, b: *all }\nsteps: [{ a: [{ b: [1] }] }]';
    expect(readYaml(text)).toMatchObject({
      ok: true,
      value: { roles: { a: ['U1', 'U2'], b: ['U1', 'U2'] } },
    });
  });
});
