/** `/deploy lock`, `/deploy unlock` and taking a lock over (WN-4). */

import { type Lock, lockPlace, locksMeet } from '../src/policy/calendar/locks.ts';
import { mayBy } from '../src/policy/calendar/policy.ts';
import type { Click, CommandCall, Feature, Origin } from '../src/slack/feature.ts';
import type { PersonRef } from '../src/terms/person.ts';
import { MINUTE } from '../src/time.ts';
import { renderRefusal, renderUsage } from '../views/answers.ts';
import {
  LOCK_ACTIONS,
  readTakeOver,
  renderLocked,
  renderLockInTheWay,
  type TakeOver,
} from '../views/locks.ts';
import { duration } from '../views/text.ts';
import { readCalendarWords } from './calendar-words.ts';
import { unknownName } from './find.ts';
import { type Room, whoIs } from './room.ts';

const LOCK = {
  usage: 'lock SERVICE [ENVIRONMENT] for 2h because REASON',
  summary: 'keep a service to yourself for a while',
};
const UNLOCK = { usage: 'unlock SERVICE [ENVIRONMENT]', summary: 'give a lock back' };

export function locking(room: Room): Feature {
  return {
    subCommands: {
      lock: { ...LOCK, run: (call) => lock(room, call) },
      unlock: { ...UNLOCK, run: (call) => unlock(room, call) },
    },
    clicks: { [LOCK_ACTIONS.takeOver]: (click) => takeOver(room, click) },
  };
}

type Wanted = Omit<TakeOver, 'l'>;
type Usage = typeof LOCK;

/** The service and the environment that were named; a mistake is answered here, and undefined comes back. */
async function placeOf(
  room: Room,
  call: CommandCall,
  names: readonly string[],
  usage: Usage,
): Promise<Pick<Lock, 'service' | 'environment'> | undefined> {
  const [word, environment, ...more] = names;
  if (word === undefined) {
    await call.answer(renderUsage(usage, 'Name a service.'));
    return undefined;
  }
  const service = room.policy().services.get(word);
  const wrong =
    service === undefined
      ? unknownName('service', word, [...room.policy().services.keys()])
      : environment !== undefined && !service.environments.includes(environment)
        ? unknownName('environment', environment, service.environments)
        : more.length > 0
          ? renderUsage(usage, `"${more.join(' ')}" is too much.`)
          : undefined;
  if (wrong === undefined) return { service: word, ...(environment === undefined ? {} : { environment }) };
  await call.answer(wrong);
  return undefined;
}

async function lock(room: Room, call: CommandCall): Promise<void> {
  const now = room.clock.now();
  const words = readCalendarWords(call.text, (await room.people.known(call.userId)).tz, now);
  const place = await placeOf(room, call, words.names, LOCK);
  if (place === undefined) return;
  if (words.unread !== undefined)
    return call.answer(renderUsage(LOCK, `"${words.unread}" is not understood as a time.`));
  if (words.reason === '') return call.answer(renderUsage(LOCK, 'Say why: because …'));
  const { lockFor, longestLock } = room.policy().calendar;
  const length = words.until === undefined ? lockFor : words.until - now;
  if (length <= 0) return call.answer(renderUsage(LOCK, 'That end has passed.'));
  if (length > longestLock)
    return call.answer(
      renderUsage(LOCK, `A lock lasts at most ${duration(longestLock)}: declare a freeze for longer.`),
    );
  const minutes = Math.max(1, Math.ceil(length / MINUTE));
  await take(room, call, { ...place, minutes, why: words.reason });
}

/** `seen` is somebody else's lock that the person confirmed to end. */
async function take(room: Room, origin: Origin, wanted: Wanted, seen?: string): Promise<void> {
  const somebody = await whoMayLock(room, origin);
  if (somebody === undefined) return;
  const now = room.clock.now();
  const { service, environment } = wanted;
  const place = { service, ...(environment === undefined ? {} : { environment }) };
  const { locks } = await room.stores.calendar.standing(now);
  const own = locks.filter((one) => one.holder.id === somebody.id && locksMeet(one, place));
  const taken = await room.stores.calendar.lock(
    { ...place, holder: somebody, reason: wanted.why, from: now, until: now + wanted.minutes * MINUTE },
    [...own.map(({ id }) => id), ...(seen === undefined ? [] : [seen])],
  );
  if (!taken.ok) return origin.answer(renderLockInTheWay(taken.inTheWay, wanted));
  room.conductor.calendarChanged();
  await origin.answer(renderLocked(taken.lock));
}

async function whoMayLock(room: Room, origin: Origin): Promise<PersonRef | undefined> {
  const somebody = await whoIs(room, origin);
  if (somebody === undefined) return undefined;
  const { mayLock } = room.policy().calendar;
  if (mayBy(mayLock, somebody.roles)) return { id: somebody.person.id, name: somebody.person.name };
  const names = mayLock.map((id) => room.policy().roles.get(id)?.name ?? id);
  await origin.answer(
    renderRefusal(
      `You can't lock a service: that is for ${names.join(', ') || 'nobody in the policy'}. Nothing was changed.`,
    ),
  );
  return undefined;
}

async function takeOver(room: Room, click: Click): Promise<void> {
  const wanted = readTakeOver(click.value);
  if (wanted === undefined || !room.policy().services.has(wanted.service))
    return click.answer(
      renderRefusal('That button is from another time. /deploy lock shows what stands now.'),
    );
  const { l, ...rest } = wanted;
  const longest = Math.floor(room.policy().calendar.longestLock / MINUTE);
  await take(room, click, { ...rest, minutes: Math.min(rest.minutes, longest) }, l);
}

async function unlock(room: Room, call: CommandCall): Promise<void> {
  const now = room.clock.now();
  const words = readCalendarWords(call.text, 'UTC', now);
  const place = await placeOf(room, call, words.names, UNLOCK);
  if (place === undefined) return;
  const somebody = await whoMayLock(room, call);
  if (somebody === undefined) return;
  const there = (await room.stores.calendar.standing(now)).locks.filter((one) => locksMeet(one, place));
  const own = there.filter(({ holder }) => holder.id === somebody.id);
  const [other] = there;
  if (other === undefined) return call.answer(renderRefusal(`${lockPlace(place)} is not locked.`));
  if (own.length === 0) {
    const { lockFor } = room.policy().calendar;
    const wanted = { ...place, minutes: Math.ceil(lockFor / MINUTE), why: words.reason || 'taken over' };
    return call.answer(renderLockInTheWay(other, wanted));
  }
  for (const { id } of own) await room.stores.calendar.release(id, somebody, now);
  room.conductor.calendarChanged();
  await call.answer(
    renderRefusal(
      `${own.map(lockPlace).join(', ')}: your lock is over. What waited for it starts at its time.`,
    ),
  );
}
