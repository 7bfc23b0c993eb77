/** Checked settings about people → their policy: hours in their zone, what a rollout may take, the notice. */

import { defined, given } from '../defined.ts';
import { parseHours } from '../policy/hours.ts';
import type { PersonPolicy, Policy } from '../policy/policy.ts';
import type { Safeguards } from '../terms/safeguards.ts';
import { parseDuration } from './durations.ts';
import type { Settings } from './merge.ts';

export function buildPeople({ people = {}, time_zone: teams = 'UTC' }: Settings): Policy['people'] {
  return new Map(
    Object.entries(people).map(([id, { hours: text, phone, time_zone: own = teams }]) => {
      const hours = text === undefined ? undefined : parseHours(text, own);
      const person: PersonPolicy = {
        ...defined({ hours, phone }),
      };
      return [id, person];
    }),
  );
}

export function buildCommunication({ communication: own }: Settings): Pick<Policy, 'communication'> {
  return own?.notice === undefined ? {} : { communication: { notice: parseDuration(own.notice) } };
}

/** Nothing happens where neither a target nor a grace is given. */
export function buildOverrun({ safeguards = {} }: Settings): Pick<Safeguards, 'overrun'> {
  const { rollout_within: within, overrun_grace: grace, escalate_overrun_after: escalate } = safeguards;
  if (within === undefined && grace === undefined) return {};
  return {
    overrun: {
      grace: parseDuration(grace ?? '0s'),
      ...defined({ within: given(within, parseDuration), escalateAfter: given(escalate, parseDuration) }),
    },
  };
}
