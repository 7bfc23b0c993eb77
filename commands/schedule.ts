/** Asking for a deployment (K-1, K-2): `/deploy …`, the modal it opens, its redraws, and its submission. */

import { within } from '../src/conductor/deadline.ts';
import { releasesOf, runningAt } from '../src/conductor/place-facts.ts';
import { nearest } from '../src/config/nearest.ts';
import { defined, given } from '../src/defined.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import { beganFrom } from '../src/deployment/request/lost-update.ts';
import { suggestedStrategy } from '../src/policy/rollout.ts';
import { whereFrom } from '../src/policy/watching.ts';
import type {
  Answer,
  Click,
  CommandCall,
  Feature,
  Option,
  OptionsQuery,
  Origin,
} from '../src/slack/feature.ts';
import type { Duration } from '../src/time.ts';
import { verbFirst, withInstead } from '../src/words/instead.ts';
import { isAtOnce, type ReadMoment, readMoment } from '../src/words/moment.ts';
import { versionMeant } from '../src/words/version.ts';
import { readWanted, type Wanted } from '../src/words/wanted.ts';
import { wordsOf } from '../src/words/word.ts';
import { renderUnknownCommand, renderWatchedOnly, type Usage } from '../views/answers.ts';
import { CARD_ACTIONS, MORE } from '../views/deployment-actions.ts';
import { HOME_ACTIONS } from '../views/home.ts';
import { SCHEDULE_FIELDS, SCHEDULE_REDRAWS } from '../views/schedule-fields.ts';
import type { ScheduleContext } from '../views/schedule-form.ts';
import { SCHEDULE_BUTTONS } from '../views/schedule-lines.ts';
import { renderScheduleModal, SCHEDULE_MODAL, versionOption } from '../views/schedule-modal.ts';
import {
  BLANK_SCHEDULE,
  comparedValues,
  readScheduleState,
  type ScheduleState,
  scheduleOf,
  withService,
} from '../views/schedule-state.ts';
import { type CommandContext, clicked, openModal } from './context.ts';
import { namesOf, unknownName } from './find.ts';
import { suggestedOnCall } from './on-call.ts';
import { scheduleShown, strategiesOffered } from './schedule-context.ts';
import { nothingChangedYet, savingOf } from './schedule-saving.ts';
import { submitSchedule } from './schedule-submission.ts';

const ZONE_WITHIN: Duration = 800;

export function scheduling(context: CommandContext): Feature {
  const redraws = [...SCHEDULE_REDRAWS, ...Object.values(SCHEDULE_BUTTONS)].map(
    (action) => [action, (click: Click) => redraw(context, click)] as const,
  );
  return {
    clicks: {
      ...Object.fromEntries(redraws),
      [CARD_ACTIONS.again]: (click) => again(context, click),
      [HOME_ACTIONS.schedule]: (click) =>
        openSchedule(context, click, { ...BLANK_SCHEDULE, lead: click.userId }),
    },
    choices: { [MORE.edit]: (click) => edit(context, click) },
    options: {
      [SCHEDULE_FIELDS.service]: (query) => suggestServices(context, query),
      [SCHEDULE_FIELDS.version]: (query) => suggestVersions(context, query),
    },
    submissions: { [SCHEDULE_MODAL.callback]: (submission) => submitSchedule(context, submission) },
  };
}

/** `/deploy` with no sub-command: the modal, filled in with what was typed. */
export async function schedule(
  context: CommandContext,
  call: CommandCall,
  subCommands: ReadonlyMap<string, Usage>,
): Promise<void> {
  const read = await readWords(context, call, subCommands);
  if (!read.ok) return call.answer(read.answer);
  await openSchedule(context, call, read.state, defined({ notice: read.notice }));
}

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

/** What was typed of it before the service was known is one of those that its backend lists. */
async function withVersionMeant(context: CommandContext, state: ScheduleState): Promise<ScheduleState> {
  return { ...state, ...defined({ version: await versionIn(context, state) }) };
}

