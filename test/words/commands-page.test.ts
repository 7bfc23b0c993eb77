/** What docs/commands.md says of times is what they are read as. */

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HOUR } from '../../src/time.ts';
import { isAtOnce, readMoment } from '../../src/words/moment.ts';
import { readSpan } from '../../src/words/span.ts';
import { isVersion } from '../../src/words/version.ts';

const PAGE = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');
/** A Monday, in the morning. */
const ASKED = { zone: 'Europe/Berlin', now: Date.UTC(2027, 0, 4, 6) };

const codes = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
const between = (begin: string, end: string): string => PAGE.slice(PAGE.indexOf(begin), PAGE.indexOf(end));
const times = between('\n## Times', '\nA length is')
  .split('\n')
  .filter((line) => line.startsWith('|') && !line.includes('names that several zones have'))
  .flatMap((line) => codes(line.split('|')[1] ?? ''));

it.each(times)('K-1: the page says that %j is a time', (said) => {
  expect(isAtOnce(said) || readMoment(said, ASKED).ok).toBe(true);
});

it('K-1: the page has a table of times, and its lengths and versions are read', () => {
  expect(times.length).toBeGreaterThan(12);
  expect(codes(between('A length is', 'A period is')).map(readSpan)).toEqual([
    2 * HOUR,
    1.5 * HOUR,
    1.5 * HOUR,
    48 * HOUR,
    HOUR / 2,
  ]);
  const versions = codes(between('As the team tags them', 'with a pre-release'));
  expect(versions.filter((one) => !isVersion(one.replace(/^.*[@/]/, '')))).toEqual([]);
  expect(readMoment('04/01/2027', { ...ASKED, zone: 'America/New_York' })).toMatchObject({ ok: false });
});
