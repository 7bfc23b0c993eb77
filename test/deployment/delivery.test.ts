/** How a team delivers, from the states of deployments (MT-1, MT-2). */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Delivery, deliveryOf } from '../../src/deployment/delivery/delivery.ts';
import { sumUp, sumUpBy } from '../../src/deployment/delivery/sum-up.ts';
import { STATUSES } from '../../src/deployment/lifecycle.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { anyStory } from './arbitraries.ts';
import { backend, omar, ruth } from './builders.ts';
import { World, worldAt } from './world.ts';

const T = Date.UTC(2026, 0, 5, 10);

function delivered(more: Partial<Delivery> = {}): Delivery {
  return {
    id: 'D-1',
    service: 'checkout',
    environment: 'production',
    version: 'v2.1.0',
    at: T,
    kind: 'deployed',
    requestedAt: T - HOUR,
    completedAt: T + HOUR,
    signOffs: [],
    ...more,
  };
}

const back = (more: Partial<Delivery> = {}): Delivery =>
  delivered({
    kind: 'went_back',
    wentBack: { at: T, restoredAt: T + MINUTE, by: 'itself', why: 'errors' },
    ...more,
  });

describe('MT-1: of one deployment', () => {
  it('nothing is counted that never started', () => {
    for (const point of ['preparing', 'scheduled'] as const)
      expect(deliveryOf(worldAt(point).d)).toBeUndefined();
  });

  it('it is under way until it is complete, and deployed from then on', () => {
    expect(deliveryOf(worldAt('watching').d)).toMatchObject({ kind: 'under_way' });
    const { d } = worldAt('handed_over');
    expect(deliveryOf(d, d.requestedAt - HOUR)).toMatchObject({
      kind: 'deployed',
      at: d.rollout?.startedAt,
      completedAt: d.rollout?.completedAt,
      builtAt: d.requestedAt - HOUR,
    });
  });

  it('it failed from the word to go back on, and is restored only where the old version was seen to be back', () => {
    const world = worldAt('watching');
    world.pass(MINUTE).tell({ kind: 'roll_back', why: 'errors' }, omar);
    const begun = deliveryOf(world.d);
    expect(begun).toMatchObject({ kind: 'went_back', wentBack: { at: world.now, by: 'person' } });
    expect(begun?.wentBack).not.toHaveProperty('restoredAt');
    const failed = world.copy();
    failed.tell({ kind: 'backend_refused', doing: 'roll_back', message: 'no such version' }, backend);
    expect(failed.d.status).toBe('failed');
    expect(deliveryOf(failed.d)?.wentBack).not.toHaveProperty('restoredAt');
    world.pass(12 * SECOND).observe();
    expect(deliveryOf(world.d)).toMatchObject({ kind: 'went_back', wentBack: { restoredAt: world.now } });
  });

  it('a drill is none, and a build that is registered after the start says nothing', () => {
    expect(deliveryOf(worldAt('handed_over', { drill: true }).d)).toBeUndefined();
    const { d } = worldAt('handed_over');
    expect(deliveryOf(d, (d.rollout?.startedAt ?? 0) + 1)).not.toHaveProperty('builtAt');
  });

  it('MT-2: each go was waited for since it was asked for, and the start since the last of them', () => {
    const { d } = worldAt('watching');
    const goes = d.approval.signOffs;
    expect(goes.length).toBeGreaterThan(0);
    const delivery = deliveryOf(d);
    expect(delivery?.signOffs.map(({ role }) => role)).toEqual(['Tech lead', 'Security']);
    for (const { waited } of delivery?.signOffs ?? []) expect(waited).toBeGreaterThanOrEqual(0);
    const last = Math.max(...goes.map(({ at }) => at));
    expect(delivery?.waitedForStart).toBe((d.rollout?.startedAt ?? 0) - last);
  });

  it('of any story, what is under way is live, and what went back says since when', () => {
    fc.assert(
      fc.property(anyStory, ({ asked, steps }) => {
        const world = new World();
        world.tell(asked, ruth);
        for (const step of steps) step(world.pass(MINUTE));
        const delivery = world.state && deliveryOf(world.state);
        if (delivery === undefined) return;
        const { kind, wentBack } = delivery;
        expect(STATUSES).toContain(world.d.status);
        expect(kind === 'went_back' || kind === 'took_back').toBe(wentBack !== undefined);
        if (kind === 'under_way') expect(world.d.ending).toBeUndefined();
        if (kind === 'deployed') expect(['observing', 'handed_over']).toContain(world.d.status);
      }),
      { numRuns: 200, seed: 20260105 },
    );
  });

  it('of what others conduct, what nobody saw to its end counts neither as good nor as bad', () => {
    const world = worldAt('handed_over');
    const watched = (status: 'watched_only' | 'watch_over', ended?: string, percent = 100) =>
      deliveryOf({
        ...world.d,
        status,
        terms: { ...world.d.terms, watched: { by: 'backend', reporter: 'production' } },
        rollout: {
          ...(world.d.rollout as NonNullable<typeof world.d.rollout>),
          reported: {
            percent,
            at: T,
            most: { percent, at: T },
            ...(ended === undefined ? {} : { ended: ended as 'observed' }),
          },
        },
      })?.kind;
    expect(watched('watched_only')).toBe('under_way');
    expect(watched('watch_over', 'observed')).toBe('deployed');
    expect(watched('watch_over', 'superseded', 25)).toBeUndefined();
    expect(watched('watch_over', 'stood_still', 25)).toBeUndefined();
    expect(watched('watch_over', 'went_back', 25)).toBe('went_back');
  });
});

