/** Deployments in a table that only the person who asked sees: those under way, and what has ended. */

import type { KnownBlock } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import { context, type Rendered, section } from './blocks.ts';
import { name, title } from './deployment-words.ts';
import { statusSince, statusWords } from './status-words.ts';
import { type Cell, MAX_ANSWER_ROWS, table } from './table.ts';
import { code, dateTime, duration, inline, plural } from './text.ts';

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
  const shown = deployments.slice(0, MAX_ANSWER_ROWS);
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
  const shown = deployments.slice(0, MAX_ANSWER_ROWS);
  const rows = shown.map((d): Cell[] => [
    d.id,
    d.terms.envelope.version,
    d.terms.envelope.environment,
    outcome(d),
    { at: d.rollout?.startedAt ?? d.requestedAt },
    tookWords(d),
    askedBy(d),
  ]);
  const lines = shown.map(
    (d) =>
      `${d.id} · ${title(d)} · ${inline(outcome(d), 120)} · ${dateTime(d.rollout?.startedAt ?? d.requestedAt)} · ${tookWords(d)} · ${inline(askedBy(d), 60)}`,
  );
  const headings = ['', 'Version', 'Where', 'Outcome', 'Started', 'Took', 'Asked by'];
  return listed(`History of ${service}`, table(headings, rows), lines, total - shown.length);
}

function outcome(d: Deployment): string {
  const why =
    d.rollback?.reason ?? d.rollback?.why ?? (d.status === 'handed_over' ? undefined : d.ending?.reason);
  return why === undefined ? statusWords(d) : `${statusWords(d)}: ${why}`;
}

/** Not escaped; what is only watched nobody asked for. */
const askedBy = ({ requestedBy, terms: { watched } }: Deployment): string =>
  watched === undefined ? requestedBy.name : `watched, ${watched.reporter}`;

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
