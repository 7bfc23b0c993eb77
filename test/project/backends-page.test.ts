import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { backendsPage, PAGE } from '../../scripts/backends-page.ts';

it('docs/backends/README.md says what the code can do (node --import tsx scripts/backends-page.ts writes it)', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(backendsPage());
});
