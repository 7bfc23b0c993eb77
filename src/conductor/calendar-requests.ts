/** Freezes and locks as people ask for them: who may is the policy's to say, whichever door they come by (WN-3, WN-4). */

import { defined } from '../defined.ts';
import type { Actor } from '../deployment/intents.ts';
import type { Freeze } from '../policy/calendar/freezes.ts';
import { type Lock, lockCovers, lockPlace, locksMeet } from '../policy/calendar/locks.ts';
import { mayBy, tooFar } from '../policy/calendar/policy.ts';
import { type Scope, scopesMeet } from '../policy/calendar/scope.ts';
import type { Policy } from '../policy/policy.ts';
import type { PersonRef } from '../terms/person.ts';
import type { Duration, Instant } from '../time.ts';
import type { CalendarStore } from './ports/calendar-store.ts';
import { rolesInScope } from './roles-at.ts';

export interface Refused {
  kind: 'refused';
  code: 'not_allowed' | 'not_found' | 'too_late' | 'wrong_time' | 'reason_needed' | 'too_long';
  message: string;
}

type Person = Extract<Actor, { kind: 'person' }>;
type LockPlace = Pick<Lock, 'service' | 'environment'>;

export interface CalendarRequests {
  freeze(
    who: Person,
    asked: { scope: Scope; reason: string; from: Instant; until: Instant },
  ): Promise<{ kind: 'frozen'; freeze: Freeze; beside: Freeze[] } | Refused>;
  /** Ends a freeze before its time; whoever declared it is told where it is somebody else. `beside`: what still stands there. */
  lift(
    who: Person,
    id: string,
    why: string,
  ): Promise<{ kind: 'lifted'; freeze: Freeze; beside: Freeze[] } | Refused>;
  /** `ending`: somebody else's lock that the person saw and confirmed to end. */
  lock(
    who: Person,
    asked: LockPlace & { for?: Duration; reason: string },
    ending?: string,
  ): Promise<
    /** `stands`: one's own covers it, to a later end, and nothing was changed. */
    { kind: 'locked' | 'stands'; lock: Lock } | { kind: 'in_the_way'; lock: Lock } | Refused
  >;
  /** `beside`: what still stands there. */
  unlock(
    who: Person,
    place: LockPlace,
  ): Promise<
    { kind: 'unlocked'; locks: Lock[]; beside: Lock[] } | { kind: 'in_the_way'; lock: Lock } | Refused
  >;
}

export interface CalendarRequestsOptions {
  calendar: CalendarStore;
  policy(): Policy;
  now(): Instant;
  changed(): void;
}

