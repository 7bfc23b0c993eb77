/** Taking a request back before it has started. */

import { accepted, notAllowed, refused, title } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { NOT_STARTED } from '../lifecycle.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

export function decideCancel(d: Deployment, intent: IntentOf<'cancel'>, facts: Facts): Decision {
  // What went by itself gives way by itself to a newer release.
  const isOwn = d.terms.automatic !== undefined && facts.actor.kind === 'system';
  const denied = isOwn ? undefined : notAllowed(d, 'cancel', facts);
  if (denied) return denied;
  if (!NOT_STARTED.has(d.status)) {
    const instead =
      d.ending?.at === undefined
        ? 'It has started: hold it or roll it back instead.'
        : 'It has ended already.';
    return refused('wrong_status', `${title(d)} can't be cancelled. ${instead}`);
  }
  return accepted({ type: 'cancelled', ...reasonOf(intent) });
}

export function reasonOf(intent: { reason?: string }): { reason?: string } {
  return intent.reason === undefined || intent.reason.trim() === '' ? {} : { reason: intent.reason };
}
