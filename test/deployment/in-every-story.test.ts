/** What must hold in every random story, however odd: each is told once for all of it. */

import { actionNeededStories } from './in-every-story/action-needed.ts';
import { lifecycleStories } from './in-every-story/lifecycle.ts';
import { pagingStories } from './in-every-story/paging.ts';
import { readinessStories } from './in-every-story/readiness.ts';
import { storyTests } from './in-every-story/stories.ts';
import { timeRuleStories } from './in-every-story/time-rules.ts';
import { wayOnStories } from './in-every-story/ways-on.ts';

const inEveryStory = storyTests();

lifecycleStories(inEveryStory);
timeRuleStories(inEveryStory);
readinessStories(inEveryStory);
wayOnStories(inEveryStory);
actionNeededStories(inEveryStory);
pagingStories(inEveryStory);
