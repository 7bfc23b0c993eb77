import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { policyFor } from '../../src/cli/real/shop.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';

const EXAMPLE = new URL('../../gonogo.example.yml', import.meta.url).pathname;

it('the policy of the real canary and of `gonogo demo --real` is one that GoNoGo takes', () => {
  const places = { folder: '/tmp/shop', prometheus: 'http://127.0.0.1:9090', activator: 9000 };
  const text = policyFor(
    { policy: EXAMPLE, steps: [{ set_weight: 10 }, { watch: '10s' }, { set_weight: 100 }] },
    places,
  );
  const loaded = loadPolicy(text, readPresets());
  expect(loaded.ok ? [] : loaded.problems).toEqual([]);
  expect(readFileSync(EXAMPLE, 'utf8')).not.toContain('kind: haproxy');
});
