/** What only the person who asked sees: state, lists, help, refusals, and what failed on our side. */

import type { KnownBlock, ModalView, SectionBlock } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Duration, Instant } from '../src/time.ts';
import { actions, button, context, inWords, plain, type Rendered, section } from './blocks.ts';
import { name, title } from './deployment-words.ts';
import { statusSince, statusWords } from './status-words.ts';
import { type Cell, table } from './table.ts';
import { code, dateTime, duration, inline, momentsIn, plural, truncateEscaped } from './text.ts';

/** More rows than this are left to a narrower question. */
const MAX_ROWS = 20;

/** What was refused, and what to do next. The sentences are ours; what they quote is escaped here. */
export function renderRefusal(message: string, next?: string): Rendered {
  const lines = [
    momentsIn(inline(message, 1500)),
    ...(next === undefined ? [] : [momentsIn(inline(next, 1000))]),
  ];
  return { text: lines.join('\n'), blocks: [section(...lines)] };
}

/** A fault of ours: what is true is on the card, and the reference finds the line in our log. */
export function renderFault(reference: string, because?: string): Rendered {
  const lines = [
    `Something failed on our side. Reference ${code(reference)}`,
    ...(because === undefined ? [] : [`Nothing was recorded: ${inline(because, 300)}.`]),
    'Look at the card before you try again: it shows what was done. If it fails again, give the reference to those who run GoNoGo.',
  ];
  return { text: lines.join('\n'), blocks: [section(...lines)] };
}

const PASSES = 'That passes: try again. What was done already shows on the card.';

/** Slack's own trouble: no fault of ours, and none of the person. */
export function renderSlackDelay(
  trouble: { kind: 'too_late' } | { kind: 'busy'; wait?: Duration } | { kind: 'silent' },
): Rendered {
  const text = `${delayWords(trouble)} ${PASSES}`;
  return { text, blocks: [section(text)] };
}

function delayWords(trouble: Parameters<typeof renderSlackDelay>[0]): string {
  switch (trouble.kind) {
    case 'too_late':
      return 'Slack was too slow: a form must open within 3 seconds.';
    case 'busy': {
      const wait = trouble.wait === undefined ? '' : ` for ${duration(trouble.wait)}`;
      return `Slack takes no more calls from GoNoGo${wait}.`;
    }
    case 'silent':
      return 'Slack did not answer in time.';
  }
}

export interface Usage {
  /** `rollback SERVICE [ENVIRONMENT]` */
  usage: string;
  summary: string;
}

export const MEANT_ACTION = 'command.meant';
/** Slack's limit of a button's value. */
const MAX_VALUE = 2_000;

/** A button that does what was meant; who may is asked when it is clicked. `command` is all that follows `/deploy`. */
function meantButton(command: string | undefined): KnownBlock[] {
  if (command === undefined || command.length > MAX_VALUE) return [];
  return actions('command.actions', [
    button({
      action: MEANT_ACTION,
      text: `Run /deploy ${command}`,
      value: command,
      label: `Run /deploy ${command}`,
    }),
  ]);
}

/** A sub-command that does not exist (K-1); `meant` is the whole command as it was probably meant. */
export function renderUnknownCommand(word: string, near: Usage | undefined, meant?: string): Rendered {
  const text =
    near === undefined
      ? `There is no ${code(`/deploy ${word}`, 60)} here, and no service of that name. ${code('/deploy help')} lists what there is.`
      : `There is no ${code(`/deploy ${word}`, 60)}. Did you mean ${code(`/deploy ${near.usage}`, 120)}? (${inline(near.summary, 200)})`;
  return { text, blocks: [section(text), ...meantButton(near && meant)] };
}

/** `No service "chekout". Did you mean checkout?` */
export function renderUnknownName(
  what: 'service' | 'environment' | 'version' | 'deployment' | 'contract',
  word: string,
  { near, known, meant }: { near?: string; known: readonly string[]; meant?: string },
): Rendered {
  const instead = near === undefined ? '' : ` Did you mean ${code(near)}?`;
  const shown = known.slice(0, 15).map((one) => inline(one, 40));
  const more = known.length > shown.length ? `, and ${known.length - shown.length} more` : '';
  const all =
    near !== undefined || shown.length === 0
      ? ''
      : ` There ${shown.length === 1 ? 'is' : 'are'}: ${shown.join(', ')}${more}.`;
  const text = `No ${what} ${code(word, 60)}.${instead}${all}`;
  return { text, blocks: [section(text), ...meantButton(near && meant)] };
}