/** As the backend writes it, where it says which there are. */
async function versionIn(
  context: CommandContext,
  words: Pick<ScheduleState, 'service' | 'environment' | 'version'>,
): Promise<string | undefined> {
  if (words.version === undefined) return undefined;
  const releases = await releasesOf(context, words);
  return versionMeant(
    words.version,
    releases.map(({ version }) => version),
  );
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

/** With what the policy says of a service, in the fields that hang on it. */
async function ofService(
  context: CommandContext,
  state: ScheduleState,
  name: string | undefined,
  userId: string,
): Promise<ScheduleState> {
  const service = context.policy().services.get(name ?? '');
  if (service === undefined) return state;
  const filled = await withVersionMeant(context, withService(state, service, userId));
  const place = { service: service.name, ...defined({ environment: filled.environment }) };
  return { ...filled, ...defined({ onCall: await suggestedOnCall(context, place, filled.at) }) };
}

/** Whoever is on call may be another in each environment; whom the person chose where it is not stays. */
async function withOnCallThere(context: CommandContext, state: ScheduleState): Promise<ScheduleState> {
  const { service, environment, metadata } = state;
  if (service === undefined || environment === undefined || metadata.revises !== undefined) return state;
  if (context.policy().services.get(service)?.onCallIn === undefined) return state;
  const onCall = await suggestedOnCall(context, { service, environment }, state.at);
  return { ...state, ...defined({ onCall }) };
}

/** The strategy that the policy suggests for the place and the risk; another where its backend cannot carry that out. */
function withSuggestion(context: CommandContext, state: ScheduleState): ScheduleState {
  if (state.service === undefined) return state;
  const { strategy: _before, ...rest } = state;
  const suggested = suggestedStrategy(context.policy(), state, state.risk);
  const { strategies } = strategiesOffered(context, state);
  const strategy = strategies.find(({ id }) => id === suggested) ?? strategies[0];
  return { ...rest, ...defined({ strategy: strategy?.id }) };
}

export async function openSchedule(
  context: CommandContext,
  origin: Origin,
  asked: ScheduleState,
  known: Partial<Pick<ScheduleContext, 'notice' | 'saving'>> = {},
): Promise<void> {
  const watched = [...context.policy().services.values()];
  const [first] = watched;
  if (first !== undefined && watched.every(({ mode }) => mode === 'watch'))
    return origin.answer(renderWatchedOnly('Every service', whereFrom(first)));
  const { state, about } = await scheduleShown(context, asked, origin.userId);
  await openModal(context, origin, renderScheduleModal(state, { ...about, ...known }));
}

/** A choice was made: what hangs on it is drawn anew, and only that. */
async function redraw(context: CommandContext, click: Click): Promise<void> {
  const { view, userId } = click;
  if (view === undefined) return;
  const asked = await changedBy(context, click, readScheduleState(view));
  const suggested = suggestsAnew(context, click, asked) ? withSuggestion(context, asked) : asked;
  return draw(context, view, suggested, userId);
}

/** What a click changes beside what Slack holds of the fields. */
async function changedBy(
  context: CommandContext,
  click: Click,
  state: ScheduleState,
): Promise<ScheduleState> {
  switch (click.actionId) {
    case SCHEDULE_FIELDS.service:
      return ofService(context, state, click.value, click.userId);
    case SCHEDULE_BUTTONS.unfold:
      return { ...state, metadata: { ...state.metadata, unfolded: true } };
    case SCHEDULE_BUTTONS.goThereFirst:
      return withOnCallThere(context, {
        ...state,
        environment: click.value,
        metadata: { ...state.metadata, sentTo: click.value },
      });
    case SCHEDULE_FIELDS.environment:
      return withOnCallThere(context, state);
    default:
      return state;
  }
}

/** What was chosen by hand stands until what it was chosen for is another place, or a risk with a strategy of its own. */
function suggestsAnew(context: CommandContext, { actionId }: Click, state: ScheduleState): boolean {
  if (state.metadata.revises !== undefined) return false;
  if (NEW_PLACE.includes(actionId)) return true;
  const policy = context.policy();
  return (
    actionId === SCHEDULE_FIELDS.risk &&
    suggestedStrategy(policy, state, 'high') !== suggestedStrategy(policy, state)
  );
}

const NEW_PLACE = [SCHEDULE_FIELDS.service, SCHEDULE_FIELDS.environment, SCHEDULE_BUTTONS.goThereFirst];

async function draw(
  context: CommandContext,
  view: NonNullable<Click['view']>,
  asked: ScheduleState,
  userId: string,
): Promise<void> {
  const [{ state, about }, saving] = await Promise.all([
    scheduleShown(context, asked, userId),
    savingOf(context, asked, userId),
  ]);
  await context.clients.interactive.views.update({
    view_id: view.id,
    hash: view.hash,
    view: renderScheduleModal(state, { ...about, ...defined({ saving }) }),
  });
}

async function suggestServices(context: CommandContext, { query }: OptionsQuery): Promise<Option[]> {
  const wanted = query.trim().toLowerCase();
  return [...context.policy().services.keys()]
    .filter((service) => service.toLowerCase().includes(wanted))
    .slice(0, 100)
    .map((service) => ({ text: service, value: service }));
}

async function suggestVersions(context: CommandContext, { query, view }: OptionsQuery): Promise<Option[]> {
  if (view === undefined) return [];
  const state = readScheduleState(view);
  if (state.service === undefined) return [];
  const [releases, running] = await Promise.all([releasesOf(context, state), runningAt(context, state)]);
  const wanted = query.trim().toLowerCase();
  return releases
    .filter(({ version, title = '' }) => `${version} ${title}`.toLowerCase().includes(wanted))
    .slice(0, 100)
    .map((release) =>
      versionOption(release, {
        now: context.clock.now(),
        ...defined({ running: running?.version }),
      }),
    );
}

async function edit(context: CommandContext, click: Click): Promise<void> {
  const found = await clicked(context, click);
  if (!found) return;
  const { deployment } = found;
  if (!NOT_STARTED.has(deployment.status)) {
    return click.answer({
      text: `${deployment.id} can't be changed any more: it has started or ended. The card shows where it is.`,
    });
  }
  const { id, seq, terms } = deployment;
  const state = scheduleOf(deployment);
  const revises = { d: id, s: seq, began: beganFrom(comparedValues(state)) };
  // Who opens it wants to change something: nothing lies folded away.
  const metadata = { channel: terms.details.channel, unfolded: true as const, revises };
  await openSchedule(context, click, { ...state, metadata }, { saving: nothingChangedYet(deployment) });
}

/** Deploying again begins from what was asked before, its contract with it, with a start of its own. */
async function again(context: CommandContext, click: Click): Promise<void> {
  const found = await clicked(context, click);
  if (!found) return;
  const { at: _at, ...state } = scheduleOf(found.deployment);
  const { contract, details } = found.deployment.terms;
  const { channel } = details;
  await openSchedule(context, click, {
    ...state,
    when: 'ready',
    metadata: { channel, ...defined({ contract: contract?.id }) },
  });
}
