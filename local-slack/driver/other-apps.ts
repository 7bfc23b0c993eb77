/** Another app posts, edits or deletes a message, as monitoring does. */
import type { z } from 'zod';
import { checkContent } from '../api/checked.ts';
import { contentOf } from '../api/content.ts';
import type { Message, Ts } from '../protocol.ts';
import { SlackError } from '../slack-error.ts';
import type { OtherApp } from '../workspace/apps.ts';
import type { Room } from '../workspace/channels.ts';
import { edit, post, remove, withContent } from '../workspace/posting.ts';
import type { World } from '../world.ts';
import { roomIn } from './finding.ts';
import { notThere, wrong } from './refusal.ts';
import type * as schemas from './schemas.ts';

type Call = z.infer<typeof schemas.appMessage>;

export function appMessage(world: World, call: Call): { ok: true; ts: Ts } {
  const room = roomIn(world, call.channel);
  if (room.kind === 'im') throw wrong('another app has no part in a direct message', 'channel');
  if (room.archived) throw wrong('is_archived', 'channel');
  const app = installed(world, call.app);
  if (call.delete_ts !== undefined) {
    remove(world, room, ownMessage(world, room, app, call.delete_ts, 'delete_ts'));
    return { ok: true, ts: call.delete_ts };
  }
  check(world, call);
  if (call.update_ts === undefined) return { ok: true, ts: say(world, room, app, call).ts };
  const message = ownMessage(world, room, app, call.update_ts, 'update_ts');
  const edited = { user: app.userId ?? app.botId, ts: `${Math.floor(world.now() / 1_000)}.000000` };
  edit(world, room, message, { ...withContent(message, contentOf(call)), edited });
  return { ok: true, ts: call.update_ts };
}

function installed(world: World, name: string): OtherApp {
  if (name.toLowerCase() === world.manifest.name.toLowerCase()) {
    throw wrong('is the app under test, which posts for itself', 'app');
  }
  const isNew = !world.apps.isInstalled(name);
  const app = world.apps.named(name);
  if (isNew) world.stream.publish({ type: 'workspace' });
  return app;
}

/** In Slack's own words, at the place where it is wrong. */
function check(world: World, call: Call): void {
  try {
    checkContent(world, call, () => undefined);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const [first] = error.violations;
    throw wrong(error.code, first?.pointer.replace(/^\//, '').replaceAll('/', '.') ?? '');
  }
}

function say(world: World, room: Room, app: OtherApp, call: Call): Message {
  const parent = call.thread_ts === undefined ? undefined : world.messages.get(room.id, call.thread_ts);
  if (call.thread_ts !== undefined && parent === undefined) {
    throw notThere(`There is no message ${call.thread_ts}.`, 'thread_ts');
  }
  return post(world, room, {
    user: app.userId ?? app.botId,
    bot_id: app.botId,
    app_id: app.appId,
    ...contentOf(call),
    ...(parent !== undefined && { thread_ts: parent.thread_ts ?? parent.ts }),
  });
}

function ownMessage(world: World, room: Room, app: OtherApp, at: Ts, path: string): Message {
  const message = world.messages.get(room.id, at);
  if (message === undefined || message.subtype === 'tombstone' || message.bot_id !== app.botId) {
    throw notThere(`There is no message ${at} of ${app.name}.`, path);
  }
  return message;
}
