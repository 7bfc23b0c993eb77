/** Events: which ones the app subscribed to and may see, and the wrapper they come in. */
import { secret } from '../ids.ts';
import type { Json } from '../json.ts';
import type { Room } from '../workspace/channels.ts';
import type { World } from '../world.ts';
import type { Outcome } from './courier.ts';

/** What an event's subscription needs; an event that is not here needs nothing. */
const SCOPE_OF: Readonly<Record<string, string>> = {
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  'message.im': 'im:history',
  'message.mpim': 'mpim:history',
  app_mention: 'app_mentions:read',
  user_change: 'users:read',
  team_join: 'users:read',
  file_shared: 'files:read',
  reaction_added: 'reactions:read',
  member_joined_channel: 'channels:read',
  subteam_updated: 'usergroups:read',
};

export const MESSAGES_OF = {
  channel: 'message.channels',
  group: 'message.groups',
  im: 'message.im',
  mpim: 'message.mpim',
} as const satisfies Record<Room['kind'], string>;

function isSubscribed(world: World, subscription: string): boolean {
  const scope = SCOPE_OF[subscription];
  const { events, scopes } = world.manifest;
  return events.has(subscription) && (scope === undefined || scopes.has(scope));
}

/** Sends an event if the app gets it; answers what became of the first try, or nothing if it does not. */
export async function sendEvent(
  world: World,
  subscription: string,
  event: Json & { type: string },
): Promise<Outcome | undefined> {
  if (!isSubscribed(world, subscription)) return undefined;
  return world.courier.event(event.type, wrapped(world, event));
}

function wrapped(world: World, event: Json): Json {
  const seconds = Math.floor(world.now() / 1_000);
  return {
    token: world.app.verification,
    team_id: world.team.id,
    context_team_id: world.team.id,
    context_enterprise_id: null,
    api_app_id: world.app.appId,
    event,
    type: 'event_callback',
    event_id: world.newId('Ev'),
    event_time: seconds,
    authorizations: [
      {
        enterprise_id: null,
        team_id: world.team.id,
        user_id: world.app.botUser,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${secret(8)}`,
  };
}
