/** The change request in few words: on the card, in the approver's message, in the thread's line (CH-5). */

import { lacksChangeRequest, waitsForChangeRequest } from '../src/deployment/approval/change-request.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import {
  CHANGE_REQUEST_PARTS,
  type ChangeRequest,
  type ChangeRequestPart,
  LEVELS,
} from '../src/terms/change-request.ts';
import { changeRequestId, name } from './deployment-words.ts';
import {
  capitalised,
  duration,
  listOf,
  mention,
  oneLine,
  paragraphs,
  plural,
  quote,
  timeOfDay,
} from './text.ts';

const PART_NAMES: Record<ChangeRequestPart, string> = {
  justification: 'justification',
  components: 'components',
  downtime: 'expected downtime',
  rollbackTime: 'rollback time',
  risks: 'risks',
};

/** `justification and risks` */
export function partsWords(parts: readonly ChangeRequestPart[]): string {
  return listOf(parts.map((part) => PART_NAMES[part]));
}

const isAll = (parts: readonly ChangeRequestPart[]): boolean => parts.length === CHANGE_REQUEST_PARTS.length;

/** What a go did not see: `before a change of risks`. */
export function beforeWords(parts: readonly ChangeRequestPart[]): string {
  return isAll(parts) ? 'before it was written' : `before a change of ${partsWords(parts)}`;
}

/** The same where nothing else says of what. */
export function beforeChangeRequest(parts: readonly ChangeRequestPart[]): string {
  return isAll(parts)
    ? 'before the change request was written'
    : `before a change of ${partsWords(parts)} in the change request`;
}

/** `none`, `15 min` */
export function downtimeWords({ downtime }: ChangeRequest): string {
  return downtime === 0 ? 'none' : duration(downtime);
}

type Risk = ChangeRequest['risks'][number];

const weight = ({ likelihood, impact }: Risk): number =>
  (LEVELS.indexOf(likelihood) + 1) * (LEVELS.indexOf(impact) + 1);

/** The gravest first. */
export function risksInOrder({ risks }: ChangeRequest): Risk[] {
  return risks.toSorted((a, b) => weight(b) - weight(a));
}

/** `2 risks, the highest of medium likelihood and high impact: “…”` */
function risksWords(request: ChangeRequest): string {
  const [highest] = risksInOrder(request);
  if (highest === undefined) return 'no risk named';
  const count =
    request.risks.length === 1 ? '1 risk' : `${plural(request.risks.length, 'risk')}, the highest`;
  return `${count} of ${highest.likelihood} likelihood and ${highest.impact} impact: ${quote(highest.risk, 120)}`;
}

/** A row beside those of the sign-offs; whoever writes it is mentioned, because they must act. */
export function missingChangeRequest(d: Deployment): string[] {
  return waitsForChangeRequest(d) && NOT_STARTED.has(d.status)
    ? [`⏳ *Change request* · waiting for ${mention(d.terms.details.lead)}`]
    : [];
}

/** `CR-1042 · written by Dana at 13:05`; empty where there is none. */
export function writtenWords(d: Deployment): string {
  const { changeRequest } = d.evidence;
  if (changeRequest === undefined) return '';
  return `${changeRequestId(d)} · written by ${name(changeRequest.by)} at ${timeOfDay(changeRequest.at)}`;
}

/** For who signs: enough to know whether to read on in the thread. */
export function summaryLines(d: Deployment): string[] {
  const { changeRequest } = d.evidence;
  if (lacksChangeRequest(d))
    return [
      `Change request ${changeRequestId(d)} is not written yet: ${name(d.terms.details.lead)} writes it.`,
    ];
  if (changeRequest === undefined) return [];
  const [first = ''] = paragraphs(changeRequest.justification).split('\n');
  const downtime =
    changeRequest.downtime === 0 ? 'no downtime' : `${duration(changeRequest.downtime)} of downtime`;
  return [
    `*Change request ${changeRequestId(d)}*, in the thread of the deployment: ${quote(oneLine(first), 300)}`,
    `${capitalised(downtime)} · ${risksWords(changeRequest)}`,
  ];
}

/** What of it was written or changed after somebody's go; empty where they could read all of it. */
export function unreadWords(d: Deployment, personId: string): string {
  const go = d.approval.signOffs.findLast(
    ({ person, decision, fallen }) => person.id === personId && decision === 'go' && fallen === undefined,
  );
  if (go?.unread === undefined) return '';
  const at = `(${timeOfDay(go.unread.at)})`;
  return isAll(go.unread.parts)
    ? `Change request ${changeRequestId(d)} was written after your go ${at}.`
    : `Since your go, change request ${changeRequestId(d)} has changed: ${partsWords(go.unread.parts)} ${at}.`;
}
