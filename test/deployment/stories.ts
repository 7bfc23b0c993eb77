/** Tells random stories, and looks at the world after every step. */

import fc from 'fast-check';
import { it } from 'vitest';
import { anyStory, type Story } from './arbitraries.ts';
import { ruth } from './builders.ts';
import { World } from './world.ts';

const RUNS = { numRuns: 600, seed: 20260105 };

/** The story that was told last: the world after every step of it. */
let last: { story: Story; worlds: World[] } | undefined;

/** Tells a story; `each` sees the world after every step. */
export function tellStory(story: Story, each: (world: World) => void = () => {}): World {
  const worlds = last?.story === story ? last.worlds : [...worldsOf(story)];
  last = { story, worlds };
  for (const world of worlds) each(world.copy());
  return (worlds.at(-1) ?? new World()).copy();
}

function* worldsOf({ asked, steps }: Story): Generator<World> {
  const world = new World();
  world.tell(asked, ruth);
  yield world.copy();
  for (const step of steps) {
    step(world);
    yield world.copy();
  }
}

/** Declares a test: it holds in every story, and so does what is looked at `afterwards`, when all were told. */
export type InEveryStory = (title: string, holds: Holds, afterwards?: () => void) => void;
type Holds = (story: Story) => void;

/** For the tests of one file: each story is told once for all of them, because telling is what takes the time. */
export function storyTests(): InEveryStory {
  const declared: { holds: Holds; failed: boolean }[] = [];
  let told = false;

  function tellAll(): void {
    if (told) return;
    told = true;
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
    it(title, () => {
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
