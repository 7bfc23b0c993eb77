/** What a person sees, and what only the driver sees: the calls and deliveries between the app and Slack. */
import type { z } from 'zod';
import { webhookAddress } from '../api/incoming-webhooks.ts';
import { sendEvent } from '../delivery/events.ts';
import { viewIn } from '../delivery/payloads.ts';
import type { Call, Channel, Message, Person, View, Workspace } from '../protocol.ts';
import type { Room } from '../workspace/channels.ts';
import { isBefore, placeOf } from '../workspace/messages.ts';
import { seenBy } from '../workspace/showing.ts';
import type { World } from '../world.ts';
import { personFor, roomFor, roomIn } from './finding.ts';
import { notThere } from './refusal.ts';
import type * as schemas from './schemas.ts';

export function workspace(world: World): Workspace {
  const { app, manifest, people, channels } = world;
  const everyone = people.all();
  return {
    team: world.team,
    api: `${world.origin}/api/`,
    bot: {
      user_id: app.botUser,
      bot_id: app.botId,
      app_id: app.appId,
      name: manifest.name,
      token: app.token,
      app_token: app.appToken,
      signing_secret: app.signingSecret,
    },
    users: everyone,
    channels: channels.all().map((room) => channelSeen(room, everyone)),
    usergroups: people.groups(),
    commands: [...manifest.commands.values()].map(({ command, description, usage_hint }) => ({
      command,
      description,
      ...(usage_hint !== undefined && { usage_hint }),
    })),
    shortcuts: [...manifest.shortcuts.values()],
    webhooks: channels.all().map((room) => {
      const hook = world.apps.webhookOf(room.id);
      return { url: webhookAddress(world, hook), channel: room.name, app: hook.app.name };
    }),
    apps: world.apps.all().map(({ appId, botId, userId = '', name }) => ({
      app_id: appId,
      bot_id: botId,
      user_id: userId,
      name,
    })),
    dms: everyone.filter(({ is_bot }) => !is_bot).map(({ id }) => ({ id: channels.dm(id).id, user: id })),
    clock: { now: world.now(), speed: world.speed },
    connected: world.courier.isConnected(),
  };
}

function channelSeen({ id, name, topic, kind, members }: Room, everyone: readonly { id: string }[]): Channel {
  const outside = everyone.filter((person) => !members.has(person.id)).map((person) => person.id);
  return {
    id,
    name,
    ...(topic !== '' && { topic }),
    is_private: kind !== 'channel',
    members: outside.length < members.size ? { all_but: outside } : { only: [...members] },
  };
}

/** Without a thread, what stands in the channel itself: replies only where they were broadcast. */
export function messages(world: World, query: z.infer<typeof schemas.messages>): { messages: Message[] } {
  const person = query.user === undefined ? undefined : personFor(world, query.user);
  const room = person ? roomFor(world, person, query.channel) : roomIn(world, query.channel);
  const { thread_ts, since = '0.000000', before = '99999999999.000000', limit } = query;
  const log = world.messages;
  if (thread_ts !== undefined && log.get(room.id, thread_ts) === undefined) {
    throw notThere(`There is no message ${thread_ts}.`, 'thread_ts');
  }
  const list =
    thread_ts === undefined ? log.timeline(room.id) : [thread_ts, ...log.replies(room.id, thread_ts)];
  const place = placeOf(list, since);
  const [from, until] = [list[place] === since ? place + 1 : place, placeOf(list, before)];
  const standing = log.resolve(room.id, list.slice(Math.max(from, until - limit), until));
  const whispered = person === undefined ? [] : log.ephemerals(room.id, person.id);
  const heard = whispered.filter(
    ({ ts, ...one }) => one.thread_ts === thread_ts && isBefore(since, ts) && isBefore(ts, before),
  );
  if (heard.length === 0) return { messages: standing };
  const merged = [...standing, ...heard].sort((a, b) => (isBefore(a.ts, b.ts) ? -1 : 1));
  return { messages: merged.slice(-limit) };
}

export function calls(
  world: World,
  { since, method, only }: z.infer<typeof schemas.calls>,
): { calls: Call[] } {
  const made = world.calls.since(since).filter((call) => method === undefined || call.method === method);
  const isWrong = ({ ok, violations }: Call): boolean => !ok || violations.length > 0;
  return { calls: only === undefined ? made : made.filter(isWrong) };
}

export function view(world: World, user: string): { view: View | null } {
  const top = world.views.top(personFor(world, user).id);
  return { view: top === undefined ? null : seenBy(world, top) };
}

/** An app publishes after it acked: with nothing to show yet, or on request, this waits for that. */
const PUBLISH_WITHIN_MS = 3_000;

export async function home(
  world: World,
  query: z.infer<typeof schemas.home>,
): Promise<{ view: View | null }> {
  const person = personFor(world, query.user);
  const before = world.views.home(person.id);
  const published = nextHome(world, person);
  const outcome = await openHome(world, person);
  const waits = outcome?.ok === true && (query.wait === '1' || before === undefined);
  if (waits) await published.orTimeout();
  published.stop();
  const now = world.views.home(person.id);
  return { view: now === undefined ? null : seenBy(world, now) };
}

function openHome(world: World, person: Person): ReturnType<typeof sendEvent> {
  const before = world.views.home(person.id);
  return sendEvent(world, 'app_home_opened', {
    type: 'app_home_opened',
    user: person.id,
    channel: world.channels.dm(person.id).id,
    tab: 'home',
    ...(before && { view: viewIn(world, before) }),
    event_ts: world.messages.nextTs(),
  });
}

function nextHome(world: World, person: Person): { orTimeout(): Promise<void>; stop(): void } {
  let arrived = (): void => undefined;
  const home = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const stop = world.stream.listen(({ event }) => {
    if (event.type === 'home' && event.user === person.id) arrived();
  });
  return {
    stop,
    async orTimeout() {
      const timer = world.timers.setTimeout(arrived, PUBLISH_WITHIN_MS);
      await home;
      world.timers.clearTimeout(timer);
    },
  };
}
