/** The one live card of a deployment (K-3): what it is, whether it is all right, what is missing, what can be done. */

import type { KnownBlock } from '@slack/types';
import { lacksChangeRequest } from '../src/deployment/approval/change-request.ts';
import { owedSignOffs } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { CAN_ROLL_BACK, NOT_STARTED, type Status } from '../src/deployment/lifecycle.ts';
import { missingBefore } from '../src/deployment/readiness/readiness.ts';
import { shortNotice } from '../src/deployment/request/notice.ts';
import { failedRequests } from '../src/deployment/rollback/what-failed.ts';
import { currentStep, handingOverState, observedUntil } from '../src/deployment/rollout/progress.ts';
import { waitsAfterRollback, waitsForSigners } from '../src/deployment/start/waiting.ts';
import { stagesOf } from '../src/terms/plan.ts';
import type { Instant } from '../src/time.ts';
import { actions, context, inWords, type Rendered, section, typed } from './blocks.ts';
import { cardButtons } from './card-buttons.ts';
import { missingChangeRequest, writtenWords } from './change-request-words.ts';
import { changedWords } from './changes-words.ts';
import { comesBackLine } from './comes-back-words.ts';
import { contractFact, mustBeginLine } from './contract-terms.ts';
import {
  byName,
  changeWords,
  databaseOnRollback,
  databasePlanWords,
  goesWords,
  ifItFails,
  leadOrOnCall,
  leadOrOnCallNames,
  name,
  otherBuildWords,
  planWords,
  release,
  title,
} from './deployment-words.ts';
import { driftLines, heldForDrift, staysWhere } from './drift-words.ts';
import { drillLine } from './drill.ts';
import { lookSentence } from './look-words.ts';
import { noticeWords } from './notice-words.ts';
import { overrunLine } from './overrun-words.ts';
import { owedWords } from './owed-words.ts';
import { pagerLines } from './pager-words.ts';
import { foldedReadiness, readinessLines } from './readiness.ts';
import { reviewLine } from './review-words.ts';
import { boardLines } from './sign-off-board.ts';
import { smokeLine } from './smoke-words.ts';
import { stageBar } from './stage-bar.ts';
import { underWayWords, wayBackWords } from './step-words.ts';
import {
  count,
  dateTime,
  duration,
  inline,
  listOf,
  momentsIn,
  oneLine,
  plural,
  timeOfDay,
  traffic,
} from './text.ts';
import { expiryWords, startsWords, waitingWords } from './waiting-words.ts';
import { watchEndedLine, watchingLines } from './watched-words.ts';

export interface CardContext {
  /** How the policy calls the strategy: "Canary". */
  strategyName?: string;
  /** The last start in the window that it is planned for. */
  lastStart?: Instant;
  /** Environments where the version that was rolled back here still runs. */
  stillIn?: readonly string[];
  /** It may not be brought up to date for a while (K-12). */
  asOf?: Instant;
}

/** What the card says, before it becomes blocks. */
interface Face {
  /** The first line, bold. */
  title: string;
  /** Is it all right, and what happens next: one to three lines. */
  state: string[];
  /** What a person typed. */
  body?: KnownBlock[];
  /** Who said what, and what else is there or missing; each its own block. */
  board?: string[][];
  /** Small print. */
  facts: string[];
}

/** Where what smoke tests say of it still matters. */
const SHOWS_SMOKE: ReadonlySet<Status> = new Set([...CAN_ROLL_BACK, 'rolling_back', 'failed']);

export function renderCard(d: Deployment, about: CardContext = {}): Rendered {
  const face = FACES[d.status](d, about);
  const state = [
    ...face.state,
    ...(SHOWS_SMOKE.has(d.status) ? smokeLine(d) : []),
    ...pagerLines(d),
    ...overrunLine(d),
    ...(d.ending === undefined ? comesBackLine(d) : []),
    ...noticeLine(d),
    ...mustBeginLine(d),
    ...owedLine(d),
    ...drillLine(d),
    ...reviewLine(d),
    ...otherBuildLine(d),
    ...trouble(d),
  ];
  const facts = [...face.facts, contractFact(d), ...asOfWords(about)].filter(Boolean);
  const board = (face.board ?? []).filter((lines) => lines.length > 0);
  return {
    text: fallback(d, [`${face.title} · ${d.id}`, ...state, ...board.flat(), ...facts]),
    blocks: [
      section(`*${face.title}*  ·  ${d.id}`, ...state),
      ...(face.body ?? []),
      ...board.map((lines) => section(...lines)),
      ...(facts.length === 0 ? [] : [context(...facts)]),
      ...actions('card.actions', cardButtons(d)),
    ],
  };
}

