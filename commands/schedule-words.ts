/** What was typed after `/deploy`, as a form that is filled in with it, or what is wrong with it (K-1). */

import { within } from '../src/conductor/deadline.ts';
import { nearest } from '../src/config/nearest.ts';
import { defined, given } from '../src/defined.ts';
import { whereFrom } from '../src/policy/watching.ts';
import type { Answer, CommandCall } from '../src/slack/feature.ts';
import type { Duration } from '../src/time.ts';
import { verbFirst, withInstead } from '../src/words/instead.ts';
import { isAtOnce, type ReadMoment, readMoment } from '../src/words/moment.ts';
import { readWanted, type Wanted } from '../src/words/wanted.ts';
import { wordsOf } from '../src/words/word.ts';
import { renderWatchedOnly } from '../views/answers.ts';
import { renderUnknownCommand, type Usage } from '../views/command-answers.ts';
import { BLANK_SCHEDULE, type ScheduleState } from '../views/schedule-state.ts';
import type { CommandContext } from './context.ts';
import { namesOf, unknownName } from './find.ts';
import { ofService, versionIn, withOnCallThere, withSuggestion } from './schedule-suggestions.ts';

const ZONE_WITHIN: Duration = 800;

export type ReadWords = { ok: true; state: ScheduleState; notice?: string } | { ok: false; answer: Answer };

/** The form as the words fill it in, or what is wrong with them; `subCommands` are those that may have been meant. */
export async function readWords(
  context: CommandContext,
  call: CommandCall,
  subCommands?: ReadonlyMap<string, Usage>,
): Promise<ReadWords> {
  const words = wantedIn(context, call);
  const problem = whatIsWrong(context, call.typed, words, subCommands);
  if (problem !== undefined) return { ok: false, answer: problem };
  const [version, zone] = await Promise.all([versionIn(context, words), zoneOf(context, call.userId)]);
  const { service, environment, when, changeType } = words;
  const read = isAtOnce(when) ? undefined : readMoment(when, { zone, now: context.clock.now() });
  const at = read?.ok && read.dayEnds === undefined ? read.at : undefined;
  const stray = at === undefined && !isAtOnce(when) ? strayVerb(call, when, subCommands) : undefined;
  if (stray !== undefined) return { ok: false, answer: stray };
  const typed = service === undefined ? defined({ environment, version }) : undefined;
  const metadata = { channel: call.channelId, ...defined({ typed }) };
  const blank = { ...BLANK_SCHEDULE, lead: call.userId, metadata };
  const state: ScheduleState = {
    ...(await ofService(context, blank, service, call.userId)),
    ...defined({ environment, version, changeType, at, when: given(at, () => 'at' as const) }),
  };
  const notice = read && noticeOf(when, read);
  return {
    ok: true,
    state: withSuggestion(context, await withOnCallThere(context, state)),
    ...defined({ notice }),
  };
}

/** Where nobody names a service it is the one whose channel this is, where there is only one. */
function wantedIn(context: CommandContext, { text, channelId }: CommandCall): Wanted {
  const policy = context.policy();
  const names = namesOf(policy);
  const read = (said: string): Wanted =>
    readWanted(said, names, (service) => policy.services.get(service)?.versionPatterns);
  const words = read(text);
  const [here, ...others] = [...policy.services.values()].filter(({ channel }) => channel === channelId);
  const isNamed = words.service !== undefined || here === undefined || others.length > 0;
  const { when, version, environment, unknown } = words;
  const isAbout = wordsOf(text).length === 0 || (version ?? environment) !== undefined;
  // A word that is no time may be a slip of a service's or of a command's name.
  const isTime = (): boolean => readMoment(when, { zone: policy.timeZone, now: context.clock.now() }).ok;
  const isUnderstood = unknown === undefined || isAtOnce(when) || isTime();
  return isNamed || !isAbout || !isUnderstood ? words : read(`${here.name} ${text}`);
}

function noticeOf(said: string, read: ReadMoment): string | undefined {
  if (!read.ok) return `${read.problem} Choose a time below.`;
  return read.dayEnds === undefined ? read.note : `"${said}" names no hour. Choose one below.`;
}

/** The modal's trigger does not wait for a slow look-up: the team's zone then stands in, and the modal shows the time. */
async function zoneOf(context: CommandContext, userId: string): Promise<string> {
  try {
    return (await within(ZONE_WITHIN, 'Slack', () => context.people.known(userId))).tz;
  } catch (error) {
    context.log.warn(
      { err: error, user: userId },
      'a zone could not be looked up; a time is read in the team’s',
    );
    return context.policy().timeZone;
  }
}

function whatIsWrong(
  context: CommandContext,
  typed: string,
  { service, environment, unknown }: Wanted,
  subCommands: ReadonlyMap<string, Usage> | undefined,
): Answer | undefined {
  const { services } = context.policy();
  const named = services.get(service ?? '');
  if (named?.mode === 'watch') return renderWatchedOnly(named.name, whereFrom(named));
  const served = named?.environments ?? [];
  if (unknown?.what === 'service') return unknownWord(context, typed, unknown.word, subCommands);
  const wrong = unknown?.word ?? (service === undefined ? undefined : environment);
  return wrong === undefined || served.includes(wrong)
    ? undefined
    : unknownName('environment', wrong, served, typed);
}

/** `rolback checkout`, or `checkout rollback`: not a deployment with a strange time. */
function strayVerb(
  { text, typed }: CommandCall,
  left: string,
  subCommands: ReadonlyMap<string, Usage> | undefined,
): Answer | undefined {
  const [first] = wordsOf(text);
  const words = wordsOf(left);
  const verbs = [...(subCommands?.keys() ?? [])];
  // `next friday` is a time.
  const isTime = (index: number): boolean =>
    words[index]?.lower === 'next' && words[index + 1]?.lower !== 'window';
  const exact = words.find(({ lower }, index) => verbs.includes(lower) && !isTime(index));
  const slip = words[0]?.said === first?.said ? first && nearest(first.lower, verbs) : undefined;
  const [word, meant] = exact === undefined ? [first, slip] : [exact, exact.lower];
  if (meant === undefined || word === undefined) return undefined;
  const near = subCommands?.get(meant);
  return exact === undefined
    ? renderUnknownCommand(word.bare, near, withInstead(typed, word.bare, meant))
    : renderUnknownCommand(text, near, verbFirst(typed, meant));
}

/** A service that does not exist, or a sub-command. */
function unknownWord(
  context: CommandContext,
  typed: string,
  word: string,
  subCommands: ReadonlyMap<string, Usage> | undefined,
): Answer {
  const services = [...context.policy().services.keys()];
  if (subCommands === undefined || nearest(word, services) !== undefined)
    return unknownName('service', word, services, typed);
  const verb = nearest(word, subCommands.keys()) ?? '';
  return renderUnknownCommand(word, subCommands.get(verb), withInstead(typed, word, verb));
}
