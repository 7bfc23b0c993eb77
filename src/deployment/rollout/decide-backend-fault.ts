/** The backend refuses, or does not answer. */

import { MINUTE } from '../../time.ts';
import { accepted, UNCHANGED } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { CAN_HOLD, TERMINAL } from '../lifecycle.ts';
import { requestExpired } from '../start/expiry.ts';
import { trouble } from '../trouble.ts';
import { isStepUnderWay } from './progress.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** A backend that is silent this long while traffic is split leaves the decision to people. */
const BACKEND_SILENCE = 5 * MINUTE;

export function decideBackendRefused(d: Deployment, intent: IntentOf<'backend_refused'>): Decision {
  if (intent.doing === 'roll_back') {
    return d.status === 'rolling_back'
      ? accepted({ type: 'rollback_failed', reason: intent.message })
      : UNCHANGED;
  }
  const troubled: EventBody = { type: 'backend_troubled', doing: 'apply', message: intent.message };
  if (d.status === 'observing' && isStepUnderWay(d, intent.step)) {
    const because = `the backend refused to take the old version down: ${intent.message}`;
    return accepted(troubled, { type: 'observation_unsettled', because });
  }
  if ((d.status !== 'rolling_out' && d.status !== 'held') || d.rollout?.step?.index !== intent.step)
    return UNCHANGED;
  if (d.status === 'held') return accepted(troubled);
  return accepted(troubled, { type: 'held', reason: `the backend refused: ${intent.message}` });
}

export function decideBackendUnreachable(
  d: Deployment,
  intent: IntentOf<'backend_unreachable'>,
  facts: Facts,
): Decision {
  if (d.status === 'preparing' || TERMINAL.has(d.status)) return UNCHANGED;
  const expired = requestExpired(d, facts.now);
  if (expired.length > 0) return accepted(...expired);
  // What stands is not recorded again, or observing and telling in turn would begin the silence anew each time.
  if (d.trouble === undefined) return trouble(d, intent.doing, intent.message);
  const silentFor = facts.now - d.trouble.at;
  if (CAN_HOLD.has(d.status) && silentFor >= BACKEND_SILENCE) {
    return accepted({
      type: 'held',
      reason: `the backend has not answered for ${Math.round(silentFor / MINUTE)} minutes: ${intent.message}`,
    });
  }
  return UNCHANGED;
}
