/** The change request itself, live in the deployment's thread: what was written, and who has signed it (CH-5). */

import type { KnownBlock } from '@slack/types';
import { isFilled, owedSignOffs, whoCanSign } from '../src/deployment/approval/sign-offs.ts';
import type { SignOff } from '../src/deployment/approval/state.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { LIVE } from '../src/deployment/lifecycle.ts';
import { changeTypeWords } from '../src/terms/change.ts';
import { context, header, inWords, type Rendered, section, typed } from './blocks.ts';
import { beforeWords, downtimeWords, risksInOrder, writtenWords } from './change-request-words.ts';
import { changeRequestId, DEPLOYMENT_TYPE_NAMES, name, title } from './deployment-words.ts';
import { table } from './table.ts';
import { capitalised, dateTime, duration, inline, listOf, oneLine, plural } from './text.ts';

/** More approvers than this are counted, not drawn. */
const MAX_ROWS = 12;
/** A section holds ten fields, and a row takes two. */
const ROWS_IN_SECTION = 5;
const MAX_CELL_LENGTH = 300;

/** Undefined where none is written. */
export function renderChangeRequest(d: Deployment): Rendered | undefined {
  const {
    evidence: { changeRequest },
    terms: { details },
  } = d;
  if (changeRequest === undefined) return undefined;
  const heading = `Change request ${changeRequestId(d)}`;
  const kind = `${capitalised(changeTypeWords(details.changeType))} change · ${DEPLOYMENT_TYPE_NAMES[details.deploymentType]} · ${details.risk} risk`;
  const times: [string, string][] = [
    ['Expected downtime', downtimeWords(changeRequest)],
    ['Time to roll back', duration(changeRequest.rollbackTime)],
  ];
  const risks = risksInOrder(changeRequest);
  const rows = approverRows(d);
  const riskLines = risks.map(
    ({ risk, likelihood, impact, mitigation }) =>
      `${inline(risk, 200)} · likelihood ${likelihood}, impact ${impact} · ${inline(mitigation, 300)}`,
  );
  const inText = [
    `${heading} · ${title(d)}`,
    kind,
    ...times.map(([what, long]) => `${what}: ${long}`),
    ...rows.map(({ who, status }) => `${who} · ${status}`),
    ...riskLines,
    `Components: ${inline(changeRequest.components, 400)}`,
    `Justification: ${inline(changeRequest.justification, 800)}`,
  ];
  return {
    text: inWords(inText).replaceAll('*', ''),
    blocks: [
      header(heading),
      section(`*${title(d)}*  ·  ${d.id}`, kind),
      ...(oneLine(details.summary) === '' ? [] : [typed(details.summary, 1000)]),
      section('*Justification*'),
      typed(changeRequest.justification, 3000),
      section('*Components*'),
      typed(changeRequest.components, 1000),
      {
        type: 'section',
        fields: times.map(([what, long]) => ({ type: 'mrkdwn', text: `*${what}*\n${long}` })),
      },
      section(`*${capitalised(plural(risks.length, 'risk'))}*`),
      table(
        ['Risk', 'Likelihood', 'Impact', 'Mitigation'],
        risks.map(({ risk, likelihood, impact, mitigation }) => [
          risk,
          capitalised(likelihood),
          capitalised(impact),
          mitigation,
        ]),
        MAX_CELL_LENGTH,
      ),
      ...approvers(rows),
      context(writtenWords(d)),
    ],
  };
}

interface Row {
  /** `*Security* · Sana` */
  who: string;
  /** `✅ Go · 13:05 today` */
  status: string;
}

/** Slack takes one table in a message, and the risks have it: these are rows of two columns. */
function approvers(rows: readonly Row[]): KnownBlock[] {
  if (rows.length === 0) return [section('*Approvers* · nobody is asked')];
  const shown = rows.slice(0, MAX_ROWS);
  const sections: KnownBlock[] = [];
  for (let from = 0; from < shown.length; from += ROWS_IN_SECTION) {
    const fields = shown.slice(from, from + ROWS_IN_SECTION).flatMap(({ who, status }) => [who, status]);
    sections.push({ type: 'section', fields: fields.map((text) => ({ type: 'mrkdwn', text })) });
  }
  const left = rows.length - shown.length;
  return [
    section('*Approvers*'),
    ...sections,
    ...(left > 0 ? [context(`and ${plural(left, 'more row')}: the card shows who is missing`)] : []),
  ];
}

/** Role by role: what stands, what fell, and who is still waited for. */
function approverRows(d: Deployment): Row[] {
  return d.terms.required.flatMap((required) => {
    const role = `*${inline(required.name, 40) || required.role}*`;
    const given = d.approval.signOffs.filter((signOff) => signOff.role === required.role);
    const rows = given.map((signOff) => ({
      who: `${role} · ${name(signOff.person)}`,
      status: statusOf(signOff),
    }));
    const pending = pendingWords(d, required.role);
    if (isFilled(d, required) || pending === undefined) return rows;
    const people = listOf(whoCanSign(d, required).map(name), 'or', 3);
    return [...rows, { who: `${role} · ${people === '' ? 'nobody who may sign' : people}`, status: pending }];
  });
}

function statusOf({ decision, at, fallen, afterwards, unread }: SignOff): string {
  if (fallen !== undefined) return `➖ Fell · go of ${dateTime(at)} · ${inline(fallen, 120)}`;
  const late = afterwards ? ' afterwards' : '';
  if (decision === 'no_go') return `⛔ No-go${late} · ${dateTime(at)}`;
  const before = unread === undefined ? '' : ` · ${beforeWords(unread.parts)}`;
  return `✅ Go${late} · ${dateTime(at)}${before}`;
}

/** Undefined where an answer stands already. */
function pendingWords(d: Deployment, role: string): string | undefined {
  const said = d.approval.signOffs.some(
    (signOff) => signOff.role === role && signOff.decision === 'no_go' && signOff.fallen === undefined,
  );
  if (said) return undefined;
  if (owedSignOffs(d).some((owed) => owed.role === role)) return '⏳ Owed · it started without';
  return LIVE.has(d.status) && d.rollout?.startedAt === undefined ? '⏳ Pending' : '➖ Not asked any more';
}
