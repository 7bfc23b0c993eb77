/** Asking for a deployment, changing the request, and taking it back. */

import { defined } from '../../defined.ts';
import { PLAN_AHEAD } from '../../policy/calendar/blockers.ts';
import { tooFar } from '../../policy/calendar/policy.ts';
import { answeredBy } from '../../policy/gates.ts';
import type { Details } from '../../terms/change.ts';
import type { Envelope } from '../../terms/envelope.ts';
import type { RevisedTerms, Terms } from '../../terms/terms.ts';
import { moment } from '../../time.ts';
import { approvalAfter, fallsWith, requiredAfter } from '../approval/falling.ts';
import { canonicalJson } from '../canonical-json.ts';
import { accepted, byOf, notAllowed, refused, title, UNCHANGED } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { NOT_STARTED } from '../lifecycle.ts';
import { evolveWith, withReadiness } from '../readiness/decide-readiness.ts';
import { judgeReports } from '../readiness/readiness.ts';
import { stepsNobodyTakes } from '../rollout/steps.ts';
import { closedFor, delayedFromTheStart, overriddenByDeclaring } from '../start/decide-calendar.ts';
import { startDelay } from '../start/waiting.ts';
import { contractWindowProblem, revisedWindowProblem } from './contract-window.ts';
import { boundChanges, envelopeHash, withWindow, wordsHash } from './envelope.ts';
import { leadTimeProblem } from './lead-time.ts';
import { otherBuild } from './other-build.ts';

type Revised = Extract<EventBody, { type: 'revised' }>;
type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

