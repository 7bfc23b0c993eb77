/** The report of one stage, live in the thread (K-5): the share, both arms side by side, the evidence, what can be done. */

import type { KnownBlock, TableBlock } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { StageRecord } from '../src/deployment/rollout/state.ts';
import type { Look } from '../src/judge/types.ts';
import type { Instant } from '../src/time.ts';
import { actions, context, inWords, plain, type Rendered, section } from './blocks.ts';
import { lookInShort } from './look-words.ts';
import { metricRow, metricSentence } from './metric-words.ts';
import { rollBackButton } from './rollback-buttons.ts';
import { heldButtons, holdButton, problemButton, promoteButtons } from './rollout-buttons.ts';
import { signalLines } from './signal-words.ts';
import { watchWords } from './stage-bar.ts';
import { MAX_METRICS, needsNoRow, stageFacts } from './stage-facts.ts';
import { stageName } from './step-words.ts';
import { capitalised, duration, inline, oneLine, timeOfDay, traffic, truncate } from './text.ts';

export interface StageReportContext {
  /** A chart of both arms that was uploaded to Slack, and what it shows in words. */
  chart?: { file: string; alt: string };
}

/** Undefined for a stage that the deployment never reached. */
export function renderStageReport(
  d: Deployment,
  number: number,
  about: StageReportContext = {},
): Rendered | undefined {
  const stage = d.rollout?.stages.find((record) => record.number === number);
  if (!stage) return undefined;
  const look = stage.lastLook;
  const heading = `${stageName(d.terms.envelope.plan, stage.number)} · ${traffic(stage.percent)} of traffic`;
  const awaited = stage.watchUntil !== undefined && isLive(d, stage);
  const state = [
    progress(d, stage),
    ...(look || awaited ? [lookInShort(look, stage.endedAt !== undefined)] : []),
  ];
  const facts = [
    ...(look ? stageFacts(d, stage, look, isLive(d, stage)) : []),
    ...(isLive(d, stage) ? signalLines(d) : []),
  ];
  const metrics = look?.metrics.slice(0, MAX_METRICS) ?? [];
  return {
    text: inWords([heading, ...state, ...metrics.map(metricSentence), ...facts]),
    blocks: [
      section(`*${heading}*`, ...state),
      ...(look ? table(look, isLive(d, stage)) : []),
      ...chart(about.chart),
      ...(facts.length === 0 ? [] : [context(...facts)]),
      ...actions('stage.actions', buttons(d, stage)),
    ],
  };
}

/** The stage that runs now: the only one that still has buttons. */
function isLive(d: Deployment, stage: StageRecord): boolean {
  const running = d.status === 'rolling_out' || d.status === 'held';
  return running && stage.endedAt === undefined && d.rollout?.stages.at(-1)?.number === stage.number;
}

function buttons(d: Deployment, stage: StageRecord) {
  if (!isLive(d, stage)) return [];
  const decide =
    d.status === 'held' ? heldButtons(d) : [...promoteButtons(d), holdButton(d), rollBackButton(d)];
  return [...decide, problemButton(d)];
}

const OUTCOMES: Record<Exclude<NonNullable<StageRecord['outcome']>, 'rolled_back'>, string> = {
  passed: 'Passed',
  went_on: 'Went on undecided',
  promoted: 'Promoted early',
};

/** It is rolled back once it is: until then traffic may be left on it. */
function backWords({ status }: Deployment, at: Instant): string {
  if (status === 'rolling_back') return `⏪ Going back since ${timeOfDay(at)}`;
  return status === 'failed'
    ? `🛑 The rollback of ${timeOfDay(at)} failed`
    : `Rolled back at ${timeOfDay(at)}`;
}

/** How far it is, where going back takes a while. */
function leftWords({ status, rollback, terms }: Deployment): string {
  const { percent, at } = rollback?.left ?? {};
  if (status !== 'rolling_back' || percent === undefined || at === undefined) return '';
  return ` · ${inline(terms.envelope.version, 60)} still has ${traffic(percent)} of traffic, seen at ${timeOfDay(at)}`;
}

function progress(d: Deployment, stage: StageRecord): string {
  const { watchedSince, watchUntil, endedAt, heldFor = 0 } = stage;
  const held = heldFor === 0 ? '' : `, held for ${duration(heldFor)} of it`;
  if (endedAt !== undefined) {
    const outcome = stage.outcome ?? 'passed';
    // Nothing was measured: that it was reached is all there is to say.
    if (outcome === 'passed' && watchedSince === undefined)
      return `Reached at ${timeOfDay(endedAt)}, after ${duration(endedAt - stage.startedAt)} · no watch of its own: nothing was judged`;
    const after = duration(endedAt - (watchedSince ?? stage.startedAt));
    if (outcome === 'rolled_back') return `${backWords(d, endedAt)}, after ${after}${held}${leftWords(d)}`;
    const unseen = stage.undecided === undefined ? '' : `: ${inline(stage.undecided, 300)}`;
    return `${OUTCOMES[outcome]} at ${timeOfDay(endedAt)}, after ${after}${held}${unseen}`;
  }
  if (watchedSince === undefined || watchUntil === undefined)
    return `Traffic is moving since ${timeOfDay(stage.startedAt)}`;
  if (d.status === 'held') return `✋ Held · watched since ${timeOfDay(watchedSince)}`;
  return `${capitalised(watchWords(stage))} · ${timeOfDay(watchedSince)} to ${timeOfDay(watchUntil)}${held}`;
}

/** The verdict comes second: a phone shows two columns or three. What is fine needs no row (`stageFacts`). */
function table({ metrics }: Look, live: boolean): TableBlock[] {
  const cell = (text: string) => ({ type: 'raw_text' as const, text: truncate(oneLine(text), 60) || '—' });
  const rows = metrics
    .slice(0, MAX_METRICS)
    .filter((metric) => !needsNoRow(metric))
    .map((metric) => metricRow(metric, live));
  if (rows.length === 0) return [];
  return [
    {
      type: 'table',
      column_settings: [
        { align: 'left' },
        { align: 'left', is_wrapped: true },
        { align: 'right' },
        { align: 'right' },
        { align: 'right', is_wrapped: true },
      ],
      rows: [
        ['Metric', 'Verdict', 'Canary', 'Baseline', 'Difference'].map(cell),
        ...rows.map(({ metric, verdict, canary, baseline, difference }) =>
          [metric, inOnePiece(verdict), canary, baseline, inOnePiece(difference)].map(cell),
        ),
      ],
    },
  ];
}

/** A narrow cell breaks its words at spaces, and not within `(0.6–1.3)` or `10 : 1`. */
const inOnePiece = (words: string): string =>
  words.replaceAll('–', '\u2060–\u2060').replaceAll(' : ', '\u2060:\u2060');

function chart(shown: StageReportContext['chart']): KnownBlock[] {
  if (shown === undefined) return [];
  return [{ type: 'image', slack_file: { id: shown.file }, alt_text: plain(shown.alt, 1000).text }];
}
