/** Text from people is harmless and within its limits; figures carry their units. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/time.ts';
import {
  code,
  dateTime,
  duration,
  figure,
  inline,
  listOf,
  paragraphs,
  percent,
  plural,
  quote,
  ratio,
  traffic,
  truncate,
  truncateEscaped,
} from '../../views/text.ts';
import { nasty } from './any-deployment.ts';

describe('text from people', () => {
  it('is escaped once, ampersands first', () => {
    expect(inline('a < b && c > d, <!channel> &lt;')).toBe(
      'a &lt; b &amp;&amp; c &gt; d, &lt;!channel&gt; &amp;lt;',
    );
  });

  it('loses backticks and line breaks inside inline code', () => {
    expect(code('a`b\nc<d>')).toBe('`ab c&lt;d&gt;`');
    expect(code('``')).toBe('`—`');
  });

  it('keeps its paragraphs where it is shown as a whole', () => {
    expect(paragraphs('one\r\n\r\n\r\n\r\ntwo\t \u202eevil')).toBe('one\n\ntwo  evil');
  });

  it('stays within its limit, escapes counted, with no character or entity cut in two', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 60 }), (text, max) => {
        for (const cut of [inline(text, max), truncate(text, max), truncateEscaped(inline(text, 500), max)]) {
          expect(cut.length).toBeLessThanOrEqual(max);
        }
        const shown = inline(text, max);
        expect(shown).not.toMatch(/&(?!amp;|lt;|gt;)|[<>\n\r]/);
        expect(shown).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });

  it('ends in an ellipsis only where something is missing', () => {
    expect(truncate('abcd', 4)).toBe('abcd');
    expect(truncate('abcde', 4)).toBe('abc…');
    expect(inline('a&b', 5)).toBe('a…');
    expect(quote('Adds Apple Pay.')).toBe('“Adds Apple Pay.”');
    expect(truncateEscaped('ab <@U1>', 6)).toBe('ab…');
  });
});

describe('figures', () => {
  it.each([
    [11 * SECOND, '11 s'],
    [90 * SECOND, '1 min 30 s'],
    [22 * MINUTE, '22 min'],
    [HOUR, '1 h'],
    [3 * HOUR + 30 * MINUTE, '3 h 30 min'],
    [DAY, '24 h'],
    [7 * DAY, '7 days'],
    [2 * DAY + 4 * HOUR, '2 days 4 h'],
    [-5, '0 s'],
    [59_700, '1 min'],
    [10 * MINUTE - 1, '10 min'],
  ])('writes %d ms as %s', (length, words) => {
    expect(duration(length)).toBe(words);
  });

  it('keeps the digits that matter, and the unit with its number', () => {
    expect([0.21, 1.94, 47.3, 0].map(percent)).toEqual(['0.21 %', '1.9 %', '47 %', '0 %']);
    expect([0.9, 1, 2.1, 12.4, 0.01].map(ratio)).toEqual(['0.9×', '1.0×', '2.1×', '12×', '0.01×']);
    expect(traffic(12.5)).toBe('12.5 %');
    expect(figure(4812)).toBe('4,812');
    expect([plural(1, 'stage'), plural(4, 'stage')]).toEqual(['1 stage', '4 stages']);
  });

  it('lists people as people say it', () => {
    expect(listOf(['Tom'])).toBe('Tom');
    expect(listOf(['Tom', 'Sana', 'Omar'], 'or')).toBe('Tom, Sana or Omar');
    expect(listOf(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('a, b, c, d and 3 more');
    expect(listOf([])).toBe('');
  });

  it('gives each reader their own zone, and UTC where Slack draws no date', () => {
    expect(dateTime(Date.UTC(2026, 0, 5, 13))).toBe(
      '<!date^1767618000^{time} {date_pretty}|2026-01-05 13:00 UTC>',
    );
  });
});