export function decideRequest(intent: IntentOf<'request'>, facts: Facts): Decision {
  const terms = { ...intent.terms, envelope: withWindow(intent.terms.envelope, facts.calendar) };
  const { envelope, details, approval, requirements, contract } = terms;
  if (facts.actor.kind !== 'person' || !facts.mayRequest) {
    return refused(
      'not_allowed',
      `You can't ask for deployments of this kind (${details.changeType}): your roles do not allow it. Nothing was recorded.`,
    );
  }
  const { start } = envelope;
  const problem =
    admissionProblem(facts) ??
    nobodyAsked(terms) ??
    requestProblem(envelope, facts) ??
    unsupportedProblem(terms, facts) ??
    otherBuildProblem(envelope, facts) ??
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

export function decideRevise(d: Deployment, intent: IntentOf<'revise'>, facts: Facts): Decision {
  const denied = notAllowed(d, 'revise', facts);
  if (denied) return denied;
  if (!NOT_STARTED.has(d.status)) {
    return refused(
      'wrong_status',
      `${title(d)} can't be changed any more: it has started or ended. The card shows where it is.`,
    );
  }
  const asked = revisedTerms(d, intent.terms, facts);
  const { envelope, details } = asked;
  const terms: Terms = { ...d.terms, ...asked };
  if (isLostUpdate(d, intent)) {
    return refused(
      'stale',
      `Someone was faster: ${title(d)} has changed since you opened this. ${bothValues(d, terms)}Open it again to change what is true now.`,
    );
  }
  if (
    envelope.service !== d.terms.envelope.service ||
    envelope.environment !== d.terms.envelope.environment
  ) {
    return refused(
      'stale',
      'Service and environment stay as they are; cancel this deployment and ask for another.',
    );
  }
  if (details.changeType !== d.terms.details.changeType && facts.mayRequest === false) {
    return refused(
      'not_allowed',
      `You can't make it a ${details.changeType} change: your roles do not allow it. Nothing was recorded.`,
    );
  }
  const changes = changesBetween(d, envelope, details);
  if (changes.length === 0) return UNCHANGED;
  const wrote = boundChanges(d.terms, terms);
  const anybodys = isForThem(d, details, wrote);
  const notTheirs = anybodys ? undefined : admissionProblem(facts);
  if (notTheirs) return notTheirs;
  const problem = requestProblem(
    envelope,
    {
      now: facts.now,
      ...defined({ running: facts.running, calendar: facts.calendar }),
    },
    d.terms.envelope,
  );
  const late = needsNewNotice(d, intent)
    ? leadTimeProblem(
        { start: envelope.start, changeType: details.changeType, approval: terms.approval },
        announcedAt(d, envelope, facts),
      )
    : undefined;
  const skips =
    envelope.version === d.terms.envelope.version && details.changeType === d.terms.details.changeType
      ? undefined
      : promotionProblem(envelope, details, facts);
  const window = revisedWindowProblem(d, envelope, facts.now);
  const samePlan = canonicalJson(envelope.plan) === canonicalJson(d.terms.envelope.plan);
  const unsupported = samePlan ? undefined : unsupportedProblem(terms, facts);
  const stops = problem ?? unsupported ?? otherBuildProblem(envelope, facts) ?? skips ?? late ?? window;
  if (stops) return stops;
  const closed = closedFor({ ...d, terms }, facts, d.terms.envelope);
  if (closed) return closed;
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

/** A form that began from something older must not put it back. */
function isLostUpdate(d: Deployment, { envelopeHash: seen, wordsHash: read }: IntentOf<'revise'>): boolean {
  return (
    (seen !== undefined && seen !== d.envelopeHash) ||
    (read !== undefined && read !== wordsHash(d.terms.details))
  );
}

/** What the person would save beside what is there now, field by field; long words are cut. */
function bothValues(d: Deployment, { envelope, details }: Terms): string {
  const now = d.terms;
  const fields: [string, string, string][] = [
    ['version', now.envelope.version, envelope.version],
    ['strategy', now.envelope.plan.strategy, envelope.plan.strategy],
    ['start', startWords(now.envelope), startWords(envelope)],
    ['change type', now.details.changeType, details.changeType],
    ['deployment type', now.details.deploymentType, details.deploymentType],
    ['risk', now.details.risk, details.risk],
    ['database', now.details.database, details.database],
    ['lead', now.details.lead.name, details.lead.name],
    ['on-call', now.details.onCall.name, details.onCall.name],
    ['summary', now.details.summary, details.summary],
  ];
  const differ = fields.filter(([, theirs, yours]) => theirs !== yours);
  const cut = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
  const words = differ.map(
    ([field, theirs, yours]) => `${field}: now "${cut(theirs)}", yours "${cut(yours)}"`,
  );
  return words.length === 0 ? '' : `${words.join('; ')}. `;
}

const startWords = ({ start }: Envelope): string =>
  start.kind === 'at' ? moment(start.at) : 'as soon as it is ready';

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
  const { changeType } = details;
  return changeType === d.terms.details.changeType && (changeType === 'normal' || wrote.length === 0);
}

function admissionProblem({ notAdmitted }: Facts): Decision | undefined {
  return notAdmitted === undefined
    ? undefined
    : refused('wrong_change_type', `${notAdmitted} Nothing was recorded.`);
}

/** Nobody alone reaches production: a policy that names nobody to ask is a mistake, never a yes. */
function nobodyAsked({ approval, required, details }: Terms): Decision | undefined {
  if (approval.when === 'none' || required.length > 0) return undefined;
  return refused(
    'not_allowed',
    `The policy names nobody to approve this (${details.changeType}, ${details.deploymentType.replaceAll('_', ' ')}): whoever keeps it must name a role. Nothing was recorded.`,
  );
}

export function decideCancel(d: Deployment, intent: IntentOf<'cancel'>, facts: Facts): Decision {
  const denied = notAllowed(d, 'cancel', facts);
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

type Reports = NonNullable<Facts['reports']>;

/** The backend's word, but of what answers itself, and what was reported to us. */
function reportsOf({ reports = [] }: IntentOf<'request'> | IntentOf<'revise'>, facts: Facts): Reports {
  return [...reports.filter(({ gate }) => answeredBy(gate) === undefined), ...(facts.reports ?? [])];
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

export function reasonOf(intent: { reason?: string }): { reason?: string } {
  return intent.reason === undefined || intent.reason.trim() === '' ? {} : { reason: intent.reason };
}

function requestProblem(
  envelope: Envelope,
  facts: Pick<Facts, 'now' | 'running' | 'occupiedBy' | 'calendar'>,
  before?: Envelope,
): Decision | undefined {
  const place = `${envelope.service} in ${envelope.environment}`;
  if (facts.occupiedBy) {
    const { id, version, lead } = facts.occupiedBy;
    return refused(
      'occupied',
      `${place} is taken: ${version} is on its way (${id}, lead ${lead.name}). Wait until it has ended, or ask ${lead.name} to end it.`,
    );
  }
  if (facts.running === envelope.version) {
    return refused(
      'already_running',
      `${envelope.version} already runs as ${place}. Choose another version.`,
    );
  }
  const sameStart =
    before &&
    before.start.kind === 'at' &&
    envelope.start.kind === 'at' &&
    before.start.at === envelope.start.at;
  const far =
    envelope.start.kind === 'at' && !sameStart
      ? tooFar(envelope.start.at, facts.now, facts.calendar?.planAhead ?? PLAN_AHEAD)
      : undefined;
  if (far !== undefined) return refused('start_too_far', `${far}. Choose an earlier one.`);
  if (envelope.start.kind === 'at' && envelope.start.at < facts.now && !sameStart) {
    return refused(
      'start_in_past',
      'That time has passed. Choose a later one, or start as soon as it is ready.',
    );
  }
  return undefined;
}

/** A strategy that the policy does not allow there (ST-8). A step that nobody would carry out is found now, not when traffic has moved half-way. */
function unsupportedProblem(
  { envelope, adapters }: Terms,
  { taken = new Set(), strategies, planProblem }: Facts,
): Decision | undefined {
  const { strategy } = envelope.plan;
  if (strategies !== undefined && !strategies.includes(strategy)) {
    const others = strategies.length === 0 ? '' : ` Choose ${strategies.join(', ')}.`;
    return refused('not_supported', `${envelope.environment} does not allow "${strategy}".${others}`);
  }
  const missing = stepsNobodyTakes(envelope.plan, taken);
  const why = missing.length > 0 ? `it takes no ${missing.join(' and no ')}` : planProblem;
  if (why === undefined) return undefined;
  return refused(
    'not_supported',
    `${adapters.backend.name} can't carry out "${envelope.plan.strategy}": ${why}. Choose another strategy.`,
  );
}

function otherBuildProblem(envelope: Envelope, { artifact }: Facts): Decision | undefined {
  const other = otherBuild(envelope, artifact?.registered);
  return other === undefined
    ? undefined
    : refused('other_build', `${capital(other)}. Deploy the registered build, or build a new version.`);
}

const capital = (text: string): string => text.replace(/^./, (first) => first.toUpperCase());

/** What is broken cannot wait for its turn in the environments before (GT-8). */
function promotionProblem(
  { version, environment }: Envelope,
  { changeType }: Details,
  { notCompletedIn: before }: Facts,
): Decision | undefined {
  if (before === undefined || changeType === 'emergency') return undefined;
  return refused(
    'not_promoted',
    `${version} never completed in ${before}, so ${environment} is closed to it. Deploy it to ${before}, or ask for an emergency change.`,
  );
}

const DETAIL_NAMES: Partial<Record<keyof Details, string>> = {
  changeType: 'change type',
  deploymentType: 'deployment type',
  risk: 'risk',
  database: 'database',
  summary: 'summary',
};

function changesBetween(d: Deployment, envelope: Envelope, details: Details): string[] {
  const changes: string[] = [];
  const was = d.terms.envelope;
  if (was.version !== envelope.version) changes.push(`version ${was.version} → ${envelope.version}`);
  else if (was.sha !== envelope.sha) {
    const same = was.tree !== undefined && was.tree === envelope.tree ? ' (its tree is the same)' : '';
    changes.push(`commit ${was.sha.slice(0, 7)} → ${envelope.sha.slice(0, 7)}${same}`);
  }
  if (was.version === envelope.version && was.digest !== envelope.digest) changes.push('artifact digest');
  if (was.plan.strategy !== envelope.plan.strategy)
    changes.push(`strategy ${was.plan.strategy} → ${envelope.plan.strategy}`);
  else if (canonicalJson(was.plan) !== canonicalJson(envelope.plan)) changes.push('plan');
  if (canonicalJson(was.start) !== canonicalJson(envelope.start)) changes.push('start time');
  if (d.terms.details.lead.id !== details.lead.id)
    changes.push(`lead ${d.terms.details.lead.name} → ${details.lead.name}`);
  if (d.terms.details.onCall.id !== details.onCall.id)
    changes.push(`on-call ${d.terms.details.onCall.name} → ${details.onCall.name}`);
  for (const [key, name] of Object.entries(DETAIL_NAMES) as [keyof Details, string][]) {
    if (d.terms.details[key] !== details[key]) changes.push(name);
  }
  return changes;
}
