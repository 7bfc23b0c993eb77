/** The messages that a deployment would send and the commands that it would give, in order: the last part of a dry run. */

import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { messageKey } from '../src/deployment/effects.ts';
import type { Rehearsal, Shown } from '../src/deployment/rehearsal/rehearsal.ts';
import type { PersonRef } from '../src/terms/person.ts';
import { type Instant, MINUTE } from '../src/time.ts';
import { name } from './deployment-words.ts';
import { type LiveContext, renderLive } from './live-message.ts';
import { stepWords } from './step-words.ts';
import { dateTime, listOf, plural, timeOfDay, truncateEscaped } from './text.ts';

/** More than these are folded in their middle. */
const MAX_MESSAGES = 30;
const SHOWN_FIRST = 22;
const MAX_COMMANDS = 10;
/** Of a very long rehearsal only those at its ends are drawn: the others are folded, and drawing them keeps people waiting (OP-9). */
const DRAWN_FIRST = 60;
const DRAWN_LAST = 20;

interface Line {
  at: Instant;
  where: string;
  says: string;
  /** Drawn anew so often after it was sent. */
  updates: number;
  people?: string[];
}

export function messageLines(rehearsal: Rehearsal, live: LiveContext): { lines: string[]; small: string[] } {
  const { sent, card, gap } = messagesOf(rehearsal, live);
  return {
    lines: byMinute(folded(sent, gap)),
    small: [
      `The card and each stage’s report are one message each, always redrawn: the card ${plural(card, 'time')}.`,
      ...commandWords(rehearsal),
    ],
  };
}

/** A heading per minute with what is said in it. */
function byMinute(lines: readonly (Line | string)[]): string[] {
  let minute = Number.NaN;
  return lines.flatMap((line) => {
    if (typeof line === 'string') return [line];
    const now = Math.floor(line.at / MINUTE);
    const same = now === minute;
    minute = now;
    return [...(same ? [] : [`*${dateTime(line.at)}*`]), lineWords(line)];
  });
}

/** Messages that are not drawn, after so many lines. */
interface Gap {
  after: number;
  messages: number;
}

/** Each message once, when it is first sent; the same words to several people in one line. */
function messagesOf(
  { steps, redrawn }: Rehearsal,
  live: LiveContext,
): { sent: Line[]; card: number; gap?: Gap } {
  const sent = steps.flatMap(({ at, messages }) => messages.map((shown) => ({ at, shown })));
  const undrawn = sent.slice(DRAWN_FIRST, -DRAWN_LAST).length;
  const drawn = undrawn === 0 ? sent : [...sent.slice(0, DRAWN_FIRST), ...sent.slice(-DRAWN_LAST)];
  const lines: Line[] = [];
  let gap: Gap | undefined;
  for (const [index, { at, shown }] of drawn.entries()) {
    if (index === DRAWN_FIRST && undrawn > 0) gap = { after: lines.length, messages: undrawn };
    const line = firstLine(at, shown, redrawn.get(messageKey(shown.message)) ?? 0, live);
    const alike = lines.find(
      (one) =>
        one.at === at && one.where === line?.where && one.says === line.says && one.people !== undefined,
    );
    if (line !== undefined && alike === undefined) lines.push(line);
    else if (alike !== undefined) alike.people = [...(alike.people ?? []), ...(line?.people ?? [])];
  }
  const card = redrawn.get('card');
  return { sent: lines, card: card === undefined ? 0 : card + 1, ...defined({ gap }) };
}

function firstLine(
  at: Instant,
  { message, event, after }: Shown,
  updates: number,
  live: LiveContext,
): Line | undefined {
  const rendered = renderLive(message, after, event, live);
  if (rendered === undefined) return undefined;
  const [words = ''] = rendered.text.split('\n');
  const about = {
    at,
    says: truncateEscaped(words.replaceAll('*', '').replace(withoutNumber(after), ''), 220),
    updates,
  };
  switch (message.kind) {
    case 'card':
      return { ...about, where: `Card in <#${after.terms.details.channel}>` };
    case 'stage':
      return { ...about, where: 'Stage report, thread' };
    case 'change_request':
      return { ...about, where: 'Change request, thread' };
    case 'note':
      return { ...about, where: message.broadcast ? 'Thread and channel' : 'Thread' };
    case 'dm':
    case 'nudge':
      return { ...about, where: 'DM', people: [personName(after, message.user)] };
  }
}

/** The number of the deployment, which it has not yet. */
const withoutNumber = ({ id }: Deployment): RegExp => new RegExp(`\\s+·\\s+${id}(?=\\s|$)`);

function personName(d: Deployment, id: string): string {
  const people: PersonRef[] = [
    ...d.terms.required.flatMap(({ asked }) => asked),
    ...(d.terms.approval.escalateTo?.people ?? []),
    d.terms.details.lead,
    d.terms.details.onCall,
    d.requestedBy,
  ];
  const person = people.find((one) => one.id === id);
  return person === undefined ? id : name(person);
}

function lineWords({ where, says, people, updates }: Line): string {
  const to = people === undefined ? '' : ` to ${listOf(people, 'and', 8)}`;
  const again = where.startsWith('Stage') && updates > 0 ? `  (${plural(updates, 'update')})` : '';
  return `•  ${where}${to}:  ${says}${again}`;
}

function folded(lines: readonly Line[], gap?: Gap): (Line | string)[] {
  if (lines.length <= MAX_MESSAGES && gap === undefined) return [...lines];
  const before = lines.slice(0, gap?.after).slice(0, SHOWN_FIRST);
  const after = lines.slice(gap?.after ?? before.length).slice(SHOWN_FIRST - MAX_MESSAGES);
  const hidden = lines.length - before.length - after.length + (gap?.messages ?? 0);
  return [...before, `…  ${plural(hidden, 'message')} between`, ...after];
}

function commandWords({ steps, end }: Rehearsal): string[] {
  const told = steps.flatMap(({ at, commands }) =>
    commands.flatMap((command) => {
      const step = command.kind === 'apply' ? end.terms.envelope.plan.steps[command.step] : undefined;
      return step === undefined ? [] : [`${stepWords(step)} at ${timeOfDay(at)}`];
    }),
  );
  if (told.length === 0) return [];
  return [`The backend would be told: ${listOf(told, 'and', MAX_COMMANDS)}. It was told nothing now.`];
}
