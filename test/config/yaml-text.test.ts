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

const lines = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join('\n');

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
    ['more words than anybody writes', `a: [${'b,'.repeat(60_000)}]`, 'more than 80000 words and marks'],
    ['more entries than anybody lists', `a: [${'b,'.repeat(9_000)}]`, 'more than 8000 entries in all'],
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
    expect(rests(1_000)).toBeGreaterThan(10);
    expect(rests(2_000)).toBeGreaterThan(1.8 * rests(1_000));
  });

  it('names fifty unknown keys, and counts the others', () => {
    const text = Array.from({ length: 80 }, (_, line) => `kk${line}: b`).join('\n');
    const loaded = loadPolicy(text, readPresets());
    const found = loaded.ok ? [] : loaded.problems.map((problem) => problem.found);
    expect(found.filter((words) => words.startsWith('the unknown key'))).toHaveLength(50);
    expect(found).toContain('30 more unknown keys');
  });

  it.each([
    ['keys that stand there already', 'a: 1\n'.repeat(3_000)],
    ['services with a mistake each', `services:\n${lines(500, (n) => `  a${n}: { x: 1 }`)}`],
    ['entries of a list', `requesters: [${'1, '.repeat(3_000)}]`],
    [
      'services in an environment that is none',
      `team: A\nroles: { tech_lead: [U0TOM000001] }\nservices:\n${lines(300, (n) => `  a${n}: { environments: [x] }`)}`,
    ],
  ])('names a hundred mistakes at most: %s', (_what, text) => {
    const loaded = loadPolicy(text, readPresets());
    const found = loaded.ok ? [] : loaded.problems.map((problem) => problem.found);
    expect(found).toHaveLength(101);
    expect(found.at(-1)).toBe('more mistakes than these');
  });

  it('says of more services, environments and windows than anybody has how many there may be', () => {
    const regions = lines(61, (n) => `  e${n}: { like: production }`);
    const loaded = loadPolicy(`team: A\nservices: { a: {} }\nenvironments:\n${regions}`, readPresets());
    expect(loaded).toMatchObject({
      problems: [{ path: 'environments', found: '61 entries', allowed: '60 at most' }],
    });
  });

  it('names a key that stands there twice, wherever the mapping is, and no mapping that is merged twice', () => {
    const text =
      'a: &a { b: 1 }\nc: &c { d: 1 }\ne: { <<: *a, <<: *c, f: 1 }\ng: [{ h: 1, "h": 2 }]\n*a : 1\n? [x]\n: 1';
    expect(readYaml(text)).toMatchObject({
      faults: [{ line: 4, column: 13, message: 'a key that stands there already' }],
    });
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
