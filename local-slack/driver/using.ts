/** A person uses an element: clicks a button, picks from a menu, searches an external one, types into a field. */
import type { z } from 'zod';
import { fileAsSlack } from '../api/as-slack.ts';
import { log } from '../api/routes.ts';
import { actionPayload, checkMessage, type Interactive, isFilled, stateValue } from '../block-kit/index.ts';
import { blockActions, blockSuggestion, type Place } from '../delivery/payloads.ts';
import { isJson, type Json, listOf, textOf } from '../json.ts';
import type { Delivered, Option, Person, SuggestAnswer } from '../protocol.ts';
import { showHome, showModal } from '../workspace/showing.ts';
import type { World } from '../world.ts';
import { elementIn, hold, personFor, placeFor, stateOf } from './finding.ts';
import { notThere, wrong } from './refusal.ts';
import type * as schemas from './schemas.ts';
import { delivered } from './speaking.ts';

export async function action(world: World, call: z.infer<typeof schemas.action>): Promise<Delivered> {
  const person = personFor(world, call.user);
  const place = placeFor(world, person, call);
  const at = elementIn(place, call, 'action_id', call.value);
  refuseAnotherApp(place);
  refuseAnotherValue(at, call.value);
  const offered = await offeredFor(world, person, place, at, call.value);
  const used = actionPayload(at.element, call.value, offered);
  if (!used.ok) throw refusalOf(at, used.error);
  refuseStrangers(world, at, call.value, 'value');
  const state = stateValue(at.element, call.value, offered);
  const now = state.ok ? hold(world, person, place, at, withFiles(world, state.value, 'value')) : place;
  if (state.ok) show(world, now);
  if (at.block.type === 'input' && at.block.dispatch_action !== true) return { ok: true, ack_ms: 0 };
  if (!world.manifest.interactive) return notInteractive;
  const sent = { ...used.value, block_id: at.block_id, action_ts: world.messages.nextTs() };
  const payload = blockActions(world, person, now, [sent]);
  return delivered(await world.courier.deliver('interactive', 'block_actions', payload));
}

/** What stands in another app's message is that app's to answer, and it does not run here. */
function refuseAnotherApp(place: Place): void {
  if ('view' in place || place.message.app_id === undefined) return;
  throw notThere('This belongs to another app, which does not run here.', 'action_id');
}

const notInteractive: Delivered = {
  ok: false,
  ack_ms: 0,
  error: 'This app is not configured to handle interactive responses.',
  code: 'not_interactive',
};

function show(world: World, place: Place): void {
  if (!('view' in place)) return;
  if (place.view.type === 'home') showHome(world, place.view);
  else showModal(world, place.view.user);
}

/** A button is clicked as it is; a value that it no longer has means that another button was meant. */
function refuseAnotherValue({ element, action_id }: Interactive, value: unknown): void {
  if (element.type !== 'button' || value === undefined || value === element.value) return;
  throw notThere(`The button ${action_id} has not the value ${JSON.stringify(value)}.`, 'value');
}

/** Whether a person types here; elsewhere they pick from what is listed. */
export const isTyped = ({ element }: Interactive): boolean =>
  (element.type.endsWith('_input') && element.type !== 'file_input') || element.type.endsWith('picker');

/** What a person cannot type is a wrong call; what they cannot find in a menu is not there. */
const refusalOf = (at: Interactive, error: string): Error =>
  isTyped(at) ? wrong(error, 'value') : notThere(error, 'value');

/** A file input sends all there is to know of its files. */
export function withFiles(world: World, state: Json, path: string): Json {
  if (state.type !== 'file_input') return state;
  const files = listOf(state.files).map((given) => {
    const file = world.files.get(textOf(isJson(given) ? given.id : undefined) ?? '');
    if (file === undefined) throw notThere('There is no such file: upload it first.', path);
    return fileAsSlack(world, file);
  });
  return { ...state, files };
}

/** Menus of people and channels list only who and what there is. */
export function refuseStrangers(world: World, { element }: Interactive, value: unknown, path: string): void {
  const exists = element.type.includes('users_select')
    ? (id: string) => world.people.get(id) !== undefined
    : element.type.includes('channels_select') || element.type.includes('conversations_select')
      ? (id: string) => world.channels.get(id) !== undefined || world.people.get(id) !== undefined
      : undefined;
  if (exists === undefined) return;
  for (const id of valuesOf(value)) {
    if (!exists(id)) throw notThere(`The menu lists no ${JSON.stringify(id)}.`, path);
  }
}

