import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BACKEND_KINDS, openBackend } from '../../src/backends/index.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../../src/backends/simulator.ts';
import { METRICS_KINDS, openMetrics } from '../../src/metrics/index.ts';
import { createManualClock } from '../manual-clock.ts';

let world: SimulatedWorld;

beforeEach(() => {
  world = createSimulatedWorld({ seed: 1, clock: createManualClock() });
});
afterEach(() => world.close());

const adapters = [
  { what: 'backend', kinds: BACKEND_KINDS, open: openBackend },
  { what: 'metric source', kinds: METRICS_KINDS, open: openMetrics },
] as const;

describe.each(adapters)('the registry of each $what', ({ what, kinds, open }) => {
  it('K-9: opens by name what is configured', () => {
    for (const kind of kinds) expect(open(kind, { simulator: { world: () => world } }).name).toBe(kind);
  });

  it('K-9: ends the start on a name that nobody knows, and says which there are', () => {
    expect(() => open('kubernetees', {})).toThrow(
      `there is no ${what} "kubernetees"; there are: ${kinds.join(', ')}`,
    );
  });

  it('K-9: ends the start on an adapter that is named and not configured', () => {
    expect(() => open('simulator', {})).toThrow('is named and not configured');
  });
});
