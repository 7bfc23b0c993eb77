import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PAGE, policyKeys, policyKeysPage } from '../../scripts/policy-keys.ts';

it('PR-1: docs/policy-keys.md has every key of gonogo.yml (node --import tsx scripts/policy-keys.ts writes it)', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(policyKeysPage());
});

it('PR-1: every key says what it means, and what it takes', () => {
  expect(policyKeys().length).toBeGreaterThan(200);
  expect(policyKeys().filter(({ means, takes }) => means === '' || takes === '')).toEqual([]);
});
