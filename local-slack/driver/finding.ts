/** Finds what a driver's call names, as far as its person can see it. */
import { type Interactive, initialState, interactiveElements } from '../block-kit/index.ts';
import type { Place } from '../delivery/payloads.ts';
import type { Json } from '../json.ts';
import type { Message, Person } from '../protocol.ts';
import type { Room } from '../workspace/channels.ts';
import type { OpenView, StateValues } from '../workspace/views.ts';
import type { World } from '../world.ts';
import { notThere, wrong } from './refusal.ts';

export function personFor(world: World, user: string): Person {
  const person = world.people.find(user);
  if (person === undefined) throw notThere(`There is no person ${user}.`, 'user');
  return person;
}

/** A channel by id or name, or `dm:U…:bot`. */
export function roomIn(world: World, channel: string): Room {
  const dm = /^dm:([^:]+)(?::bot)?$/.exec(channel)?.[1];
  if (dm !== undefined) return world.channels.dm(personFor(world, dm).id);
  const room = world.channels.get(channel) ?? world.channels.named(channel);
  if (room === undefined) throw notThere(`There is no channel ${channel}.`, 'channel');
  return room;
}

export function roomFor(world: World, person: Person, channel: string): Room {
  const room = roomIn(world, channel);
  if (!world.channels.isVisible(room, person)) {
    throw notThere(`${person.name} does not see ${room.name || 'this direct message'}.`, 'channel');
  }
  return room;
}

export function messageFor(world: World, person: Person, room: Room, ts: string, path = 'ts'): Message {
  const message = world.messages.get(room.id, ts);
  const isShown = message !== undefined && (message.ephemeral ?? person.id) === person.id;
  if (!isShown) throw notThere(`There is no message ${ts} that ${person.name} sees.`, path);
  return message;
}

/** Only what is on top can be used. */
export function modalFor(world: World, person: Person, id: string): OpenView {
  const top = world.views.top(person.id);
  if (top === undefined || top.id !== id) {
    throw notThere(`The modal ${id} is not what ${person.name} has before them.`, 'view_id');
  }
  return top;
}

export interface Somewhere {
  view_id?: string | undefined;
  channel?: string | undefined;
  ts?: string | undefined;
}

export function placeFor(world: World, person: Person, at: Somewhere): Place {
  if (at.view_id !== undefined) {
    const home = world.views.home(person.id);
    return { view: home?.id === at.view_id ? home : modalFor(world, person, at.view_id) };
  }
  if (at.channel === undefined || at.ts === undefined) throw wrong('give channel and ts', 'channel');
  const room = roomFor(world, person, at.channel);
  const message = messageFor(world, person, room, at.ts);
  return { message, room, state: heldIn(world, person, message) };
}

const blocksOf = (place: Place): readonly Json[] =>
  'view' in place ? place.view.blocks : place.message.blocks;

export const stateOf = (place: Place): StateValues =>
  'view' in place ? place.view.values : (place.state as StateValues);

const keyOf = (person: Person, { channel, ts }: Message): string => `${person.id} ${channel} ${ts}`;

/** What a person set in a message's menus is theirs alone. */
function heldIn(world: World, person: Person, message: Message): StateValues {
  const values = initialState(message.blocks);
  const held = world.inputs.get(keyOf(person, message)) ?? {};
  for (const [block, actions] of Object.entries(values)) {
    for (const [action, state] of Object.entries(actions)) {
      const kept = held[block]?.[action];
      if (kept !== undefined && kept.type === state.type) actions[action] = kept;
    }
  }
  return values;
}

const REMEMBERED = 5_000;

export function hold(world: World, person: Person, place: Place, at: Interactive, state: Json): Place {
  const { block_id, action_id } = at;
  if ('view' in place) return { view: world.views.fill(place.view, block_id, action_id, state) };
  const values = { ...stateOf(place), [block_id]: { ...stateOf(place)[block_id], [action_id]: state } };
  world.inputs.set(keyOf(person, place.message), values);
  const oldest = world.inputs.keys().next();
  if (world.inputs.size > REMEMBERED && !oldest.done) world.inputs.delete(oldest.value);
  return { ...place, state: values };
}

/** The one element that is meant; a value tells buttons with the same action apart. */
export function elementIn(
  place: Place,
  named: { action_id: string; block_id?: string | undefined },
  path: string,
  value?: unknown,
): Interactive {
  const found = interactiveElements(blocksOf(place)).filter(
    (one) =>
      one.action_id === named.action_id && (named.block_id === undefined || one.block_id === named.block_id),
  );
  const [only, ...more] = found;
  if (only === undefined) throw notThere(`There is no ${named.action_id} here.`, path);
  if (more.length === 0) return only;
  const [meant, ...others] = found.filter(({ element }) => value !== undefined && element.value === value);
  if (meant !== undefined && others.length === 0) return meant;
  throw wrong(`${found.length} elements are called ${named.action_id}: give the block_id too`, 'block_id');
}