const FACES: Record<Status, (d: Deployment, about: CardContext) => Face> = {
  preparing: (d, about) => ({
    title: title(d),
    state: [`${waitingWords(d)} · ${startsWords(d)}`, ...waitsFor(d)],
    body: summary(d),
    board: [[...boardLines(d), ...missingChangeRequest(d)], readinessLines(d, 'start')],
    facts: [...change(d, about), writtenWords(d), expiryWords(d)],
  }),
  scheduled: (d, about) => ({
    title: title(d),
    state: d.start.waiting
      ? waitsFor(d)
      : d.start.drift !== undefined
        ? driftLines(d)
        : [d.start.at === undefined ? startsWords(d) : `🗓️ Scheduled · starts ${dateTime(d.start.at)}`],
    body: summary(d),
    facts: [
      ...change(d, about),
      goesWords(d),
      foldedReadiness(d, 'start'),
      writtenWords(d),
      ...lastStartWords(about),
    ],
  }),
  rolling_out: (d) => ({
    title: title(d),
    state: [stageBar(d), lookOf(d)],
    facts: [changeWords(d), goesWords(d)],
  }),
  held: (d) => ({
    title: title(d),
    state: [
      `✋ Held since ${timeOfDay(d.rollout?.hold?.at ?? 0)} by ${d.rollout?.hold ? byName(d.rollout?.hold.by) : 'GoNoGo'}: ${inline(d.rollout?.hold?.reason ?? '', 300) || 'no reason given'}`,
      stageBar(d),
      `${leadOrOnCall(d)} must decide: resume, promote or roll back. Until then ${release(d)} ${staysWhere(d)}, watched, ${ifItFails(d)}.${heldForDrift(d)}`,
    ],
    facts: [changeWords(d), goesWords(d)],
  }),
  verifying: (d) => ({
    title: title(d),
    state: [stageBar(d), 'All traffic is moved. Checking that it arrived and that the version is healthy.'],
    facts: [changeWords(d), goesWords(d)],
  }),
  observing: (d) => ({
    title: `${release(d)} is live in ${inline(d.terms.envelope.environment, 40)}`,
    state: [`✅ Complete ${rolloutWords(d)}. ${watchWords(d)}`],
    board: missingBefore(d, 'hand_over').length === 0 ? [] : [readinessLines(d, 'hand_over')],
    facts: [
      observation(d),
      missingBefore(d, 'hand_over').length === 0 ? foldedReadiness(d, 'hand_over') : '',
    ],
  }),
  handed_over: (d) => ({
    title: `${release(d)} is live in ${inline(d.terms.envelope.environment, 40)}`,
    state: [
      d.ending?.reason
        ? `✅ Handed over ${ended(d)}: ${inline(d.ending.reason, 200)}`
        : `✅ Handed over ${ended(d)} · rolled out ${rolloutWords(d)}`,
    ],
    facts: [],
  }),
  rolling_back: (d) => ({
    title: `${release(d)} is being rolled back`,
    state: [
      `⏪ Going back to ${target(d)} since ${timeOfDay(d.rollback?.startedAt ?? 0)} · ${whyBack(d)}`,
      ...wayBackLine(d),
    ],
    facts: [
      databaseOnRollback(d),
      `Target: ${duration(d.terms.safeguards.rollbackWithin)} · ${leadOrOnCallNames(d)} can say why`,
    ],
  }),
  rolled_back: (d, about) => ({
    title: `${release(d)} was rolled back`,
    state: [`⏪ ${target(d)} is back ${rollbackTime(d)} · ${whyBack(d)}`, ...harmWords(d), ...whatNext(d)],
    facts: stillInWords(d, about),
  }),
  failed: (d) => ({
    title: `${release(d)}: the rollback failed`,
    state: [
      `🛑 ${target(d)} is not back: ${reason(d)}`,
      `Traffic may be split. ${leadOrOnCall(d)} must look at the backend now; GoNoGo does not try again.`,
    ],
    facts: [],
  }),
  watched_only: (d) => ({
    title: `${release(d)} in ${inline(d.terms.envelope.environment, 40)}`,
    state: watchingLines(d),
    facts: [changedWords(d)],
  }),
  watch_over: (d) => ({
    title: `${release(d)} in ${inline(d.terms.envelope.environment, 40)}`,
    state: [watchEndedLine(d)],
    facts: [],
  }),
  rejected: (d) => ({
    title: title(d),
    state: [`⛔ No-go from ${d.ending ? byName(d.ending.by) : 'an approver'} ${ended(d)}: ${reason(d)}`],
    facts: [],
  }),
  expired: (d) => ({
    title: title(d),
    state: [`Expired ${ended(d)}: ${reason(d)}`],
    facts: [],
  }),
  cancelled: (d) => ({
    title: title(d),
    state: [`Cancelled ${ended(d)}${d.ending?.reason ? ` by ${byName(d.ending.by)}: ${reason(d)}` : ''}`],
    facts: [],
  }),
};

