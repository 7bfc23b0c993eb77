/** All that is known of a deployment and stands on no card: contacts, plan, rights, times, and what a go signs (WN-5). */

import type { KnownBlock, ModalView } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import { shortNotice } from '../src/deployment/request/notice.ts';
import { expiresAt } from '../src/deployment/start/expiry.ts';
import type { Criteria } from '../src/policy/calendar/criteria.ts';
import type { Contact } from '../src/terms/contacts.ts';
import { stagesOf } from '../src/terms/plan.ts';
import type { Action } from '../src/terms/safeguards.ts';
import { boundedSections, context, plain, section } from './blocks.ts';
import { unfolded } from './checklist-fold.ts';
import { CONTACT_NAMES, hoursWords } from './contact-words.ts';
import { contractDetails } from './contract-terms.ts';
import { criteriaLines } from './criteria.ts';
import { name, planWords, title } from './deployment-words.ts';
import { noticeWords } from './notice-words.ts';
import { plannedEndWords } from './overrun-words.ts';
import { guardedOf, guardLines } from './rule-words.ts';
import { statusWords } from './status-words.ts';
import {
  capitalised,
  code,
  dateTime,
  duration,
  inline,
  listOf,
  plural,
  traffic,
  truncateEscaped,
} from './text.ts';

const DETAILS_MODAL = { callback: 'details' } as const;

export interface ReachedContact extends Contact {
  /** As the policy has it now: it is in no record. */
  phone?: string;
  /** Whether they are in their hours as this is opened; unset where no hours are known. */
  thereNow?: boolean;
}

export interface DetailsContext {
  contacts: readonly ReachedContact[];
  /** How people read a role. */
  roleName(role: string): string;
  strategyName?: string;
  /** What speaks for its planned time; unset where it has started or its place has no windows. */
  criteria?: Criteria;
}

const CONTACTS_SMALL_PRINT =
  'Hours as they were when this was asked for. Phone numbers as the policy has them now: no record and no message has them.';
/** Slack takes 3,000 characters in one section. */
const MAX_TEXT = 2_900;
const MAX_STAGES = 12;
/** Some two hundred items; a modal may be 250 kB. */
const MAX_DONE_SECTIONS = 10;
const MAX_LATER_SECTIONS = 3;

export function renderDetailsModal(d: Deployment, about: DetailsContext): ModalView {
  return {
    type: 'modal',
    callback_id: DETAILS_MODAL.callback,
    title: plain(`Details of ${d.id}`, 24),
    close: plain('Close', 24),
    blocks: [
      section(`*${title(d)}*`, `${capitalised(inline(statusWords(d), 100))}`),
      ...part('Contacts', contactLines(about.contacts)),
      context(CONTACTS_SMALL_PRINT),
      ...part('Plan', planLines(d, about)),
      ...part('What it does by itself', bullets(guardLines(guardedOf(d)))),
      ...(about.criteria === undefined
        ? []
        : part(`Start ${dateTime(about.criteria.at)}`, bullets(criteriaLines(about.criteria)))),
      ...part('Who may', rightsLines(d, about)),
      ...part('What a go signs', envelopeLines(d)),
      ...unfoldedChecklist(d),
    ],
  };
}

function part(heading: string, lines: readonly string[]): KnownBlock[] {
  return lines.length === 0
    ? []
    : [section(truncateEscaped([`*${heading}*`, ...lines].join('\n'), MAX_TEXT))];
}

/** What the checklist folds, with who ticked it and when. */
function unfoldedChecklist(d: Deployment): KnownBlock[] {
  const { done, later } = unfolded(d);
  return [
    ...(done.length === 0
      ? []
      : boundedSections(['*What is done of gates and checklist*', ...done], MAX_DONE_SECTIONS)),
    ...(later.length === 0
      ? []
      : boundedSections(['*Ticked after all traffic has moved*', ...later], MAX_LATER_SECTIONS)),
  ];
}

const bullets = (lines: readonly string[]): string[] => lines.map((line) => `• ${line}`);

