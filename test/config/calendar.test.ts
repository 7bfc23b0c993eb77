/** Windows, freezes and dependencies of gonogo.yml: what they become, and what their mistakes are called. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import { describeProblem } from '../../src/config/problems.ts';
import { openings } from '../../src/policy/calendar/windows.ts';
import { HOUR } from '../../src/time.ts';

const EXAMPLE = readFileSync(new URL('../../gonogo.example.yml', import.meta.url), 'utf8');

function policyWith(yaml: string) {
  const loaded = loadPolicy(`${EXAMPLE}\n${yaml}`, readPresets());
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return loaded.policy;
}

function problemsWith(yaml: string): string[] {
  const loaded = loadPolicy(`${EXAMPLE}\n${yaml}`, readPresets());
  return loaded.ok
    ? []
    : loaded.problems.map(({ path, found, allowed }) => `${path} | ${found} | ${allowed}`);
}

describe('The calendar of gonogo.yml', () => {
  it('WN-1: has no window and no freeze where the file names none', () => {
    expect(policyWith('').calendar).toMatchObject({
      windows: [],
      freezes: [],
      mayOverride: ['tech_lead', 'operations'],
      lockFor: HOUR,
    });
  });

  it('WN-1: reads windows in the zone of the team unless they name their own', () => {
    const { windows } = policyWith(`
windows:
  - { days: [mon, tue], from: "09:00", to: "17:00", environments: [production] }
  - { name: Night, days: [sat], from: "22:00", to: "02:00", time_zone: America/New_York, services: [search] }
`).calendar;
    expect(windows).toEqual([
      {
        name: 'mon, tue 09:00–17:00',
        days: ['mon', 'tue'],
        from: 540,
        to: 1020,
        timeZone: 'Europe/Berlin',
        environments: ['production'],
      },
      {
        name: 'Night',
        days: ['sat'],
        from: 1320,
        to: 120,
        timeZone: 'America/New_York',
        services: ['search'],
      },
    ]);
  });

  it('WN-3: reads a freeze by the clock on the wall, a day alone as its midnight', () => {
    const { freezes } = policyWith(`
freezes:
  - { reason: Year end, from: 2026-12-20, to: "2027-01-02 18:00", override: [operations] }
`).calendar;
    expect(freezes).toEqual([
      {
        id: 'policy:1',
        reason: 'Year end',
        from: Date.parse('2026-12-20T00:00+01:00'),
        until: Date.parse('2027-01-02T18:00+01:00'),
        overrides: ['operations'],
      },
    ]);
  });

  it.each<[string, string, string]>([
    [
      'a window that never opens',
      'windows: [{ days: [mon], from: "09:00", to: "09:00" }]',
      'windows[0].to | 09:00 to 09:00 | an end other than its beginning: it never opens',
    ],
    [
      'a window too short for anything',
      'windows: [{ days: [mon], from: "09:00", to: "09:10" }]',
      'windows[0] | 10m from 09:00 to 09:10 | at least 15m: the shortest strategy, all-at-once, takes 0m, and a rollback 15m',
    ],
    [
      'a strategy that the environment allows and no window holds',
      'windows: [{ name: Short, days: [mon], from: "09:00", to: "11:00" }]',
      'windows | no window of checkout in staging (Short) as long as canary, which takes 3h 30m, and a rollback of 15m | one of at least 3h 45m; or canary in environments.staging.without_strategies',
    ],
    [
      'a window without a day',
      'windows: [{ days: [], from: "09:00", to: "10:00" }]',
      'windows[0].days | [] | days on which it opens, of mon, tue, wed, thu, fri, sat, sun',
    ],
    [
      'a time that no clock shows',
      'windows: [{ days: [mon], from: "9:00", to: "25:00" }]',
      'windows[0].from | "9:00" | a time of day such as "09:00"',
    ],
    [
      'a zone that is none',
      'windows: [{ days: [mon], from: "09:00", to: "10:00", time_zone: Berlin }]',
      'windows[0].time_zone | "Berlin" | an IANA time zone such as "Europe/Berlin"',
    ],
    [
      'a service that is not there',
      'windows: [{ days: [mon], from: "09:00", to: "10:00", services: [chekout] }]',
      'windows[0].services[0] | "chekout" | checkout',
    ],
    [
      'a freeze that ends before it begins',
      'freezes: [{ reason: x, from: 2026-12-20, to: 2026-12-19 }]',
      'freezes[0].to | 2026-12-20 to 2026-12-19 | an end after the beginning',
    ],
    [
      'a day that does not exist',
      'freezes: [{ reason: x, from: 2026-13-20, to: 2026-12-19 }]',
      'freezes[0].from | "2026-13-20" | a day that exists',
    ],
    [
      'an override by nobody there is',
      'calendar: { override: [tech_leed] }',
      'calendar.override[0] | "tech_leed" | tech_lead',
    ],
    ['a lock of no length', 'calendar: { lock_for: 0m }', 'calendar.lock_for | "0m" | a duration over 0'],
  ])('PR-1: names %s, what it found and what is allowed', (_what, yaml, expected) => {
    const [path, found, allowed] = expected.split(' | ');
    const problems = problemsWith(yaml);
    expect(problems[0]).toContain(`${path} | ${found} | `);
    expect(problems[0]).toContain(allowed);
  });

  it('WN-2: refuses dependencies that lead in a circle, and names the circle', () => {
    const circular = EXAMPLE.replace('  search:\n', '  search:\n    depends_on: [payments]\n')
      .replace('  checkout:\n', '  checkout:\n    depends_on: [search]\n')
      .replace('  payments:\n', '  payments:\n    depends_on: [checkout]\n');
    const loaded = loadPolicy(circular, readPresets());
    expect(loaded.ok ? [] : loaded.problems.map(({ found }) => found)).toContain(
      'checkout → search → payments → checkout',
    );
    const straight = EXAMPLE.replace('  checkout:\n', '  checkout:\n    depends_on: [payments, search]\n');
    const policy = loadPolicy(straight, readPresets());
    expect(policy.ok && policy.policy.services.get('checkout')?.dependsOn).toEqual(['payments', 'search']);
  });
});

describe('The week in gonogo.yml', () => {
  it('WN-3: a freeze may come again each week, in the zone of the team', () => {
    const { recurring } = policyWith(
      'freezes: [{ reason: Weekend, every: "every Friday 12:00 – Monday 06:00", environments: [production] }]',
    ).calendar;
    expect(recurring).toEqual([
      {
        id: 'policy:1',
        reason: 'Weekend',
        day: 'fri',
        from: 720,
        last: 'mon',
        to: 360,
        timeZone: 'Europe/Berlin',
        overrides: ['tech_lead', 'operations'],
        environments: ['production'],
      },
    ]);
  });

  it.each([
    ['every: Friday', 'freezes[0].every | "Friday" | "every Friday 12:00 – Monday 06:00"'],
    ['every: "Fri 12:00 – Mon 06:00", from: 2026-12-20', 'freezes[0].every | every beside from and to'],
    ['from: 2026-12-20', 'freezes[0] | no to | from and to, or every'],
    ['from: 2026-02-30, to: 2026-03-05', 'freezes[0].from | "2026-02-30" | a day that exists'],
  ])('PR-1: names a freeze with %s', (more, problem) => {
    expect(problemsWith(`freezes: [{ reason: Weekend, ${more} }]`).join()).toContain(problem);
  });

  it('WN-1: a window does not open on a holiday, unless it says so', () => {
    const { windows } = policyWith(`
holidays: [2026-12-24]
windows:
  - { name: Usual, days: [wed, thu], from: "09:00", to: "17:00" }
  - { name: Always, days: [thu], from: "18:00", to: "23:00", on_holidays: open }
`).calendar;
    const opens = openings(windows, Date.UTC(2026, 11, 23), Date.UTC(2026, 11, 25));
    expect(opens.map(({ names, from }) => [names[0], new Date(from).toISOString()])).toEqual([
      ['Usual', '2026-12-23T08:00:00.000Z'],
      ['Always', '2026-12-24T17:00:00.000Z'],
    ]);
  });
});
