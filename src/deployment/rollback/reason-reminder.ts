/** A rollback whose reason nobody has said: asked for once more, when people are there again (RB-1). */

import { nextWorkingMoment } from '../../policy/workdays.ts';
import type { PersonRef } from '../../terms/person.ts';
import { type Duration, HOUR, type Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import { wentBackAsDrill } from '../drill/drill.ts';
import type { EventBody } from '../events.ts';
import { peopleInCharge } from '../rollout/action-needed.ts';

/** Long enough for whoever is busy with it to say so unasked. */
const AFTER: Duration = HOUR;

/** Undefined where it was said, or asked for once more already. */
export function nextReasonReminder(d: Deployment): Instant | undefined {
  const over = d.rollback?.endedAt ?? (d.status === 'failed' ? d.ending?.at : undefined);
  if (d.rollback === undefined || over === undefined || wentBackAsDrill(d)) return undefined;
  // A review says more.
  if (d.review?.written !== undefined) return undefined;
  if (d.rollback.reason !== undefined || d.rollback.reminder !== undefined) return undefined;
  // Whoever gave it up by hand has said what happened.
  if (d.status === 'failed' && d.ending?.by.kind === 'person') return undefined;
  return nextWorkingMoment(over + AFTER, d.terms.approval.workdays);
}

export function reasonReminderDue(d: Deployment, now: Instant): EventBody[] {
  const at = nextReasonReminder(d);
  return at === undefined || at > now ? [] : [{ type: 'reason_reminded', people: whoKnows(d) }];
}

/** Whoever asked for it; of one by itself its lead and whoever is on call. */
function whoKnows(d: Deployment): PersonRef[] {
  const { by } = d.rollback ?? {};
  return by?.kind === 'person' ? [{ id: by.id, name: by.name }] : peopleInCharge(d);
}
