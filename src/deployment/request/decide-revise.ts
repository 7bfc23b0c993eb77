/** Changing a request before it has started. */

import { defined } from '../../defined.ts';
import { baseOf, type Details } from '../../terms/change.ts';
import type { Envelope } from '../../terms/envelope.ts';
import type { RevisedTerms, Terms } from '../../terms/terms.ts';
import { approvalAfter, fallsWith, requiredAfter } from '../approval/falling.ts';
import { canonicalJson } from '../canonical-json.ts';
import { accepted, notAllowed, refused, title, UNCHANGED } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { NOT_STARTED } from '../lifecycle.ts';
import { evolveWith, withReadiness } from '../readiness/decide-readiness.ts';
import { judgeReports } from '../readiness/readiness.ts';
import { closedFor, overriddenByDeclaring } from '../start/decide-calendar.ts';
import { startDelay } from '../start/waiting.ts';
import { revisedWindowProblem } from './contract-window.ts';
import { boundChanges, envelopeHash, withWindow } from './envelope.ts';
import { leadTimeProblem } from './lead-time.ts';
import { reportsOf } from './reports-of.ts';
import {
  admissionProblem,
  comesBack,
  comesBackProblem,
  otherBuildProblem,
  promotionProblem,
  requestProblem,
  unsupportedProblem,
} from './request-problems.ts';
import { bothValues, changesBetween, isLostUpdate } from './revised-words.ts';

type Revised = Extract<EventBody, { type: 'revised' }>;

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

export function decideRevise(d: Deployment, intent: IntentOf<'revise'>, facts: Facts): Decision {
  const denied = notAllowed(d, 'revise', facts);
  if (denied) return denied;
  if (!NOT_STARTED.has(d.status)) return startedAlready(d);
  const isOther = intent.terms.envelope.version !== d.terms.envelope.version;
  const asked = { ...revisedTerms(d, intent.terms, facts), ...(isOther && comesBack(facts, intent.again)) };
  const terms: Terms = { ...d.terms, ...asked };
  const astray = notWhatWasSeen(d, intent, terms) ?? mayNotBeMade(d, asked.details, facts);
  if (astray) return astray;
  const changes = changesBetween(d, asked.envelope, asked.details);
  if (changes.length === 0) return UNCHANGED;
  const wrote = boundChanges(d.terms, terms);
  const anybodys = isForThem(d, asked.details, wrote);
  const stops = (anybodys ? undefined : admissionProblem(facts)) ?? whatStopsIt(d, intent, terms, facts);
  if (stops) return stops;
  const { actor } = facts;
  if (actor.kind !== 'person') return refused('not_allowed', 'Only a person can change a deployment.');
  const revised: Revised = {
    type: 'revised',
    terms: asked,
    envelopeHash: envelopeHash(terms),
    changes,
    falls: fallsWith(d, terms, { id: actor.person.id, name: actor.person.name }),
    wrote,
    ...revisedEvidence(d, intent, facts),
  };
  const declared = anybodys ? [] : overriddenByDeclaring({ ...d, terms }, facts);
  const after = [revised, ...declared].reduce<Deployment>((state, body) => evolveWith(state, body, facts), d);
  const { events: delayed } = startDelay(after, facts.calendar, facts.now);
  return accepted(...withReadiness(d, facts, revised, ...declared, ...delayed));
}

const startedAlready = (d: Deployment): Decision =>
  refused(
    'wrong_status',
    `${title(d)} can't be changed any more: it has started or ended. The card shows where it is.`,
  );

/** Somebody else changed it meanwhile, or it would become a deployment of something else. */
function notWhatWasSeen(d: Deployment, intent: IntentOf<'revise'>, terms: Terms): Decision | undefined {
  if (isLostUpdate(d, intent)) {
    return refused(
      'stale',
      `Someone was faster: ${title(d)} has changed since you opened this. ${bothValues(d, terms)}Open it again to change what is true now.`,
    );
  }
  const { service, environment } = d.terms.envelope;
  return terms.envelope.service === service && terms.envelope.environment === environment
    ? undefined
    : refused(
        'stale',
        'Service and environment stay as they are; cancel this deployment and ask for another.',
      );
}

