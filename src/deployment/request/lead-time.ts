/** Between the request and the start: what a kind of change gives those who must know of it (CH-1). */

import { afterBusinessDays, inZone } from '../../policy/workdays.ts';
import type { Approval } from '../../terms/approval.ts';
import { changeTypeWords, type Details } from '../../terms/change.ts';
import type { Start } from '../../terms/envelope.ts';
import { type Instant, MINUTE } from '../../time.ts';
import { refused } from '../decision.ts';
import type { Decision } from '../intents.ts';

/** What is offered is a round time, far enough ahead that it is still good when the person sends it. */
const OFFER_EVERY = 30 * MINUTE;
const TIME_TO_SEND = 10 * MINUTE;

/** `since`: when those who must know of it were told. */
function earliestStart(approval: Pick<Approval, 'leadTime' | 'workdays'>, since: Instant): Instant {
  return afterBusinessDays(since, approval.leadTime, approval.workdays);
}

/** The first round time that is early enough; undefined where it may start at once. */
export function offeredStart(
  approval: Pick<Approval, 'leadTime' | 'workdays'>,
  since: Instant,
): Instant | undefined {
  if (approval.leadTime === 0) return undefined;
  return Math.ceil((earliestStart(approval, since) + TIME_TO_SEND) / OFFER_EVERY) * OFFER_EVERY;
}

export function leadTimeProblem(
  asked: { start: Start; changeType: Details['changeType']; approval: Approval | undefined },
  since: Instant,
): Decision | undefined {
  const { start, approval, changeType } = asked;
  const offer = approval && offeredStart(approval, since);
  if (approval === undefined || offer === undefined) return undefined;
  if (start.kind === 'at' && start.at >= earliestStart(approval, since)) return undefined;
  const days = approval.leadTime === 1 ? '1 business day' : `${approval.leadTime} business days`;
  return refused(
    'lead_time',
    `A ${changeTypeWords(changeType)} change is announced ${days} ahead: the earliest start is ${inZone(offer, approval.workdays)}.`,
  );
}
