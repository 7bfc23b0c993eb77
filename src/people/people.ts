/** Who is this Slack user, and which roles do they hold now? Fails closed: a failed look-up is a no. */

import { within } from '../conductor/deadline.ts';
import type { Gone, Signer } from '../policy/calendar/blockers.ts';
import type { OnCallPlace } from '../policy/on-call.ts';
import type { Policy, Role } from '../policy/policy.ts';
import type { PersonRef } from '../terms/person.ts';
import { DAY, type Duration, type Instant, MINUTE, SECOND } from '../time.ts';
import { createHeldRoles } from './held-roles.ts';
import { createMayLook, SAYS_WITHIN } from './may-look.ts';
import { createSlackSays, type SlackSaysOptions } from './slack-says.ts';
import { asKnown, type Known, type Resolved, refusals, whyNot } from './slack-user.ts';

export interface PeopleOptions extends SlackSaysOptions {
  policy(): Policy;
  /** As who fills a role for a service is found in it, and who is on call in a place. */
  roleAt(service: string, role: string): Role | undefined;
  onCallAt(place: OnCallPlace, at: Instant): { person?: string; usergroup?: string };
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
/** A form is drawn anew at each choice. */
const FORMS_LAST: Duration = MINUTE;

/** A start waits for it, and others behind it. */
const SIGNERS_WITHIN: Duration = 5 * SECOND;

export function createPeople(options: PeopleOptions): People {
  const { clock, log, teamId } = options;
  const says = createSlackSays(options);
  const roles = createHeldRoles(options.policy, says);
  const mayLook = createMayLook({ says, clock, log, teamId });
  const zone = (): string => options.policy().timeZone;
  const nobodyKnown = (userId: string): Known => ({ id: userId, name: userId, tz: zone() });

  async function resolved(userId: string): Promise<Resolved> {
    const user = await says.user(userId);
    if (user === undefined) return refusals.unknown;
    return (
      whyNot(user, teamId()) ?? { ok: true, person: asKnown(user, zone()), roles: await roles.now(userId) }
    );
  }

  async function remembered(userId: string): Promise<Resolved> {
    const before = await says.userBefore(userId);
    const refusal = before && whyNot(before.user, teamId());
    if (refusal !== undefined) return refusal;
    const person = before ? asKnown(before.user, zone()) : nobodyKnown(userId);
    return { ok: true, person, roles: await roles.remembered(userId) };
  }

  async function known(userId: string): Promise<Known> {
    const before = await says.userBefore(userId);
    if (before && clock.now() - before.at < NAMES_LAST) return asKnown(before.user, zone());
    try {
      const user = await says.user(userId);
      return user === undefined ? nobodyKnown(userId) : asKnown(user, zone());
    } catch (error) {
      log.warn(
        { err: error, user: userId },
        'a name could not be looked up; an older one or the id is shown',
      );
      return before ? asKnown(before.user, zone()) : nobodyKnown(userId);
    }
  }

  async function forForms(userId: string): Promise<Resolved | undefined> {
    const asked = { users: [userId], groups: roles.groupsAbout(userId) };
    if (await says.isRecent(asked, FORMS_LAST)) return remembered(userId);
    try {
      return await within(SAYS_WITHIN, 'Slack', () => resolved(userId));
    } catch (error) {
      log.warn({ err: error, user: userId }, 'the roles of a person were not known in time for a form');
      return undefined;
    }
  }

  async function signer(userId: string): Promise<Signer> {
    try {
      const answer = await within(SIGNERS_WITHIN, 'Slack', () => resolved(userId));
      return answer.ok ? { id: userId, roles: answer.roles } : { id: userId, why: answer.why };
    } catch (error) {
      log.warn(
        { err: error, user: userId },
        'whether somebody may still sign could not be asked; the start waits and asks again',
      );
      return { id: userId, why: 'unreachable' };
    }
  }

  async function holders(role: Role): Promise<PersonRef[]> {
    const ids = await roles.holders(role);
    const people = await Promise.all(ids.map(async (id) => ({ id, name: (await known(id)).name })));
    const outside = await Promise.all(ids.map(mayLook.isOutsider));
    return people.filter((_, index) => outside[index] !== true);
  }

  return {
    known,
    remembered,
    forForms,
    signer,
    gone: mayLook.gone,
    mayNotRead: mayLook.mayNotRead,
    refusesToShow: mayLook.refusesToShow,
    async resolve(userId) {
      try {
        return await resolved(userId);
      } catch (error) {
        log.error({ err: error, user: userId }, 'a person could not be looked up and was refused');
        return refusals.unreachable;
      }
    },
    async inRole(roleId, service) {
      const role = options.roleAt(service, roleId);
      return role === undefined ? [] : holders(role);
    },
    async onCall(place, at) {
      const { person, usergroup } = options.onCallAt(place, at);
      return usergroup === undefined ? person : (await says.group(usergroup))[0];
    },
  };
}
