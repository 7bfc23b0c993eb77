import { expect, it } from 'vitest';
import { DAY, HOUR } from '../../src/time.ts';
import { readLast } from '../../src/words/last.ts';

it.each<[string, number | undefined, string]>([
  ['', undefined, ''],
  ['checkout', undefined, 'checkout'],
  ['90 days', 90 * DAY, ''],
  ['checkout 90d', 90 * DAY, 'checkout'],
  ['checkout production for the last 2 weeks', 14 * DAY, 'checkout production'],
  ['production last week', 7 * DAY, 'production'],
  ['over the past day', DAY, ''],
  ['checkout in the last 12 hours please', 12 * HOUR, 'checkout'],
  ['checkout 30', undefined, 'checkout 30'],
  ['30 days checkout', undefined, '30 days checkout'],
])('MT-1: "%s" is so long, and of what stands before it', (text, span, rest) => {
  expect(readLast(text)).toEqual(span === undefined ? { rest } : { span, rest });
});
