/** A user as Slack has them: their name and zone, and why they can take no part. */

import { z } from 'zod';
import type { Gone } from '../policy/calendar/blockers.ts';
import type { PersonRef } from '../terms/person.ts';

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

export type Refusal = Extract<Resolved, { ok: false }>;

const refusal = (why: Refusal['why'], message: string): Refusal => ({ ok: false, why, message });

export const refusals = {
  unknown: refusal('unknown', 'Slack does not know who you are, so nothing was done.'),
  unreachable: refusal(
    'unreachable',
    'Slack did not say who you are, so nothing was done and nothing was recorded. Try again in a moment.',
  ),
};

export function whyNot(user: SlackUser, teamId: string | undefined): Refusal | undefined {
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

/** `zone`: where Slack names none. */
export function asKnown(user: SlackUser, zone: string): Known {
  const { display_name: shown, real_name: real } = user.profile;
  return { id: user.id, name: shown || user.real_name || real || user.name || user.id, tz: user.tz ?? zone };
}
