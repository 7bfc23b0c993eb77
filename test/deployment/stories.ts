/** Tells random stories, and looks at the world after every step. */

import fc from 'fast-check';
import { anyStory, type Story } from './arbitraries.ts';
import { ruth } from './builders.ts';
import { World } from './world.ts';

const RUNS = 600;

/** Tells a story; `each` sees the world after every step. */
export function tellStory({ asked, steps }: Story, each: (world: World) => void = () => {}): World {
  const world = new World();
  world.tell(asked, ruth);
  each(world);
  for (const step of steps) {
    step(world);
    each(world);
  }
  return world;
}

export function inEveryStory(holds: (story: Story) => void): void {
  fc.assert(fc.property(anyStory, holds), { numRuns: RUNS, seed: 20260105 });
}
