import { beforeAll, describe, expect, it } from 'vitest';
import { bundleBot } from './bundle.ts';
import { expectCut, expectTheSame, incidents, pointsOf } from './compare.ts';
import { namedPoints } from './named-points.ts';
import { play, type Story } from './play.ts';
import type { Played } from './played.ts';
import type { Reached } from './points.ts';

let bot: string;

beforeAll(async () => {
  bot = await bundleBot();
});

/** Nobody presses a button below an alert here: test/slack/alert.test.ts ends that half-way. */
const IN_OTHER_TESTS = ['alert:decided'];

type Both = { undisturbed: Played; crashed: Played };
const told = new Map<Story, Promise<Both>>();

/** Each story is played once, whichever test asks first. */
function tell(story: Story): Promise<Both> {
  const playBoth = async (): Promise<Both> => ({
    undisturbed: await play(bot, { story, crashing: false }),
    crashed: await play(bot, { story, crashing: true }),
  });
  const both = told.get(story) ?? playBoth();
  told.set(story, both);
  return both;
}

describe('a process ended with SIGKILL at every named point', { timeout: 300_000 }, () => {
  it('K-8, SM-2: loses nothing and doubles nothing over a whole deployment and the middle of its smoke tests', async () => {
    const { undisturbed, crashed } = await tell('whole');
    expectTheSame(crashed, undisturbed);
    expect(undisturbed.events.at(-1)?.type).toBe('handed_over');
    const points = pointsOf(crashed);
    expect(new Set(points).size).toBeGreaterThanOrEqual(40);
    // Ended in the middle of its smoke tests, which are run again from their beginning and count once.
    expect(undisturbed.tried.toSorted()).toEqual(['/form', '/healthz', '/session']);
    for (const path of undisturbed.tried)
      expect(crashed.tried.filter((one) => one === path).length).toBeGreaterThanOrEqual(2);
    expect(crashed.events.filter(({ type }) => type === 'smoke_reported')).toHaveLength(1);
    // What was answered and is not committed yet is asked for again.
    for (const answer of ['answer:backend:', 'answer:metrics:'])
      expect(points.filter((point) => point.startsWith(answer)).length).toBeGreaterThanOrEqual(3);
  });

  it('RB-1, RB-4, RB-6, RB-7: loses nothing and doubles nothing over a rollback that is asked twice, explained and reviewed, and pages once', async () => {
    const { undisturbed, crashed } = await tell('rolled back');
    expectTheSame(crashed, undisturbed);
    const types = undisturbed.events.map(({ type }) => type);
    const steps = [
      'rollback_started',
      'rollback_explained',
      'smoke_reported',
      'rolled_back',
      'review_written',
    ] as const;
    for (const step of steps)
      expect(
        types.filter((type) => type === step),
        step,
      ).toHaveLength(1);
    // Told, commanded and seen to be back: each was cut short once, before and after.
    expectCut(crashed, steps);
    const points = pointsOf(crashed);
    const seq = undisturbed.events.find(({ type }) => type === 'rollback_started')?.seq;
    for (const when of ['before', 'after']) expect(points).toContain(`effect:${when}:D:${seq}`);
    expect(points.some((point) => /^effect:before:D:\d+:pager:trigger/.test(point))).toBe(true);
    // However often it is delivered, a call is one incident.
    expect(incidents(undisturbed).length).toBeGreaterThan(0);
    expect(incidents(crashed)).toEqual(incidents(undisturbed));
    expect(crashed.paged.length).toBeGreaterThan(undisturbed.paged.length);
  });

  it('RB-7, K-6: loses nothing and doubles nothing over taking back what was handed over, and answers an alert once', async () => {
    const { undisturbed, crashed } = await tell('taken back');
    expectTheSame(crashed, undisturbed);
    expect(undisturbed.events.slice(0, 2).map(({ type }) => type)).toEqual(['requested', 'taken_back']);
    expect(undisturbed.events.at(-1)?.type).toBe('rolled_back');
    expectCut(crashed, ['taken_back', 'rolled_back']);
    expect(crashed.answers).toEqual([expect.stringContaining('In checkout:')]);
    expect(undisturbed.answers).toHaveLength(1);
  });

  it('K-8: is ended at every point that the source names, in one story or another', async () => {
    const reached: string[] = [];
    for (const story of ['whole', 'rolled back', 'taken back'] as const) {
      const { crashed } = await tell(story);
      console.info(coverage(story, crashed));
      reached.push(...pointsOf(crashed));
    }
    expect(namedPoints().length).toBeGreaterThanOrEqual(15);
    const never = namedPoints().filter((name) => !reached.some((point) => point.startsWith(name)));
    expect(never).toEqual(IN_OTHER_TESTS);
  });
});

function coverage(story: Story, { reached, starts }: Played): string {
  const count = (what: Reached['what']): number => reached.filter((one) => one.what === what).length;
  const others = `${count('same')} leave the same as an earlier end, ${count('alike')} are messages of a kind`;
  return `${story}: ${reached.length} points, ended at ${count('ended')} (${others}), ${starts} starts`;
}
