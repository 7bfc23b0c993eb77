/** The payloads of commands and interactions, in the shape in which Slack sends them. */
import { messageAsSlack } from '../api/as-slack.ts';
import type { Json } from '../json.ts';
import type { Message, Person, Ts } from '../protocol.ts';
import type { Room } from '../workspace/channels.ts';
import { asSent, type OpenView } from '../workspace/views.ts';
import type { World } from '../world.ts';
import type { ResponseTarget } from './response-urls.ts';

/** What apps are told of where it happened; the names of private places stay private. */
function channelIn(room: Room): { id: string; name: string } {
  const name = { channel: room.name, group: 'privategroup', mpim: room.name, im: 'directmessage' }[room.kind];
  return { id: room.id, name };
}

export function responseUrl(world: World, target: ResponseTarget): string {
  return `${world.origin}/response/${world.team.id}/${world.responseUrls.issue(target)}`;
}

export const viewIn = (world: World, view: OpenView): Json =>
  asSent(view, { team: world.team.id, app: world.app.appId, bot: world.app.botId });

export function commandPayload(
  world: World,
  person: Person,
  room: Room,
  { command, text }: { command: string; text: string },
): Json {
  const { id, name } = channelIn(room);
  return {
    token: world.app.verification,
    team_id: world.team.id,
    team_domain: world.team.domain,
    channel_id: id,
    channel_name: name,
    user_id: person.id,
    user_name: person.name,
    command,
    text,
    api_app_id: world.app.appId,
    is_enterprise_install: 'false',
    response_url: responseUrl(world, {
      user: person.id,
      channel: room.id,
      thread: undefined,
      original: undefined,
    }),
    trigger_id: world.triggers.issue({ user: person.id, channel: room.id, view: undefined }),
  };
}

const everyInteraction = (world: World, person: Person): Json => ({
  team: { id: world.team.id, domain: world.team.domain },
  user: { id: person.id, username: person.name, name: person.name, team_id: person.team_id },
  api_app_id: world.app.appId,
  token: world.app.verification,
  enterprise: null,
  is_enterprise_install: false,
});

/** Where an element stands: in a message that its person sees, or in a view that they have open. */
export type Place = { message: Message; room: Room; state: Json } | { view: OpenView };

function containerOf(place: Place): Json {
  if ('view' in place) return { type: 'view', view_id: place.view.id };
  const { message, room } = place;
  return {
    type: 'message',
    message_ts: message.ts,
    channel_id: room.id,
    is_ephemeral: message.ephemeral !== undefined,
    ...(message.thread_ts !== undefined && { thread_ts: message.thread_ts }),
  };
}

/** Of an ephemeral message Slack sends no more than where it stood. */
function surroundings(world: World, place: Place): Json {
  if ('view' in place) return { view: viewIn(world, place.view) };
  const message = place.message.ephemeral === undefined ? messageAsSlack(world, place.message) : undefined;
  return { channel: channelIn(place.room), ...(message && { message }) };
}

function trigger(world: World, person: Person, place: Place): string {
  const [channel, view] = 'view' in place ? [place.view.origin, place.view.id] : [place.room.id, undefined];
  return world.triggers.issue({ user: person.id, channel, view });
}

export function blockActions(world: World, person: Person, place: Place, actions: readonly Json[]): Json {
  return {
    type: 'block_actions',
    ...everyInteraction(world, person),
    container: containerOf(place),
    trigger_id: trigger(world, person, place),
    ...surroundings(world, place),
    ...('view' in place
      ? {}
      : { state: { values: place.state }, response_url: responseUrl(world, answering(person, place)) }),
    actions,
  };
}

const answering = (person: Person, { message, room }: { message: Message; room: Room }): ResponseTarget => ({
  user: person.id,
  channel: room.id,
  thread: message.thread_ts,
  original: message.ts,
});

export function blockSuggestion(
  world: World,
  person: Person,
  place: Place,
  asked: { action_id: string; block_id: string; value: string },
): Json {
  return {
    type: 'block_suggestion',
    ...everyInteraction(world, person),
    container: containerOf(place),
    ...asked,
    ...surroundings(world, place),
  };
}

export function viewSubmission(
  world: World,
  person: Person,
  view: OpenView,
  responses: readonly Json[],
): Json {
  return {
    type: 'view_submission',
    ...everyInteraction(world, person),
    trigger_id: trigger(world, person, { view }),
    view: viewIn(world, view),
    response_urls: responses,
  };
}

export function viewClosed(world: World, person: Person, view: OpenView, isCleared: boolean): Json {
  return {
    type: 'view_closed',
    ...everyInteraction(world, person),
    view: viewIn(world, view),
    is_cleared: isCleared,
  };
}

export function globalShortcut(world: World, person: Person, callbackId: string, actionTs: Ts): Json {
  return {
    type: 'shortcut',
    ...everyInteraction(world, person),
    action_ts: actionTs,
    callback_id: callbackId,
    trigger_id: world.triggers.issue({ user: person.id, channel: undefined, view: undefined }),
  };
}

export function messageShortcut(
  world: World,
  person: Person,
  { message, room }: { message: Message; room: Room },
  { callbackId, actionTs }: { callbackId: string; actionTs: Ts },
): Json {
  return {
    type: 'message_action',
    ...everyInteraction(world, person),
    action_ts: actionTs,
    channel: channelIn(room),
    callback_id: callbackId,
    trigger_id: world.triggers.issue({ user: person.id, channel: room.id, view: undefined }),
    response_url: responseUrl(world, answering(person, { message, room })),
    message_ts: message.ts,
    message: messageAsSlack(world, message),
  };
}
