/** Freezes and locks as people ask for them: who may is the policy's to say, whichever door they come by (WN-3, WN-4). */

import type { Actor } from '../deployment/intents.ts';
import type { Freeze } from '../policy/calendar/freezes.ts';
import { type Lock, lockPlace, locksMeet } from '../policy/calendar/locks.ts';
import { mayBy, tooFar } from '../policy/calendar/policy.ts';
import type { Scope } from '../policy/calendar/scope.ts';
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
  ): Promise<{ kind: 'frozen'; freeze: Freeze } | Refused>;
  /** Ends a freeze before its time; whoever declared it is told where it is somebody else. */
  lift(who: Person, id: string, why: string): Promise<{ kind: 'lifted'; freeze: Freeze } | Refused>;
  /** `ending`: somebody else's lock that the person saw and confirmed to end. */
  lock(
    who: Person,
    asked: LockPlace & { for?: Duration; reason: string },
    ending?: string,
  ): Promise<{ kind: 'locked'; lock: Lock } | { kind: 'in_the_way'; lock: Lock } | Refused>;
  unlock(
    who: Person,
    place: LockPlace,
  ): Promise<{ kind: 'unlocked'; locks: Lock[] } | { kind: 'in_the_way'; lock: Lock } | Refused>;
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
      return { kind: 'frozen', freeze };
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
      return { kind: 'lifted', freeze };
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
      const own = (await store.standing(from)).locks.filter(
        (one) => one.holder.id === holder.id && locksMeet(one, place),
      );
      const taken = await store.lock({ ...place, holder, reason, from, until: from + length }, [
        ...own.map(({ id }) => id),
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
      if (own.length === 0) return { kind: 'in_the_way', lock: other };
      for (const { id } of own) await store.release(id, refOf(who), at);
      changed();
      return { kind: 'unlocked', locks: own };
    },
  };
}

function refOf({ person: { id, name } }: Person): PersonRef {
  return { id, name };
}

function no(code: Refused['code'], message: string): Refused {
  return { kind: 'refused', code, message };
}
