/** A run that was cut short again and again, beside one that was not. */

import { expect } from 'vitest';
import type { DeploymentEvent } from '../../src/deployment/events.ts';
import { MINUTE } from '../../src/time.ts';
import type { Played } from './played.ts';

export function expectTheSame(crashed: Played, undisturbed: Played): void {
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

/** Ended before and after the commit of each of these events. */
export function expectCut(crashed: Played, steps: readonly DeploymentEvent['type'][]): void {
  for (const step of steps) {
    const seq = crashed.events.find(({ type }) => type === step)?.seq;
    for (const when of ['before', 'after'])
      expect(pointsOf(crashed), `${when} ${step}`).toContain(`commit:${when}:D:${seq}`);
  }
}

export const pointsOf = ({ reached }: Played): string[] => reached.map(({ point }) => point);

/** What wakes somebody, once each, whoever delivers it how often. */
export const incidents = ({ paged }: Played): string[] =>
  [
    ...new Set(paged.filter(({ tells }) => tells === 'trigger').map(({ key, about }) => `${about} ${key}`)),
  ].toSorted();
