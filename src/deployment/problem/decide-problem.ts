/** A complaint about what is rolling out: corruption and security incidents go back at once, all else is asked about (AN-1, AN-4). */

import { accepted, isAllowed, notAllowed, refused, title } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { CAN_ROLL_BACK } from '../lifecycle.ts';
import { goBackByItself } from '../rollback/data-at-risk.ts';
import { mayRollBack } from '../rollback/decide-rollback.ts';
import { asking } from '../smoke/failed-gate.ts';
import { IMPACT_WORDS, type Impact } from './impact.ts';

/** Waiting makes these worse. */
const EMERGENCIES: ReadonlySet<Impact> = new Set(['data_corruption', 'security_incident']);

export function decideReportProblem(
  d: Deployment,
  { what: typed, impact }: Extract<Intent, { kind: 'report_problem' }>,
  facts: Facts,
): Decision {
  const denied = mayReport(d, facts) ? undefined : notAllowed(d, 'hold', facts, 'report a problem of');
  if (denied) return denied;
  if (!CAN_ROLL_BACK.has(d.status))
    return refused(
      'wrong_status',
      `${title(d)} has no traffic that could be taken back. The card shows where it is.`,
    );
  const what = typed.trim();
  if (what === '') return refused('reason_needed', 'Say in a few words what is wrong.');
  const reported: EventBody = { type: 'problem_reported', impact, what };
  const because = `${IMPACT_WORDS[impact]}: ${what}`;
  return EMERGENCIES.has(impact)
    ? accepted(reported, ...goBackByItself(d, because))
    : accepted(reported, ...asking(d, `a problem was reported, ${because}`));
}

/** Whoever may stop it, and whoever may take it back. */
function mayReport(d: Deployment, { actor }: Facts): boolean {
  return actor.kind === 'person' && (isAllowed(d, 'hold', actor) || mayRollBack(d, actor));
}