/** What keeps it from starting, and when that ends if nobody does anything. */
function waitsFor(d: Deployment): string[] {
  const { waiting } = d.start;
  if (waiting === undefined) return [];
  const lines = waiting.for.slice(0, 5).map(({ says }) => `⏳ Waits: ${momentsIn(inline(says, 400))}`);
  const end =
    waiting.until === undefined ? 'It starts when that has ended' : `It can start ${dateTime(waiting.until)}`;
  if (waitsForSigners(d))
    return [...lines, 'It starts when Slack says so, and is asked for every half minute.'];
  if (waitsAfterRollback(d))
    return [
      ...lines,
      `${leadOrOnCall(d)} must decide: start it in spite of that (in the menu), change it, or cancel it.`,
    ];
  const onCall = waiting.for.some(({ kind }) => kind === 'on_call');
  if (onCall) return [...lines, 'It starts when somebody is on call. Name another with Change… in the menu.'];
  const bake = waiting.for.find(({ kind }) => kind === 'bake');
  if (bake !== undefined)
    return [
      ...lines,
      bake.until === undefined
        ? `${leadOrOnCall(d)} must decide: change it to another version or cancel it. What cannot wait is an emergency change.`
        : `${end}. What cannot wait for that is an emergency change.`,
    ];
  return [...lines, `${end}, or sooner where somebody clears the way.`];
}

function noticeLine(d: Deployment): string[] {
  const short = NOT_STARTED.has(d.status) ? shortNotice(d) : undefined;
  return short === undefined ? [] : [noticeWords(short)];
}

const asOfWords = ({ asOf }: CardContext): string[] =>
  asOf === undefined ? [] : [`As of ${timeOfDay(asOf)}: Slack takes fewer updates just now than there are.`];

const lastStartWords = ({ lastStart }: CardContext): string[] =>
  lastStart === undefined ? [] : [`Last start in its window: ${dateTime(lastStart)}`];

function change(d: Deployment, about: CardContext): string[] {
  const plan = databasePlanWords(d.terms.details);
  const database = plan === '' ? '' : ` · ${plan}`;
  return [
    changeWords(d),
    changedWords(d),
    `${planWords(d.terms.envelope.plan, about.strategyName)}${database}`,
  ];
}

function summary(d: Deployment): KnownBlock[] {
  return oneLine(d.terms.details.summary) === '' ? [] : [typed(d.terms.details.summary, 300)];
}

function lookOf(d: Deployment): string {
  const stage = d.rollout?.stages.at(-1);
  const step = currentStep(d);
  if (stage?.watchUntil === undefined || stage.endedAt !== undefined)
    return step === undefined
      ? `Moving to ${traffic(stage?.percent ?? 0)} of traffic`
      : underWayWords(d, step);
  return lookSentence(stage.lastLook, stage.watchUntil);
}

/** What an emergency owes, whatever became of it. */
function owedLine(d: Deployment): string[] {
  const owed = owedWords(d);
  const why = owedSignOffs(d).length > 0 ? 'it started without a go' : 'it started as an emergency';
  if (owed !== '') return [`⚠️ Owed, because ${why}: ${owed}`];
  return d.terms.approval.when === 'afterwards' && d.status === 'scheduled'
    ? [
        `An emergency: it starts without a go, and owes its sign-offs${lacksChangeRequest(d) ? ' and its change request' : ''} then.`,
      ]
    : [];
}

function otherBuildLine(d: Deployment): string[] {
  const { otherBuild } = d.evidence;
  return otherBuild === undefined || d.ending !== undefined
    ? []
    : [`🚧 ${otherBuildWords(d, otherBuild.says)}`];
}

/** Most trouble is tried again, and says so; this waits for people. */
const WHAT_NEXT: Record<string, string> = { compare: 'Nothing is put right by itself: decide whose stands.' };

/** A trouble that lasts. */
function trouble(d: Deployment): string[] {
  if (!d.trouble || d.ending?.at !== undefined) return [];
  return [
    `⚠️ Trouble since ${timeOfDay(d.trouble.at)}: ${inline(d.trouble.message, 200)}. ${WHAT_NEXT[d.trouble.doing] ?? 'It is tried again.'}`,
  ];
}

const reason = (d: Deployment): string => inline(d.ending?.reason ?? '', 300) || 'no reason given';
const ended = (d: Deployment): string => (d.ending?.at === undefined ? '' : dateTime(d.ending?.at));
const target = (d: Deployment): string =>
  d.rollback?.to == null ? 'no version at all' : inline(d.rollback.to, 60);

