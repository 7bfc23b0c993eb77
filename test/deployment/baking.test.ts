/** A version runs in one environment for a while before the next one opens to it (GT-8). */

import { describe, expect, it } from 'vitest';
import { decide } from '../../src/deployment/decide.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { Status } from '../../src/deployment/lifecycle.ts';
import { bakingOf } from '../../src/deployment/promotion/baking.ts';
import { carriedOnFrom } from '../../src/deployment/promotion/decide-rolled-back-before.ts';
import { findAllRefusals } from '../../src/deployment/start/all-refusals.ts';
import { NO_CALENDAR } from '../../src/policy/calendar/blockers.ts';
import type { Bake, Baking } from '../../src/terms/bake.ts';
import type { Start } from '../../src/terms/envelope.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../src/time.ts';
import { renderCard } from '../../views/card.ts';
import { clock, details, envelope, facts, inShort, request, ruth, T0, tom } from './builders.ts';
import { worldAt } from './world.ts';

const BAKE: Bake = { environment: 'production-eu', for: HOUR };
const WELL = worldAt('observing').d;
const VERSION = WELL.terms.envelope.version;

/** A deployment there that is complete since then, but for what is different. */
function there(change: {
  id?: string;
  version?: string;
  status?: Status;
  rollout?: Partial<NonNullable<Deployment['rollout']>>;
  rollback?: Partial<NonNullable<Deployment['rollback']>>;
}): Deployment {
  const { id = 'D-7', version = VERSION, status = 'observing' } = change;
  const rollout = { ...WELL.rollout, startedAt: T0 - MINUTE, completedAt: T0, ...change.rollout };
  const rollback = { to: 'v2.0.4', why: 'errors', startedAt: T0, ...change.rollback };
  return {
    ...WELL,
    id,
    status,
    terms: { ...WELL.terms, envelope: { ...WELL.terms.envelope, version, environment: 'production-eu' } },
    rollout: rollout as NonNullable<Deployment['rollout']>,
    ...(change.rollback && { rollback: rollback as NonNullable<Deployment['rollback']> }),
  };
}

const other = (startedAt: Instant, change: Parameters<typeof there>[0] = {}) =>
  there({ id: 'D-8', version: 'v2.2.0', status: 'rolling_out', ...change, rollout: { startedAt } });

const FINAL = { since: T0, blindFor: 0 };

describe('GT-8: a version bakes', () => {
  const well = there({});
  const since = (at: Instant, blindFor = 0): Baking => ({ version: VERSION, since: at, blindFor });
  const back = (endedAt: Instant) => ({
    status: 'rolled_back' as const,
    rollback: { to: VERSION, startedAt: endedAt - MINUTE, endedAt },
  });
  it.each<[string, Deployment[], Baking | RegExp]>([
    ['from when it is complete', [well], since(T0)],
    ['on, when it is handed over', [there({ status: 'handed_over' })], since(T0)],
    [
      'longer by the time of which there is no data',
      [there({ rollout: { finalWatch: { ...FINAL, blindFor: 5 * MINUTE } } })],
      since(T0, 5 * MINUTE),
    ],
    ['to its end, whatever comes after that', [well, other(T0 + HOUR)], since(T0)],
    [
      'anew, where the one after it was rolled back to it',
      [well, other(T0 + MINUTE, back(T0 + 9 * MINUTE))],
      since(T0 + 9 * MINUTE),
    ],
  ])('%s', (_, [own, ...after], expected) => {
    expect(bakingOf(BAKE, VERSION, own, after)).toEqual(expected);
  });

  const unsettled = { because: 'no data', at: T0, seq: 9 };
  it.each<[string, Deployment[], RegExp]>([
    ['where it never was', [], /^v2\.1\.0 never completed in production-eu$/],
    [
      'while it is on its way',
      [there({ status: 'rolling_out' })],
      /still on its way in production-eu \(D-7\)/,
    ],
    ['while it is verified', [there({ status: 'verifying' })], /still on its way/],
    [
      'while it is held',
      [
        there({
          status: 'held',
          rollout: { hold: { reason: 'slow', by: { kind: 'system', name: 'judge' }, at: T0 } },
        }),
      ],
      /is held in production-eu \(D-7: "slow"\)/,
    ],
    [
      'while it goes back',
      [there({ status: 'rolling_back', rollback: {} })],
      /was rolled back in production-eu \(D-7: "errors"\)/,
    ],
    ['after it was rolled back', [there({ status: 'rolled_back', rollback: {} })], /was rolled back/],
    ['where its rollback failed', [there({ status: 'failed', rollback: {} })], /was rolled back/],
    [
      'while it is not seen to be well',
      [there({ rollout: { finalWatch: { ...FINAL, unsettled } } })],
      /not seen to be well in production-eu \(D-7: no data\)/,
    ],
    [
      'once another is on its way there',
      [well, other(T0 + HOUR - 1)],
      /made room for v2\.2\.0 \(D-8\) in production-eu/,
    ],
    [
      'once another took its place',
      [well, other(T0 + MINUTE, { status: 'handed_over' })],
      /made room for v2\.2\.0/,
    ],
    [
      'where another went back to something else',
      [
        well,
        other(T0 + MINUTE, { status: 'rolled_back', rollback: { to: 'v2.0.4', endedAt: T0 + 2 * MINUTE } }),
      ],
      /made room/,
    ],
  ])('not %s', (_, [own, ...after], words) => {
    expect(bakingOf(BAKE, VERSION, own, after)).toEqual({
      version: VERSION,
      stops: expect.stringMatching(words),
    });
  });
});

