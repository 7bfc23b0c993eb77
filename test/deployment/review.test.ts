/** After a rollback: the review that is owed, and the incident record that the record itself tells (RB-6). */

import { describe, expect, it } from 'vitest';
import { nextWake } from '../../src/deployment/next-wake.ts';
import { incidentOf } from '../../src/deployment/review/incident.ts';
import { nextReviewReminder, owesReview, reviewDueAt } from '../../src/deployment/review/owed.ts';
import type { Review } from '../../src/terms/review.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { renderIncidentRecord } from '../../views/incident-record.ts';
import { DANA, dana, inShort, OMAR, omar, paul, safeguards, TOM, tom } from './builders.ts';
import { type Point, type World, worldAt } from './world.ts';

const asked = (point: Point, reviewWithin: number | undefined = 5 * DAY): World =>
  worldAt(point, { safeguards: safeguards(reviewWithin === undefined ? {} : { reviewWithin }) });
const REVIEW: Review = { cause: 'A slow query.', actions: 'An index, by Tom until Friday.' };
const writes = (review: Review = REVIEW) => ({ kind: 'review', review }) as const;

describe('RB-6: the review of a rollback', () => {
  it.each<[Point, number | undefined, boolean]>([
    ['rolled_back', 5 * DAY, true],
    ['failed', 5 * DAY, true],
    ['rolling_back', 5 * DAY, false],
    ['handed_over', 5 * DAY, false],
    ['cancelled', 5 * DAY, false],
    ['rolled_back', undefined, false],
    ['rolled_back', 0, false],
  ])('%s, with %s to write it, is owed: %s', (point, within, owed) => {
    const { d } = within === undefined ? worldAt(point) : asked(point, within);
    expect(owesReview(d)).toBe(owed);
    expect(reviewDueAt(d)).toBe(owed ? (d.ending?.at ?? 0) + (within ?? 0) : undefined);
  });

  it('reminds its lead a day ahead and when it is due, then on-call as well, and nobody any more', () => {
    const world = asked('rolled_back');
    const due = reviewDueAt(world.d) ?? 0;
    for (const at of [due - DAY - 1, due - DAY, due - 1, due, due + DAY, due + 30 * DAY]) {
      world.now = at;
      world.wake();
    }
    expect(
      world.events.flatMap((e) => (e.type === 'review_reminded' ? [[e.at - due, e.people]] : [])),
    ).toEqual([
      [-DAY, [DANA]],
      [0, [DANA]],
      [DAY, [DANA, OMAR]],
    ]);
    expect(nextWake(world.d)).toBeUndefined();
  });

  it('is reminded of halfway where it is due sooner', () => {
    const world = asked('rolled_back', 4 * HOUR);
    expect(nextReviewReminder(world.d)).toBe((reviewDueAt(world.d) ?? 0) - 2 * HOUR);
  });

  it('is written by the lead or anyone with a role, and may be worded anew', () => {
    const world = asked('rolled_back');
    expect(inShort(world.tell(writes(), paul))).toBe('refused not_allowed + attempt_refused');
    for (const who of [dana, omar, tom])
      expect(inShort(world.ask(writes(), who))).toBe('accepted review_written');
    world.tell(writes(), dana);
    expect(owesReview(world.d)).toBe(false);
    expect(nextWake(world.d)).toBeUndefined();
    world.tell(writes({ ...REVIEW, wentWell: ' The alert. ', couldImprove: ' ' }), tom);
    expect(world.d.review?.written).toEqual({
      ...REVIEW,
      wentWell: 'The alert.',
      by: TOM,
      at: world.now,
    });
  });

  it.each<[Point, Review, string]>([
    ['rolled_back', { cause: ' ', actions: 'none' }, 'refused reason_needed'],
    ['rolled_back', { cause: 'a bug', actions: '' }, 'refused reason_needed'],
    ['rolling_back', REVIEW, 'refused wrong_status'],
    ['handed_over', REVIEW, 'refused wrong_status'],
  ])('of one that is %s, as %j: %s', (point, review, outcome) => {
    expect(inShort(asked(point).ask(writes(review), dana))).toBe(outcome);
  });

  it('takes every message back that asked for it, once it is written', () => {
    const world = asked('rolled_back');
    world.now = reviewDueAt(world.d) ?? 0;
    world.wake();
    world.wake();
    world.tell(writes(), dana);
    const reminded = world.events.filter(({ type }) => type === 'review_reminded').map(({ seq }) => seq);
    expect(reminded.length).toBeGreaterThan(0);
    const shown = world.done.at(-1)?.effects.map(({ key }) => key) ?? [];
    for (const seq of reminded) expect(shown).toContain(`D-1:nudge:${seq}:${DANA.id}`);
  });
});

