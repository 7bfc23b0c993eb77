/** What the card says in each status: its first line, whether it is all right and what happens next, the board and the small print. */

import type { KnownBlock } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Status } from '../src/deployment/lifecycle.ts';
import { missingBefore } from '../src/deployment/readiness/readiness.ts';
import { currentStep } from '../src/deployment/rollout/progress.ts';
import type { Instant } from '../src/time.ts';
import { blockerLines } from './blocker-words.ts';
import { typed } from './blocks.ts';
import { missingChangeRequest, writtenWords } from './change-request-words.ts';
import { changedWords } from './changes-words.ts';
import {
  byName,
  changeWords,
  databaseOnRollback,
  databasePlanWords,
  goesWords,
  ifItFails,
  leadOrOnCall,
  leadOrOnCallNames,
  planWords,
  release,
  title,
} from './deployment-words.ts';
import { driftLines, heldForDrift, staysWhere } from './drift-words.ts';
import { lookSentence } from './look-words.ts';
import { lastLookWords, observationWords, rolloutWords } from './observation-words.ts';
import { foldedReadiness, readinessLines } from './readiness.ts';
import {
  backTo,
  harmWords,
  rollbackTime,
  stillInWords,
  wayBackLine,
  whatNext,
  whyBack,
} from './rollback-words.ts';
import { boardLines } from './sign-off-board.ts';
import { stageBar } from './stage-bar.ts';
import { underWayWords } from './step-words.ts';
import { dateTime, duration, inline, oneLine, timeOfDay, traffic } from './text.ts';
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
export interface Face {
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

export const FACES: Record<Status, (d: Deployment, about: CardContext) => Face> = {
  preparing: (d, about) => ({
    title: title(d),
    state: [`${waitingWords(d)} · ${startsWords(d)}`, ...blockerLines(d)],
    body: summary(d),
    board: [[...boardLines(d), ...missingChangeRequest(d)], readinessLines(d, 'start')],
    facts: [...change(d, about), writtenWords(d), expiryWords(d)],
  }),
  scheduled: (d, about) => ({
    title: title(d),
    state: d.start.waiting
      ? blockerLines(d)
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
    state: [`✅ Complete ${rolloutWords(d)}. ${observationWords(d)}`],
    board: missingBefore(d, 'hand_over').length === 0 ? [] : [readinessLines(d, 'hand_over')],
    facts: [
      lastLookWords(d),
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
      `⏪ Going back to ${backTo(d)} since ${timeOfDay(d.rollback?.startedAt ?? 0)} · ${whyBack(d)}`,
      ...wayBackLine(d),
    ],
    facts: [
      databaseOnRollback(d),
      `Target: ${duration(d.terms.safeguards.rollbackWithin)} · ${leadOrOnCallNames(d)} can say why`,
    ],
  }),
  rolled_back: (d, about) => ({
    title: `${release(d)} was rolled back`,
    state: [`⏪ ${backTo(d)} is back ${rollbackTime(d)} · ${whyBack(d)}`, ...harmWords(d), ...whatNext(d)],
    facts: stillInWords(d, about.stillIn),
  }),
  failed: (d) => ({
    title: `${release(d)}: the rollback failed`,
    state: [
      `🛑 ${backTo(d)} is not back: ${reason(d)}`,
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

function summary(d: Deployment): KnownBlock[] {
  return oneLine(d.terms.details.summary) === '' ? [] : [typed(d.terms.details.summary, 300)];
}

function change(d: Deployment, about: CardContext): string[] {
  const plan = databasePlanWords(d.terms.details);
  const database = plan === '' ? '' : ` · ${plan}`;
  return [
    changeWords(d),
    changedWords(d),
    `${planWords(d.terms.envelope.plan, about.strategyName)}${database}`,
  ];
}

const lastStartWords = ({ lastStart }: CardContext): string[] =>
  lastStart === undefined ? [] : [`Last start in its window: ${dateTime(lastStart)}`];

function lookOf(d: Deployment): string {
  const stage = d.rollout?.stages.at(-1);
  const step = currentStep(d);
  if (stage?.watchUntil === undefined || stage.endedAt !== undefined)
    return step === undefined
      ? `Moving to ${traffic(stage?.percent ?? 0)} of traffic`
      : underWayWords(d, step);
  return lookSentence(stage.lastLook, stage.watchUntil);
}

const reason = (d: Deployment): string => inline(d.ending?.reason ?? '', 300) || 'no reason given';

const ended = (d: Deployment): string => (d.ending?.at === undefined ? '' : dateTime(d.ending?.at));
