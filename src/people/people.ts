/** Who is this Slack user, and which roles do they hold now? Fails closed: a failed look-up is a no. */

import { z } from 'zod';
import { within } from '../conductor/deadline.ts';
import type { PeopleCache } from '../conductor/ports/people-cache.ts';
import type { Log } from '../log.ts';
import type { Gone, Signer } from '../policy/calendar/blockers.ts';
import type { OnCallPlace } from '../policy/on-call.ts';
import type { Policy, Role } from '../policy/policy.ts';
import type { PersonRef } from '../terms/person.ts';
import { type Clock, DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from '../time.ts';

/** What is read of Slack's `users.info`. */
export const slackUser = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  name: z.string().default(''),
  real_name: z.string().optional(),
  deleted: z.boolean().default(false),
  is_bot: z.boolean().default(false),
  is_restricted: z.boolean().default(false),
  is_ultra_restricted: z.boolean().default(false),
  is_stranger: z.boolean().default(false),
  tz: z.string().optional(),
  profile: z.object({ display_name: z.string().optional(), real_name: z.string().optional() }).default({}),
});

export type SlackUser = z.infer<typeof slackUser>;

export interface Known extends PersonRef {
  /** IANA zone; the team's where Slack names none. */
  tz: string;
}

export type Resolved =
  | { ok: true; person: Known; roles: readonly string[] }
  | {
      ok: false;
      why: Gone['why'];
      message: string;
    };

export interface PeopleOptions {
  /** Slack's answer about a user, unchecked; undefined where there is no such user. */
  lookUp(userId: string): Promise<unknown>;
  /** The ids of a user group's people. */
  groupMembers(usergroup: string): Promise<string[]>;
  policy(): Policy;
  /** As who fills a role for a service is found in it, and who is on call in a place. */
  roleAt(service: string, role: string): Role | undefined;
  onCallAt(place: OnCallPlace, at: Instant): { person?: string; usergroup?: string };
  cache: PeopleCache;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** Our own workspace: people of another one are guests of a shared channel. */
  teamId(): string | undefined;
}

export interface People {
  /** For a decision: asks Slack afresh. */
  resolve(userId: string): Promise<Resolved>;
  /**
   * For a rollback that must not wait for Slack (RB-1): whom the file names, and what Slack said within the last day.
   * Refused only where it is known that they may not take part.
   */
  remembered(userId: string): Promise<Resolved>;
  /**
   * For what a form offers: what Slack said in the last minute is good enough; undefined where it does not say in time.
   * Whether it is allowed is asked afresh when the form is sent.
   */
  forForms(userId: string): Promise<Resolved | undefined>;
  /**
   * Why somebody may not even look (guests, people of other workspaces, who has left); undefined where they may. What Slack
   * said in the last minutes is good enough, and what it said last where it does not answer.
   */
  refusesToShow(userId: string): Promise<string | undefined>;
  /**
   * Why nothing may be sent to somebody: a guest, or of another workspace. What Slack said in the last hour is good
   * enough, and what it said last where it does not answer; throws where nobody knows anything of them.
   */
  mayNotRead(userId: string): Promise<'guest' | 'foreign' | undefined>;
  /** For showing a name or reading a time: what is known is good enough. */
  known(userId: string): Promise<Known>;
  /**
   * Why somebody who was named cannot take part any more; undefined where they can. Where Slack does not answer, what
   * it said last counts.
   */
  gone(userId: string): Promise<Gone['why'] | undefined>;
  /** The roles of somebody whose go is about to count: Slack's own word of now, in time, or that nobody knows (CH-7). */
  signer(userId: string): Promise<Signer>;
  /** Who holds a role for a service now, by name. */
  inRole(role: string, service: string): Promise<PersonRef[]>;
  /** The id of who is on call in a place at a time: of a user group, the first; throws where Slack does not say. */
  onCall(place: OnCallPlace, at: Instant): Promise<string | undefined>;
}

const NAMES_LAST: Duration = DAY;
/** Roles by user group that count while Slack does not answer. */
const ROLES_LAST: Duration = DAY;
const MAY_LOOK_LASTS: Duration = 5 * MINUTE;
const MAY_BE_TOLD_LASTS: Duration = HOUR;
/** A form is drawn anew at each choice. */
const FORMS_LAST: Duration = MINUTE;
/** A suggestion or a modal waits for it. */
const SAYS_WITHIN: Duration = SECOND;

/** A start waits for it, and others behind it. */
const SIGNERS_WITHIN: Duration = 5 * SECOND;

