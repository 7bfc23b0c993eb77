/** Business days and working hours, over weekends, holidays and the changes of the clocks. */

import { describe, expect, it } from 'vitest';
import { afterBusinessDays, inZone, nextWorkingMoment } from '../../src/policy/workdays.ts';
import type { Workdays } from '../../src/terms/hours.ts';

const BERLIN: Workdays = {
  timeZone: 'Europe/Berlin',
  holidays: ['2026-01-06', '2026-12-25'],
  hours: { from: '09:00', to: '17:00' },
};
const at = (text: string): number => Date.parse(text);
const said = (instant: number): string => new Date(instant).toISOString().slice(0, 16);

describe('business days', () => {
  it.each([
    ['none', '2026-01-12T09:30Z', 0, '2026-01-12T09:30'],
    ['five from a Monday end on the next', '2026-01-12T09:30Z', 5, '2026-01-19T09:30'],
    ['one from a Friday is the Monday', '2026-01-16T09:30Z', 1, '2026-01-19T09:30'],
    ['a holiday does not count', '2026-01-05T09:30Z', 5, '2026-01-13T09:30'],
    [
      'from a Saturday they begin with the Monday, at midnight in Berlin',
      '2026-01-17T09:30Z',
      5,
      '2026-01-25T23:00',
    ],
    [
      'the time of day is that of the zone, over the change of the clocks',
      '2026-03-27T09:30Z',
      1,
      '2026-03-30T08:30',
    ],
    [
      'the day is that of the zone: Friday 23:30 UTC is Saturday there',
      '2026-01-16T23:30Z',
      1,
      '2026-01-19T23:00',
    ],
  ])('CH-1: %s', (_, from, days, expected) => {
    expect(said(afterBusinessDays(at(from), days, BERLIN))).toBe(expected);
  });

  it('believes no calendar without business days', () => {
    const holidays = Array.from({ length: 400 }, (_, day) =>
      new Date(at('2026-01-01T00:00Z') + day * 86_400_000).toISOString().slice(0, 10),
    );
    const after = afterBusinessDays(at('2026-01-12T09:30Z'), 1, { ...BERLIN, holidays });
    expect(said(after)).toBe('2026-01-13T23:00');
  });
});

describe('working hours', () => {
  it.each([
    ['inside, at once', '2026-01-12T10:00Z', '2026-01-12T10:00'],
    ['early in the day, at nine in Berlin', '2026-01-12T03:00Z', '2026-01-12T08:00'],
    ['in the evening, the next morning', '2026-01-12T16:00Z', '2026-01-13T08:00'],
    ['on a Friday evening, on Monday', '2026-01-16T16:00Z', '2026-01-19T08:00'],
    ['before a holiday, after it', '2026-01-05T20:00Z', '2026-01-07T08:00'],
  ])('CH-8: %s', (_, from, expected) => {
    expect(said(nextWorkingMoment(at(from), BERLIN))).toBe(expected);
  });

  it('are all hours where none are named', () => {
    const { hours: _, ...always } = BERLIN;
    expect(said(nextWorkingMoment(at('2026-01-17T03:00Z'), always))).toBe('2026-01-17T03:00');
  });
});

it('says an instant in the zone where Slack draws no dates', () => {
  expect(inZone(at('2026-07-01T10:30Z'), BERLIN)).toBe('Wed 1 Jul 2026, 12:30 (Europe/Berlin)');
});
