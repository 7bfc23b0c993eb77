/** The timeline in a deployment's thread: one line for what happened, and who did it. */

import type { Button } from '@slack/types';
import { waitsForChangeRequest } from '../src/deployment/approval/change-request.ts';
import {
  missingSignOffs,
  owes,
  owesChangeRequest,
  owesWriteUp,
} from '../src/deployment/approval/sign-offs.ts';
import type { Fall } from '../src/deployment/approval/state.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { DeploymentEvent, EventType } from '../src/deployment/events.ts';
import type { EventOf } from '../src/deployment/evolver.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import { IMPACT_WORDS } from '../src/deployment/problem/impact.ts';
import { missingBefore, tickedWith } from '../src/deployment/readiness/readiness.ts';
import type { TickedFor } from '../src/deployment/readiness/state.ts';
import { shortNotice } from '../src/deployment/request/notice.ts';
import { owesReview, whoReviews } from '../src/deployment/review/owed.ts';
import { comparisonWords } from '../src/deployment/rollout/compared.ts';
import { mattersOf, toCallForItems, whoseItems } from '../src/deployment/waiting-for.ts';
import { baseOf, changeTypeWords } from '../src/terms/change.ts';
import { distinctPeople, type PersonRef } from '../src/terms/person.ts';
import type { ChecklistItem } from '../src/terms/requirements.ts';
import { actionButtons, actionWords, heldWords } from './action-needed.ts';
import { actions, context, type Rendered, section } from './blocks.ts';
import { partsWords } from './change-request-words.ts';
import { contactsWords } from './contact-words.ts';
import {
  byName,
  changeRequestId,
  databaseOnRollback,
  leadOrOnCall,
  leadOrOnCallNames,
  name,
  otherBuildWords,
  planWords,
  release,
  title,
} from './deployment-words.ts';
import { driftNote } from './drift-words.ts';
import { drillLine } from './drill.ts';
import { allClearWords, handOverWords, rollbackTook, tookWords } from './end-words.ts';
import { noticeWords } from './notice-words.ts';
import { overrunNote } from './overrun-words.ts';
import { pagedNote, pagerFailedNote } from './pager-words.ts';
import { reviewLine } from './review-words.ts';
import { signalNote } from './signal-words.ts';
import { smokeNote } from './smoke-words.ts';
import { stayWords, wayBackWords } from './step-words.ts';
import { stuckLines } from './stuck-words.ts';
import {
  because,
  capitalised,
  dateTime,
  duration,
  inline,
  listOf,
  mention,
  momentsIn,
  quote,
  traffic,
} from './text.ts';
import { verificationTable } from './verification.ts';
import { WATCH_NOTES } from './watched-words.ts';
import { incidentButton, reviewButtons } from './writing-buttons.ts';

type Note<T extends EventType> = (d: Deployment, event: EventOf<T>) => string | undefined;

const SILENT = () => undefined;

