/** Tells random stories, and looks at the world after every step. */

import fc from 'fast-check';
import { it } from 'vitest';
import { MINUTE } from '../../../src/time.ts';
import { anyStory, type Story } from '../arbitraries.ts';
import { ruth } from '../builders.ts';
import { World } from '../world.ts';

const RUNS = { numRuns: 600, seed: 20260105 };

/** What was told of a story so far: the world after every step of it. */
const told = new WeakMap<Story, World[]>();

/** Tells a story; `each` sees the world after every step. */
export function tellStory(story: Story, each: (world: World) => void = () => {}): World {
  const worlds = told.get(story) ?? [...tellAnew(story)];
  told.set(story, worlds);
  for (const world of worlds) each(world.copy());
  return (worlds.at(-1) ?? new World()).copy();
}

/** The world after every step, for whoever changes what comes next. */
export function* tellAnew({ asked, steps }: Story): Generator<World> {
  const world = new World();
  world.tell(asked, ruth);
  yield world.copy();
  for (const step of steps) {
    step(world);
    yield world.copy();
  }
}

/** As `expect(holds).toBe(true)`, for what is asked hundreds of thousands of times: that takes longer than the stories. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`it does not hold: ${what}`);
}

/** Declares a test: it holds in every story, and so does what is looked at `afterwards`, when all were told. */
export type InEveryStory = (title: string, holds: Holds, afterwards?: () => void) => void;
type Holds = (story: Story) => void;

/** All are told for the first test of them, whatever else the machine does. */
const TIMEOUT = 5 * MINUTE;

/** Each story is told once for all the tests of a file, because telling is what takes the time. */
export function storyTests(): InEveryStory {
  const declared: { holds: Holds; failed: boolean }[] = [];
  let toldAll = false;

  function tellAll(): void {
    if (toldAll) return;
    toldAll = true;
    fc.assert(
      fc.property(anyStory, (story) => {
        for (const one of declared) one.failed ||= !isHeld(one.holds, story);
      }),
      RUNS,
    );
  }

  return (title, holds, afterwards = () => {}) => {
    const test = { holds, failed: false };
    declared.push(test);
    it(title, { timeout: TIMEOUT }, () => {
      tellAll();
      // Once more by itself: it finds the shortest story, and says what was wrong.
      if (test.failed) fc.assert(fc.property(anyStory, holds), RUNS);
      afterwards();
    });
  };
}

function isHeld(holds: Holds, story: Story): boolean {
  try {
    holds(story);
    return true;
  } catch {
    return false;
  }
}
