/** A person submits a modal or closes it, and the app's answer decides what stands there next. */
import type { z } from 'zod';
import { checkedView } from '../api/checked.ts';
import { log } from '../api/routes.ts';
import {
  type Interactive,
  interactiveElements,
  isFilled,
  requiredInputs,
  stateValue,
} from '../block-kit/index.ts';
import { responseUrl, viewClosed, viewSubmission } from '../delivery/payloads.ts';
import { isJson, type Json, textOf } from '../json.ts';
import type { Person, SubmitAnswer, Violation } from '../protocol.ts';
import { SlackError } from '../slack-error.ts';
import { seenBy, showModal } from '../workspace/showing.ts';
import type { OpenView } from '../workspace/views.ts';
import type { World } from '../world.ts';
import { elementIn, hold, modalFor, personFor } from './finding.ts';
import { notThere } from './refusal.ts';
import type * as schemas from './schemas.ts';
import { delivered } from './speaking.ts';
import { isTyped, offeredFor, refuseStrangers, withFiles } from './using.ts';

type Values = z.infer<typeof schemas.submit>['values'];
type Errors = Record<string, string>;

export async function submit(world: World, call: z.infer<typeof schemas.submit>): Promise<SubmitAnswer> {
  const person = personFor(world, call.user);
  const before = modalFor(world, person, call.view_id);
  if (!isJson(before.given.submit)) throw notThere('The modal has nothing to submit with.', 'view_id');
  const { view, errors } = await fill(world, person, before, call.values);
  const wrong = { ...missing(view), ...errors };
  if (Object.keys(wrong).length > 0)
    return { ok: false, ack_ms: 0, errors: wrong, view: seenBy(world, view) };
  const payload = viewSubmission(world, person, view, responsesFor(world, person, view));
  const outcome = await world.courier.deliver('interactive', 'view_submission', payload);
  if (!outcome.ok) return { ...delivered(outcome), ...topOf(world, person) };
  return { ...answered(world, person, view, outcome.payload), ack_ms: outcome.ack_ms };
}

interface Filled {
  at: Interactive;
  state: Json;
}

/** What the person typed stays typed, right or wrong; what they could not have given changes nothing. */
async function fill(
  world: World,
  person: Person,
  start: OpenView,
  values: Values,
): Promise<{ view: OpenView; errors: Errors }> {
  const filled: Filled[] = [];
  const errors: Errors = {};
  for (const [block_id, actions] of Object.entries(values)) {
    for (const [action_id, value] of Object.entries(actions)) {
      const path = `values.${block_id}.${action_id}`;
      const at = elementIn({ view: start }, { block_id, action_id }, path);
      const given = await give(world, person, { view: start }, at, value, path);
      if (typeof given === 'string') errors[block_id] = given;
      else filled.push({ at, state: given });
    }
  }
  for (const { at, state } of filled) {
    hold(world, person, { view: world.views.get(start.id) ?? start }, at, state);
  }
  if (filled.length > 0) showModal(world, person.id);
  return { view: world.views.get(start.id) ?? start, errors };
}

/** The element's new state, or the sentence that stands under it. */
async function give(
  world: World,
  person: Person,
  place: { view: OpenView },
  at: Interactive,
  value: unknown,
  path: string,
): Promise<Json | string> {
  const offered = await offeredFor(world, person, place, at, value);
  const state = stateValue(at.element, value, offered);
  refuseStrangers(world, at, value, path);
  if (state.ok) return withFiles(world, state.value, path);
  if (!isTyped(at)) throw notThere(state.error, path);
  return state.error;
}

function missing(view: OpenView): Errors {
  const empty = requiredInputs({ blocks: view.blocks }).filter(
    ({ block_id, action_id }) => !isFilled(view.values[block_id]?.[action_id]),
  );
  return Object.fromEntries(empty.map(({ block_id }) => [block_id, 'Please complete this required field.']));
}

function responsesFor(world: World, person: Person, view: OpenView): Json[] {
  return interactiveElements(view.blocks).flatMap(({ element, block_id, action_id }) => {
    const state = view.values[block_id]?.[action_id];
    const channel = textOf(state?.selected_conversation) ?? textOf(state?.selected_channel);
    if (element.response_url_enabled !== true || channel === undefined) return [];
    const target = { user: person.id, channel, thread: undefined, original: undefined };
    return [{ block_id, action_id, channel_id: channel, response_url: responseUrl(world, target) }];
  });
}

/** The app's ack says what comes next; without a word the modal closes. */
function answered(
  world: World,
  person: Person,
  view: OpenView,
  payload: unknown,
): Omit<SubmitAnswer, 'ack_ms'> {
  const answer = isJson(payload) ? payload : {};
  const violations: Violation[] = [];
  try {
    const errors = act(world, person, view, answer, (violation) => violations.push(violation));
    if (violations.length > 0) log(world, 'ack', answer, { body: { ok: true } }, violations);
    if (errors !== undefined) return { ok: false, errors, ...topOf(world, person) };
    showModal(world, person.id);
    return { ok: true, ...topOf(world, person) };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const body = { ok: false, error: error.code };
    log(world, 'ack', answer, { body }, [...violations, ...error.violations]);
    const words = 'We had some trouble connecting. Try again?';
    return { ok: false, error: words, code: error.code, ...topOf(world, person) };
  }
}

function act(
  world: World,
  person: Person,
  view: OpenView,
  answer: Json,
  note: (violation: Violation) => void,
): Errors | undefined {
  switch (answer.response_action) {
    case 'errors':
      return checkedErrors(view, answer.errors);
    case 'update': {
      const next = checkedView(world, answer.view, 'modal', note);
      world.views.replace(world.views.get(view.id) ?? view, next);
      return undefined;
    }
    case 'push':
      world.views.push(person.id, checkedView(world, answer.view, 'modal', note));
      return undefined;
    case 'clear':
      world.views.clear(person.id);
      return undefined;
    default:
      world.views.close(view);
      return undefined;
  }
}

/** Errors stand under input blocks of this view, and nowhere else. */
function checkedErrors(view: OpenView, given: unknown): Errors {
  const entries = isJson(given) ? Object.entries(given) : [];
  const inputs = new Set(view.blocks.filter(({ type }) => type === 'input').map(({ block_id }) => block_id));
  const stray = entries.filter(([block, text]) => !inputs.has(block) || typeof text !== 'string');
  if (entries.length > 0 && stray.length === 0) return given as Errors;
  const violations = stray.map(([block]) => ({
    pointer: `/errors/${block}`,
    code: 'invalid_errors',
    message: 'is not an input block of this view',
  }));
  throw new SlackError('invalid_errors', {}, violations);
}

function topOf(world: World, person: Person): Pick<SubmitAnswer, 'view'> {
  const top = world.views.top(person.id);
  return top === undefined ? {} : { view: seenBy(world, top) };
}

export async function close(world: World, call: z.infer<typeof schemas.close>): Promise<{ ok: true }> {
  const person = personFor(world, call.user);
  const view = modalFor(world, person, call.view_id);
  const all = view.given.clear_on_close === true;
  const closed = all ? world.views.clear(person.id) : world.views.close(view);
  showModal(world, person.id);
  const told = closed.filter(({ given }) => given.notify_on_close === true);
  const tell = (one: OpenView): Promise<unknown> =>
    world.courier.deliver('interactive', 'view_closed', viewClosed(world, person, one, all));
  await Promise.all(told.map(tell));
  return { ok: true };
}
