/** What speaks for a time in a window: the boundaries of its last start, the hours of people, and what nobody states. */

import { describe, expect, it } from 'vitest';
import { defined } from '../../../src/defined.ts';
import { criteriaAt, lastStartFor } from '../../../src/policy/calendar/criteria.ts';
import type { Window } from '../../../src/policy/calendar/windows.ts';
import { parseHours } from '../../../src/policy/hours.ts';
import type { Contact } from '../../../src/terms/contacts.ts';
import { HOUR, type Instant, MINUTE } from '../../../src/time.ts';

/** Monday, 2026-01-05. */
const at = (clock: string): Instant => Date.parse(`2026-01-05T${clock}:00Z`);
const AFTERNOON: Window = { name: 'Afternoon', days: ['mon'], from: 12 * 60, to: 17 * 60, timeZone: 'UTC' };
const candidate = {
  service: 'checkout',
  environment: 'production',
  needed: { rollout: 3 * HOUR + 30 * MINUTE, rollback: 15 * MINUTE },
};

function contact(role: Contact['role'], hours?: string): Contact {
  const read = hours === undefined ? undefined : parseHours(hours, 'UTC');
  return { role, person: { id: role, name: role }, ...defined({ hours: read }) };
}

const criteria = (time: Instant, windows: Window[], contacts: Contact[] = []) =>
  criteriaAt(time, { windows, candidate, contacts, conflicts: [] });

describe('WN-1: the criteria for a start', () => {
  it.each([
    ['11:59', undefined],
    ['12:00', true],
    ['13:15', true],
    ['13:16', false],
    ['16:59', false],
    ['17:00', undefined],
  ])('at %s leave time for a rollback: %s', (clock, met) => {
    expect(criteria(at(clock), [AFTERNOON])?.rollback?.met).toBe(met);
  });

  it('name the last start and the close', () => {
    expect(criteria(at('12:30'), [AFTERNOON])?.rollback).toMatchObject({
      last: at('13:15'),
      closes: at('17:00'),
    });
    expect(lastStartFor([AFTERNOON], candidate, at('12:30'))).toBe(at('13:15'));
    expect(lastStartFor([AFTERNOON], candidate, at('13:16'))).toBeUndefined();
    expect(lastStartFor([AFTERNOON], candidate, at('11:00'))).toBeUndefined();
  });

  it.each([
    [{}, undefined],
    [{ lowTraffic: true }, { met: true, window: 'Afternoon' }],
    [{ lowTraffic: false }, { met: false, window: 'Afternoon' }],
  ])('take of the window %j that traffic is low: %j', (says, lowTraffic) => {
    expect(criteria(at('12:30'), [{ ...AFTERNOON, ...says }])?.lowTraffic).toEqual(lowTraffic);
  });

  it('ask only the windows that are open then', () => {
    const night: Window = { ...AFTERNOON, name: 'Night', from: 22 * 60, to: 24 * 60, lowTraffic: true };
    expect(criteria(at('12:30'), [AFTERNOON, night])?.lowTraffic).toBeUndefined();
    expect(criteria(at('22:30'), [AFTERNOON, night])?.lowTraffic?.window).toBe('Night');
  });

  it.each<[string, Contact[], { met?: boolean; there: string[]; away: string[] }]>([
    ['nobody states any', [contact('lead'), contact('on_call')], { there: [], away: [] }],
    [
      'all are there',
      [contact('lead'), contact('on_call', '24 h')],
      { met: true, there: ['on_call'], away: [] },
    ],
    [
      'one is away',
      [contact('lead', 'Mon 09:00–12:00'), contact('on_call', '24 h')],
      { met: false, there: ['on_call'], away: ['lead'] },
    ],
  ])('count hours where %s', (_what, contacts, expected) => {
    const support = criteria(at('12:30'), [AFTERNOON], contacts)?.support;
    expect(support?.met).toBe(expected.met);
    expect(support?.there.map(({ role }) => role)).toEqual(expected.there);
    expect(support?.away.map(({ role }) => role)).toEqual(expected.away);
  });

  it('are none where there is no window', () => {
    expect(criteria(at('12:30'), [])).toBeUndefined();
    expect(criteria(at('12:30'), [{ ...AFTERNOON, services: ['search'] }])).toBeUndefined();
  });
});
