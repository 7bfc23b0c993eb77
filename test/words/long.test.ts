/** Commands as long as they may be: how much of one is looked through for times is counted, not how long it takes. */

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readMoment } from '../../src/words/moment.ts';
import { readPeriod } from '../../src/words/period.ts';
import { readSpan } from '../../src/words/span.ts';

let looks = 0;
let characters = 0;

vi.mock(import('chrono-node/en'), async (original) => {
  const chrono = await original();
  const parse: typeof chrono.parse = (text, ...rest) => {
    looks += 1;
    characters += text.length;
    return chrono.parse(text, ...rest);
  };
  return { ...chrono, parse };
});

const ASKED = { zone: 'Europe/Berlin', now: Date.UTC(2026, 10, 27, 9) };

beforeEach(() => {
  looks = 0;
  characters = 0;
});

describe('a command of 4,000 characters', () => {
  it.each([
    'a ',
    'checkout ',
    'tomorrow 9-17 ',
    '9-17 ',
    'until tomorrow ',
    'from 9 to 17 ',
    'for 2h ',
    'between 9:00 and 17:00 ',
    '2h and ',
    '1.2 3.4. 5/6 ',
    'x',
  ])('OP-9: is looked through for its times a little at a time: %s…', (piece) => {
    const text = `checkout ${piece.repeat(4_000)}`.slice(0, 4_000);
    readPeriod(text, ASKED);
    expect(looks).toBeLessThanOrEqual(100);
    expect(characters).toBeLessThanOrEqual(8_000);
  });

  it('OP-9: says no time a hundred times, and is told so', () => {
    const { problem } = readPeriod(`checkout ${'until tomorrow '.repeat(100)}because x`, ASKED);
    expect(problem).toBe('It says from when or until when 100 times: say it once.');
  });

  it('OP-9: is no time, and says how much of one is read', () => {
    const read = readMoment('tomorrow '.repeat(400), ASKED);
    expect(read).toEqual({
      ok: false,
      problem: expect.stringMatching(/^"tomorrow tomorrow .{0,40}…" is too long to be a time: at most 120 /),
    });
    expect(looks).toBe(0);
    expect(readSpan('2h and '.repeat(500))).toBeUndefined();
  });
});