export function createCalendarRequests(options: CalendarRequestsOptions): CalendarRequests {
  const { calendar: store, policy, now, changed } = options;

  /** A refusal where none of these roles is theirs. */
  function denied(who: Person, scope: Scope, allowed: readonly string[], what: string): Refused | undefined {
    if (mayBy(allowed, rolesInScope(policy(), scope, who, now()))) return undefined;
    const names = allowed.map((id) => policy().roles.get(id)?.name ?? id);
    const whose = names.join(', ') || 'nobody in the policy';
    return no('not_allowed', `You can't ${what}: that is for ${whose}. Nothing was changed.`);
  }

  /** The other freezes that keep some place of it closed too, the longest first. */
  async function besides(freeze: Freeze, at: Instant): Promise<Freeze[]> {
    const all = [...policy().calendar.freezes, ...(await store.standing(at)).freezes];
    return all
      .filter(
        (one) => one.id !== freeze.id && one.until > at && one.from < freeze.until && scopesMeet(one, freeze),
      )
      .sort((a, b) => b.until - a.until);
  }

  return {
    async freeze(who, { scope, reason, from, until }) {
      const { mayFreeze, mayOverride: overrides, planAhead } = policy().calendar;
      const at = now();
      if (until <= Math.max(from, at))
        return no('wrong_time', 'That end is not after its beginning, or has passed.');
      const far = tooFar(until, at, planAhead);
      if (far !== undefined) return no('too_long', `${far}.`);
      if (reason.trim() === '') return no('reason_needed', 'Say why: because …');
      const refusal = denied(who, scope, mayFreeze, 'declare a freeze');
      if (refusal !== undefined) return refusal;
      const by = refOf(who);
      const freeze = await store.freeze({ ...scope, reason, from, until, overrides, by }, at);
      changed();
      return { kind: 'frozen', freeze, beside: await besides(freeze, at) };
    },

    async lift(who, id, why) {
      const at = now();
      const freeze = (await store.standing(at)).freezes.find((one) => one.id === id);
      if (freeze === undefined) return no('not_found', `${id} does not stand any more.`);
      const own = freeze.by?.id === who.person.id;
      const refusal = own
        ? undefined
        : denied(who, freeze, policy().calendar.mayLift, "end somebody else's freeze");
      if (refusal !== undefined) return refusal;
      if (!(await store.lift(id, refOf(who), why, at)))
        return no('not_found', `Someone was faster: ${id} is over already.`);
      changed();
      return { kind: 'lifted', freeze, beside: await besides(freeze, at) };
    },

    async lock(who, { for: asked, reason, ...place }, ending) {
      const { mayLock, lockFor, longestLock } = policy().calendar;
      const length = asked ?? lockFor;
      if (reason.trim() === '') return no('reason_needed', 'Say why: because …');
      if (length <= 0) return no('wrong_time', 'That end has passed.');
      if (length > longestLock) return no('too_long', 'A lock does not last so long: declare a freeze.');
      const refusal = denied(who, { services: [place.service] }, mayLock, 'lock a service');
      if (refusal !== undefined) return refusal;
      const from = now();
      const holder = refOf(who);
      const { locks } = await store.standing(from);
      const wanted = takingOver(
        { ...place, until: from + length },
        locks.find(({ id }) => id === ending),
      );
      const own = locks.filter((one) => one.holder.id === holder.id && locksMeet(one, wanted));
      const covering = own.find((one) => lockCovers(one, wanted) && one.until >= wanted.until);
      if (covering !== undefined && ending === undefined) return { kind: 'stands', lock: covering };
      const replaced = own.filter((one) => lockCovers(wanted, one) && one.until <= wanted.until);
      const taken = await store.lock({ ...wanted, holder, reason, from }, [
        ...replaced.map(({ id }) => id),
        ...(ending === undefined ? [] : [ending]),
      ]);
      if (!taken.ok) return { kind: 'in_the_way', lock: taken.inTheWay };
      changed();
      return { kind: 'locked', lock: taken.lock };
    },

    async unlock(who, place) {
      const refusal = denied(who, { services: [place.service] }, policy().calendar.mayLock, 'lock a service');
      if (refusal !== undefined) return refusal;
      const at = now();
      const there = (await store.standing(at)).locks.filter((one) => locksMeet(one, place));
      const own = there.filter(({ holder }) => holder.id === who.person.id);
      const [other] = there;
      if (other === undefined) return no('not_found', `${lockPlace(place)} is not locked.`);
      const [wider] = own;
      if (wider === undefined) return { kind: 'in_the_way', lock: other };
      const meant = own.filter((one) => lockCovers(place, one));
      if (meant.length === 0)
        return no(
          'not_found',
          `Your lock is on ${lockPlace(wider)} as a whole, and ${lockPlace(place)} alone cannot be given back. /deploy unlock ${wider.service} ends it. Nothing was changed.`,
        );
      for (const { id } of meant) await store.release(id, refOf(who), at);
      changed();
      return { kind: 'unlocked', locks: meant, beside: there.filter((one) => !meant.includes(one)) };
    },
  };
}

/** What somebody else kept stays kept by whoever takes it over, to the later end. */
function takingOver(
  wanted: LockPlace & { until: Instant },
  seen: Lock | undefined,
): LockPlace & { until: Instant } {
  if (seen === undefined) return wanted;
  const { service } = wanted;
  const isWhole = wanted.environment === undefined || seen.environment === undefined;
  const until = Math.max(wanted.until, seen.until);
  return { service, until, ...(isWhole ? {} : defined({ environment: wanted.environment })) };
}

function refOf({ person: { id, name } }: Person): PersonRef {
  return { id, name };
}

function no(code: Refused['code'], message: string): Refused {
  return { kind: 'refused', code, message };
}