/** A type of event without a line here does not compile. */
const NOTES: { [T in EventType]: Note<T> } = {
  requested: (d, e) =>
    `${askedWords(e)} ${inline(e.terms.envelope.version, 60)} in ${inline(e.terms.envelope.environment, 40)} · ${planWords(e.terms.envelope.plan)}${neededFrom(d, e)}${itemsOfOthers(d)}`,
  signed: (d, e) =>
    e.decision === 'go'
      ? `✅ Go from ${byName(e.by)} as ${roleName(d, e.role)}`
      : `⛔ No-go from ${byName(e.by)} as ${roleName(d, e.role)}${because(e.reason)}\n${mention(d.requestedBy)}: it ends here. Change what it needs, then deploy it again from the card.`,
  signed_afterwards: (d, e) =>
    e.decision === 'go'
      ? `✅ Go afterwards from ${byName(e.by)} as ${roleName(d, e.role)}${settled(d)}`
      : `⛔ No-go afterwards from ${byName(e.by)} as ${roleName(d, e.role)}${because(e.reason)}\n${leadOrOnCall(d)} must decide whether it stays.`,
  written_up: (d, e) => `${byName(e.by)} wrote it up: ${quote(e.text, 500)}${settled(d)}`,
  delegated: (d, e) => `${byName(e.by)} has ${name(e.to)} sign as ${roleName(d, e.role)} in their place`,
  question_asked: (_d, e) =>
    `❓ ${byName(e.by)} asks ${mention(e.to)}: ${quote(e.question, 500)}\n${name(e.to)}: answer here, and mention ${byName(e.by)} so that it reaches them.`,
  reminded: SILENT,
  escalated: (d, e) => `${inline(e.role, 40)} was told that ${missingWords(d)} still missing`,
  got_stuck: (d, e) =>
    `⚠️ It can't start as it is. ${name(d.terms.details.lead)}:\n${stuckLines(e.on).join('\n')}`,
  sign_offs_expired: (d, e) =>
    `The go of ${listOf(e.roles.map((role) => roleName(d, role)))} was given too long ago and fell; it is asked for again`,
  sign_off_withdrawn: (d, e) =>
    `↩️ ${byName(e.by)} withdrew their go as ${roleName(d, e.role)}; it is asked for again`,
  sign_offs_lost: (d, e) =>
    `⚠️ It can't start: ${goesOf(d, e.falls)} ${e.falls.length === 1 ? 'does' : 'do'} not count any more and ${e.falls.length === 1 ? 'is' : 'are'} asked for again. ${name(d.terms.details.lead)} sees that somebody in the role signs.`,
  revised: (d, e) =>
    `${byName(e.by)} changed it: ${listOf(e.changes.map((change) => inline(change, 80))) || 'nothing that shows'}${fallen(d, e.falls)}${openAgain(e.unticked)}${waitsForLead(d, e)}`,
  // Passing ones stand on the card; a line for each would drown the thread.
  gate_reported: (d, e) =>
    e.passed
      ? undefined
      : `🚧 Gate ${inline(gateName(d, e.report.gate), 60)} has not passed: ${inline(e.says, 200)} · reported by ${inline(e.report.by, 60)}`,
  other_build_registered: (d, e) =>
    `🚧 ${otherBuildWords(d, e.says)}${NOT_STARTED.has(d.status) ? unlessTheirs(d.terms.details.lead, e, 'change it, from its card.') : ''}`,
  artifact_refused: (d, e) =>
    `🚧 Another build of ${release(d)} was refused: ${inline(e.key, 40)} offered ${inline(e.digest.slice(0, 19), 30)} from commit ${inline(e.sha.slice(0, 7), 10)}. A version is built once; what was signed here stays as it is.`,
  item_ticked: (d, e) => `☑️ ${byName(e.by)} ticked: ${tickedWords(d, e)}${because(e.note)}`,
  item_unticked: (d, e) =>
    `${byName(e.by)} opened again: ${itemsWords(d, [e, ...(e.also ?? [])])}${mattersOf(d, d.terms.details.lead.id).includes('items') ? unlessTheirs(d.terms.details.lead, e, 'it waits for that again.') : ''}`,
  evidence_expired: (d, e) =>
    `⌛ Too old to count by now: ${listOf([...e.gates.map((id) => inline(gateName(d, id), 60)), ...e.items.map((id) => inline(itemText(d, id), 100))])}${e.waits ? unlessTheirs(d.terms.details.lead, e, 'it waits for that now.') : ''}`,
  change_request_written: (d, e) => changeRequestWords(d, e),
  reopened: (d, e) =>
    `It waits again: ${listOf(e.missing.map((text) => inline(text, 100)))} ${e.missing.length === 1 ? 'is' : 'are'} missing${e.by.kind === 'person' ? '' : unlessTheirs(d.terms.details.lead, e, 'it starts by itself once that is there.')}`,
  scheduled: (d, e) =>
    `${d.terms.approval.when === 'afterwards' ? 'An emergency' : readyWords(d)} · starts ${dateTime(e.startAt)}${noticeOf(d)}`,
  start_delayed: (d, e) =>
    `⏳ Waits: ${e.blockers.map(({ says }) => momentsIn(inline(says, 400))).join('; ')}${whoClearsIt(d, e)}`,
  start_cleared: () => 'Nothing stands in the way of the start any more',
  calendar_overridden: (_d, e) =>
    `⚠️ ${byName(e.by)} lets it start all the same${because(e.reason)}\nIn spite of: ${e.says.map((says) => momentsIn(inline(says, 300))).join('; ')}`,
  started: (d, e) =>
    `🚀 ${title(d)} has started · ${e.previous === null ? 'nothing ran there before' : stayWords(d.terms.envelope.plan, inline(e.previous, 60))}${contactsOf(d)}`,
  drifted: driftNote,
  drift_accepted: (_d, e) => `${byName(e.by)} lets it start from ${inline(e.runs ?? 'nothing', 60)}`,
  // The report of the stage stands there from its first moment.
  step_started: SILENT,
  step_completed: (_d, e) =>
    e.undecided === undefined
      ? undefined
      : `Went on without a verdict: ${inline(e.undecided, 300)}. Nothing spoke for harm, and every rule that could speak was met`,
  looked: SILENT,
  held: (d, e) => `${heldWords(d, e)}${actionWords(d, e)}`,
  hold_explained: (_d, e) => `${byName(e.by)} on why it is held: ${quote(e.reason, 500)}`,
  resumed: (_d, e) => `Resumed by ${byName(e.by)}${because(e.reason)}`,
  promoted: (_d, e) => `Promoted early by ${byName(e.by)}${because(e.reason)}`,
  extended: (_d, e) =>
    `${byName(e.by)} has the stage watched ${duration(e.extension)} longer${because(e.reason)}`,
  signalled: (d, e) => signalNote(d, e),
  signals_lost: (_d, e) =>
    `⚠️ Nobody can say whether alerts fired: ${inline(e.because, 300)}. Nothing passes until that is known again.`,
  problem_reported: (_d, e) =>
    `📣 ${byName(e.by)} reports a problem, ${IMPACT_WORDS[e.impact]}: ${quote(e.what, 500)}`,
  smoke_started: SILENT,
  smoke_skipped: (_d, e) => `🧪 No smoke tests were run: ${inline(e.because, 300)}`,
  smoke_reported: smokeNote,
  verification_started: SILENT,
  overran: overrunNote,
  verified: (d) =>
    `✅ ${release(d)} is live in ${inline(d.terms.envelope.environment, 40)} with all traffic${tookWords(d)} · watched for ${duration(d.terms.safeguards.observeFor)}${openAtHandOver(d)}`,
  observation_unsettled: (d, e) =>
    `🟡 ${leadOrOnCall(d)} must decide on ${release(d)}: ${inline(e.because, 300)}. It is not handed over by itself; hand it over with a reason, or roll it back. It stays watched.`,
  all_clear: allClearWords,
  hand_over_started: (d, e) =>
    `${e.by.kind === 'person' ? `${name(e.by)} hands it over${because(e.reason)}` : 'Its watch ended without trouble'} · ${inline(d.previous ?? 'what was there before', 60)} is taken down first, and then there is no switching back`,
  handed_over: (d, e) => handOverWords(d, e),
  rollback_started: (d, e) =>
    `⏪ Rolling ${inline(d.terms.envelope.service, 60)} back from ${inline(d.terms.envelope.version, 60)} to ${previous(e.to)} · ${byName(e.by)}: ${inline(e.why, 300) || 'no reason given'}${wayBack(d)}${actionWords(d, e)}`,
  taken_back: (d, e) =>
    `⏪ ${byName(e.by)} takes back ${release(d)}, which ${d.terms.takesBack?.deployment ?? 'another deployment'} had handed over: going back to ${inline(e.to ?? 'nothing', 60)}${e.breaks === undefined ? '' : `\n⚠️ ${leadOrOnCall(d)}: see to the database now. ${databaseOnRollback(d)}`}`,
  rollback_repeated: SILENT,
  // In reports; the thread has it in the report of the stage.
  rollback_moved: (d, { percent }) =>
    `⏪ ${inline(d.terms.envelope.version, 60)} still has ${traffic(percent)} of traffic`,
  reason_reminded: SILENT,
  rollback_explained: (_d, e) => `${byName(e.by)} on why it was rolled back: ${quote(e.reason, 500)}`,
  rolled_back: (d, e) =>
    `⏪ ${inline(d.terms.envelope.service, 60)} is back on ${previous(d.rollback?.to ?? null)} with all traffic${rollbackTook(d, e.at)}${reviewOf(d)}${reviewer(d)}`,
  rollback_failed: (d, e) =>
    `🛑 The rollback of ${release(d)} failed: ${inline(e.reason, 300)}. Traffic may be split.${actionWords(d, e)}${reviewOf(d)}`,
  review_written: (_d, e) =>
    `📝 ${byName(e.by)} reviewed the rollback: ${quote(e.review.cause, 500)}\nWhat is done about it: ${quote(e.review.actions, 500)}`,
  review_reminded: SILENT,
  // Said by the no-go itself.
  rejected: SILENT,
  expired: (d, e) =>
    `${title(d)} expired: ${inline(e.reason, 300)}.\n${mention(d.requestedBy)}: it can be asked for again from the card.`,
  cancelled: (_d, e) => `Cancelled by ${byName(e.by)}${because(e.reason)}`,
  watch_started: (d, { percent, previous: before }) => WATCH_NOTES.watch_started(d, percent, before),
  watch_moved: (_d, { percent }) => WATCH_NOTES.watch_moved(percent),
  watch_warned: (d, e) => WATCH_NOTES.watch_warned(d, e.because),
  watch_ended: WATCH_NOTES.watch_ended,
  attempt_refused: (_d, e) =>
    `${byName(e.by)} tried to ${inline(e.attempt, 80).replaceAll('_', ' ')} and may not`,
  backend_troubled: (d, e) =>
    e.doing === 'compare'
      ? `⚠️ Changed behind GoNoGo's back: ${inline(e.message, 300)}. ${isAskedOf(d, e) ? leadOrOnCallNames(d) : leadOrOnCall(d)}: nothing is put right by itself, decide whose stands.`
      : `⚠️ Trouble with the backend (${inline(e.doing, 40).replaceAll('_', ' ')}): ${inline(e.message, 300)}. It is tried again.`,
  backend_recovered: () => 'The backend answers again',
  paged: pagedNote,
  pager_called: SILENT,
  pager_failed: pagerFailedNote,
  page_taken: (_d, e) => `📟 ${byName(e.by)} has it`,
};

