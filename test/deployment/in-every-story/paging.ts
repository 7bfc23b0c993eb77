/** Whoever is called in any story is called once for one matter. */

import { describe, expect } from 'vitest';
import type { Effect } from '../../../src/deployment/effects.ts';
import { type InEveryStory, tellStory } from './stories.ts';

type Notify = Extract<Effect, { kind: 'notify' }>;
const isNotify = (effect: Effect): effect is Notify => effect.kind === 'notify';

export function pagingStories(inEveryStory: InEveryStory): void {
  describe('In every story', () => {
    inEveryStory('a call is triggered once per pager, and resolved at most once, after that', (story) => {
      const said = new Map<string, string[]>();
      for (const { effects } of tellStory(story).done)
        for (const { tells, about } of effects.filter(isNotify))
          said.set(String(about), [...(said.get(String(about)) ?? []), tells]);
      for (const tells of said.values())
        expect([
          ['trigger'],
          ['trigger', 'acknowledge'],
          ['trigger', 'resolve'],
          ['trigger', 'acknowledge', 'resolve'],
          ['started'],
          ['verified'],
          ['rolled_back'],
        ]).toContainEqual(tells);
    });

    inEveryStory('a rollback that nobody asked for has called by the time anybody looks', (story) => {
      tellStory(story, (world) => {
        const { d } = world;
        if (d.terms.paging === undefined || d.rollback === undefined || d.rollback.by.kind === 'person')
          return;
        if (d.status === 'failed') return;
        world.wake();
        expect(world.d.paging?.calls.some(({ matter }) => matter === 'rolled_back')).toBe(true);
      });
    });
  });
}
