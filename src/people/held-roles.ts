/** Which roles somebody holds, as the policy and Slack's user groups have it; which of them count in a place is `rolesAt`'s to say. */

import type { Policy, Role } from '../policy/policy.ts';
import { DAY, type Duration } from '../time.ts';
import type { SlackSays } from './slack-says.ts';

/** Roles by user group that count while Slack does not answer. */
const ROLES_LAST: Duration = DAY;

export interface HeldRoles {
  /** By Slack's own word of now. */
  now(userId: string): Promise<string[]>;
  /** By what Slack said within the last day. */
  remembered(userId: string): Promise<string[]>;
  /** Who holds one, by id. */
  holders(role: Role): Promise<string[]>;
  /** The user groups that say whether somebody holds a role. */
  groupsAbout(userId: string): string[];
}

export function createHeldRoles(policy: () => Policy, says: SlackSays): HeldRoles {
  const peopleIn = async (usergroups: readonly string[], ask: SlackSays['group']): Promise<string[]> =>
    (await Promise.all(usergroups.map(ask))).flat();

  async function heldBy(userId: string, ask: SlackSays['group']): Promise<string[]> {
    const held: string[] = [];
    for (const { id, members, usergroups } of heldRoles(policy())) {
      const isIn = members.includes(userId) || (await peopleIn(usergroups, ask)).includes(userId);
      if (isIn) held.push(id);
    }
    return held;
  }

  return {
    now: (userId) => heldBy(userId, says.group),
    remembered: (userId) => heldBy(userId, (usergroup) => says.groupBefore(usergroup, ROLES_LAST)),
    async holders({ members, usergroups }) {
      return [...new Set([...members, ...(await peopleIn(usergroups, says.group))])];
    },
    groupsAbout: (userId) =>
      heldRoles(policy())
        .filter(({ members }) => !members.includes(userId))
        .flatMap(({ usergroups }) => usergroups),
  };
}

/** Those that are held everywhere, and those that are held for some services only. */
const heldRoles = ({ roles, scopedRoles }: Policy): Role[] => [...roles.values(), ...scopedRoles.values()];
