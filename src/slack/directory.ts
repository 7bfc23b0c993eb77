/** What Slack says about people and their groups, as it says it; who reads it checks it. */

import type { WebClient } from '@slack/web-api';
import { slackErrorCode } from './slack-error.ts';

export interface Directory {
  /** Undefined where Slack has no such user. */
  lookUp(userId: string): Promise<unknown>;
  /** A group by its id (`S…`) or handle (`@ops`). */
  groupMembers(usergroup: string): Promise<string[]>;
  teamId(): string | undefined;
  /** Where the workspace is in a browser. */
  teamUrl(): string | undefined;
  /** By which the bot's own messages are known. */
  botId(): string | undefined;
  /** Asks who the bot itself is; call it before the first delivery. */
  introduce(): Promise<void>;
}

/** `usergroups.users.list` allows 20 calls a minute: a group is asked for again after this long. */
const GROUPS_LAST_MS = 30_000;

export function createDirectory(client: WebClient): Directory {
  const groups = new Map<string, { members: Promise<string[]>; at: number }>();
  let team: string | undefined;
  let url: string | undefined;
  let bot: string | undefined;

  async function groupId(usergroup: string): Promise<string> {
    if (/^S[A-Z0-9]+$/.test(usergroup)) return usergroup;
    const handle = usergroup.replace(/^@/, '');
    const { usergroups = [] } = await client.usergroups.list({});
    const id = usergroups.find((group) => group.handle === handle)?.id;
    if (id === undefined) throw new Error(`Slack has no user group ${usergroup}`);
    return id;
  }

  async function fetchMembers(usergroup: string): Promise<string[]> {
    const { users = [] } = await client.usergroups.users.list({ usergroup: await groupId(usergroup) });
    return users;
  }

  return {
    async lookUp(userId) {
      try {
        return (await client.users.info({ user: userId })).user;
      } catch (error) {
        if (slackErrorCode(error) === 'user_not_found') return undefined;
        throw error;
      }
    },
    async groupMembers(usergroup) {
      const kept = groups.get(usergroup);
      if (kept && performance.now() - kept.at < GROUPS_LAST_MS) return kept.members;
      const members = fetchMembers(usergroup);
      groups.set(usergroup, { members, at: performance.now() });
      // A failed look-up is not worth keeping: the next click asks again.
      members.catch(() => groups.delete(usergroup));
      return members;
    },
    teamId: () => team,
    teamUrl: () => url,
    botId: () => bot,
    async introduce() {
      const { team_id, url: own, bot_id } = await client.auth.test();
      team = team_id;
      url = own;
      bot = bot_id;
    },
  };
}
