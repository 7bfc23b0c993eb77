/** A rehearsal plays a request to its hand-over through the same core, and says nothing that the core would not. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defined } from '../../src/defined.ts';
import { applyEvents } from '../../src/deployment/apply-events.ts';
import { byOf } from '../../src/deployment/decision.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { type LiveMessage, messageKey } from '../../src/deployment/effects.ts';
import { evolve } from '../../src/deployment/evolve.ts';
import type { Facts } from '../../src/deployment/intents.ts';
import { react } from '../../src/deployment/react.ts';
import { type Rehearsal, rehearse, rehearsing } from '../../src/deployment/rehearsal/rehearsal.ts';
import { decideRequest } from '../../src/deployment/request/decide-request.ts';
import { findAllRefusals } from '../../src/deployment/start/all-refusals.ts';
import { type Calendar, NO_CALENDAR } from '../../src/policy/calendar/blockers.ts';
import { type Plan, plannedDuration, type Step } from '../../src/terms/plan.ts';
import type { Requirements } from '../../src/terms/requirements.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/time.ts';
import {
  DANA,
  envelope,
  facts,
  type IntentOf,
  OMAR,
  request,
  ruth,
  SECURITY,
  safeguards,
  T0,
  TECH_LEAD,
  TOM,
} from './builders.ts';

function rehearsalOf(asked: IntentOf<'request'>, calendar?: Calendar): Rehearsal {
  const given: Facts = facts(ruth, calendar === undefined ? {} : { calendar });
  const decision = decideRequest(asked, given);
  if (decision.kind !== 'accepted') throw new Error(JSON.stringify(decision));
  const played = applyEvents('D-1', undefined, decision.events, { at: given.now, by: byOf(given.actor) });
  return rehearse(played, calendar);
}

const typesOf = ({ steps }: Rehearsal): string[] =>
  steps.flatMap(({ events }) => events.map(({ type }) => type));

const workdays = { timeZone: 'UTC', holidays: [], hours: { from: '09:00', to: '17:00' } };

const REQUIREMENTS: Requirements = {
  gates: [
    { id: 'unit', name: 'unit tests', rule: { kind: 'pass_rate', atLeast: 95 }, before: 'start' },
    {
      id: 'scan',
      name: 'scan',
      rule: { kind: 'findings', atMost: { high: 0 } },
      before: 'start',
      lasts: HOUR,
    },
    { id: 'scale', name: 'scale', rule: { kind: 'percent', atLeast: 20 }, before: 'evidence' },
    { id: 'smoke', name: 'smoke', rule: { kind: 'passed' }, before: 'hand_over' },
  ],
  checklist: [
    { id: 'briefed', group: 'prerequisites', text: 'on-call briefed', required: true, before: 'start' },
    {
      id: 'scaled',
      group: 'environment',
      text: 'staging is large enough',
      required: true,
      before: 'start',
      evidence: { kind: 'gate', gate: 'scale' },
    },
    {
      id: 'reviewed',
      group: 'documentation',
      text: 'runbook reviewed',
      required: true,
      before: 'start',
      roles: [
        { role: 'tech_lead', name: 'Tech lead' },
        { role: 'security', name: 'Security' },
      ],
    },
    { id: 'told', group: 'documentation', text: 'operations told', required: true, before: 'hand_over' },
    { id: 'nice', group: 'documentation', text: 'nice to have', required: false, before: 'start' },
  ],
  changeRequest: true,
};

describe('a rehearsal', () => {
  it('ST-7: plays every stage of the plan to the hand-over, at the times that its watches take', () => {
    const { end, stopped } = rehearsalOf(request());
    expect(stopped).toBeUndefined();
    const moves = 2 * SECOND;
    expect(end).toMatchObject({
      status: 'handed_over',
      rollout: {
        startedAt: T0,
        stages: [
          { percent: 5, watchedSince: T0 + moves, endedAt: T0 + moves + 30 * MINUTE },
          { percent: 25, endedAt: T0 + 2 * moves + 90 * MINUTE },
          { percent: 100, endedAt: T0 + 3 * moves + 90 * MINUTE },
        ],
        completedAt: T0 + 4 * moves + 90 * MINUTE,
      },
      ending: { at: T0 + 4 * moves + 90 * MINUTE + DAY },
    });
  });

  it('ST-7: lists what the backend would be told, in order, and nothing else', () => {
    const { steps } = rehearsalOf(request());
    const told = steps.flatMap(({ commands }) =>
      commands.map((command) => ('step' in command ? command.step : command.kind)),
    );
    expect(told).toEqual(['supersede', 0, 2, 4]);
  });

  it('ST-7: has everything said that is waited for: gates, the change request, gos, ticks', () => {
    const rehearsal = rehearsalOf(request({ requirements: REQUIREMENTS }));
    const types = typesOf(rehearsal);
    expect(rehearsal.stopped).toBeUndefined();
    const count = (type: string): number => types.filter((one) => one === type).length;
    expect([
      count('gate_reported'),
      count('signed'),
      count('item_ticked'),
      count('change_request_written'),
    ]).toEqual([4, 2, 4, 1]);
    expect(types.indexOf('scheduled')).toBeLessThan(types.indexOf('started'));
    expect(types.at(-1)).toBe('handed_over');
  });

  it('ST-7: asks again for what is too old by the time of the start', () => {
    const at = T0 + 3 * DAY;
    const approval = { when: 'before' as const, leadTime: 0, workdays, goLasts: 2 * DAY };
    const rehearsal = rehearsalOf(
      request({ requirements: REQUIREMENTS, approval, envelope: envelope({ start: { kind: 'at', at } }) }),
    );
    const types = typesOf(rehearsal);
    expect(types).toEqual(expect.arrayContaining(['sign_offs_expired', 'evidence_expired']));
    expect(rehearsal.end).toMatchObject({ status: 'handed_over', rollout: { startedAt: at } });
  });

  it('ST-7: starts an emergency without a go, and has what it owes given', () => {
    const owed = { within: DAY, remindEvery: HOUR, documentation: true };
    const approval = { when: 'afterwards' as const, leadTime: 0, workdays, owed };
    const types = typesOf(rehearsalOf(request({ approval })));
    expect(types.indexOf('started')).toBeLessThan(types.indexOf('signed_afterwards'));
    expect(types).toContain('written_up');
    expect(types).not.toContain('reminded');
  });

  it('ST-7: has somebody sign for a role that nobody may sign for', () => {
    const required = [
      { ...TECH_LEAD, asked: [DANA] },
      { ...SECURITY, quorum: 3 },
    ];
    const { end } = rehearsalOf(request({ required }));
    expect(end.status).toBe('handed_over');
    expect(end.approval.signOffs.map(({ person }) => person.name)).toEqual([
      'somebody',
      'Sana',
      'Paul',
      'somebody',
    ]);
  });

  it('ST-7: waits for the end of a freeze, and takes who is on the way now to be gone', () => {
    const until = T0 + 5 * HOUR;
    const calendar: Calendar = {
      ...NO_CALENDAR,
      freezes: [{ id: 'F-1', reason: 'audit', from: T0, until, overrides: [], by: TOM }],
      conflicts: [
        { id: 'D-7', service: 'payments', environment: 'production', version: 'v1.0.0', lead: OMAR },
      ],
    };
    const rehearsal = rehearsalOf(request(), calendar);
    expect(rehearsal.end).toMatchObject({ status: 'handed_over', rollout: { startedAt: until } });
    expect(typesOf(rehearsal)).toEqual(expect.arrayContaining(['start_delayed']));
  });

  it('ST-7: says why it does not come to its end, where the policy itself does not let it', () => {
    const triggers = [
      {
        metric: 'errors',
        kind: 'absolute',
        over: -1,
        minSample: 1,
        breaches: 1,
        of: 1,
        action: 'hold',
      } as const,
    ];
    const judge = { ...safeguards().judge, triggers };
    const { end, stopped } = rehearsalOf(request({ safeguards: safeguards({ judge }) }));
    expect(end.status).toBe('held');
    expect(stopped).toMatch(/errors/);
  });

  it('ST-7: of any plan ends in handed_over, never goes back in time, and shows what the core asks for', () => {
    fc.assert(
      fc.property(anyRequest, (asked) => {
        const { steps, redrawn, end, stopped } = rehearsalOf(asked);
        expect({ status: end.status, stopped }).toEqual({ status: 'handed_over', stopped: undefined });
        let d: Deployment | undefined;
        let last = 0;
        const shown = new Map<string, number>();
        const isFirst = (message: LiveMessage): boolean => {
          const times = shown.get(messageKey(message)) ?? 0;
          shown.set(messageKey(message), times + 1);
          return times === 0;
        };
        for (const step of steps) {
          expect(step.at).toBeGreaterThanOrEqual(last);
          last = step.at;
          const asks = step.events.flatMap((event) => {
            expect(event.at).toBe(step.at);
            d = evolve(d, event);
            return react(d, event);
          });
          expect(step.messages.map(({ message }) => message)).toEqual(
            asks.flatMap((effect) =>
              effect.kind === 'show' && isFirst(effect.message) ? [effect.message] : [],
            ),
          );
          expect(step.commands).toEqual(asks.filter(({ kind }) => kind !== 'show'));
        }
        expect(redrawn).toEqual(new Map([...shown].map(([key, times]) => [key, times - 1])));
        expect(d).toEqual(end);
        const took = (end.rollout?.completedAt ?? 0) - (end.rollout?.startedAt ?? 0);
        expect(took).toBeGreaterThanOrEqual(plannedDuration(asked.terms.envelope.plan));
      }),
      { numRuns: 30, seed: 20260105 },
    );
  });
});

const anyStep: fc.Arbitrary<Step[]> = fc
  .record({
    percent: fc.integer({ min: 1, max: 99 }),
    watch: fc.option(fc.integer({ min: 1, max: 200 }), { nil: 0 }),
  })
  .map(({ percent, watch }) => [
    { kind: 'set-weight', percent },
    ...(watch === 0 ? [] : [{ kind: 'watch' as const, for: watch * MINUTE }]),
  ]);
const anyPlan: fc.Arbitrary<Plan> = fc
  .tuple(fc.array(anyStep, { maxLength: 6 }), fc.boolean())
  .map(([steps, watched]) => ({
    strategy: 'any',
    steps: [
      ...steps.flat(),
      { kind: 'set-weight', percent: 100 },
      ...(watched ? [{ kind: 'watch' as const, for: 10 * MINUTE }] : []),
    ],
  }));

const anyRequest: fc.Arbitrary<IntentOf<'request'>> = fc
  .record({
    plan: anyPlan,
    startsIn: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
    required: fc.subarray([TECH_LEAD, SECURITY], { minLength: 1 }),
    requirements: fc.option(fc.constant(REQUIREMENTS), { nil: undefined }),
    when: fc.constantFrom('before' as const, 'afterwards' as const),
    goLasts: fc.option(fc.constant(2 * DAY), { nil: undefined }),
  })
  .map(({ plan, startsIn, required, requirements, when, goLasts }) => {
    const owed = { within: DAY, remindEvery: HOUR, documentation: true };
    return request({
      envelope: envelope({
        plan,
        ...(startsIn === undefined ? {} : { start: { kind: 'at', at: T0 + startsIn * HOUR } }),
      }),
      required,
      approval: { when, leadTime: 0, workdays, owed, ...defined({ goLasts }) },
      // Seldom looked at: of each look the same holds, and it costs the time.
      safeguards: safeguards({ lookEvery: 5 * MINUTE, observeEvery: HOUR }),
      ...defined({ requirements }),
    });
  });

describe('a request that would be refused, supposed to be in order', () => {
  const codes = (asked: IntentOf<'request'>, change: Partial<Facts>) => {
    const { refusals, accepted } = findAllRefusals(asked, facts(ruth, change));
    return { codes: refusals.map(({ code }) => code), start: accepted?.intent.terms.envelope.start };
  };
  const freeze = { id: 'F-1', reason: 'audit', from: T0, until: T0 + DAY, overrides: [] };
  const at = (time: number): IntentOf<'request'> =>
    request({ envelope: envelope({ start: { kind: 'at', at: time } }) });

  it('ST-7: is told what the request itself would be told, first', () => {
    const change: Partial<Facts> = { mayRequest: false, notCompletedIn: 'staging' };
    const told = decideRequest(request(), facts(ruth, change));
    expect(findAllRefusals(request(), facts(ruth, change)).refusals[0]).toEqual(told);
  });

  it('ST-7: lists everything that stands against it, one after the other', () => {
    const occupiedBy = { id: 'D-7', version: 'v2.0.9', lead: OMAR };
    expect(codes(request(), { mayRequest: false, occupiedBy, notCompletedIn: 'staging' })).toEqual({
      codes: ['not_allowed', 'occupied', 'not_promoted'],
      start: { kind: 'when_ready' },
    });
  });

  it.each([
    ['within a freeze it starts at its end', at(T0 + HOUR), { freezes: [freeze] }, ['frozen'], T0 + DAY],
    [
      'under a lock it is as if the lock were gone',
      at(T0 + HOUR),
      { locks: [{ id: 'L-1', service: 'checkout', holder: TOM, reason: 'x', from: T0, until: T0 + DAY }] },
      ['locked'],
      T0 + HOUR,
    ],
  ] as const)('ST-7: %s', (_, asked, change, expected, start) => {
    expect(codes(asked, { calendar: { ...NO_CALENDAR, ...change } })).toEqual({
      codes: expected,
      start: { kind: 'at', at: start },
    });
  });

  it('ST-7: a start that has passed becomes one as soon as it is ready', () => {
    expect(codes(at(T0 - HOUR), {})).toEqual({ codes: ['start_in_past'], start: { kind: 'when_ready' } });
  });

  it('ST-7: with a lead time it starts at the first round time after it', () => {
    const asked = request({ approval: { when: 'before', leadTime: 5, workdays } });
    const { codes: refused, start } = codes(asked, {});
    expect(refused).toEqual(['lead_time']);
    expect(start).toMatchObject({ kind: 'at' });
    expect(start?.kind === 'at' && start.at).toBeGreaterThan(T0 + 6 * DAY);
  });

  it('ST-7: nothing helps where the version runs there already', () => {
    expect(codes(request(), { running: 'v2.1.0' })).toEqual({ codes: ['already_running'], start: undefined });
  });
});

describe('a rehearsal that takes long (OP-9)', () => {
  /** A freeze for a hundred years, with somebody to be reminded every day of it. */
  const century: Calendar = {
    ...NO_CALENDAR,
    freezes: [{ id: 'F-1', reason: 'audit', from: T0 - DAY, until: T0 + 36_500 * DAY, overrides: [] }],
  };

  const playing = () => {
    const given: Facts = facts(ruth, { calendar: century });
    const decision = decideRequest(request(), given);
    if (decision.kind !== 'accepted') throw new Error(JSON.stringify(decision));
    const played = applyEvents('D-1', undefined, decision.events, { at: given.now, by: byOf(given.actor) });
    return rehearsing(played, century);
  };

  it.each([1, 10, 40])('gives way %i times for as many steps, so that others can be served', (times) => {
    const play = playing();
    for (let time = 0; time < times; time += 1) play.next('go on');
    const stopped = play.next('stop');
    // Between two rests it asks at most the clock, the backend and the metrics.
    expect(stopped.done && stopped.value.steps.length).toBeLessThanOrEqual(3 * times + 1);
  });

  it('says where it stopped when it is told to', () => {
    const play = playing();
    play.next('go on');
    const { value, done } = play.next('stop');
    expect(done).toBe(true);
    expect(value).toMatchObject({
      stopped: expect.stringMatching(/longer to rehearse.*as far as \{t:\d+\}$/),
    });
  });
});
