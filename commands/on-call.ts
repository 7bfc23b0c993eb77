/** Who is suggested as on-call where a deployment is asked for: whoever the policy has there when it would start (WN-5). */

import { within } from '../src/conductor/deadline.ts';
import type { OnCallPlace } from '../src/policy/on-call.ts';
import type { Duration, Instant } from '../src/time.ts';
import type { CommandContext } from './context.ts';

/** A modal must open within 3 s. */
const ON_CALL_WITHIN: Duration = 500;

/** Nobody where Slack does not say in time who is in a user group: the person then chooses. */
export async function suggestedOnCall(
  context: CommandContext,
  place: OnCallPlace,
  at: Instant = context.clock.now(),
): Promise<string | undefined> {
  try {
    return await within(ON_CALL_WITHIN, 'Slack', () => context.people.onCall(place, at));
  } catch (error) {
    context.log.warn({ err: error, ...place }, 'who is on call was not known in time for a form');
    return undefined;
  }
}
