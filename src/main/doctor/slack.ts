/** Whether Slack lets the bot do its work: tokens, scopes, the people and the channels that the policy names. */

import { setTimeout as pause } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { messageOf } from '../../message-of.ts';
import { slackUser } from '../../people/slack-user.ts';
import type { Policy } from '../../policy/policy.ts';
import { rateLimitWait } from '../../slack/rate-limit.ts';
import { slackErrorCode } from '../../slack/slack-error.ts';
import { type Duration, SECOND } from '../../time.ts';
import { channelsIn, groupsIn, peopleIn } from './named.ts';
import { fails, type Row, type Tried, works } from './row.ts';

const INSTALL_AGAIN =
  'add it in the app under OAuth & Permissions (manifest.yml has all), and install the app again';
const MAX_PAUSE: Duration = 60 * SECOND;

/** Asked once more after as long as Slack says: a large team has more people than Slack answers for at once. */
async function asked<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const wait = rateLimitWait(error);
    if (wait === undefined || wait > MAX_PAUSE) throw error;
    await pause(wait);
    return call();
  }
}

async function tried(call: () => Promise<Tried>, remedies: Readonly<Record<string, string>>): Promise<Tried> {
  try {
    return await asked(call);
  } catch (error) {
    const code = slackErrorCode(error);
    if (code === undefined)
      return fails(
        messageOf(error),
        'see whether this machine reaches Slack (SLACK_API_URL, proxy, firewall), and try again',
      );
    const needed = z.object({ data: z.object({ needed: z.string() }) }).safeParse(error).data?.data.needed;
    if (code === 'missing_scope')
      return fails(
        `missing_scope: ${needed ?? 'a scope'}`,
        `the scope ${needed ?? ''} is missing: ${INSTALL_AGAIN}`,
      );
    return fails(code, remedies[code] ?? 'see this word in the documentation of Slack');
  }
}

const TOKEN = 'the "Bot User OAuth Token" of the app, under OAuth & Permissions';

/** The rows, and the workspace where the token is good. */
export async function trySlack(
  client: WebClient,
  wanted: readonly string[],
): Promise<{ rows: Row[]; team?: string }> {
  let team: string | undefined;
  let has: string[] | undefined;
  const token = await tried(
    async () => {
      const answer = await client.auth.test();
      team = answer.team_id;
      has = answer.response_metadata?.scopes;
      return works(`${answer.user ?? 'the bot'} in ${answer.team ?? answer.team_id ?? 'the workspace'}`);
    },
    Object.fromEntries(
      [
        'invalid_auth',
        'not_authed',
        'account_inactive',
        'token_revoked',
        'token_expired',
        'not_allowed_token_type',
      ].map((code) => [code, `SLACK_BOT_TOKEN must be ${TOKEN}`]),
    ),
  );
  const rows: Row[] = [{ part: 'slack', place: 'SLACK_BOT_TOKEN', what: 'the bot token', ...token }];
  if (team === undefined) return { rows };
  rows.push({ part: 'slack', place: 'manifest.yml', what: 'the scopes of the bot', ...scopes(wanted, has) });
  return { rows, team };
}

function scopes(wanted: readonly string[], has: readonly string[] | undefined): Tried {
  if (has === undefined || has.length === 0)
    return {
      result: 'not_tried',
      says: 'Slack did not say which there are',
      remedy: 'compare them with manifest.yml',
    };
  const missing = wanted.filter((scope) => !has.includes(scope));
  if (missing.length === 0) return works(`all ${wanted.length}`);
  return fails(`missing: ${missing.join(', ')}`, INSTALL_AGAIN);
}

/** Asks for the address of a socket and opens none. */
export async function trySocket(client: WebClient): Promise<Row> {
  const remedy =
    'SLACK_APP_TOKEN must be an app-level token with connections:write (Basic Information), and Socket Mode be on';
  const words = [
    'invalid_auth',
    'not_allowed_token_type',
    'not_authed',
    'token_revoked',
    'socket_mode_not_enabled',
    'forbidden',
  ];
  const result = await tried(
    async () => {
      await client.apps.connections.open();
      return works('Socket Mode can connect');
    },
    Object.fromEntries(words.map((word) => [word, remedy])),
  );
  return { part: 'slack', place: 'SLACK_APP_TOKEN', what: 'the app-level token', ...result };
}

/** People, user groups and channels, one after the other. */
export async function tryNamed(client: WebClient, policy: Policy, team: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [id, places] of peopleIn(policy))
    rows.push({ part: 'people', place: places.join(', '), what: id, ...(await person(client, id, team)) });
  for (const [group, places] of groupsIn(policy))
    rows.push({ part: 'people', place: places.join(', '), what: group, ...(await userGroup(client, group)) });
  for (const [id, places] of channelsIn(policy))
    rows.push({ part: 'channels', place: places.join(', '), what: id, ...(await channel(client, id)) });
  return rows;
}

const NOBODY =
  'put the member id of somebody in this workspace there (in their profile: ⋮, "Copy member ID")';

function person(client: WebClient, id: string, team: string): Promise<Tried> {
  return tried(
    async () => {
      const user = slackUser.parse((await client.users.info({ user: id })).user);
      const name = user.profile.display_name || user.real_name || user.name;
      if (user.deleted) return fails(`${name} is deactivated`, 'name somebody else there');
      if (user.is_bot) return fails(`${name} is a bot`, 'name a person there');
      if (user.is_restricted || user.is_ultra_restricted)
        return fails(`${name} is a guest, who may decide nothing`, 'name a full member there');
      if (user.is_stranger || (user.team_id !== undefined && user.team_id !== team))
        return fails(`${name} is of another workspace`, 'name somebody of this workspace there');
      return works(name);
    },
    { user_not_found: NOBODY, user_not_visible: NOBODY },
  );
}

function userGroup(client: WebClient, group: string): Promise<Tried> {
  const remedy = 'name a user group of this workspace there, by its id or as "@handle"';
  return tried(
    async () => {
      const { usergroups = [] } = await client.usergroups.list({ include_users: true });
      const found = usergroups.find(({ id, handle }) => id === group || `@${handle}` === group);
      if (found === undefined) return fails('Slack has no user group of that name', remedy);
      if ((found.users ?? []).length === 0)
        return fails('nobody is in it', 'put somebody into the user group');
      return works(`${found.users?.length} in it`);
    },
    { plan_upgrade_required: 'user groups need a paid plan of Slack: name the people instead' },
  );
}

function channel(client: WebClient, id: string): Promise<Tried> {
  return tried(
    async () => {
      const { channel: found } = await client.conversations.info({ channel: id });
      const name = `#${found?.name ?? id}`;
      if (found?.is_archived === true)
        return fails(`${name} is archived`, 'unarchive it, or name another channel there');
      if (found?.is_member !== true)
        return fails(`the bot is not in ${name}`, `invite it: /invite @gonogo in ${name}`);
      return works(name);
    },
    {
      channel_not_found:
        'no such channel, or a private one without the bot: compare the id at the foot of its details, or /invite @gonogo there',
    },
  );
}