export function createPeople(options: PeopleOptions): People {
  async function fetchUser(userId: string): Promise<SlackUser | undefined> {
    const answer = await options.lookUp(userId);
    if (answer === undefined) return undefined;
    const user = slackUser.parse(answer);
    keep(userId, user);
    return user;
  }

  /** Nobody waits for the cache or is refused because of it: the database may be locked just now. */
  function keep(key: string, said: unknown): void {
    options.cache.put(key, said, options.clock.now()).catch((error: unknown) => {
      options.log.warn({ err: error, key }, 'what Slack said of people was not kept');
    });
  }

  async function rolesOf(userId: string): Promise<string[]> {
    const held: string[] = [];
    for (const role of heldRoles(options.policy())) {
      if (role.members.includes(userId)) held.push(role.id);
      else if ((await groupPeople(role)).includes(userId)) held.push(role.id);
    }
    return held;
  }

  async function groupPeople({ usergroups }: Role): Promise<string[]> {
    return (await Promise.all(usergroups.map(groupAsked))).flat();
  }

  async function groupAsked(usergroup: string): Promise<string[]> {
    const members = await options.groupMembers(usergroup);
    keep(groupKey(usergroup), members);
    return members;
  }

  /** Nothing where the cache itself cannot be read just now. */
  async function keptAs(key: string): ReturnType<PeopleCache['get']> {
    try {
      return await options.cache.get(key);
    } catch (error) {
      options.log.warn({ err: error, key }, 'what was known of people could not be read');
      return undefined;
    }
  }

  async function groupRemembered(usergroup: string): Promise<string[]> {
    const kept = await keptAs(groupKey(usergroup));
    if (kept === undefined || options.clock.now() - kept.fetchedAt >= ROLES_LAST) return [];
    return groupMembers.safeParse(kept.json).data ?? [];
  }

  async function remembered(userId: string): Promise<Resolved> {
    const user = slackUser.safeParse((await keptAs(userId))?.json).data;
    const refusal = user && whyNot(user, options.teamId());
    if (refusal !== undefined) return refusal;
    const held: string[] = [];
    for (const { id, members, usergroups } of heldRoles(options.policy())) {
      const groups = members.includes(userId) ? [] : await Promise.all(usergroups.map(groupRemembered));
      if (members.includes(userId) || groups.flat().includes(userId)) held.push(id);
    }
    const person = user ? asKnown(user) : { id: userId, name: userId, tz: options.policy().timeZone };
    return { ok: true, person, roles: held };
  }

  const asKnown = (user: SlackUser): Known => ({
    id: user.id,
    name: user.profile.display_name || user.real_name || user.profile.real_name || user.name || user.id,
    tz: user.tz ?? options.policy().timeZone,
  });

  async function known(userId: string): Promise<Known> {
    const cached = await options.cache.get(userId);
    const fresh = cached !== undefined && options.clock.now() - cached.fetchedAt < NAMES_LAST;
    const remembered = slackUser.safeParse(cached?.json).data;
    if (remembered && fresh) return asKnown(remembered);
    try {
      const user = await fetchUser(userId);
      if (user) return asKnown(user);
    } catch (error) {
      options.log.warn(
        { err: error, user: userId },
        'a name could not be looked up; an older one or the id is shown',
      );
      if (remembered) return asKnown(remembered);
    }
    return { id: userId, name: userId, tz: options.policy().timeZone };
  }

  async function gone(userId: string): Promise<Gone['why'] | undefined> {
    try {
      const user = await fetchUser(userId);
      return user === undefined ? 'unknown' : whyNot(user, options.teamId())?.why;
    } catch (error) {
      options.log.warn(
        { err: error, user: userId },
        'whether a person is still there could not be asked; what was last known counts',
      );
      const remembered = slackUser.safeParse((await options.cache.get(userId))?.json).data;
      return remembered === undefined ? 'unreachable' : whyNot(remembered, options.teamId())?.why;
    }
  }

  async function refusesToShow(userId: string): Promise<string | undefined> {
    return (await refusalOf(userId, MAY_LOOK_LASTS))?.message;
  }

  async function refusalOf(userId: string, lasts: Duration): Promise<Refusal | undefined> {
    const cached = await options.cache.get(userId);
    const remembered = slackUser.safeParse(cached?.json).data;
    const fresh = cached !== undefined && options.clock.now() - cached.fetchedAt < lasts;
    // Whoever was refused may be back by now: a no is asked for again.
    if (remembered && fresh && whyNot(remembered, options.teamId()) === undefined) return undefined;
    try {
      const user = await within(SAYS_WITHIN, 'Slack', () => fetchUser(userId));
      return user === undefined ? refusals.unknown : whyNot(user, options.teamId());
    } catch (error) {
      options.log.warn({ err: error, user: userId }, 'whether a person may look could not be asked');
      return remembered === undefined ? refusals.unreachable : whyNot(remembered, options.teamId());
    }
  }

  async function mayNotRead(userId: string): Promise<'guest' | 'foreign' | undefined> {
    const why = (await refusalOf(userId, MAY_BE_TOLD_LASTS))?.why;
    if (why === 'unreachable') throw new Error(`Slack does not say whether ${userId} may be told anything`);
    return why === 'guest' || why === 'foreign' ? why : undefined;
  }

  /** Guests, bots and whoever has left hold no role, whatever the file says: they are neither asked nor told. */
  async function isOutsider(userId: string): Promise<boolean> {
    const user = slackUser.safeParse((await keptAs(userId))?.json).data;
    return user !== undefined && whyNot(user, options.teamId()) !== undefined;
  }

  async function isRecent(key: string): Promise<boolean> {
    const kept = await keptAs(key);
    return kept !== undefined && options.clock.now() - kept.fetchedAt < FORMS_LAST;
  }

  async function forForms(userId: string): Promise<Resolved | undefined> {
    const asked = heldRoles(options.policy()).filter(({ members }) => !members.includes(userId));
    const groups = asked.flatMap(({ usergroups }) => usergroups);
    const recent = await Promise.all([userId, ...groups.map(groupKey)].map(isRecent));
    if (recent.every(Boolean)) return remembered(userId);
    try {
      return await within(SAYS_WITHIN, 'Slack', () => resolved(userId));
    } catch (error) {
      options.log.warn(
        { err: error, user: userId },
        'the roles of a person were not known in time for a form',
      );
      return undefined;
    }
  }

  async function resolved(userId: string): Promise<Resolved> {
    const user = await fetchUser(userId);
    const refusal = user === undefined ? refusals.unknown : whyNot(user, options.teamId());
    if (refusal !== undefined || user === undefined) return refusal ?? refusals.unknown;
    return { ok: true, person: asKnown(user), roles: await rolesOf(userId) };
  }

  async function inOne(role: Role): Promise<PersonRef[]> {
    const ids = [...new Set([...role.members, ...(await groupPeople(role))])];
    const people = await Promise.all(ids.map(async (id) => ({ id, name: (await known(id)).name })));
    const outside = await Promise.all(ids.map(isOutsider));
    return people.filter((_, index) => outside[index] !== true);
  }

  return {
    known,
    gone,
    remembered,
    forForms,
    mayNotRead,
    refusesToShow,
    async resolve(userId) {
      try {
        return await resolved(userId);
      } catch (error) {
        options.log.error({ err: error, user: userId }, 'a person could not be looked up and was refused');
        return refusals.unreachable;
      }
    },
    async signer(userId) {
      try {
        const answer = await within(SIGNERS_WITHIN, 'Slack', () => resolved(userId));
        return answer.ok ? { id: userId, roles: answer.roles } : { id: userId, why: answer.why };
      } catch (error) {
        options.log.warn(
          { err: error, user: userId },
          'whether somebody may still sign could not be asked; the start waits and asks again',
        );
        return { id: userId, why: 'unreachable' };
      }
    },
    async inRole(roleId, service) {
      const role = options.roleAt(service, roleId);
      return role === undefined ? [] : inOne(role);
    },
    async onCall(place, at) {
      const { person, usergroup } = options.onCallAt(place, at);
      return usergroup === undefined ? person : (await groupAsked(usergroup))[0];
    },
  };
}