function mayNotBeMade(d: Deployment, { changeType }: Details, facts: Facts): Decision | undefined {
  return changeType !== d.terms.details.changeType && facts.mayRequest === false
    ? refused(
        'not_allowed',
        `You can't make it a ${changeType} change: your roles do not allow it. Nothing was recorded.`,
      )
    : undefined;
}

/** The first thing that would stop it as it would be now; what did not change is not asked about again. */
function whatStopsIt(
  d: Deployment,
  intent: IntentOf<'revise'>,
  terms: Terms,
  facts: Facts,
): Decision | undefined {
  const { envelope, details, approval } = terms;
  const before = d.terms;
  const isOther = envelope.version !== before.envelope.version;
  const isOtherType = details.changeType !== before.details.changeType;
  const isOtherPlan = canonicalJson(envelope.plan) !== canonicalJson(before.envelope.plan);
  const known = { now: facts.now, ...defined({ running: facts.running, calendar: facts.calendar }) };
  const asked = { start: envelope.start, changeType: details.changeType, approval };
  return (
    requestProblem(envelope, known, before.envelope) ??
    (isOtherPlan ? unsupportedProblem(terms, facts) : undefined) ??
    otherBuildProblem(envelope, facts) ??
    (isOther ? comesBackProblem(facts, intent.again) : undefined) ??
    (isOther || isOtherType ? promotionProblem(envelope, details, facts) : undefined) ??
    (needsNewNotice(d, intent) ? leadTimeProblem(asked, announcedAt(d, envelope, facts)) : undefined) ??
    revisedWindowProblem(d, envelope, facts.now) ??
    closedFor({ ...d, terms }, facts, before.envelope)
  );
}

/** As it was asked for, and whoever had a say keeps it. */
function revisedTerms(d: Deployment, asked: RevisedTerms, { calendar }: Facts): RevisedTerms {
  const { required, approval } = asked;
  return {
    ...asked,
    envelope: withWindow(asked.envelope, calendar, d.terms.envelope),
    ...(required && { required: requiredAfter(d.terms.required, required) }),
    ...(approval && { approval: approvalAfter(d.terms.approval, approval) }),
  };
}

/** Another summary or another person is no other change; a start that was early enough stays so. */
function needsNewNotice(
  d: Deployment,
  { terms: { envelope, details, approval } }: IntentOf<'revise'>,
): boolean {
  return (
    approval !== undefined ||
    details.changeType !== d.terms.details.changeType ||
    canonicalJson(envelope) !== canonicalJson(d.terms.envelope)
  );
}

/** Those who must know were told of this version and plan with the request, or are told now. */
function announcedAt(d: Deployment, envelope: Envelope, { now }: Facts): number {
  const { start: _start, ...what } = envelope;
  const { start: _was, ...before } = d.terms.envelope;
  return canonicalJson(what) === canonicalJson(before) ? d.requestedAt : now;
}

/** What starts without a go is its declarer's, or of those who may ask for it: so is each change of what would start. */
function isForThem(d: Deployment, details: Details, wrote: readonly string[]): boolean {
  const isSame = details.changeType === d.terms.details.changeType;
  return isSame && (baseOf(details) === 'normal' || wrote.length === 0);
}

/** What a release is made of: the same tree in another commit is the same. */
function builtAs({ version, tree, sha, digest }: Envelope): string {
  return [version, tree ?? sha, digest].join(' ');
}

/** Another release is reported on afresh, and ticks that spoke of the one before fall. */
function revisedEvidence(
  d: Deployment,
  intent: IntentOf<'revise'>,
  facts: Facts,
): Pick<Revised, 'gates' | 'unticked'> {
  const { envelope, requirements = d.terms.requirements } = intent.terms;
  const released = builtAs(d.terms.envelope) !== builtAs(envelope);
  if (!released && intent.terms.requirements === undefined) return {};
  const known = released ? [] : Object.values(d.evidence.gates).map(({ report }) => report);
  const gates = judgeReports(requirements, envelope, [...known, ...reportsOf(intent, facts)], facts.now);
  const unticked = released ? [...new Set(d.evidence.ticks.map(({ item }) => item))] : [];
  return { gates, ...(unticked.length > 0 && { unticked }) };
}
