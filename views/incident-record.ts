/** The incident record of a rollback (RB-6): a Markdown file for those who keep such things, and its heart in the thread. */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { DeploymentEvent } from '../src/deployment/events.ts';
import type { Incident, Told } from '../src/deployment/review/incident.ts';
import type { By } from '../src/terms/person.ts';
import { DATABASE_NAMES, databasePlanWords, plainRelease } from './deployment-words.ts';
import { lookInShort } from './look-words.ts';
import { part, plainOf, reviewLines, sentence, stepLine } from './markdown.ts';
import { metricSentence } from './metric-words.ts';
import { renderNote } from './notes.ts';
import { MAX_METRICS } from './stage-facts.ts';
import { duration, inline, oneLine, traffic, utc } from './text.ts';

/** Plain Markdown, with all times in UTC; `events` are all of the deployment. */
export function renderIncidentRecord(
  d: Deployment,
  incident: Incident,
  events: readonly DeploymentEvent[],
): string {
  return `${[
    `# Incident record: ${plainRelease(d)} in ${oneLine(d.terms.envelope.environment)} (${d.id})`,
    '',
    ...rows(d, incident).map(([what, says]) => `- **${what}:** ${says}`),
    ...part('Figures of the last look', figures(incident)),
    ...part(
      'Who was told',
      incident.told.map((told) => toldLine(d, told)),
    ),
    ...part(
      'Step by step',
      events.filter(({ seq }) => seq >= incident.noticed.seq).flatMap((e) => stepLine(d, e)),
    ),
    ...part('Review', reviewLines(d)),
  ].join('\n')}\n`;
}

/** The same in short, for the thread; escaped. */
export function incidentWords(d: Deployment, incident: Incident): string {
  return rows(d, incident)
    .slice(0, 5)
    .map(([what, says]) => `*${what}:* ${inline(says, 500)}`)
    .join('\n');
}

export const incidentFileName = ({ id }: Pick<Deployment, 'id'>): string => `incident-${id}.md`;

function rows(d: Deployment, incident: Incident): [string, string][] {
  const { began, noticed, reached } = incident;
  const { lead, onCall, database } = d.terms.details;
  const to = began.to ?? 'no version at all';
  const share = reached === undefined ? '' : ` after it had up to ${traffic(reached)} of traffic`;
  return [
    ['What happened', `${plainRelease(d)} was taken back to ${oneLine(to)}${share}.`],
    [
      'First noticed',
      noticed === began
        ? `${utc(began.at)}, with the decision itself`
        : `${utc(noticed.at)} ${signWords(d, noticed)}`,
    ],
    [
      'Decided',
      `${utc(began.at)} by ${byWords(began.by)}, ${duration(incident.decidedAfter)} after the first sign: ${sentence(began.why)}`,
    ],
    ['Old version back', endWords(d, incident)],
    ['Why, as people said', sentence(d.rollback?.reason ?? '') || 'Nobody has said it yet.'],
    ['Lead and on-call', `${oneLine(lead.name)}, ${oneLine(onCall.name)}`],
    [
      'Database',
      `${oneLine(databasePlanWords(d.terms.details)) || DATABASE_NAMES[database]}${began.breaks === undefined ? '' : `; accepted by who clicked: ${oneLine(began.breaks)}`}`,
    ],
  ];
}

function endWords(d: Deployment, { tookUntilEnd, repeated }: Incident): string {
  const within = d.terms.safeguards.rollbackWithin;
  const again = repeated === 0 ? '' : `; the backend was told ${repeated + 1} times`;
  if (tookUntilEnd === undefined || d.ending === undefined)
    return `Not yet (target ${duration(within)})${again}.`;
  if (d.status === 'failed')
    return `No: given up at ${utc(d.ending.at)}, ${duration(tookUntilEnd)} after the decision: ${sentence(d.ending.reason ?? '')}`;
  const kept = tookUntilEnd <= within ? 'within' : 'over';
  return `${utc(d.ending.at)} with all traffic, by the backend's own word, ${duration(tookUntilEnd)} after the decision (${kept} the target of ${duration(within)})${again}.`;
}

function figures({ lastLook }: Incident): string[] {
  if (lastLook === undefined) return [];
  return [
    `${plainOf(lookInShort(lastLook, true))} (${utc(lastLook.from)} to ${utc(lastLook.to)})`,
    ...lastLook.metrics.slice(0, MAX_METRICS).map((metric) => `- ${plainOf(metricSentence(metric))}`),
  ];
}

function toldLine(d: Deployment, { at, people, event }: Told): string {
  const names = people.map(({ name }) => oneLine(name)).join(', ');
  return `- ${utc(at)} ${names}: ${signWords(d, event)}`;
}

/** What an event says in its own line of the thread. */
function signWords(d: Deployment, event: DeploymentEvent): string {
  if (event.type === 'looked') return plainOf(lookInShort(event.look));
  const [line = ''] = (renderNote(d, event)?.text ?? event.type.replaceAll('_', ' ')).split('\n');
  return plainOf(line);
}

const byWords = (by: By): string => (by.kind === 'person' ? oneLine(by.name) : 'GoNoGo by itself');
