/** A drill: a release goes to staging and back again, for real, and the time is measured (RB-5). */

import { describe, expect, it } from 'vitest';
import { decide } from '../../src/deployment/decide.ts';
import { drilledIn, drillReport, wentBackAsDrill } from '../../src/deployment/drill/drill.ts';
import { owesReview } from '../../src/deployment/review/owed.ts';
import { DAY, MINUTE, SECOND } from '../../src/time.ts';
import { backend, envelope, facts, inShort, omar, request, ruth, safeguards } from './builders.ts';
import { observed, type World, worldAt } from './world.ts';

const IN_STAGING = envelope({ environment: 'staging' });
const drill = { drill: true, envelope: IN_STAGING, safeguards: safeguards({ reviewWithin: DAY }) } as const;

function complete(): World {
  const world = worldAt('verifying', drill);
  world.pass(SECOND).shift();
  return world;
}

function back(after = 12 * SECOND): World {
  const world = complete();
  world.pass(after).observe();
  return world;
}

describe('RB-5: a drill', () => {
  it('goes back as soon as it is complete and seen to be well, in the lane of rollbacks, and asks nobody why', () => {
    const world = complete();
    expect(world.events.slice(-2).map(({ type }) => type)).toEqual(['verified', 'rollback_started']);
    expect(world.d).toMatchObject({ status: 'rolling_back', rollback: { to: 'v2.0.4' } });
    expect(world.done.at(-1)?.effects.map(({ kind }) => kind)).toContain('roll_back');
    expect(world.d.rollout?.actionsNeeded).toEqual([]);
  });

  it('leaves no moment between being complete and going back, in which a process could end over it', () => {
    const world = worldAt('verifying', drill);
    expect(inShort(world.pass(SECOND).shift())).toBe('accepted verified rollback_started');
  });

  it('passes for the very build that it was done with, where its way back keeps to the target', () => {
    const { d, now } = back();
    expect(drilledIn(d)).toBe(12 * SECOND);
    expect(drillReport(d)).toEqual({
      gate: 'rollback_rehearsal',
      status: 'passed',
      sha: IN_STAGING.sha,
      digest: IN_STAGING.digest,
      at: now,
      by: 'D-1',
    });
    expect(owesReview(d)).toBe(false);
  });

  it('fails where the way back takes longer than it may, or does not come to its end', () => {
    expect(drillReport(back(16 * MINUTE).d)).toMatchObject({ status: 'failed' });
    const stuck = complete();
    stuck.tell({ kind: 'backend_refused', doing: 'roll_back', message: 'no such version' }, backend);
    expect(drillReport(stuck.d)).toMatchObject({ status: 'failed' });
  });

  it('says nothing of the way back while it is on its way, or where the release itself was bad', () => {
    expect(drillReport(complete().d)).toBeUndefined();
    const bad = worldAt('watching', drill);
    bad.tell(observed(bad.now, { canary: 'v2.1.0', weight: 5, health: 'failing' }), backend);
    bad.pass(SECOND).observe();
    expect(bad.d.status).toBe('rolled_back');
    expect(wentBackAsDrill(bad.d)).toBe(false);
    expect(drillReport(bad.d)).toBeUndefined();
    expect(owesReview(bad.d)).toBe(true);
  });

  it.each<[string, Parameters<typeof facts>[1], RegExp]>([
    ['it counts', { noDrill: 'The rollback is not rehearsed in production.' }, /not rehearsed in production/],
    ['nothing runs', { running: null }, /nothing to go back to/],
  ])('is refused where %s', (_why, known, says) => {
    expect(decide(undefined, request(drill), facts(ruth, known))).toMatchObject({
      code: 'not_supported',
      message: expect.stringMatching(says),
    });
  });

  it('of what runs there already begins with the way back, and counts the same', () => {
    const of = worldAt('handed_over', { envelope: IN_STAGING }).d;
    const ask = (more: Parameters<typeof facts>[1] = {}) =>
      decide(
        undefined,
        { kind: 'take_back', of: of.id, why: 'a drill', drill: true },
        facts(omar, { running: 'v2.1.0', takeBack: { of }, ...more }),
      );
    const decision = ask();
    expect(inShort(decision)).toBe('accepted requested taken_back');
    expect(decision).toMatchObject({
      events: [{ terms: { drill: true, takesBack: { deployment: of.id } } }, {}],
    });
    expect(inShort(ask({ noDrill: 'Not in production.' }))).toBe('refused not_supported');
  });
});