const valuesOf = (value: unknown): string[] =>
  [value].flat().filter((one): one is string => typeof one === 'string' && one !== '');

export async function suggest(world: World, call: z.infer<typeof schemas.suggest>): Promise<SuggestAnswer> {
  const person = personFor(world, call.user);
  const place = placeFor(world, person, call);
  const at = elementIn(place, call, 'action_id');
  if (!isExternal(at)) throw wrong(`${call.action_id} is no external select`, 'action_id');
  return ask(world, person, place, at, call.query);
}

const isExternal = ({ element }: Interactive): boolean => element.type.endsWith('external_select');

const leastQuery = ({ element }: Interactive): number =>
  typeof element.min_query_length === 'number' ? element.min_query_length : 3;

async function ask(
  world: World,
  person: Person,
  place: Place,
  at: Interactive,
  query: string,
): Promise<SuggestAnswer> {
  if (query.length < leastQuery(at)) {
    const error = `Keep typing: at least ${leastQuery(at)} characters.`;
    return { ok: false, ack_ms: 0, error, code: 'query_too_short', options: [] };
  }
  const asked = { action_id: at.action_id, block_id: at.block_id, value: query };
  const payload = blockSuggestion(world, person, place, asked);
  const outcome = await world.courier.deliver('interactive', 'block_suggestion', payload);
  if (!outcome.ok) return { ...delivered(outcome), options: [] };
  const options = readOptions(world, outcome.payload);
  if (options === undefined) {
    const error = 'There was an error loading results.';
    return { ok: false, ack_ms: outcome.ack_ms, error, code: 'invalid_options', options: [] };
  }
  remember(world, offerKey(person, place, at), options);
  return { ok: true, ack_ms: outcome.ack_ms, options };
}

/** Options keep the limits of a static menu; too many or too long, and Slack shows none. */
function readOptions(world: World, payload: unknown): Option[] | undefined {
  const answer = isJson(payload) ? payload : {};
  const groups = listOf(answer.option_groups).filter(isJson);
  const options = [...listOf(answer.options), ...groups.flatMap((group) => listOf(group.options))];
  if (options.length === 0) return Array.isArray(answer.options) || groups.length > 0 ? [] : undefined;
  const accessory: Json = {
    type: 'static_select',
    action_id: 'a',
    ...(groups.length > 0 ? { option_groups: groups } : { options }),
  };
  const section = { type: 'section', text: { type: 'plain_text', text: 'options' }, accessory };
  const violations = checkMessage({ text: 'options', blocks: [section] }).map((violation) => ({
    ...violation,
    pointer: violation.pointer.replace('/blocks/0/accessory', ''),
  }));
  if (violations.length > 0) {
    log(world, 'ack', { ...answer }, { body: { ok: false, error: 'invalid_options' } }, violations);
    if (world.strict) return undefined;
  }
  return options as Option[];
}

function offerKey(person: Person, place: Place, { block_id, action_id }: Interactive): string {
  const container = 'view' in place ? place.view.id : `${place.room.id} ${place.message.ts}`;
  return `${person.id} ${container} ${block_id} ${action_id}`;
}

const REMEMBERED = 2_000;

function remember(world: World, key: string, options: Option[]): void {
  world.offered.set(key, options);
  const oldest = world.offered.keys().next();
  if (world.offered.size > REMEMBERED && !oldest.done) world.offered.delete(oldest.value);
}

/**
 * What an external menu offers now. To pick what it has not shown yet, a person opens it, and then types:
 * the driver does the same.
 */
export async function offeredFor(
  world: World,
  person: Person,
  place: Place,
  at: Interactive,
  value: unknown,
): Promise<Option[]> {
  if (!isExternal(at)) return [];
  const held = stateOf(place)[at.block_id]?.[at.action_id];
  const chosen = isFilled(held) ? [held?.selected_option, held?.selected_options].flat().filter(isJson) : [];
  const offered = (): Option[] => [
    ...(world.offered.get(offerKey(person, place, at)) ?? []),
    ...(chosen as unknown as Option[]),
  ];
  const missing = (): string[] =>
    valuesOf(value).filter((one) => !offered().some((option) => option.value === one));
  const found = offered();
  for (const query of ['', ...missing()]) {
    if (missing().every((one) => found.some((option) => option.value === one))) break;
    if (query.length < leastQuery(at)) continue;
    found.push(...(await ask(world, person, place, at, query)).options);
  }
  return found;
}