/** Undefined for what needs no line of its own. `checkpoint` is where the record stood when it ended. `d` is the deployment as it is now, which may be later than the event. */
export function renderNote(d: Deployment, event: DeploymentEvent, checkpoint?: string): Rendered | undefined {
  const text = (NOTES[event.type] as (d: Deployment, event: DeploymentEvent) => string | undefined)(d, event);
  if (text === undefined) return undefined;
  const asks = actions('note.actions', [...actionButtons(d, event), ...afterwards(d, event)]);
  const sealed = checkpoint !== undefined && endsIt(d, event) ? [context(checkpointWords(checkpoint))] : [];
  const compared = comparisonWords(d);
  const figures = WITH_FIGURES.has(event.type)
    ? [
        ...verificationTable(d),
        ...(compared === undefined ? [] : [context(capitalised(inline(compared, 600)))]),
      ]
    : [];
  return { text, blocks: [section(text), ...figures, ...asks, ...sealed] };
}

/** At the end of a rollback: what is to be read and written (RB-6). */
const afterwards = (d: Deployment, { type }: DeploymentEvent): Button[] =>
  type === 'rolled_back' || type === 'rollback_failed' ? [...reviewButtons(d), incidentButton(d)] : [];

/** The figures of before and since stand below them. */
const WITH_FIGURES: ReadonlySet<EventType> = new Set(['all_clear', 'handed_over']);