export function renderHelp(commands: readonly Usage[]): Rendered {
  const lines = commands.map(
    ({ usage, summary }) => `${code(`/deploy ${usage}`, 120)}  ${inline(summary, 200)}`,
  );
  const start = [
    `${code('/deploy')}  Schedule a deployment`,
    `${code('/deploy checkout v2.1.0 to production at 14:00')}  The same, filled in`,
  ];
  const end =
    'Cards in the channels show every deployment and what can be done with it. Home shows what waits for you.';
  return {
    text: inWords([...start, ...lines, end]),
    blocks: [section(...start), ...chunks(lines), context(end)],
  };
}

/** Help about one sub-command, also for one that was used wrongly. */
export function renderUsage(command: Usage, problem?: string): Rendered {
  const lines = [
    ...(problem === undefined ? [] : [inline(problem, 500)]),
    `${code(`/deploy ${command.usage}`, 120)}  ${inline(command.summary, 200)}`,
  ];
  return { text: lines.join('\n'), blocks: [section(...lines)] };
}

/** One environment of a service: what runs there, and what is on its way. */
export interface PlaceStatus {
  environment: string;
  /** Null for nothing; unset where the backend did not answer. */
  running?: string | null;
  since?: Instant;
  /** The deployment that occupies the place. */
  underWay?: Deployment;
}

export function renderStatus(service: string, places: readonly PlaceStatus[]): Rendered {
  const rows = places
    .slice(0, MAX_ROWS)
    .map((place): Cell[] => [
      place.environment,
      runningWords(place),
      place.since === undefined ? '—' : { at: place.since },
      place.underWay ? underWayWords(place.underWay) : 'nothing',
    ]);
  const lines = places.slice(0, MAX_ROWS).map((place) => {
    const since = place.since === undefined ? '' : ` since ${dateTime(place.since)}`;
    const underWay = place.underWay ? ` · on its way: ${inline(underWayWords(place.underWay), 120)}` : '';
    return `${inline(place.environment, 40)}: ${inline(runningWords(place), 60)}${since}${underWay}`;
  });
  const heading = `${inline(service, 60)} now`;
  return {
    text: inWords([heading, ...lines]),
    blocks: [section(`*${heading}*`), table(['Environment', 'Runs', 'Since', 'On its way'], rows)],
  };
}

/** What runs where, of every service. */
export function renderEverywhere(
  places: readonly (PlaceStatus & { service: string })[],
  unasked: number,
): Rendered {
  const shown = places.filter(({ running, underWay }) => running !== null || underWay !== undefined);
  const fitting = shown.slice(0, MAX_ROWS);
  const rows = fitting.map((place): Cell[] => [
    place.service,
    place.environment,
    runningWords(place),
    place.underWay ? underWayWords(place.underWay) : 'nothing',
  ]);
  const lines = fitting.map((place) => {
    const underWay = place.underWay ? ` · on its way: ${inline(underWayWords(place.underWay), 120)}` : '';
    return `${inline(place.service, 40)} in ${inline(place.environment, 40)}: ${inline(runningWords(place), 60)}${underWay}`;
  });
  const left = shown.length - fitting.length + unasked;
  const more =
    left > 0 ? [`and ${plural(left, 'more place')}: name a service or an environment to see them`] : [];
  if (fitting.length === 0) {
    const text = `Nothing runs anywhere yet, and nothing is on its way. ${code('/deploy')} schedules a deployment.`;
    return { text, blocks: [section(text)] };
  }
  return {
    text: inWords(['What runs where now', ...lines, ...more]),
    blocks: [
      section('*What runs where now*'),
      table(['Service', 'Environment', 'Runs', 'On its way'], rows),
      ...more.map((words) => context(words)),
    ],
  };
}

function runningWords({ running }: PlaceStatus): string {
  if (running === undefined) return 'unknown: no answer';
  return running ?? 'nothing';
}

const underWayWords = (d: Deployment): string => `${d.terms.envelope.version}, ${statusWords(d)} (${d.id})`;

