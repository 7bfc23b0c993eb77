/** A smoke test of which only what matters has to be said. */

import type { SmokeTest } from '../../src/terms/smoke.ts';

export const smokeTest = (id: string, change: Partial<SmokeTest> = {}): SmokeTest => ({
  id,
  name: id,
  category: 'core',
  critical: false,
  by: 'gonogo',
  afterRollback: true,
  home: false,
  requests: [],
  ...change,
});
