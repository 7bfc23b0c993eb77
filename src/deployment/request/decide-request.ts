/** Asking for a deployment. */

import { accepted, byOf, refused } from '../decision.ts';
import type { EventBody } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { withReadiness } from '../readiness/decide-readiness.ts';
import { judgeReports } from '../readiness/readiness.ts';
import { closedFor, delayedFromTheStart, overriddenByDeclaring } from '../start/decide-calendar.ts';
import { watchedOnly } from '../watching/decide-watching.ts';
import { contractWindowProblem } from './contract-window.ts';
import { envelopeHash, withWindow } from './envelope.ts';
import { leadTimeProblem } from './lead-time.ts';
import { reportsOf } from './reports-of.ts';
import {
  admissionProblem,
  comesBack,
  comesBackProblem,
  drillProblem,
  nobodyAsked,
  otherBuildProblem,
  promotionProblem,
  requestProblem,
  unsupportedProblem,
} from './request-problems.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

export function decideRequest(intent: IntentOf<'request'>, facts: Facts): Decision {
  const terms = {
    ...intent.terms,
    envelope: withWindow(intent.terms.envelope, facts.calendar),
    ...comesBack(facts, intent.again),
  };
  const { envelope, details, approval, requirements, contract } = terms;
  if (!isBySelf(terms, facts) && (facts.actor.kind !== 'person' || !facts.mayRequest)) {
    return refused(
      'not_allowed',
      `You can't ask for deployments of this kind (${details.changeType}): your roles do not allow it. Nothing was recorded.`,
    );
  }
  const { start } = envelope;
  const problem =
    watchedOnly(facts, 'deploys') ??
    admissionProblem(facts) ??
    nobodyAsked(terms) ??
    requestProblem(envelope, facts) ??
    unsupportedProblem(terms, facts) ??
    drillProblem(terms, facts) ??
    otherBuildProblem(envelope, facts) ??
    comesBackProblem(facts, intent.again) ??
    promotionProblem(envelope, details, facts) ??
    leadTimeProblem({ start, changeType: details.changeType, approval }, facts.now) ??
    contractWindowProblem(contract, start, facts.now) ??
    closedFor({ terms }, facts);
  if (problem) return problem;
  const requested: EventBody = {
    type: 'requested',
    terms,
    envelopeHash: envelopeHash(terms),
    gates: judgeReports(requirements, envelope, reportsOf(intent, facts), facts.now),
    previous: facts.running ?? null,
  };
  const delayed = [...overriddenByDeclaring({ terms }, facts), ...delayedFromTheStart({ terms }, facts)];
  const begun = evolve(undefined, {
    ...requested,
    deployment: '',
    seq: 1,
    at: facts.now,
    by: byOf(facts.actor),
  });
  return accepted(requested, ...withReadiness(begun, facts, ...delayed));
}

/** What the policy brings by itself is asked for by the clock, and by nobody else (CH-2). */
function isBySelf({ automatic }: IntentOf<'request'>['terms'], { actor }: Facts): boolean {
  return automatic !== undefined && actor.kind === 'system' && actor.name === 'clock';
}