describe('RB-6: the incident record', () => {
  function rolledBackAfterHold(): World {
    const world = asked('watching');
    world.tell({ kind: 'hold', reason: 'I only look' }, dana);
    world.pass(MINUTE).tell({ kind: 'resume', reason: 'All is well.' }, dana);
    world.pass(MINUTE).tell({ kind: 'report_problem', impact: 'customers', what: 'Carts are empty' }, omar);
    world.pass(2 * MINUTE).tell({ kind: 'roll_back', why: 'asked for with one click' }, omar);
    world.pass(MINUTE).observe();
    world.tell({ kind: 'explain_rollback', reason: 'Carts <b>lost</b> lines' }, omar);
    return world;
  }

  it('begins with the first sign since all was last well, and counts from it', () => {
    const { d, events } = rolledBackAfterHold();
    const incident = incidentOf(d, events);
    expect(incident).toMatchObject({
      noticed: { type: 'problem_reported', by: OMAR },
      began: { type: 'rollback_started', by: OMAR, to: 'v2.0.4' },
      reached: 5,
      decidedAfter: 2 * MINUTE,
      tookUntilEnd: MINUTE,
      repeated: 0,
    });
    expect(incident?.told.map(({ event, people }) => [event.type, people])).toEqual([
      ['held', [DANA]],
      ['rolled_back', [DANA, OMAR]],
    ]);
  });

  it('is the decision itself where nothing was seen before it', () => {
    const { d, events } = asked('rolled_back');
    expect(incidentOf(d, events)).toMatchObject({ noticed: { type: 'rollback_started' }, decidedAfter: 0 });
  });

  it('is none of what was not rolled back', () => {
    const { d, events } = asked('handed_over');
    expect(incidentOf(d, events)).toBeUndefined();
  });

  it('reads as plain Markdown: what, when, who, how long against the target, who was told, and the review', () => {
    const world = rolledBackAfterHold();
    world.tell(writes(), dana);
    const { d, events } = world;
    const incident = incidentOf(d, events);
    const text = incident === undefined ? '' : renderIncidentRecord(d, incident, events);
    expect(text).toMatch(/^# Incident record: checkout v2\.1\.0 in production \(D-1\)\n/);
    expect(text).toContain('taken back to v2.0.4 after it had up to 5 % of traffic');
    expect(text).toMatch(
      /First noticed:\*\* 2026-01-05 \d\d:\d\d UTC 📣 Omar reports a problem.*Carts are empty/,
    );
    expect(text).toMatch(/Decided:\*\* .* UTC by Omar, 2 min after the first sign/);
    expect(text).toMatch(/Old version back:\*\* .*1 min after the decision \(within the target of 15 min\)/);
    expect(text).toContain('Carts <b>lost</b> lines');
    expect(text).toMatch(/## Who was told\n\n- .* UTC Dana: ✋ Held/);
    expect(text).toContain('An index, by Tom until Friday.');
    expect(text).not.toMatch(/<!date|<@|&lt;|undefined/);
  });

  it('says who owes the review, and that a rollback failed', () => {
    const { d, events } = asked('failed');
    const incident = incidentOf(d, events);
    const text = incident === undefined ? '' : renderIncidentRecord(d, incident, events);
    expect(text).toMatch(/Old version back:\*\* No: given up at .*no such version/);
    expect(text).toContain('Owed by Dana until 2026-01-10');
  });
});