function contactLines(contacts: readonly ReachedContact[]): string[] {
  const lines = contacts.map(({ role, person, hours, phone, thereNow }) =>
    [
      `${CONTACT_NAMES[role]}: ${name(person)}`,
      ...(hours === undefined ? ['hours not stated'] : [hoursWords(hours)]),
      ...(thereNow === undefined ? [] : [thereNow ? 'there now' : 'not there now']),
      ...(phone === undefined ? [] : [inline(phone, 40)]),
    ].join(' · '),
  );
  const nobody = contacts.some(({ role }) => role === 'escalation') ? [] : ['Escalation: nobody is named'];
  return [...lines, ...nobody];
}

function planLines(d: Deployment, { strategyName }: DetailsContext): string[] {
  const { plan, start } = d.terms.envelope;
  const { observeFor, rollbackWithin } = d.terms.safeguards;
  const stages = stagesOf(plan);
  const shown = stages
    .slice(0, MAX_STAGES)
    .map(
      ({ number, percent, watchFor }) =>
        `${number}. ${traffic(percent)} of traffic${watchFor === 0 ? '' : `, watched for ${duration(watchFor)}`}`,
    );
  const more = stages.length - shown.length;
  return [
    planWords(plan, strategyName),
    ...shown,
    ...(more > 0 ? [`and ${plural(more, 'stage')} more`] : []),
    `Then watched for ${duration(observeFor)} · a rollback should take under ${duration(rollbackWithin)}`,
    startLine(d, start),
    ...plannedEndWords(d),
    ...noticeOf(d),
    ...contractDetails(d),
    ...(NOT_STARTED.has(d.status) ? [`Expires ${dateTime(expiresAt(d))} if it has not started by then`] : []),
  ];
}

function startLine(
  { rollout, start: { at: startAt } }: Deployment,
  start: Deployment['terms']['envelope']['start'],
): string {
  if (rollout?.startedAt !== undefined) return `Started ${dateTime(rollout?.startedAt)}`;
  if (startAt !== undefined) return `Starts ${dateTime(startAt)}`;
  return start.kind === 'at'
    ? `Starts ${dateTime(start.at)} if all that it needs is there`
    : 'Starts as soon as it is ready';
}

function noticeOf(d: Deployment): string[] {
  const short = NOT_STARTED.has(d.status) ? shortNotice(d) : undefined;
  return short === undefined ? [] : [noticeWords(short)];
}

const DOES: Record<Action, string> = {
  promote: 'promote',
  hold: 'hold',
  resume: 'resume',
  extend: 'extend a stage',
  roll_back: 'roll back',
  revise: 'change it',
  cancel: 'cancel',
  tick: 'tick the checklist',
};

/** What the same people may do stands in one line. */
function rightsLines(d: Deployment, about: DetailsContext): string[] {
  const byPeople = new Map<string, string[]>();
  for (const [action, roles] of Object.entries(d.terms.safeguards.permissions) as [Action, string[]][]) {
    const others = roles.filter((role) => !isNamedAsLead(d, role, roles));
    const who = listOf(
      others.map((role) => whoIs(d, role, about)),
      'and',
      12,
    );
    byPeople.set(who, [...(byPeople.get(who) ?? []), DOES[action]]);
  }
  return [...byPeople].map(([who, does]) => `${capitalised(listOf(does, 'and', 9))}: ${who || 'nobody'}`);
}

/** Whoever leads it and asked for it as well stands there once. */
function isNamedAsLead(
  { requestedBy, terms: { details } }: Deployment,
  role: string,
  roles: string[],
): boolean {
  return role === 'requester' && roles.includes('lead') && requestedBy.id === details.lead.id;
}

function whoIs(
  { requestedBy, terms: { details } }: Deployment,
  role: string,
  { roleName }: DetailsContext,
): string {
  if (role === 'lead') return `${name(details.lead)} (lead)`;
  if (role === 'on_call') return `${name(details.onCall)} (on-call)`;
  if (role === 'requester') return `${name(requestedBy)} (asked for it)`;
  return inline(roleName(role), 40);
}

function envelopeLines({ envelopeHash, terms: { envelope } }: Deployment): string[] {
  const { service, environment, version, sha, tree, digest } = envelope;
  return [
    `${inline(service, 60)} ${inline(version, 60)} in ${inline(environment, 40)}, its plan and its start`,
    `Commit ${code(sha)}`,
    ...(tree === undefined ? [] : [`Tree ${code(tree)}`]),
    `Artifact ${code(digest, 100)}`,
    `Signed as ${code(envelopeHash, 100)}`,
  ];
}
