/** Its time has come and the backend was looked at: it starts, or the record says why not. */

import type { Observation } from '../../backends/port.ts';
import { defined } from '../../defined.ts';
import { lostGoes } from '../approval/signers.ts';
import { accepted, notAllowed, refused, title, UNCHANGED } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { withReadiness } from '../readiness/decide-readiness.ts';
import { otherBuild } from '../request/other-build.ts';
import { otherDigest } from '../rollout/drift.ts';
import { dueByTime } from '../time-rules.ts';
import { trouble } from '../trouble.ts';
import { expiresAt } from './expiry.ts';
import { startDelay, windowUntil } from './waiting.ts';

export function decideStart(d: Deployment, observation: Observation, facts: Facts): Decision {
  if (d.start.at === undefined || facts.now < d.start.at) return UNCHANGED;
  const lost = facts.now < expiresAt(d) ? lostGoes(d, facts.calendar) : [];
  if (lost.length > 0) return accepted(...withReadiness(d, facts, { type: 'sign_offs_lost', falls: lost }));
  // A go or a report that is too old by now must not let it start. That its way is free, its start says.
  const changed = dueByTime(d, facts).filter(({ type }) => type !== 'start_cleared');
  if (changed.length > 0) return accepted(...changed);
  if (startDelay(d, facts.calendar, facts.now).blocked) return UNCHANGED;
  const { version } = d.terms.envelope;
  if (facts.occupiedBy) {
    const { id, version: other } = facts.occupiedBy;
    return trouble(d, 'start', `${other} (${id}) is still there; waiting until it is gone`);
  }
  const other = otherBuild(d.terms.envelope, facts.artifact?.registered);
  if (other !== undefined) return trouble(d, 'start', other);
  const strange = otherDigest(d, observation);
  if (strange !== undefined) return trouble(d, 'start', `${strange}; waiting until it is gone`);
  if (facts.planProblem !== undefined)
    return trouble(d, 'start', `${facts.planProblem}; waiting until it fits`);
  if (observation.stable === version) {
    return accepted({ type: 'cancelled', reason: `${version} runs there already` });
  }
  if (observation.canary !== null && observation.canary !== version) {
    return trouble(
      d,
      'start',
      `${observation.canary} has ${observation.weight} % of the traffic already; waiting until it is gone`,
    );
  }
  const drifted = driftAtStart(d, observation, facts);
  if (drifted !== undefined) return drifted;
  const closes = windowUntil(d, facts.calendar, facts.now);
  return accepted(
    {
      type: 'started',
      previous: observation.stable,
      ...defined({ windowUntil: closes, history: taught(facts) }),
    },
    { type: 'step_started', step: 0 },
  );
}

/**
 * Nobody may deploy there beside it from its request on: what runs now and did not then was brought by somebody else, unless
 * it is what the record says a rollback left. It is not overwritten before a person has said so.
 */
function driftAtStart(d: Deployment, { stable }: Observation, { left }: Facts): Decision | undefined {
  // Null is also what is written where the backend did not say then what ran.
  if (d.previous === null || stable === d.previous || stable === left) return undefined;
  if (d.start.drift?.runs === stable) return UNCHANGED;
  return accepted({ type: 'drifted', was: d.previous, runs: stable });
}

/** Whoever may resume it says that what runs now may be replaced. */
export function decideAcceptDrift(
  d: Deployment,
  { seen }: Extract<Intent, { kind: 'accept_drift' }>,
  facts: Facts,
): Decision {
  const denied = notAllowed(d, 'resume', facts, 'start');
  if (denied) return denied;
  const { drift } = d.start;
  if (d.status !== 'scheduled' || drift === undefined)
    return refused('wrong_status', `Nothing that runs there keeps ${title(d)} from its start now.`);
  if (drift.seq !== seen)
    return refused(
      'stale',
      `${drift.runs ?? 'Nothing'} runs there by now. Look at the card, then click again.`,
    );
  return accepted({ type: 'drift_accepted', runs: drift.runs });
}

function taught({ history }: Facts): Facts['history'] {
  return history === undefined || Object.keys(history).length === 0 ? undefined : history;
}
