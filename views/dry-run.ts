/** The dry run (ST-7): would it be accepted, what is missing, how it would go, and what it would say; nothing of it happens. */

import type { KnownBlock, ModalView } from '@slack/types';
import { context, DIVIDER, plain, section } from './blocks.ts';
import { messageLines } from './dry-run-messages.ts';
import { needsLines } from './dry-run-needs.ts';
import { careLines, planLines } from './dry-run-plan.ts';
import type { Following } from './following.ts';
import type { LiveContext } from './live-message.ts';
import { readScheduleState, type ScheduleState, writeSchedule } from './schedule-state.ts';
import { dateTime, inline, momentsIn, truncateEscaped } from './text.ts';

export const DRY_RUN = { callback: 'dry_run', button: 'schedule.dry_run' } as const;

/** What was asked, as far as it was said. */
export interface DryRunAsked {
  service: string;
  version: string;
  environment: string;
}

export interface DryRun {
  asked: DryRunAsked;
  /** What the request would be told, and what it would be told after that. */
  refusals: readonly string[];
  /** What could not be asked just now. */
  unanswered: readonly string[];
  /** Unset where nothing can follow. */
  following?: Following;
  live: LiveContext;
}

/** What stands while the backend and the record are asked. */
export function renderRehearsing(): ModalView {
  return modal([section('Rehearsing it. Nothing is changed or sent.')], 'Close');
}

export function renderDryRunTrouble(): ModalView {
  const line = 'It could not be rehearsed: something failed on our side. Nothing was changed or sent.';
  return modal([section(line, 'Try again in a moment.')], 'Close');
}

/** Words that name nothing to rehearse: what to choose first. */
export function renderDryRunGaps(problems: readonly string[]): ModalView {
  const lines = problems.slice(0, 20).map((problem) => `•  ${inline(problem, 300)}`);
  return modal([section('*There is nothing to rehearse yet*', ...lines)], 'Back');
}

/** `schedule`: the form that "Schedule it" opens filled in; without one it lies below. */
export function renderDryRun(run: DryRun, schedule?: ScheduleState): ModalView {
  const { service, version, environment } = run.asked;
  const heading = `${inline(service, 60)} ${inline(version, 60)} → ${inline(environment, 40)}`;
  const blocks = [
    ...acceptance(heading, run),
    ...following(run),
    context('Nothing was changed, nothing was sent, and no number was given.'),
  ];
  const form = schedule && writeForm(schedule);
  const view = modal(blocks, form === undefined && schedule === undefined ? 'Back' : 'Close');
  return form === undefined ? view : { ...view, submit: plain('Schedule it', 24), private_metadata: form };
}

function modal(blocks: KnownBlock[], close: string): ModalView {
  return {
    type: 'modal',
    callback_id: DRY_RUN.callback,
    title: plain('Dry run', 24),
    close: plain(close, 24),
    blocks,
  };
}

function acceptance(heading: string, { refusals, unanswered, following: next }: DryRun): KnownBlock[] {
  const [first, ...others] = refusals.map((refusal) => momentsIn(inline(refusal, 1000)));
  const lines =
    first === undefined
      ? ['✅ It would be accepted as asked for']
      : [
          `⛔ It would be refused: ${first}`,
          ...(others.length === 0 ? [] : ['After that:', ...others.map((other) => `•  ${other}`)]),
        ];
  return [
    ...sectionsOf([`*${heading}*`, ...lines]),
    ...(unanswered.length === 0
      ? []
      : [context(...unanswered.slice(0, 5).map((line) => `⚠️ ${inline(line, 400)}`))]),
    ...(first === undefined || next === undefined ? [] : [context(supposing(next))]),
  ];
}

function supposing({
  deployment: {
    terms: { envelope },
  },
}: Following): string {
  const start = envelope.start.kind === 'at' ? `, and a start at ${dateTime(envelope.start.at)}` : '';
  return `What follows supposes that this is out of the way${start}.`;
}

function following({ following: next, live }: DryRun): KnownBlock[] {
  if (next === undefined) return [];
  const messages = messageLines(next.rehearsal, live);
  return [
    DIVIDER,
    ...sectionsOf(['*Before it may start*', ...needsLines(next)]),
    DIVIDER,
    ...sectionsOf(['*How it would go*', ...planLines(next, live)]),
    context('Played as if everybody said go at once, every gate passed and everything looked fine.'),
    ...sectionsOf(careLines(next.deployment)),
    DIVIDER,
    ...sectionsOf(['*What would be said*', ...messages.lines]),
    context(...messages.small),
  ];
}

/** Slack takes 3,000 characters in a section. */
const MAX_SECTION = 2_800;
const MAX_SECTIONS = 15;

/** Lines in as many sections as their length needs; what is too much is counted. */
function sectionsOf(lines: readonly string[]): KnownBlock[] {
  const parts: string[] = [];
  for (const line of lines) {
    const fitting = truncateEscaped(line, MAX_SECTION);
    const last = parts.at(-1);
    if (last !== undefined && last.length + fitting.length < MAX_SECTION)
      parts[parts.length - 1] = `${last}\n${fitting}`;
    else parts.push(fitting);
  }
  return parts.slice(0, MAX_SECTIONS).map((part) => section(part));
}

/** Slack keeps so many characters with a view. */
const MAX_METADATA = 3_000;

/** Undefined where it is more than a view can carry. */
function writeForm({ summary: _summary, metadata, ...values }: ScheduleState): string | undefined {
  const { titled: _titled, ...rest } = metadata;
  const text = writeSchedule({ ...values, metadata: rest }, new Set(), Number.POSITIVE_INFINITY);
  return text.length > MAX_METADATA ? undefined : text;
}

/** The form that a dry run carries for "Schedule it". */
export function readDryRun({ privateMetadata }: { privateMetadata: string }): ScheduleState {
  return readScheduleState({ privateMetadata, values: {} });
}
