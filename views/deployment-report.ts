/**
 * The report of a deployment as one Markdown file (AU-1, AU-2, AU-6): what was agreed, who said go, gates and checklist as they stand,
 * what happened step by step, and what came of it. All times are in UTC.
 */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { DeploymentEvent } from '../src/deployment/events.ts';
import type { Instant } from '../src/time.ts';
import { summaryLines } from './change-request-words.ts';
import { gateLine, itemLine } from './checklist-words.ts';
import {
  changeWords,
  DATABASE_NAMES,
  databasePlanWords,
  plainRelease,
  planWords,
} from './deployment-words.ts';
import { part, plainOf, reviewLines, sentence, stepLine } from './markdown.ts';
import { gatesBefore, itemsBefore } from './readiness.ts';
import { boardLines } from './sign-off-board.ts';
import { smokeLine } from './smoke-words.ts';
import { statusWords } from './status-words.ts';
import { duration, oneLine, utc } from './text.ts';
import { verificationLine, verificationRows } from './verification.ts';

/** `events` are all of the deployment; `until`: what it says is how it stood then. */
export function renderDeploymentReport(
  d: Deployment,
  events: readonly DeploymentEvent[],
  until: Instant,
): string {
  return `${[
    `# Deployment report: ${plainRelease(d)} in ${oneLine(d.terms.envelope.environment)} (${d.id})`,
    '',
    ...facts(d).map(([what, says]) => `- **${what}:** ${says}`),
    ...part('Sign-offs', bullets(boardLines(d))),
    ...part('Change request', bullets(summaryLines(d))),
    ...part(
      'Gates',
      bullets([...gatesBefore(d, 'start'), ...gatesBefore(d, 'hand_over')].map((one) => gateLine(d, one))),
    ),
    ...part('Checklist before the start', bullets(itemsBefore(d, 'start').map((one) => itemLine(d, one)))),
    ...part(
      'Checklist before the hand-over',
      bullets(itemsBefore(d, 'hand_over').map((one) => itemLine(d, one))),
    ),
    ...part(
      'Execution log',
      events.flatMap((event) => stepLine(d, event)),
    ),
    ...part('Smoke tests', bullets(smokeLine(d))),
    ...part('Before and after', beforeAndAfter(d)),
    ...part('Review', reviewLines(d)),
    '',
    `As the record had it at ${utc(until)}, after ${events.length} events. \`gonogo audit verify\` proves the record, \`gonogo audit export --deployment ${d.id}\` gives every event with its hash.`,
  ].join('\n')}\n`;
}

function facts(d: Deployment): [string, string][] {
  const { envelope, details, adapters, automatic } = d.terms;
  const { rollout, rollback, ending } = d;
  const database = oneLine(databasePlanWords(details)) || DATABASE_NAMES[details.database];
  return [
    ['State', statusWords(d)],
    [
      'Asked for',
      `${utc(d.requestedAt)} by ${automatic === undefined ? oneLine(d.requestedBy.name) : 'the policy'}`,
    ],
    ['Why', sentence(details.summary) || 'Nobody said.'],
    [
      'What',
      `commit ${oneLine(envelope.sha) || 'not known'}, artifact ${oneLine(envelope.digest) || 'not known'}`,
    ],
    ['Change', plainOf(changeWords(d))],
    ['Database', database],
    ['How', `${plainOf(planWords(envelope.plan))}, by ${oneLine(adapters.backend.name)}`],
    ['Started', timeOf(rollout?.startedAt)],
    ['All traffic', timeOf(rollout?.completedAt)],
    ...given(rollout?.completedAt, (at) => row('Took', duration(at - (rollout?.startedAt ?? at)))),
    ...given(rollback, ({ startedAt, reason, why }) =>
      row(
        'Rolled back',
        `${utc(startedAt)}: ${sentence(reason ?? why)} \`gonogo incident ${d.id}\` says more.`,
      ),
    ),
    ...given(ending, ({ at, reason }) =>
      row('Ended', `${utc(at)}${reason === undefined ? '' : `: ${sentence(reason)}`}`),
    ),
  ];
}

const row = (what: string, says: string): [string, string][] => [[what, says]];
const given = <T>(value: T | undefined, make: (value: T) => [string, string][]): [string, string][] =>
  value === undefined ? [] : make(value);

const timeOf = (at: Instant | undefined): string => (at === undefined ? 'not yet' : utc(at));

const bullets = (lines: readonly string[]): string[] => lines.map((line) => `- ${plainOf(line)}`);

function beforeAndAfter(d: Deployment): string[] {
  const [headings, ...rows] = verificationRows(d);
  if (headings === undefined) return [];
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => oneLine(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    line(headings),
    line(headings.map(() => '---')),
    ...rows.map(line),
    '',
    sentence(plainOf(verificationLine(d))),
  ];
}
