/** Tells random stories, and looks at the world after every step. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyStory, type Story } from './arbitraries.ts';
import { ruth } from './builders.ts';
import { World } from './world.ts';

const RUNS = 600;
const SEED = 20260105;

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
  fc.assert(fc.property(anyStory, holds), { numRuns: RUNS, seed: SEED });
}

/** What must hold of a world at the end of its story; it only looks. */
type Property = (world: World) => void;

/** Makes tests of what holds in every story; the stories are told once, and all of the tests look at them. */
export function toldOnce(): (title: string, holds: Property) => void {
  const properties = new Map<string, Property>();
  let broken: Set<string> | undefined;
  return (title, holds) => {
    properties.set(title, holds);
    it(title, () => {
      broken ??= brokenIn(properties);
      if (!broken.has(title)) return;
      // Told again, for the shortest story that shows it.
      inEveryStory((story) => holds(tellStory(story)));
      expect(broken).not.toContain(title);
    });
  };
}

function brokenIn(properties: ReadonlyMap<string, Property>): Set<string> {
  const broken = new Set<string>();
  for (const story of fc.sample(anyStory, { numRuns: RUNS, seed: SEED })) {
    const world = tellStory(story);
    for (const [title, holds] of properties) if (!holdsIn(world, holds)) broken.add(title);
  }
  return broken;
}

function holdsIn(world: World, holds: Property): boolean {
  try {
    holds(world);
    return true;
  } catch {
    return false;
  }
}