const ENDS: ReadonlySet<EventType> = new Set([
  'handed_over',
  'rolled_back',
  'rollback_failed',
  'watch_ended',
  'expired',
  'cancelled',
]);

/** The line of the no-go stands for the rejection that follows from it. */
const endsIt = (d: Deployment, event: DeploymentEvent): boolean =>
  ENDS.has(event.type) || (event.type === 'signed' && event.decision === 'no_go' && d.status === 'rejected');

/** Published here, where whoever owns the database cannot take it back (AU-7). */
const checkpointWords = (checkpoint: string): string => `Record checkpoint \`${checkpoint}\``;

function noticeOf(d: Deployment): string {
  const short = shortNotice(d);
  return short === undefined ? '' : `\n${noticeWords(short)}`;
}

function contactsOf(d: Deployment): string {
  const words = contactsWords(d);
  return words === '' ? '' : `\n${words}`;
}

/** Nothing else tells them that the hand-over waits for them. */
function openAtHandOver(d: Deployment): string {
  const open = missingBefore(d, 'hand_over').length;
  if (open === 0) return '';
  const points = open === 1 ? '1 point is' : `${open} points are`;
  const people = distinctPeople([d.terms.details.lead, ...whoseItems(d, 'hand_over')]);
  return `\n${listOf(people.map(mention))}: ${points} open before the hand-over, in the checklist of the card.`;
}

