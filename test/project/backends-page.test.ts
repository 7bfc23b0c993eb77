import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { backendsPage, PAGE } from '../../scripts/backends-page.ts';
import { BACKENDS } from '../../src/backends/index.ts';
import { METRICS } from '../../src/metrics/index.ts';

it('docs/backends/README.md says what the code can do (node --import tsx scripts/backends-page.ts writes it)', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(backendsPage());
});

const kinds = [...BACKENDS.kinds, ...METRICS.kinds].filter((kind) => kind !== 'simulator');

it.each([...new Set(kinds)])(
  'K-9: the page of %s leads from nothing to its first use, and says what it may, what it cannot, and what happens when it fails',
  (kind) => {
    const files = ['backends', 'metrics'].map(
      (folder) => new URL(`../../docs/${folder}/${kind}.md`, import.meta.url),
    );
    const file = files.find((one) => existsSync(one));
    if (file === undefined) throw new Error(`${kind} has no page`);
    const headings =
      readFileSync(file, 'utf8')
        .match(/^## .*$/gm)
        ?.join('\n') ?? '';
    for (const heading of [/From nothing to/, /Least privilege/, /When something fails/, /What it cannot do/])
      expect(headings).toMatch(heading);
  },
);