describe('GT-8: what is to run in one environment before another', () => {
  const baking: Baking = { version: VERSION, since: T0, blindFor: 0 };
  const stopped: Baking = {
    version: VERSION,
    stops: 'v2.1.0 was rolled back in production-eu (D-7: "errors")',
  };
  const until = `v2.1.0 bakes in production-eu until {t:${T0 + HOUR}}: it has all traffic there since {t:${T0}}`;
  const asked = (start: Start = { kind: 'when_ready' }) =>
    request({ bake: BAKE, envelope: envelope({ start }) });
  const known = (about: Baking | undefined, now = T0 + MINUTE) =>
    facts(ruth, { now, calendar: { ...NO_CALENDAR, ...(about && { baking: about }) } });
  const ask = (about: Baking | undefined, intent = asked(), now = T0 + MINUTE) =>
    decide(undefined, intent, known(about, now));

  it('waits from the request on, and says until when', () => {
    expect(ask(baking)).toMatchObject({
      kind: 'accepted',
      events: [
        { type: 'requested', terms: { bake: BAKE } },
        {
          type: 'start_delayed',
          until: T0 + HOUR,
          blockers: [{ kind: 'bake', key: 'bake:production-eu', says: until }],
        },
      ],
    });
  });

  it('waits for nothing once it has baked, nor as an emergency', () => {
    expect(inShort(ask(baking, asked(), T0 + HOUR))).toBe('accepted requested');
    const emergency = request({ bake: BAKE, details: details({ changeType: 'emergency' }) });
    expect(inShort(ask(stopped, emergency))).toBe('accepted requested');
  });

  it.each([
    ['it does not run there as it should', stopped, undefined],
    ['its time would come too early', baking, { kind: 'at', at: T0 + 30 * MINUTE }],
    ['nobody looked it up', undefined, undefined],
  ] as const)('is refused where %s', (_, about, start) => {
    expect(ask(about, asked(start))).toMatchObject({ kind: 'refused', code: 'not_promoted' });
  });

  it('is taken for a time after it has baked', () => {
    const at = T0 + 2 * HOUR;
    expect(inShort(ask(baking, asked({ kind: 'at', at })))).toBe('accepted requested');
  });

  it('ST-7: is one of the refusals that a dry run lists once, and not the last', () => {
    const { refusals, accepted } = findAllRefusals(asked(), known(stopped));
    expect(refusals.map(({ code }) => code)).toEqual(['not_promoted']);
    expect(accepted).toBeDefined();
  });

  it('does not start where the version was rolled back there while it waited', () => {
    const world = worldAt('scheduled', { bake: BAKE });
    world.calendar = { ...NO_CALENDAR, baking: stopped };
    world.observe();
    expect(world.d.status).toBe('scheduled');
    expect(world.d.start.waiting?.for).toMatchObject([{ kind: 'bake', overrides: [] }]);
    expect(renderCard(world.d).text).toMatch(
      /Waits: v2\.1\.0 was rolled back in production-eu .*must decide/s,
    );
    expect(inShort(world.tell({ kind: 'override', reason: 'It must go.' }, tom))).toBe(
      'refused wrong_status',
    );
    world.calendar = { ...NO_CALENDAR, baking: { ...baking, since: world.now - HOUR } };
    world.observe();
    world.observe();
    expect(world.d.status).toBe('rolling_out');
  });
});

describe('GT-8: a version that is rolled back where it bakes', () => {
  const intent = {
    kind: 'rolled_back_before',
    of: 'D-7',
    environment: 'production-eu',
    why: 'errors',
  } as const;
  const because = 'v2.1.0 was rolled back in production-eu (D-7: errors)';

  it.each([
    ['shifting', [{ type: 'held', reason: because }]],
    ['watching', [{ type: 'held', reason: because }]],
    ['verifying', [{ type: 'held', reason: because }]],
    ['observing', [{ type: 'observation_unsettled', because }]],
  ] as const)('holds what carries it on, or asks whether that is well: %s', (point, events) => {
    expect(worldAt(point).ask(intent, clock)).toMatchObject({ kind: 'accepted', events });
  });

  it.each(['preparing', 'scheduled', 'held watching', 'rolling_back', 'handed_over'] as const)(
    'changes nothing where it is %s: it waits anyhow, or people decide, or it is over',
    (point) => expect(inShort(worldAt(point).ask(intent, clock))).toBe('unchanged'),
  );

  it('reaches the same build in all environments that come after it, and no other', () => {
    const at = (id: string, environment: string, after?: string, digest = 'sha256:aa') => {
      const { terms } = there({ id });
      const bake = after === undefined ? {} : { bake: { environment: after, for: HOUR } };
      return { id, terms: { ...terms, ...bake, envelope: { ...terms.envelope, environment, digest } } };
    };
    const eu = at('D-1', 'eu');
    const us = at('D-2', 'us', 'eu');
    const ap = at('D-3', 'ap', 'us');
    const others = [at('D-4', 'us', 'eu', 'sha256:bb'), at('D-5', 'staging'), at('D-6', 'eu', 'staging')];
    expect(carriedOnFrom(eu, [ap, ...others, us, eu]).map(({ id }) => id)).toEqual(['D-2', 'D-3']);
    expect(carriedOnFrom(ap, [eu, us, ap])).toEqual([]);
  });

  it('is no news of a drill', () => {
    const world = worldAt('verifying', { drill: true });
    world.pass(SECOND).shift();
    expect(world.d.status).toBe('rolling_back');
    expect(world.done.flatMap(({ effects }) => effects).map(({ kind }) => kind)).not.toContain(
      'stop_further',
    );
  });
});
