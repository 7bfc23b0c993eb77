/** Each time rule is due exactly when it says it will be: its two halves cannot drift apart. */

import { describe, expect } from 'vitest';
import { nextByTime, TIME_RULES } from '../../../src/deployment/time-rules.ts';
import { clock, facts } from '../builders.ts';
import { type InEveryStory, must, tellStory } from './stories.ts';

/** It asks the calendar, which these stories may not know at that moment. */
const ASKS_THE_CALENDAR = 'what it waits for clears';
/** The stories are of what is conducted here; `watching.test.ts` holds it to the same. */
const OF_WATCHED = 'what is only watched stands still';

export function timeRuleStories(inEveryStory: InEveryStory): void {
  describe('The time rules', () => {
    const met = new Set<string>();
    inEveryStory(
      'say nothing before their time, and something at it',
      (story) => {
        tellStory(story, ({ d }) => {
          for (const [name, { next, due }] of Object.entries(TIME_RULES)) {
            const at = next(d);
            if (at === undefined) continue;
            met.add(name);
            must(due(d, facts(clock, { now: at - 1 })).length === 0, `${name}, before`);
            if (name !== ASKS_THE_CALENDAR)
              must(due(d, facts(clock, { now: at })).length > 0, `${name}, at its time`);
          }
        });
      },
      () => {
        for (const name of Object.keys(TIME_RULES))
          if (![ASKS_THE_CALENDAR, OF_WATCHED].includes(name)) expect(met).toContain(name);
      },
    );

    inEveryStory('that have nothing to come say nothing, however late it is', (story) => {
      tellStory(story, ({ d, now }) => {
        for (const [name, { next, due }] of Object.entries(TIME_RULES))
          if (next(d) === undefined) must(due(d, facts(clock, { now: now + 1e12 })).length === 0, name);
        if (Object.values(TIME_RULES).every(({ next }) => next(d) === undefined))
          must(nextByTime(d) === undefined, 'there is no next time');
      });
    });
  });
}
