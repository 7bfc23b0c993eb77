/** A deployment in plain Markdown, for those who keep such files: what its record, its incident and its report have in common. */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { DeploymentEvent } from '../src/deployment/events.ts';
import { owesReview, reviewDueAt, whoReviews } from '../src/deployment/review/owed.ts';
import { renderNote } from './notes.ts';
import { momentsIn, oneLine, paragraphs, utc } from './text.ts';

/** Nothing where it has no lines. */
export function part(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${heading}`, '', ...lines];
}

export function reviewLines(d: Deployment): string[] {
  const { written } = d.review ?? {};
  const due = reviewDueAt(d);
  if (written !== undefined)
    return [
      `Written by ${oneLine(written.by.name)} at ${utc(written.at)}.`,
      ...answers([
        ['What happened, and why', written.cause],
        ['What went well', written.wentWell],
        ['What could go better', written.couldImprove],
        ['What is done about it', written.actions],
      ]),
    ];
  return owesReview(d) && due !== undefined
    ? [`Owed by ${oneLine(whoReviews(d).name)} until ${utc(due)}.`]
    : [];
}

function answers(all: [string, string | undefined][]): string[] {
  return all.flatMap(([heading, text]) =>
    text === undefined ? [] : ['', `**${heading}**`, '', paragraphs(text)],
  );
}

/** What an event says in the thread, with its time; nothing where it says nothing there. */
export function stepLine(d: Deployment, event: DeploymentEvent): string[] {
  const text = renderNote(d, event)?.text;
  return text === undefined ? [] : [`- ${utc(event.at)} ${plainOf(text)}`];
}

export const sentence = (text: string): string => {
  const line = oneLine(momentsIn(text));
  return line === '' || /[.!?…]$/.test(line) ? line : `${line}.`;
};

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** Words of Slack as plain ones: its dates, mentions, links and escapes taken out. */
export function plainOf(mrkdwn: string): string {
  return oneLine(
    mrkdwn
      .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
      .replace(/<@(\w+)>/g, '$1')
      .replace(/<[^|>]*\|([^>]*)>/g, '$1')
      .replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity),
  );
}
