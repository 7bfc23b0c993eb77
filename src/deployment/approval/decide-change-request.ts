/** Writing the change request, and changing it while that still helps those who sign (CH-5). */

import { accepted, notAllowed, refused, title, UNCHANGED } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { NOT_STARTED } from '../lifecycle.ts';
import { withReadiness } from '../readiness/decide-readiness.ts';
import { changedParts } from './change-request.ts';
import { owesChangeRequest } from './sign-offs.ts';

type Write = Extract<Intent, { kind: 'write_change_request' }>;

export function decideWriteChangeRequest(d: Deployment, intent: Write, facts: Facts): Decision {
  const denied = notAllowed(d, 'revise', facts, 'write the change request of');
  if (denied) return denied;
  if (!NOT_STARTED.has(d.status) && !owesChangeRequest(d))
    return refused('wrong_status', `${title(d)} has started or ended: its change request stays as it is.`);
  const { request, seen } = intent;
  if (request === undefined) return UNCHANGED;
  const { by, at } = d.evidence.changeRequest ?? {};
  if (seen !== undefined && seen !== (at ?? null)) {
    const who = by?.name ?? 'Somebody';
    return refused(
      'stale',
      `${who} changed the change request of ${title(d)} while you wrote. Keep what you typed, and open it again.`,
    );
  }
  if (d.evidence.changeRequest === undefined)
    return accepted(...withReadiness(d, facts, { type: 'change_request_written', request }));
  const changed = changedParts(d.evidence.changeRequest, request);
  return changed.length === 0
    ? UNCHANGED
    : accepted(...withReadiness(d, facts, { type: 'change_request_written', request, changed }));
}