/** Deployments that are under way, or any other list of them. */
export function renderList(
  heading: string,
  deployments: readonly Deployment[],
  total = deployments.length,
): Rendered {
  if (deployments.length === 0) {
    const text = `${inline(heading, 200)}: none. ${code('/deploy')} schedules one.`;
    return { text, blocks: [section(text)] };
  }
  const shown = deployments.slice(0, MAX_ROWS);
  const rows = shown.map((d): Cell[] => [
    d.id,
    `${d.terms.envelope.service} ${d.terms.envelope.version}`,
    d.terms.envelope.environment,
    statusWords(d),
    { at: statusSince(d) },
    d.terms.details.lead.name,
  ]);
  const lines = shown.map(
    (d) =>
      `${d.id} · ${title(d)} · ${inline(statusWords(d), 60)} · ${dateTime(statusSince(d))} · lead ${name(d.terms.details.lead)}`,
  );
  return listed(
    heading,
    table(['', 'What', 'Where', 'State', 'Since / at', 'Lead'], rows),
    lines,
    total - shown.length,
  );
}

/** What has ended or is complete, newest first. */
export function renderHistory(
  service: string,
  deployments: readonly Deployment[],
  total = deployments.length,
): Rendered {
  if (deployments.length === 0) {
    const text = `${inline(service, 60)} has no deployments in the record yet.`;
    return { text, blocks: [section(text)] };
  }
  const shown = deployments.slice(0, MAX_ROWS);
  const rows = shown.map((d): Cell[] => [
    d.id,
    d.terms.envelope.version,
    d.terms.envelope.environment,
    outcome(d),
    { at: d.rollout?.startedAt ?? d.requestedAt },
    tookWords(d),
    d.requestedBy.name,
  ]);
  const lines = shown.map(
    (d) =>
      `${d.id} · ${title(d)} · ${inline(outcome(d), 120)} · ${dateTime(d.rollout?.startedAt ?? d.requestedAt)} · ${tookWords(d)} · ${name(d.requestedBy)}`,
  );
  const headings = ['', 'Version', 'Where', 'Outcome', 'Started', 'Took', 'Asked by'];
  return listed(`History of ${service}`, table(headings, rows), lines, total - shown.length);
}

function outcome(d: Deployment): string {
  const why =
    d.rollback?.reason ?? d.rollback?.why ?? (d.status === 'handed_over' ? undefined : d.ending?.reason);
  return why === undefined ? statusWords(d) : `${statusWords(d)}: ${why}`;
}

function tookWords(d: Deployment): string {
  const end = d.rollout?.completedAt ?? d.rollback?.endedAt;
  return d.rollout?.startedAt === undefined || end === undefined ? '—' : duration(end - d.rollout?.startedAt);
}

function listed(heading: string, rows: KnownBlock, lines: readonly string[], left: number): Rendered {
  const more =
    left > 0
      ? `and ${plural(left, 'more deployment')}: name a service or an environment to see fewer`
      : undefined;
  // Slack takes 4,000 characters of text, most of which long names could fill.
  const fitting = lines.filter((_, index) => lines.slice(0, index + 1).join('\n').length < 3500);
  return {
    text: [inline(heading, 200), ...fitting, ...(more === undefined ? [] : [more])].join('\n'),
    blocks: [section(`*${inline(heading, 200)}*`), rows, ...(more === undefined ? [] : [context(more)])],
  };
}

/** An answer where there is no message to answer on: a modal of its own. */
export function renderAnswerModal(answer: { text: string }): ModalView {
  return {
    type: 'modal',
    title: plain('GoNoGo', 24),
    close: plain('Close', 24),
    blocks: chunks(answer.text.split('\n')),
  };
}

/** What stands while a submission takes longer than Slack waits. */
export function renderWorkingModal(): ModalView {
  return renderAnswerModal({
    text: 'Working on it. This takes a moment; you can close this, and the card will show what came of it.',
  });
}

/** Lines in as many sections as their length needs. */
function chunks(lines: readonly string[]): SectionBlock[] {
  const parts: string[] = [];
  for (const line of lines) {
    const fitting = truncateEscaped(line, 2900) || ' ';
    const last = parts.at(-1);
    if (last !== undefined && last.length + fitting.length < 2900)
      parts[parts.length - 1] = `${last}\n${fitting}`;
    else parts.push(fitting);
  }
  return parts.slice(0, 40).map((part) => section(part));
}
