/** People, channels, messages and files in the shape in which Slack's answers and payloads carry them. */
import type { Json } from '../json.ts';
import type { Message, Person, SlackFile, Usergroup } from '../protocol.ts';
import type { Room } from '../workspace/channels.ts';
import { extensionOf, type StoredFile } from '../workspace/files.ts';
import type { World } from '../world.ts';

export function userAsSlack(world: World, person: Person): Json {
  const email = world.manifest.scopes.has('users:read.email') ? { email: person.email } : {};
  return {
    id: person.id,
    team_id: person.team_id,
    name: person.name,
    deleted: person.deleted,
    color: person.color.slice(1),
    real_name: person.real_name,
    tz: person.tz,
    tz_label: person.tz,
    tz_offset: offsetOf(person.tz, world.now()),
    profile: { ...profileAsSlack(world, person), ...email },
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: person.is_restricted,
    is_ultra_restricted: person.is_ultra_restricted,
    is_bot: person.is_bot,
    is_app_user: false,
    is_email_confirmed: true,
    updated: 1_600_000_000,
  };
}

export function profileAsSlack(world: World, person: Person): Json {
  const [first = '', ...rest] = person.real_name.split(' ');
  return {
    title: person.title ?? '',
    phone: '',
    real_name: person.real_name,
    real_name_normalized: person.real_name,
    display_name: first,
    display_name_normalized: first,
    status_text: '',
    status_emoji: '',
    first_name: first,
    last_name: rest.join(' '),
    team: person.team_id,
    ...(person.is_bot && { ...appIn(world, person), always_active: true }),
  };
}

function appIn(world: World, { id }: Person): Json {
  const other = world.apps.withUser(id);
  return other === undefined
    ? { api_app_id: world.app.appId, bot_id: world.app.botId }
    : { api_app_id: other.appId, bot_id: other.botId };
}

const offsets = new Map<string, { hour: number; seconds: number }>();

/** Seconds east of UTC; asked once an hour per zone, because asking is slow. */
function offsetOf(zone: string, now: number): number {
  const hour = Math.floor(now / 3_600_000);
  const known = offsets.get(zone);
  if (known?.hour === hour) return known.seconds;
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(
    now,
  );
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
  const seconds = Number(`${sign}1`) * (Number(hours) * 3_600 + Number(minutes) * 60);
  offsets.set(zone, { hour, seconds });
  return seconds;
}

export function channelAsSlack(world: World, room: Room): Json {
  if (room.kind === 'im') {
    return {
      id: room.id,
      created: room.created,
      is_im: true,
      is_org_shared: false,
      is_archived: false,
      user: world.channels.partner(room),
      is_user_deleted: world.people.get(world.channels.partner(room) ?? '')?.deleted ?? false,
      context_team_id: world.team.id,
    };
  }
  return {
    id: room.id,
    name: room.name,
    name_normalized: room.name,
    created: room.created,
    creator: world.app.botUser,
    is_channel: room.kind === 'channel',
    is_group: room.kind === 'group',
    is_im: false,
    is_mpim: room.kind === 'mpim',
    is_private: room.kind !== 'channel',
    is_archived: room.archived,
    is_general: room.name === 'general',
    is_shared: false,
    is_org_shared: false,
    is_ext_shared: false,
    is_member: world.channels.hasBot(room),
    context_team_id: world.team.id,
    topic: { value: room.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: room.members.size,
  };
}

export function groupAsSlack(world: World, group: Usergroup, withUsers: boolean): Json {
  return {
    id: group.id,
    team_id: world.team.id,
    is_usergroup: true,
    name: group.name,
    description: '',
    handle: group.handle,
    is_external: false,
    date_create: 1_600_000_000,
    date_update: 1_600_000_000,
    date_delete: 0,
    user_count: group.users.length,
    ...(withUsers && { users: group.users }),
  };
}

/** `metadata` only where the caller asked for it. */
export function messageAsSlack(world: World, message: Message, options: { metadata?: boolean } = {}): Json {
  const { channel, ts, thread_ts, reply_count } = message;
  const parent = thread_ts === undefined ? undefined : world.messages.get(channel, thread_ts);
  const inThread = thread_ts ?? (reply_count ? ts : undefined);
  return {
    type: 'message',
    ...subtypeOf(message),
    ...authorOf(world, message),
    ts,
    text: message.text,
    team: world.team.id,
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
    ...(message.attachments && { attachments: message.attachments }),
    ...(message.files && { files: message.files.map((file) => fileIn(world, file)), upload: false }),
    ...(message.reactions && { reactions: message.reactions }),
    ...(message.edited && { edited: message.edited }),
    ...(inThread !== undefined && { thread_ts: inThread }),
    ...(parent && parent.subtype !== 'bot_message' && { parent_user_id: parent.user }),
    ...(reply_count && {
      reply_count,
      reply_users_count: message.reply_users?.length ?? 0,
      latest_reply: message.latest_reply,
      reply_users: message.reply_users,
      is_locked: false,
      subscribed: false,
    }),
    ...(options.metadata && message.metadata && { metadata: message.metadata }),
  };
}

/** A person, a bot with its user, or an incoming webhook, which is no user but has a name. */
function authorOf(world: World, message: Message): Json {
  const { user, bot_id, app_id = world.app.appId, username, icon_emoji, icon_url } = message;
  if (bot_id === undefined) return { user };
  const bot = { bot_id, app_id };
  if (message.subtype !== 'bot_message') return { user, ...bot, bot_profile: botProfile(world, bot_id) };
  const icons = {
    ...(icon_emoji !== undefined && { emoji: icon_emoji }),
    ...(icon_url !== undefined && { image_48: icon_url }),
  };
  return { ...bot, username, ...(Object.keys(icons).length > 0 && { icons }) };
}

function subtypeOf({ subtype, broadcast }: Message): Json {
  if (subtype === 'tombstone') return { subtype, hidden: true };
  if (subtype === 'bot_message') return { subtype };
  return broadcast ? { subtype: 'thread_broadcast' } : {};
}

/** Of any app in the workspace. */
export function botProfile(world: World, botId: string): Json {
  const other = world.apps.get(botId);
  return {
    id: botId,
    app_id: other?.appId ?? world.app.appId,
    name: other?.name ?? world.manifest.name,
    deleted: false,
    updated: 1_600_000_000,
    team_id: world.team.id,
  };
}

function fileIn(world: World, { id }: SlackFile): Json {
  const stored = world.files.get(id);
  return stored === undefined ? { id, mode: 'tombstone' } : fileAsSlack(world, stored);
}

export function fileAsSlack(world: World, file: StoredFile): Json {
  const type = extensionOf(file.name);
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title ?? file.name,
    mimetype: file.mimetype,
    filetype: type,
    pretty_type: type.toUpperCase(),
    user: file.user,
    user_team: world.team.id,
    editable: false,
    size: file.size,
    mode: 'hosted',
    is_external: false,
    external_type: '',
    is_public: [...file.channels].some((id) => world.channels.get(id)?.kind === 'channel'),
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: file.url_private,
    url_private_download: `${file.url_private}?download=1`,
    ...(file.alt_text !== undefined && { alt_txt: file.alt_text }),
    permalink: `https://${world.team.domain}.slack.com/files/${file.user}/${file.id}/${encodeURIComponent(file.name)}`,
    channels: [...file.channels],
    groups: [],
    ims: [],
    file_access: 'visible',
  };
}
