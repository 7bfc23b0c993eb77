/** No dead ends: from every state that random stories reach, there is a way on, and time finds it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { missingSignOffs, owes } from '../../../src/deployment/approval/sign-offs.ts';
import { decide } from '../../../src/deployment/decide.ts';
import type { Deployment } from '../../../src/deployment/deployment.ts';
import type { EventType } from '../../../src/deployment/events.ts';
import { evolve } from '../../../src/deployment/evolve.ts';
import type { Actor, Intent } from '../../../src/deployment/intents.ts';
import { CAN_ROLL_BACK, REMARKS, TERMINAL } from '../../../src/deployment/lifecycle.ts';
import { askAgainAfter, nextWake, questions } from '../../../src/deployment/next-wake.ts';
import { nextPage } from '../../../src/deployment/paging/time-rule.ts';
import { nextReviewReminder } from '../../../src/deployment/review/owed.ts';
import { nextReasonReminder } from '../../../src/deployment/rollback/reason-reminder.ts';
import { NO_CALENDAR } from '../../../src/policy/calendar/blockers.ts';
import { DAY, MINUTE, SECOND } from '../../../src/time.ts';
import { awaitsSmoke, testedSmoke } from '../arbitraries/machines.ts';
import { anyStory } from '../arbitraries.ts';
import { backend, clock, eventOf, facts, judge, PAUL, person, reading } from '../builders.ts';
import { World } from '../world.ts';
import { type InEveryStory, must, tellStory } from './stories.ts';

export function wayOnStories(inEveryStory: InEveryStory): void {
  describe('From every state', () => {
    const boss = person({ id: 'U-BOSS', name: 'Boss' }, 'tech_lead', 'security', 'operations');

    /** What would take a deployment further, tried from a state as it is. */
    function waysOn(d: Deployment, now: number): [Intent, Actor][] {
      const { version } = d.terms.envelope;
      const wanted = d.rollout?.stages.at(-1)?.percent ?? 0;
      const seen = { at: now, health: 'passing' as const, canary: null, weight: 0 };
      return [
        [{ kind: 'sign', decision: 'go', envelopeHash: d.envelopeHash }, boss],
        [{ kind: 'observed', observation: { ...seen, stable: d.previous } }, backend],
        [{ kind: 'observed', observation: { ...seen, stable: version } }, backend],
        [
          {
            kind: 'observed',
            observation: { ...seen, stable: d.previous, canary: version, weight: wanted },
          },
          backend,
        ],
        [{ kind: 'measured', reading: reading(now - MINUTE, now) }, judge],
        ...smokePasses(d),
        [{ kind: 'wake' }, clock],
      ];
    }

    function smokePasses(d: Deployment): [Intent, Actor][] {
      if (d.smoke === undefined || !awaitsSmoke(d)) return [];
      const { run, tests } = d.smoke;
      const results = tests.map((test) => ({ test, outcome: 'passed' as const }));
      return [[{ kind: 'smoke_reported', run, from: 'gonogo', results }, judge]];
    }

    const remarks: ReadonlySet<string> = new Set(REMARKS);

    /** Something is accepted that is more than a remark. */
    function leadsOn(d: Deployment, intent: Intent, actor: Actor, now: number): boolean {
      const decision = decide(d, intent, facts(actor, { now }));
      return decision.kind === 'accepted' && decision.events.some(({ type }) => !remarks.has(type));
    }

    const SMOKE_RUNS: ReadonlySet<EventType> = new Set(['smoke_started', 'smoke_reported']);

    /** The world moves it on, if need be after a run of smoke tests that it has to begin and to answer first. */
    function worldLeadsOn(d: Deployment, now: number, mayStillTest = 3): boolean {
      return waysOn(d, now).some(([intent, actor]) => {
        const decision = decide(d, intent, facts(actor, { now }));
        if (decision.kind !== 'accepted') return false;
        const { events } = decision;
        if (events.some(({ type }) => !remarks.has(type))) return true;
        if (mayStillTest === 0 || !events.some(({ type }) => SMOKE_RUNS.has(type))) return false;
        const tested = events.reduce(
          (before, body) => evolve(before, eventOf(body, { seq: before.seq + 1, at: now, actor })),
          d,
        );
        return worldLeadsOn(tested, now, mayStillTest - 1);
      });
    }

    inEveryStory('that is not an end, the lead alone can end it, whatever the world answers', (story) => {
      tellStory(story, ({ d, now }) => {
        if (TERMINAL.has(d.status)) return;
        const lead = person(d.terms.details.lead);
        const way: Intent = CAN_ROLL_BACK.has(d.status)
          ? { kind: 'roll_back', why: '' }
          : d.status === 'rolling_back'
            ? { kind: 'give_up_rollback', reason: 'by hand' }
            : { kind: 'cancel' };
        must(leadsOn(d, way, lead, now), d.status);
      });
    });

    inEveryStory('that is not an end and not held, the world or the next sign-off leads further', (story) => {
      tellStory(story, ({ d, now }) => {
        if (TERMINAL.has(d.status) || d.status === 'held') return;
        const soon = [now, now + 31 * MINUTE, now + 8 * DAY];
        must(
          soon.some((at) => worldLeadsOn(d, at)),
          d.status,
        );
      });
    });

    inEveryStory('that is held, the lead can go on', (story) => {
      tellStory(story, ({ d, now }) => {
        if (d.status === 'held')
          expect(
            leadsOn(d, { kind: 'resume', reason: 'It looks well.' }, person(d.terms.details.lead), now),
          ).toBe(true);
      });
    });

    inEveryStory('that can go well, it goes well to the end when nothing stands in its way', (story) => {
      const world = tellStory(story);
      world.calendar = NO_CALENDAR;
      for (let step = 0; step < 200 && !TERMINAL.has(world.d.status); step += 1) goOn(world);
      expect(['handed_over', 'rolled_back', 'failed', 'rejected', 'expired', 'cancelled']).toContain(
        world.d.status,
      );
    });

    /** As the conductor does: asks what is due and gets good answers; people resume, sign and tick, machines report, tests pass. */
    function goOn(world: World): void {
      const [missing] = missingSignOffs(world.d);
      const signer = person({ id: `U-${world.d.seq}`, name: 'X' }, missing?.role ?? 'tech_lead');
      if (world.d.status === 'preparing') world.sign(signer);
      if (world.d.status === 'preparing' || world.d.status === 'observing') world.complete();
      if (awaitsSmoke(world.d)) testedSmoke()(world);
      if (world.d.status === 'held')
        world.tell({ kind: 'resume', reason: 'It looks well.' }, person(world.d.terms.details.lead));
      // One look over a whole day may leave it undecided: people are asked, and answer.
      if (world.d.rollout?.finalWatch?.unsettled !== undefined && !TERMINAL.has(world.d.status))
        world.tell({ kind: 'hand_over', reason: 'It looks well.' }, person(world.d.terms.details.lead));
      if (world.d.status === 'observing') world.pass(DAY);
      // Tests that failed after a rollback run again, five minutes later at the latest.
      if (world.d.status === 'rolling_back' && world.d.smoke?.verdict !== undefined) world.pass(5 * MINUTE);
      world.now = Math.max(world.now + SECOND, nextWake(world.d) ?? 0);
      const asked = questions(world.d, world.now);
      if (asked.length === 0) world.wake();
      if (asked.some(({ ask }) => ask === 'backend')) world.shift(...goodAnswer(world.d));
      if (questions(world.d, world.now).some(({ ask }) => ask === 'metrics')) world.look();
    }

    function goodAnswer(d: Deployment): Parameters<World['shift']> {
      if (d.status === 'scheduled' || d.status === 'rolling_back')
        return [0, { stable: d.previous, canary: null }];
      const percent = d.rollout?.stages.at(-1)?.percent ?? 0;
      return [percent, percent === 100 ? {} : { stable: d.previous }];
    }

    it('a world that has nothing to say is asked in peace, and little is written', () => {
      fc.assert(
        fc.property(anyStory, (story) => {
          const world = tellStory(story);
          const until = world.now + 10 * MINUTE;
          const written = world.done.length;
          let turns = 0;
          let snoozed = 0;
          for (;;) {
            const due = Math.max(nextWake(world.d) ?? Number.POSITIVE_INFINITY, snoozed);
            world.now = Math.max(world.now, due);
            if (world.now > until) break;
            turns += 1;
            const asked = questions(world.d, world.now);
            if (asked.length === 0) world.wake();
            if (asked.some(({ ask }) => ask === 'backend')) world.shift(undefined, { health: 'unknown' });
            if (questions(world.d, world.now).some(({ ask }) => ask === 'metrics'))
              world.look({ noData: 'x' });
            snoozed = (nextWake(world.d) ?? 0) <= world.now ? world.now + askAgainAfter(world.d) : 0;
          }
          expect(turns).toBeLessThanOrEqual(602);
          expect(world.done.length - written).toBeLessThan(40);
        }),
        { numRuns: 60, seed: 20260105 },
      );
    });

    inEveryStory(
      'that time can change, it is woken, and waiting after an empty answer ends the haste',
      (story) => {
        tellStory(story, ({ d }) => {
          // What went back may still have somebody called, or asked for a reason or a review.
          const asks = [nextPage, nextReasonReminder, nextReviewReminder].some(
            (next) => next(d) !== undefined,
          );
          const isOver = TERMINAL.has(d.status) && !owes(d) && !asks;
          must((nextWake(d) === undefined) === isOver, d.status);
          must(askAgainAfter(d) >= SECOND, 'no haste');
        });
      },
    );

    inEveryStory('a look moves the next look on, so that no window is asked for twice', (story) => {
      tellStory(story, (world) => {
        const due = nextWake(world.d);
        const before = world.d;
        if (due === undefined) return;
        const now = Math.max(due, world.now);
        const window = questions(before, now).find(({ ask }) => ask === 'metrics');
        if (window?.ask !== 'metrics') return;
        expect(window.to).toBeGreaterThan(window.from);
        const copy = new World();
        copy.state = before;
        copy.now = now;
        copy.look();
        if (
          copy.d.status === before.status &&
          copy.d.rollout?.stages.length === before.rollout?.stages.length
        )
          expect(questions(copy.d, now)).toEqual([]);
      });
    });

    inEveryStory('a rollback is decided at once for the lead, whatever the story was', (story) => {
      tellStory(story, ({ d, now }) => {
        if (!CAN_ROLL_BACK.has(d.status)) return;
        const decision = decide(
          d,
          { kind: 'roll_back', why: '' },
          facts(person(d.terms.details.lead), { now }),
        );
        expect(decision).toEqual({
          kind: 'accepted',
          events: [{ type: 'rollback_started', to: d.previous, why: '' }],
        });
      });
    });

    const paul = person(PAUL);
    const tried: Intent[] = [
      { kind: 'hold', reason: 'x' },
      { kind: 'resume', reason: 'It looks well.' },
      { kind: 'cancel' },
      { kind: 'roll_back', why: 'x' },
      { kind: 'sign', decision: 'go', envelopeHash: 'old' },
    ];
    inEveryStory('CH-6: a refusal leaves everything as it was, but for the attempt', (story) => {
      const world = tellStory(story);
      for (const intent of tried) {
        const before = world.d;
        const written = world.done.length;
        if (world.tell(intent, paul).kind !== 'refused') return;
        expect({ ...world.d, seq: before.seq }).toEqual(before);
        for (const { event } of world.done.slice(written)) expect(event.type).toBe('attempt_refused');
      }
    });
  });
}