function whyBack(d: Deployment): string {
  if (!d.rollback) return 'no reason recorded';
  const by = d.rollback.by.kind === 'person' ? `by ${byName(d.rollback.by)}` : 'by GoNoGo';
  return `${by}: ${inline(d.rollback.reason ?? d.rollback.why, 300) || 'no reason given'}`;
}

/** How it goes back, and how far it is where that takes a while. */
function wayBackLine(d: Deployment): string[] {
  const left = d.rollback?.left;
  const seen =
    left &&
    ` ${inline(d.terms.envelope.version, 60)} still has ${traffic(left.percent)} of traffic, seen at ${timeOfDay(left.at)}.`;
  const line = `${inline(wayBackWords(d), 200)}${seen ?? ''}`.trim();
  return line === '' ? [] : [line];
}

/** `About 310 of 9,600 requests to v2.1.1 failed`: for how many. */
function harmWords(d: Deployment): string[] {
  const harm = failedRequests(d);
  if (harm === undefined) return [];
  return [
    `About ${count(harm.failed)} of ${count(harm.of)} requests to ${inline(d.terms.envelope.version, 60)} failed`,
  ];
}

/** Who looks at why, while nobody has said what happened. */
function whatNext({ rollout }: Deployment): string[] {
  const open = (rollout?.actionsNeeded ?? []).filter(({ about, done }) => about === 'rollback' && !done);
  const people = new Map(open.flatMap((needed) => needed.people.map((person) => [person.id, name(person)])));
  if (people.size === 0) return [];
  return [
    `${listOf([...people.values()])} ${people.size === 1 ? 'looks' : 'look'} at why, and say what happened.`,
  ];
}

function stillInWords(d: Deployment, { stillIn = [] }: CardContext): string[] {
  if (stillIn.length === 0) return [];
  const places = listOf(stillIn.map((one) => inline(one, 40)));
  return [`${inline(d.terms.envelope.version, 60)} still runs in ${places}`];
}

/** `in 3 h 41 min, 4 stages` */
function rolloutWords(d: Deployment): string {
  const stages = plural(d.rollout?.stages.length || stagesOf(d.terms.envelope.plan).length, 'stage');
  if (d.rollout?.startedAt === undefined || d.rollout?.completedAt === undefined) return `in ${stages}`;
  return `in ${duration(d.rollout?.completedAt - d.rollout?.startedAt)}, ${stages}`;
}

/** `since 14:09, after 11 s (target 15 min)` (RB-2) */
function rollbackTime(d: Deployment): string {
  if (d.rollback?.endedAt === undefined) return '';
  const took = d.rollback.endedAt - d.rollback.startedAt;
  const within = d.terms.safeguards.rollbackWithin;
  const late = took > within ? `, over the target of ${duration(within)}` : ` (target ${duration(within)})`;
  return `since ${timeOfDay(d.rollback.endedAt)}, after ${duration(took)}${late}`;
}

function watchWords(d: Deployment): string {
  const { unsettled, handingOver } = d.rollout?.finalWatch ?? {};
  if (handingOver !== undefined && handingOverState(d) === 'under_way')
    return `Being handed over since ${timeOfDay(handingOver.at)}: ${inline(d.previous ?? 'what was there before', 60)} is taken down first.`;
  return unsettled === undefined
    ? `Watched until ${dateTime(observedUntil(d))}, ${handOverWords(d)}`
    : `🟡 Not settled since ${timeOfDay(unsettled.at)}: ${inline(unsettled.because, 300)}. ${leadOrOnCall(d)} must decide: hand it over with a reason, or roll it back. It stays watched.`;
}

/** What the hand-over waits for besides the end of the watch, and who sees to it. */
function handOverWords(d: Deployment): string {
  return missingBefore(d, 'hand_over').length === 0
    ? 'then handed over.'
    : `then handed over, once what is open below is done: ${name(d.terms.details.lead)} sees to it.`;
}

function observation(d: Deployment): string {
  const { lastLook: look, unsettled } = d.rollout?.finalWatch ?? {};
  if (look === undefined) return goesWords(d);
  // It is not fine where people must decide: that no rule speaks is all there is to say.
  if (unsettled !== undefined && look.verdict === 'pass')
    return `The last look: ${inline(look.because, 300)}`;
  const asks =
    look.verdict === 'no_data' ? ' It is handed over only when there is data, or by a person.' : '';
  return `${lookSentence(look)}${asks}`;
}

/** The same facts as one text. A mention there would notify twice, so names stand in. */
function fallback(d: Deployment, lines: string[]): string {
  const asked = d.terms.required.flatMap((required) => required.asked);
  const people = new Map(
    [...asked, d.terms.details.lead, d.terms.details.onCall].map((person) => [person.id, name(person)]),
  );
  return inWords(lines.map((line) => line.replace(/<@(\w+)>/g, (_, id: string) => people.get(id) ?? id)));
}
