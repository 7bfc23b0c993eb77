/** `/deploy lock`, `/deploy unlock` and taking a lock over (WN-4). */

import { defined } from '../src/defined.ts';
import { type Lock, lockPlace } from '../src/policy/calendar/locks.ts';
import type { Answer, Click, CommandCall, Feature, Origin } from '../src/slack/feature.ts';
import { type Duration, MINUTE, moment } from '../src/time.ts';
import { environmentNamed, serviceNamed } from '../src/words/names.ts';
import { readPeriod } from '../src/words/period.ts';
import { saidBy, type Word } from '../src/words/word.ts';
import { renderRefusal } from '../views/answers.ts';
import { renderUsage } from '../views/command-answers.ts';
import {
  LOCK_ACTIONS,
  readTakeOver,
  renderLocked,
  renderLockInTheWay,
  renderLockStands,
  type TakeOver,
} from '../views/locks.ts';
import { duration } from '../views/text.ts';
import { actorOf, type CommandContext, refusalOf, whoIs } from './context.ts';
import { namesOf, unknownName } from './find.ts';

const LOCK = {
  usage: 'lock SERVICE [ENVIRONMENT] for 2h because REASON',
  summary: 'keep a service to yourself for a while',
};
const UNLOCK = { usage: 'unlock SERVICE [ENVIRONMENT]', summary: 'give a lock back' };

const AT_ONCE =
  'It ends at once, and takes no time: nothing was done. Say it when it should end, or leave it to its own end.';

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
  words: readonly Word[],
  usage: Usage,
): Promise<Pick<Lock, 'service' | 'environment'> | undefined> {
  const read = placeIn(context, call.typed, words, usage);
  if ('service' in read) return read;
  await call.answer(read.wrong);
  return undefined;
}

function placeIn(
  context: CommandContext,
  typed: string,
  words: readonly Word[],
  usage: Usage,
): Pick<Lock, 'service' | 'environment'> | { wrong: Answer } {
  const names = namesOf(context.policy());
  const word = words.find(({ bare }) => serviceNamed(bare, names) !== undefined) ?? words[0];
  if (word === undefined) return { wrong: renderUsage(usage, 'Name a service.') };
  const service = serviceNamed(word.bare, names);
  if (service === undefined)
    return { wrong: unknownName('service', word.bare, [...names.services.keys()], typed) };
  const [where, ...more] = words.filter((one) => one !== word);
  if (more.length > 0) return { wrong: renderUsage(usage, `"${saidBy(more)}" is too much.`) };
  const served = names.services.get(service) ?? [];
  const environment = where && environmentNamed(where.bare, names, served);
  return where !== undefined && environment === undefined
    ? { wrong: unknownName('environment', where.bare, served, typed) }
    : { service, ...defined({ environment }) };
}

async function lock(context: CommandContext, call: CommandCall): Promise<void> {
  const now = context.clock.now();
  const words = readPeriod(call.text, { zone: (await context.people.known(call.userId)).tz, now });
  const place = await placeOf(context, call, words.names, LOCK);
  if (place === undefined) return;
  if (words.problem !== undefined) return call.answer(renderUsage(LOCK, words.problem));
  if (words.from !== undefined && words.from > now)
    return call.answer(renderUsage(LOCK, 'A lock begins at once: declare a freeze for a later time.'));
  const { longestLock } = context.policy().calendar;
  const length = words.until === undefined ? undefined : words.until - now;
  if (length !== undefined && length > longestLock)
    return call.answer(
      renderUsage(LOCK, `A lock lasts at most ${duration(longestLock)}: declare a freeze for longer.`),
    );
  await take(context, call, { ...place, ...minutesOf(length), why: words.reason });
  if (words.notes.length > 0) await call.answer(renderRefusal(words.notes.join(' ')));
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
  if (taken.kind === 'stands') return origin.answer(renderLockStands(taken.lock));
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
  const words = readPeriod(call.text, { zone: 'UTC', now });
  if (words.from !== undefined || words.until !== undefined || words.problem !== undefined)
    return call.answer(renderUsage(UNLOCK, AT_ONCE));
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
  const still = ended.beside
    .map((one) => `${lockPlace(one)} is still locked by ${one.holder.name} until ${moment(one.until)}.`)
    .join(' ');
  await call.answer(
    renderRefusal(
      `${ended.locks.map(lockPlace).join(', ')}: your lock is over. ${still === '' ? 'What waited for it starts at its time.' : still}`,
    ),
  );
}