/** Those whose items it waits for: who is to sign reads it where they are asked, and whoever asked for it knows. */
function itemsOfOthers(d: Deployment): string {
  const told = [...d.terms.required.flatMap(({ asked }) => asked), d.requestedBy];
  const lead = waitsForChangeRequest(d) ? [d.terms.details.lead] : [];
  const knows = new Set([...told, ...lead].map(({ id }) => id));
  const people = distinctPeople(toCallForItems(d, 'start', (id) => knows.has(id)));
  return people.length === 0
    ? ''
    : `\n${listOf(people.map(mention))}: it waits for items that are yours to tick, in the checklist of the card.`;
}

function whoClearsIt(d: Deployment, { blockers }: EventOf<'start_delayed'>): string {
  if (blockers.some(({ kind }) => kind === 'rolled_back'))
    return `\n${leadOrOnCall(d)}: it does not start by itself after that. Start it in spite of it from the menu of the card, change it, or cancel it.`;
  if (blockers.some(({ kind, until }) => kind === 'bake' && until === undefined))
    return `\n${mention(d.terms.details.lead)}: it does not start as long as that is so. Change it to another version or cancel it, from its card; what cannot wait is an emergency change.`;
  return blockers.some(({ kind }) => kind === 'on_call')
    ? `\n${mention(d.terms.details.lead)}: name another on-call with Change… in the menu of the card. It starts when somebody is on call.`
    : '';
}

/** They have it in a message of their own already: their decision hangs on the same. */
const isAskedOf = (d: Deployment, { message }: EventOf<'backend_troubled'>): boolean =>
  d.status === 'held' || d.rollout?.finalWatch?.unsettled?.because === message;

/** Calls whoever must act, where no message of their own does; whoever did it themselves knows. */
const unlessTheirs = (person: PersonRef, { by }: DeploymentEvent, what: string): string =>
  by.kind === 'person' && by.id === person.id ? '' : `\n${mention(person)}: ${what}`;

/** What somebody else changed is asked of its lead anew, or for the first time. */
const waitsForLead = (d: Deployment, e: EventOf<'revised'>): string =>
  mattersOf(d, d.terms.details.lead.id).length === 0
    ? ''
    : unlessTheirs(d.terms.details.lead, e, 'the card shows what it waits for now.');

/** Whoever is to review what another rolled back; where it went back by itself they have a message. */
function reviewer(d: Deployment): string {
  const { rollback } = d;
  const lead = whoReviews(d);
  const knows = rollback?.by.kind !== 'person' || rollback.by.id === lead.id;
  return !owesReview(d) || knows ? '' : `\n${mention(lead)}: the review is yours to write.`;
}

const readyWords = (d: Deployment): string =>
  d.terms.requirements === undefined ? 'All sign-offs are in' : 'All that it needs is there';

const gateName = (d: Deployment, id: string): string =>
  d.terms.requirements.gates.find((gate) => gate.id === id)?.name ?? id;

const itemOf = (d: Deployment, id: string): ChecklistItem | undefined =>
  d.terms.requirements.checklist.find((item) => item.id === id);

const itemText = (d: Deployment, id: string): string => itemOf(d, id)?.text ?? id;

