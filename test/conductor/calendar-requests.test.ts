/** Who may freeze, lift and lock is decided in one place, by the roles that the policy names, whichever door is used. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defined } from '../../src/defined.ts';
import type { Actor } from '../../src/deployment/intents.ts';
import type { Scope } from '../../src/policy/calendar/scope.ts';
import type { PersonRef } from '../../src/terms/person.ts';
import { HOUR } from '../../src/time.ts';
import { presetOf } from '../config/preset-policies.ts';
import { createRig, PEOPLE, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig.close());

const as = (person: PersonRef, ...roles: string[]): Extract<Actor, { kind: 'person' }> => ({
  kind: 'person',
  person,
  roles,
});
const everything = () => ({
  scope: {},
  reason: 'audit',
  from: rig.clock.now(),
  until: rig.clock.now() + HOUR,
});

describe('WN-3: a freeze', () => {
  it.each([
    [['security'], 'frozen'],
    [['tech_lead'], 'frozen'],
    [['deployer'], 'refused'],
    [[], 'refused'],
  ])('by somebody who is %j: %s', async (roles, kind) => {
    const outcome = await rig.conductor.calendar.freeze(as(PEOPLE.sana, ...roles), everything());
    expect(outcome.kind).toBe(kind);
    const { freezes } = await rig.stores.calendar.standing(rig.clock.now());
    expect(freezes).toHaveLength(kind === 'frozen' ? 1 : 0);
  });

  it.each([
    ['whoever declared it', PEOPLE.sana, ['security'], 'lifted'],
    ['somebody who may freeze, and may not override', PEOPLE.dana, ['security'], 'refused'],
    ['somebody who may override', PEOPLE.tom, ['tech_lead'], 'lifted'],
    ['somebody without a role', PEOPLE.omar, [], 'refused'],
  ])('is ended by %s: %s', async (_, person, roles, kind) => {
    await rig.conductor.calendar.freeze(as(PEOPLE.sana, 'security'), everything());
    const outcome = await rig.conductor.calendar.lift(as(person, ...roles), 'F-1', 'over');
    expect(outcome.kind).toBe(kind);
    const { freezes } = await rig.stores.calendar.standing(rig.clock.now());
    expect(freezes).toHaveLength(kind === 'lifted' ? 0 : 1);
    const told = await rig.stores.calendar.notices(rig.clock.now(), 9);
    const freeze = { id: 'F-1', by: PEOPLE.sana };
    expect(told).toMatchObject([kind === 'lifted' ? { freeze, lifted: { by: person } } : { freeze }]);
    expect(told.some((notice) => 'lifted' in notice)).toBe(kind === 'lifted');
  });

  it.each([
    ['an end that has passed', { until: 0 }, 'wrong_time'],
    ['no reason', { reason: ' ' }, 'reason_needed'],
  ])('with %s is refused', async (_, change, code) => {
    const asked = { ...everything(), ...change };
    expect(await rig.conductor.calendar.freeze(as(PEOPLE.tom, 'tech_lead'), asked)).toMatchObject({ code });
  });

  it('that is over cannot be ended', async () => {
    expect(await rig.conductor.calendar.lift(as(PEOPLE.tom, 'tech_lead'), 'F-9', '')).toMatchObject({
      code: 'not_found',
    });
  });

  it.each(['gold-standard', 'procedures', 'handoff-v1', 'phase-contract'])(
    'is for roles that %s names, and whoever may lift may override',
    (preset) => {
      const { mayFreeze, mayLift, mayOverride } = presetOf(preset).calendar;
      expect(mayFreeze.length).toBeLessThan(8);
      expect(mayLift.length).toBeGreaterThan(0);
      expect(mayOverride).toEqual(expect.arrayContaining([...mayLift]));
    },
  );
});

describe('WN-3: a freeze beside another', () => {
  const declare = (scope: Scope, hours: number) =>
    rig.conductor.calendar.freeze(as(PEOPLE.sana, 'security'), {
      scope,
      reason: 'audit',
      from: rig.clock.now(),
      until: rig.clock.now() + hours * HOUR,
    });

  it.each<[string, Scope, boolean]>([
    ['the same', { services: ['checkout'] }, true],
    ['all of it', {}, true],
    ['a place in it', { services: ['checkout', 'search'], environments: ['production'] }, true],
    ['another service', { services: ['search'] }, false],
    ['another service in all environments', { services: ['search'], environments: ['staging'] }, false],
  ])('of %s that ends earlier does not end the first, and each is told of', async (_, scope, meets) => {
    await declare({ services: ['checkout'] }, 8);
    const second = await declare(scope, 1);
    const beside = (outcome: Awaited<ReturnType<typeof declare>>) =>
      outcome.kind === 'frozen' && outcome.beside.map(({ id }) => id);
    expect(beside(second)).toEqual(meets ? ['F-1'] : []);
    const { freezes } = await rig.stores.calendar.standing(rig.clock.now());
    expect(freezes.map(({ id }) => id).sort()).toEqual(['F-1', 'F-2']);
    expect(await rig.conductor.calendar.lift(as(PEOPLE.sana, 'security'), 'F-2', 'done')).toMatchObject({
      beside: meets ? [{ id: 'F-1' }] : [],
    });
  });
});

describe('WN-4: a protection is not lost by asking for another', () => {
  const ask = (who: PersonRef, place: { environment?: string }, hours: number, ending?: string) =>
    rig.conductor.calendar.lock(
      as(who, 'deployer'),
      { service: 'checkout', ...place, reason: 'load test', for: hours * HOUR },
      ending,
    );
  const standing = async () => {
    const { locks } = await rig.stores.calendar.standing(rig.clock.now());
    const words = ({ holder, environment = 'all', until }: (typeof locks)[number]) =>
      `${holder.name} ${environment} ${(until - rig.clock.now()) / HOUR}h`;
    return locks.map(words).sort();
  };

  it.each<[string, { environment?: string }, number, { environment?: string }, number, string, string[]]>([
    ['a shorter one', {}, 5, {}, 1, 'stands', ['Dana all 5h']],
    ['a longer one', {}, 1, {}, 5, 'locked', ['Dana all 5h']],
    ['a smaller one', {}, 5, { environment: 'staging' }, 1, 'stands', ['Dana all 5h']],
    [
      'a smaller, longer one',
      {},
      1,
      { environment: 'staging' },
      5,
      'locked',
      ['Dana all 1h', 'Dana staging 5h'],
    ],
    ['a larger one', { environment: 'staging' }, 1, {}, 5, 'locked', ['Dana all 5h']],
    [
      'a larger, shorter one',
      { environment: 'staging' },
      5,
      {},
      1,
      'locked',
      ['Dana all 1h', 'Dana staging 5h'],
    ],
    [
      'another',
      { environment: 'staging' },
      5,
      { environment: 'production' },
      1,
      'locked',
      ['Dana production 1h', 'Dana staging 5h'],
    ],
  ])("one's own, by %s", async (_, first, hours, second, then, kind, stands) => {
    await ask(PEOPLE.dana, first, hours);
    expect((await ask(PEOPLE.dana, second, then)).kind).toBe(kind);
    expect(await standing()).toEqual(stands);
  });

  it.each<[{ environment?: string }, number, { environment?: string }, number, string]>([
    [{}, 5, { environment: 'staging' }, 1, 'Tom all 5h'],
    [{ environment: 'staging' }, 5, {}, 1, 'Tom all 5h'],
    [{ environment: 'staging' }, 1, { environment: 'staging' }, 5, 'Tom staging 5h'],
  ])(
    "somebody else's %j for %i h, taken over for %j and %i h, is kept: %s",
    async (first, hours, second, then, stands) => {
      await ask(PEOPLE.dana, first, hours);
      expect((await ask(PEOPLE.tom, second, then)).kind).toBe('in_the_way');
      expect((await ask(PEOPLE.tom, second, then, 'L-1')).kind).toBe('locked');
      expect(await standing()).toEqual([stands]);
    },
  );

  it('giving back a part does not give back the whole, and what still stands is named', async () => {
    await ask(PEOPLE.dana, {}, 5);
    const unlock = (environment?: string) =>
      rig.conductor.calendar.unlock(as(PEOPLE.dana, 'deployer'), {
        service: 'checkout',
        ...defined({ environment }),
      });
    expect(await unlock('staging')).toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('/deploy unlock checkout ends it. Nothing was changed.'),
    });
    await ask(PEOPLE.dana, { environment: 'staging' }, 8);
    expect(await unlock('staging')).toMatchObject({
      locks: [{ environment: 'staging' }],
      beside: [{ id: 'L-1' }],
    });
    expect(await standing()).toEqual(['Dana all 5h']);
  });
});

describe('WN-4: a lock', () => {
  const lock = (...roles: string[]) =>
    rig.conductor.calendar.lock(as(PEOPLE.dana, ...roles), {
      service: 'checkout',
      reason: 'load test',
      for: HOUR,
    });

  it('is for whoever holds a role, and is given back by its holder', async () => {
    expect(await lock()).toMatchObject({ kind: 'refused', code: 'not_allowed' });
    expect(await lock('deployer')).toMatchObject({ kind: 'locked', lock: { id: 'L-1' } });
    const unlock = (person: PersonRef) =>
      rig.conductor.calendar.unlock(as(person, 'deployer'), { service: 'checkout' });
    expect(await unlock(PEOPLE.tom)).toMatchObject({ kind: 'in_the_way', lock: { holder: PEOPLE.dana } });
    expect(await unlock(PEOPLE.dana)).toMatchObject({ kind: 'unlocked' });
    expect(await unlock(PEOPLE.dana)).toMatchObject({ code: 'not_found' });
  });

  it.each([
    ['for longer than the policy lets it', 30 * 24 * HOUR, 'too_long'],
    ['for no time', 0, 'wrong_time'],
  ])('%s is refused', async (_, length, code) => {
    const asked = { service: 'checkout', reason: 'load test', for: length };
    expect(await rig.conductor.calendar.lock(as(PEOPLE.dana, 'deployer'), asked)).toMatchObject({ code });
  });
});
