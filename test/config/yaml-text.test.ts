/** YAML from outside: what is too much for anybody to mean ends in a sentence, and soon (OP-9). */

import { describe, expect, it } from 'vitest';
import { readYaml } from '../../src/config/yaml-text.ts';

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

  it('is not what people write: an alias here and there, lists in mappings in lists', () => {
    const text = 'people: &all [U1, U2]\nroles: { a: *all, b: *all }\nsteps: [{ a: [{ b: [1] }] }]';
    expect(readYaml(text)).toMatchObject({
      ok: true,
      value: { roles: { a: ['U1', 'U2'], b: ['U1', 'U2'] } },
    });
  });
});
