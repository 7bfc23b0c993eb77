/** Changes the circumstances: people, groups, and what goes wrong. */
import type { z } from 'zod';
import { groupAsSlack, userAsSlack } from '../api/as-slack.ts';
import type { Methods } from '../api/routes.ts';
import { sendEvent } from '../delivery/events.ts';
import type { Sockets } from '../delivery/sockets.ts';
import type { Fault } from '../faults.ts';
import type { Json } from '../json.ts';
import type { PersonChange } from '../workspace/people.ts';
import type { World } from '../world.ts';
import { personFor, roomIn } from './finding.ts';
import { notThere, wrong } from './refusal.ts';
import type * as schemas from './schemas.ts';

export function people(world: World, { user, set }: z.infer<typeof schemas.people>): { ok: true } {
  const { id } = personFor(world, user);
  const given = Object.entries(set).filter(([, value]) => value !== undefined);
  const person = world.people.change(id, Object.fromEntries(given) as PersonChange);
  world.stream.publish({ type: 'workspace' });
  if (person !== undefined) {
    const event = { type: 'user_change', user: userAsSlack(world, person) };
    void sendEvent(world, 'user_change', { ...event, event_ts: world.messages.nextTs() });
  }
  return { ok: true };
}

/** What an admin, or whoever invites the bot, could do to a channel. */
export function channel(world: World, { channel, set }: z.infer<typeof schemas.channel>): { ok: true } {
  const room = roomIn(world, channel);
  if (room.kind !== 'channel' && room.kind !== 'group') throw wrong('is no channel', 'channel');
  if (set.name !== undefined && (world.channels.named(set.name) ?? room) !== room)
    throw wrong('is the name of another channel', 'set.name');
  if (set.name !== undefined) world.channels.rename(room, set.name);
  if (set.archived !== undefined) room.archived = set.archived;
  if (set.private !== undefined) room.kind = set.private ? 'group' : 'channel';
  if (set.bot_in === true) room.members.add(world.app.botUser);
  if (set.bot_in === false) room.members.delete(world.app.botUser);
  world.stream.publish({ type: 'workspace' });
  return { ok: true };
}

export function usergroup(world: World, call: z.infer<typeof schemas.usergroup>): { ok: true } {
  const group = world.people.group(call.usergroup) ?? world.people.groupCalled(call.usergroup);
  if (group === undefined) throw notThere(`There is no user group ${call.usergroup}.`, 'usergroup');
  group.users = call.users.map((user) => personFor(world, user).id);
  world.stream.publish({ type: 'workspace' });
  const event = { type: 'subteam_updated', subteam: groupAsSlack(world, group, true) };
  void sendEvent(world, 'subteam_updated', { ...event, event_ts: world.messages.nextTs() });
  return { ok: true };
}

const KINDS = ['slash_commands', 'interactive', 'events_api'];
const INTERACTIONS = [
  'block_actions',
  'view_submission',
  'view_closed',
  'shortcut',
  'message_action',
  'block_suggestion',
];

const OF_DELIVERIES: readonly Fault['do'][] = ['delay', 'drop', 'duplicate', 'hang', 'cut', 'lose-answer'];
const OF_METHODS: readonly Fault['do'][] = [...OF_DELIVERIES, 'status', 'error'];

/** Which faults can strike where; nothing for a name that means nothing. */
function possibleOn(world: World, methods: Methods, on: string): readonly Fault['do'][] | undefined {
  if (on === 'socket') return ['cut', 'refresh'];
  if (on === 'http') return ['skew'];
  if (on === 'response_url' || on === 'upload' || on === 'webhook') return ['cut', 'drop', 'status'];
  if (on === 'processing') return ['delay'];
  if (on === '*' || methods[on] !== undefined) return OF_METHODS;
  const events = [...world.manifest.events].map((event) => event.split('.')[0]);
  const deliveries = [...KINDS, ...INTERACTIONS, ...world.manifest.commands.keys(), ...events];
  return deliveries.includes(on) ? OF_DELIVERIES : undefined;
}

export function faults(
  world: World,
  methods: Methods,
  sockets: Sockets | undefined,
  call: z.infer<typeof schemas.faults>,
): Json {
  for (const [i, fault] of (call.set ?? []).entries()) {
    const possible = possibleOn(world, methods, fault.on);
    if (possible === undefined) throw wrong(`nothing is called ${fault.on}`, `set.${i}.on`);
    if (!possible.includes(fault.do)) throw wrong(`can be ${possible.join(', ')} here`, `set.${i}.do`);
    if (fault.on === 'socket' && sockets === undefined) throw wrong('there are no sockets', `set.${i}.on`);
  }
  if (call.clear) world.faults.clear();
  for (const fault of call.set ?? []) {
    if (fault.on !== 'socket') world.faults.add(fault);
    else if (fault.do === 'cut') sockets?.cut();
    else sockets?.refresh(fault.times);
  }
  return { ok: true };
}
