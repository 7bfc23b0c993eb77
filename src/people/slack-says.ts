/** What Slack says of people and user groups, and what it said before: kept, for when it does not answer or was just asked. */

import { z } from 'zod';
import type { PeopleCache } from '../conductor/ports/people-cache.ts';
import type { Log } from '../log.ts';
import type { Clock, Duration, Instant } from '../time.ts';
import { createSaidLately } from './said-lately.ts';
import { type SlackUser, slackUser } from './slack-user.ts';

export interface SlackSaysOptions {
  /** Slack's answer about a user, unchecked; undefined where there is no such user. */
  lookUp(userId: string): Promise<unknown>;
  /** The ids of a user group's people. */
  groupMembers(usergroup: string): Promise<string[]>;
  cache: PeopleCache;
  clock: Pick<Clock, 'now'>;
  log: Log;
}

export interface SlackSays {
  /** Now; rejects where it does not say. */
  user(userId: string): Promise<SlackUser | undefined>;
  group(usergroup: string): Promise<string[]>;
  /** Before, whenever that was; undefined where nothing is kept, or cannot be read just now. */
  userBefore(userId: string): Promise<{ user: SlackUser; at: Instant } | undefined>;
  /** Before, as far as that is good enough; nobody where it is not. */
  groupBefore(usergroup: string, lasts: Duration): Promise<string[]>;
  /** Whether it was asked so lately of all of these. */
  isRecent(of: { users: readonly string[]; groups: readonly string[] }, lasts: Duration): Promise<boolean>;
}

export function createSlackSays({ lookUp, groupMembers, cache, clock, log }: SlackSaysOptions): SlackSays {
  const lately = createSaidLately(clock);

  /** Nobody waits for the cache or is refused because of it: the database may be locked just now. */
  function keep(key: string, said: unknown): void {
    cache.put(key, said, clock.now()).catch((error: unknown) => {
      lately.forget(key);
      log.warn({ err: error, key }, 'what Slack said of people was not kept');
    });
  }

  async function keptAs(key: string): ReturnType<PeopleCache['get']> {
    try {
      return await cache.get(key);
    } catch (error) {
      log.warn({ err: error, key }, 'what was known of people could not be read');
      return undefined;
    }
  }

  async function keptWithin(key: string, lasts: Duration): ReturnType<PeopleCache['get']> {
    const kept = await keptAs(key);
    return kept !== undefined && clock.now() - kept.fetchedAt < lasts ? kept : undefined;
  }

  return {
    async user(userId) {
      const answer = await lookUp(userId);
      if (answer === undefined) return undefined;
      const user = slackUser.parse(answer);
      if (lately.add(userId, user)) keep(userId, user);
      return user;
    },
    async group(usergroup) {
      const members = await groupMembers(usergroup);
      keep(groupKey(usergroup), members);
      return members;
    },
    async userBefore(userId) {
      const said = lately.of(userId);
      if (said !== undefined) return said;
      const kept = await keptAs(userId);
      const user = slackUser.safeParse(kept?.json).data;
      return user && kept && { user, at: kept.fetchedAt };
    },
    async groupBefore(usergroup, lasts) {
      return members.safeParse((await keptWithin(groupKey(usergroup), lasts))?.json).data ?? [];
    },
    async isRecent({ users, groups }, lasts) {
      const keys = [...users, ...groups.map(groupKey)];
      const kept = await Promise.all(keys.map((key) => keptWithin(key, lasts)));
      return kept.every((one) => one !== undefined);
    },
  };
}

const members = z.array(z.string());

/** In the cache beside people, whose ids hold no colon. */
function groupKey(usergroup: string): string {
  return `group:${usergroup}`;
}