/** Those that are held everywhere, and those that are held for some services only. */
const heldRoles = ({ roles, scopedRoles }: Policy): Role[] => [...roles.values(), ...scopedRoles.values()];

const groupMembers = z.array(z.string());

/** In the cache beside people, whose ids hold no colon. */
function groupKey(usergroup: string): string {
  return `group:${usergroup}`;
}

type Refusal = Extract<Resolved, { ok: false }>;

const refusal = (why: Refusal['why'], message: string): Refusal => ({ ok: false, why, message });

const refusals = {
  unknown: refusal('unknown', 'Slack does not know who you are, so nothing was done.'),
  unreachable: refusal(
    'unreachable',
    'Slack did not say who you are, so nothing was done and nothing was recorded. Try again in a moment.',
  ),
};

function whyNot(user: SlackUser, teamId: string | undefined): Refusal | undefined {
  if (user.deleted) return refusal('deactivated', 'This account is deactivated, so nothing was done.');
  if (user.is_bot) return refusal('bot', 'Bots take no part in decisions, so nothing was done.');
  if (user.is_restricted || user.is_ultra_restricted) {
    return refusal(
      'guest',
      'Guests take no part in deployments, so nothing was done. Ask a full member of the team.',
    );
  }
  const foreign =
    user.is_stranger || (teamId !== undefined && user.team_id !== undefined && user.team_id !== teamId);
  if (foreign)
    return refusal(
      'foreign',
      'Only members of this workspace take part in deployments, so nothing was done.',
    );
  return undefined;
}
