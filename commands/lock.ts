/** `/deploy lock`, `/deploy unlock` and taking a lock over (WN-4). */

import { defined } from '../src/defined.ts';
import { type Lock, lockPlace } from '../src/policy/calendar/locks.ts';
import type { Click, CommandCall, Feature, Origin } from '../src/slack/feature.ts';
import { type Duration, MINUTE } from '../src/time.ts';
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
import { actorOf, type CommandContext, refusalOf, whoIs } from './context.ts';
import { unknownName } from './find.ts';

const LOCK = {
  usage: 'lock SERVICE [ENVIRONMENT] for 2h because REASON',
  summary: 'keep a service to yourself for a while',
};
const UNLOCK = { usage: 'unlock SERVICE [ENVIRONMENT]', summary: 'give a lock back' };

export function locking(context: CommandContext): Feature {
  return {
    subCommands: {
      lock: { ...LOCK, run: (call) => lock(context, call) },
      unlock: { ...UNLOCK, run: (call) => unlock(context, call) },
    },
    clicks: { [LOCK_ACTIONS.takeOver]: (click) => takeOver(context, click) },
  };
}

type Wanted = Omit<TakeOver, 'l'>;
type Usage = typeof LOCK;

/** The service and the environment that were named; a mistake is answered here, and undefined comes back. */
async function placeOf(
  context: CommandContext,
  call: CommandCall,
  names: readonly string[],
  usage: Usage,
): Promise<Pick<Lock, 'service' | 'environment'> | undefined> {
  const [word, environment, ...more] = names;
  if (word === undefined) {
    await call.answer(renderUsage(usage, 'Name a service.'));
    return undefined;
  }
  const service = context.policy().services.get(word);
  const wrong =
    service === undefined
      ? unknownName('service', word, [...context.policy().services.keys()])
      : environment !== undefined && !service.environments.includes(environment)
        ? unknownName('environment', environment, service.environments)
        : more.length > 0
          ? renderUsage(usage, `"${more.join(' ')}" is too much.`)
          : undefined;
  if (wrong === undefined) return { service: word, ...defined({ environment }) };
  await call.answer(wrong);
  return undefined;
}

async function lock(context: CommandContext, call: CommandCall): Promise<void> {
  const now = context.clock.now();
  const words = readCalendarWords(call.text, (await context.people.known(call.userId)).tz, now);
  const place = await placeOf(context, call, words.names, LOCK);
  if (place === undefined) return;
  if (words.unread !== undefined)
    return call.answer(renderUsage(LOCK, `"${words.unread}" is not understood as a time.`));
  const { longestLock } = context.policy().calendar;
  const length = words.until === undefined ? undefined : words.until - now;
  if (length !== undefined && length > longestLock)
    return call.answer(
      renderUsage(LOCK, `A lock lasts at most ${duration(longestLock)}: declare a freeze for longer.`),
    );
  await take(context, call, { ...place, ...minutesOf(length), why: words.reason });
}

const minutesOf = (length: Duration | undefined): { minutes?: number } =>
  length === undefined ? {} : { minutes: length <= 0 ? 0 : Math.max(1, Math.ceil(length / MINUTE)) };

/** `seen` is somebody else's lock that the person confirmed to end. */
async function take(
  context: CommandContext,
  origin: Origin,
  wanted: Omit<Wanted, 'minutes'> & { minutes?: number },
  seen?: string,
): Promise<void> {
  const somebody = await whoIs(context, origin);
  if (somebody === undefined) return;
  const { service, environment, minutes, why: reason } = wanted;
  const asked = { service, reason, ...defined({ environment }) };
  const length = minutes === undefined ? {} : { for: minutes * MINUTE };
  const taken = await context.conductor.calendar.lock(actorOf(somebody), { ...asked, ...length }, seen);
  if (taken.kind === 'refused') return origin.answer(refusalOf(taken, LOCK));
  if (taken.kind === 'locked') return origin.answer(renderLocked(taken.lock));
  await origin.answer(
    renderLockInTheWay(taken.lock, { ...wanted, minutes: minutes ?? usualMinutes(context) }),
  );
}

const usualMinutes = (context: CommandContext): number =>
  Math.ceil(context.policy().calendar.lockFor / MINUTE);

async function takeOver(context: CommandContext, click: Click): Promise<void> {
  const wanted = readTakeOver(click.value);
  if (wanted === undefined || !context.policy().services.has(wanted.service))
    return click.answer(
      renderRefusal('That button is from another time. /deploy lock shows what stands now.'),
    );
  const { l, ...rest } = wanted;
  const longest = Math.floor(context.policy().calendar.longestLock / MINUTE);
  await take(context, click, { ...rest, minutes: Math.min(rest.minutes, longest) }, l);
}

async function unlock(context: CommandContext, call: CommandCall): Promise<void> {
  const now = context.clock.now();
  const words = readCalendarWords(call.text, 'UTC', now);
  const place = await placeOf(context, call, words.names, UNLOCK);
  if (place === undefined) return;
  const somebody = await whoIs(context, call);
  if (somebody === undefined) return;
  const ended = await context.conductor.calendar.unlock(actorOf(somebody), place);
  if (ended.kind === 'refused') return call.answer(refusalOf(ended));
  if (ended.kind === 'in_the_way') {
    const wanted = { ...place, minutes: usualMinutes(context), why: words.reason || 'taken over' };
    return call.answer(renderLockInTheWay(ended.lock, wanted));
  }
  await call.answer(
    renderRefusal(
      `${ended.locks.map(lockPlace).join(', ')}: your lock is over. What waited for it starts at its time.`,
    ),
  );
}