describe('MT-1: of many deployments', () => {
  it('how many a week, which part of them failed, and how long things took', () => {
    const figures = sumUp(
      'production',
      [
        delivered(),
        delivered({ completedAt: T + 3 * HOUR, builtAt: T - 5 * HOUR }),
        back({ wentBack: { at: T, restoredAt: T + 4 * MINUTE, by: 'person', why: 'slow' } }),
        delivered({ completedAt: T + 2 * HOUR }),
        delivered({ kind: 'under_way' }),
      ],
      14 * DAY,
    );
    expect(figures).toMatchObject({
      deployments: 4,
      perWeek: 2,
      underWay: 1,
      failed: 1,
      failurePercent: 25,
      backBy: { person: 1, itself: 0 },
      notRestored: 0,
      lead: { median: 2 * HOUR, nineOfTen: 4 * HOUR, of: 4 },
      leadFromBuild: { median: 8 * HOUR, of: 1 },
      rollout: { median: HOUR, nineOfTen: 3 * HOUR },
      restore: { median: 4 * MINUTE },
    });
  });

  it('what is taken back after its hand-over is the failure of what was deployed, and no second deployment', () => {
    const taken = delivered({
      kind: 'took_back',
      at: T + DAY,
      wentBack: { at: T + DAY, restoredAt: T + DAY + MINUTE, by: 'person', why: 'alerts' },
    });
    expect(sumUp('', [delivered(), taken], 7 * DAY)).toMatchObject({
      deployments: 1,
      failed: 1,
      failurePercent: 100,
      underWay: 0,
    });
    expect(sumUp('', [taken], 7 * DAY)).toMatchObject({ deployments: 0, failed: 1 });
    expect(sumUp('', [taken], 7 * DAY)).not.toHaveProperty('failurePercent');
  });

  it('what was not brought back by its rollback is never a time to restore', () => {
    const stuck = back({ wentBack: { at: T, by: 'itself', why: 'errors' } });
    const figures = sumUp('', [stuck], DAY);
    expect(figures).toMatchObject({ failed: 1, notRestored: 1 });
    expect(figures).not.toHaveProperty('restore');
    const elsewhere = back({ wentBack: { at: T, why: '' } });
    expect(sumUp('', [elsewhere], DAY)).toMatchObject({ notRestored: 0, backBy: { person: 0, itself: 0 } });
  });

  it('MT-2: roles are named with the longest wait first', () => {
    const signOffs = [
      { role: 'tech_lead', waited: MINUTE },
      { role: 'security', waited: HOUR },
    ];
    expect(sumUp('', [delivered({ signOffs, waitedForStart: DAY })], DAY)).toMatchObject({
      signOffs: [{ role: 'security', waited: { median: HOUR } }, { role: 'tech_lead' }],
      waitedForStart: { median: DAY },
    });
  });

  it('each row has its own, most deployments first, and together they are all of it', () => {
    const all = [delivered({ environment: 'staging' }), delivered(), back(), back({ service: 'search' })];
    expect(sumUpBy('environment', all, DAY).map(({ name, deployments }) => [name, deployments])).toEqual([
      ['production', 3],
      ['staging', 1],
    ]);
    expect(sumUpBy('service', all, DAY).map(({ name, failed }) => [name, failed])).toEqual([
      ['checkout', 1],
      ['search', 1],
    ]);
  });

  it('a median and a ninth of ten are figures that were measured, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 60 }), (lengths) => {
        const { lead } = sumUp(
          '',
          lengths.map((length) => delivered({ requestedAt: T, completedAt: T + length })),
          DAY,
        );
        const [median = 0, nine = 0] = [lead?.median, lead?.nineOfTen];
        expect(lengths).toContain(median);
        expect(lengths.filter((one) => one <= median).length).toBeGreaterThanOrEqual(lengths.length / 2);
        expect(lengths.filter((one) => one <= nine).length).toBeGreaterThanOrEqual(0.9 * lengths.length);
        expect(median).toBeLessThanOrEqual(nine);
      }),
      { numRuns: 100, seed: 20260105 },
    );
  });
});