const itemRole = (d: Deployment, id: string, role: string): string =>
  inline(itemOf(d, id)?.roles?.find((one) => one.role === role)?.name ?? role, 40);

/** What one person ticked at once is one line. */
function tickedWords(d: Deployment, e: EventOf<'item_ticked'>): string {
  const all = tickedWith(d, e);
  const shown = all.some(({ item, role }) => item === e.item && role === e.role) ? all : [e];
  return itemsWords(d, shown);
}

const itemsWords = (d: Deployment, items: readonly TickedFor[]): string =>
  listOf(
    items.map(({ item, role }) => {
      const as = role === undefined ? '' : ` (as ${itemRole(d, item, role)})`;
      return `${inline(itemText(d, item), 150)}${as}`;
    }),
  );

const wayBack = (d: Deployment): string => {
  const words = inline(wayBackWords(d), 200);
  return words === '' ? '' : `\n${words}`;
};

const reviewOf = (d: Deployment): string =>
  [...drillLine(d), ...reviewLine(d)].map((line) => `\n${line}`).join('');

const previous = (version: string | null): string =>
  version === null ? 'no version at all' : inline(version, 60);

function roleName(d: Deployment, role: string): string {
  return inline(d.terms.required.find((required) => required.role === role)?.name ?? role, 40) || 'approver';
}

const settled = (d: Deployment): string => (owes(d) ? '' : ' · nothing is owed any more');

function missingWords(d: Deployment): string {
  const roles = missingSignOffs(d).map((required) => inline(required.name, 40) || required.role);
  if (roles.length === 0)
    return owesChangeRequest(d) && !owesWriteUp(d) ? 'its change request is' : 'its write-up is';
  return `${roles.length === 1 ? 'the go' : 'the goes'} of ${listOf(roles)} ${roles.length === 1 ? 'is' : 'are'}`;
}

/** The first one stands in the thread itself, and needs no line but where it settles what was owed. */
function changeRequestWords(d: Deployment, e: EventOf<'change_request_written'>): string | undefined {
  const id = changeRequestId(d);
  if (e.changed !== undefined)
    return `${byName(e.by)} changed change request ${id}: ${partsWords(e.changed)}`;
  const owed = d.rollout?.startedAt !== undefined && e.at >= d.rollout?.startedAt;
  return owed ? `${byName(e.by)} wrote change request ${id}${settled(d)}` : undefined;
}

const BY_ITSELF = {
  on_merge: 'CI registered it, and it goes by itself:',
  nightly: 'The night’s deployment goes by itself:',
} as const;

const askedWords = ({ by, terms: { automatic } }: EventOf<'requested'>): string =>
  automatic === undefined ? `${byName(by)} asked for` : BY_ITSELF[automatic];

/** A kind that is built on it is called by its own name too. */
const emergencyWords = ({ terms: { details } }: Deployment): string =>
  details.like === undefined ? 'an emergency' : `an emergency (${changeTypeWords(details.changeType)})`;

function neededFrom(d: Deployment, e: EventOf<'requested'>): string {
  const roles = e.terms.required.map((required) => inline(required.name, 40) || required.role);
  if (e.terms.approval.when === 'afterwards')
    return ` · ${emergencyWords(d)}: it starts without a go, and owes that of ${listOf(roles)}`;
  if (roles.length === 0 && baseOf(d.terms.details) === 'standard')
    return ' · a standard change: pre-approved';
  return roles.length === 0 ? ' · no sign-off needed' : ` · needs a go from ${listOf(roles)}`;
}

function fallen(d: Deployment, falls: readonly Fall[]): string {
  if (falls.length === 0) return '';
  return `. Fallen, and asked for again: ${goesOf(d, falls)}`;
}

function goesOf(d: Deployment, falls: readonly Fall[]): string {
  const goes = falls.map(
    ({ role, person, why }) => `${name(person)} as ${roleName(d, role)} (${inline(why, 120)})`,
  );
  return `the go of ${listOf(goes)}`;
}

function openAgain(items: readonly string[] | undefined): string {
  if (items === undefined || items.length === 0) return '';
  return `. What was ticked of the old one (${items.length}) is open again`;
}
