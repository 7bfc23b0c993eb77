import { beforeAll, describe, expect, it } from 'vitest';
import type { DeploymentEvent } from '../../src/deployment/events.ts';
import { MINUTE } from '../../src/time.ts';
import { bundleBot, type Played, play } from './run.ts';

let bot: string;

beforeAll(async () => {
  bot = await bundleBot();
});

/**
 * What happened, without the seconds: a process that was away asks a little later. What a look measured hangs on its
 * window; what it said does not.
 */
const story = (events: readonly DeploymentEvent[]): object[] =>
  events.map((event) => {
    const { at: _at, ...rest } = event;
    if (rest.type === 'looked') {
      const { number, verdict, action } = rest.look;
      return { seq: rest.seq, by: rest.by, type: rest.type, number, verdict, action };
    }
    if (rest.type === 'smoke_reported')
      return { ...rest, results: rest.results.map(({ took: _took, ...result }) => result) };
    return rest.type === 'scheduled' ? { ...rest, startAt: undefined } : rest;
  });

function expectTheSame(crashed: Played, undisturbed: Played): void {
  expect(story(crashed.events)).toEqual(story(undisturbed.events));
  const late = crashed.events.map(({ at }, index) => Math.abs(at - (undisturbed.events[index]?.at ?? 0)));
  expect(Math.max(...late)).toBeLessThan(MINUTE);
  expect(crashed.commands.map(untimed)).toEqual(undisturbed.commands.map(untimed));
  const keys = crashed.commands.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect([...crashed.posted].filter(([, times]) => times !== 1)).toEqual([]);
  expect(crashed.files.there).toEqual(crashed.files.shown);
  expect(crashed.files.shown).toHaveLength(undisturbed.files.shown.length);
  expect(crashed.messages.map(withoutTimes).toSorted()).toEqual(
    undisturbed.messages.map(withoutTimes).toSorted(),
  );
}

/** Ended before and after the commit of each of these events. */
function expectCut(crashed: Played, { events }: Played, steps: readonly string[]): void {
  for (const step of steps) {
    const seq = events.find(({ type }) => type === step)?.seq;
    for (const when of ['before', 'after'])
      expect(crashed.points, `${when} ${step}`).toContain(`commit:${when}:D:${seq}`);
  }
}

/** What wakes somebody, once each, whoever delivers it how often. */
const incidents = ({ paged }: Played): string[] =>
  [
    ...new Set(paged.filter(({ tells }) => tells === 'trigger').map(({ key, about }) => `${about} ${key}`)),
  ].toSorted();

const untimed = ({ key, body }: Played['commands'][number]): object => ({
  // Each record has a name of its own, and as many checkpoints as it took.
  key: key.replace(/@\w+:\d+$/, ''),
  body: { ...(body as object), at: undefined },
});

/** Durations and instants in messages hang on the same seconds. */
const withoutTimes = ({ where, text }: Played['messages'][number]): string =>
  `${where} ${text
    .replace(/<!date[^>]*>/g, 'DATE')
    .replace(/\b\d+ (s|min|h)\b/g, 'TIME')
    .replace(/(TIME )+TIME/g, 'TIME')
    .replace(/[\d.,]+/g, '#')}`;

describe('a process ended with SIGKILL at every named point', () => {
  it('K-8, SM-2: loses nothing and doubles nothing over a whole deployment and the middle of its smoke tests', {
    timeout: 300_000,
  }, async () => {
    const undisturbed = await play(bot, { version: 'v2.1.0', crashing: false });
    const crashed = await play(bot, { version: 'v2.1.0', crashing: true });
    expectTheSame(crashed, undisturbed);
    expect(undisturbed.events.at(-1)?.type).toBe('handed_over');
    expect(new Set(crashed.points).size).toBeGreaterThanOrEqual(40);
    // Ended in the middle of its smoke tests, which are run again from their beginning and count once.
    expect(undisturbed.tried.toSorted()).toEqual(['/form', '/healthz', '/session']);
    for (const path of undisturbed.tried)
      expect(crashed.tried.filter((one) => one === path).length).toBeGreaterThanOrEqual(2);
    expect(crashed.events.filter(({ type }) => type === 'smoke_reported')).toHaveLength(1);
    // What was answered and is not committed yet is asked for again.
    for (const answer of ['answer:backend:', 'answer:metrics:'])
      expect(crashed.points.filter((point) => point.startsWith(answer)).length).toBeGreaterThanOrEqual(3);
  });

  it('RB-1, RB-4, RB-6, RB-7: loses nothing and doubles nothing over a rollback that is asked twice, explained and reviewed, and pages once', {
    timeout: 300_000,
  }, async () => {
    const undisturbed = await play(bot, { version: 'v2.1.0', crashing: false, story: 'rolled back' });
    const crashed = await play(bot, { version: 'v2.1.0', crashing: true, story: 'rolled back' });
    expectTheSame(crashed, undisturbed);
    const types = undisturbed.events.map(({ type }) => type);
    for (const step of [
      'rollback_started',
      'rollback_explained',
      'smoke_reported',
      'rolled_back',
      'review_written',
    ])
      expect(
        types.filter((type) => type === step),
        step,
      ).toHaveLength(1);
    // Told, commanded and seen to be back: each was cut short once, before and after.
    expectCut(crashed, undisturbed, [
      'rollback_started',
      'rollback_explained',
      'smoke_reported',
      'rolled_back',
      'review_written',
    ]);
    const told = undisturbed.events.find(({ type }) => type === 'rollback_started')?.seq;
    for (const when of ['before', 'after']) expect(crashed.points).toContain(`effect:${when}:D:${told}`);
    expect(crashed.points.some((point) => /^effect:before:D:\d+:pager:trigger/.test(point))).toBe(true);
    // However often it is delivered, a call is one incident.
    expect(incidents(undisturbed).length).toBeGreaterThan(0);
    expect(incidents(crashed)).toEqual(incidents(undisturbed));
    expect(crashed.paged.length).toBeGreaterThan(undisturbed.paged.length);
  });

  it('RB-7, K-6: loses nothing and doubles nothing over taking back what was handed over, and answers an alert once', {
    timeout: 300_000,
  }, async () => {
    const undisturbed = await play(bot, { version: 'v2.1.0', crashing: false, story: 'taken back' });
    const crashed = await play(bot, { version: 'v2.1.0', crashing: true, story: 'taken back' });
    expectTheSame(crashed, undisturbed);
    expect(undisturbed.events.slice(0, 2).map(({ type }) => type)).toEqual(['requested', 'taken_back']);
    expect(undisturbed.events.at(-1)?.type).toBe('rolled_back');
    expectCut(crashed, undisturbed, ['taken_back', 'rolled_back']);
    for (const step of ['heard', 'looked_up', 'claimed', 'posted', 'answered'])
      expect(crashed.points).toContain(`alert:${step}`);
    expect(crashed.answers).toEqual([expect.stringContaining('In checkout:')]);
    expect(undisturbed.answers).toHaveLength(1);
  });
});
