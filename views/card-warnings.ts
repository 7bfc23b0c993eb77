/** What the card warns of, whatever the status: a short notice, what is owed, another build, trouble that lasts. */

import { lacksChangeRequest } from '../src/deployment/approval/change-request.ts';
import { owedSignOffs } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import { shortNotice } from '../src/deployment/request/notice.ts';
import { otherBuildWords } from './deployment-words.ts';
import { noticeWords } from './notice-words.ts';
import { owedWords } from './owed-words.ts';
import { inline, timeOfDay } from './text.ts';

export function shortNoticeLine(d: Deployment): string[] {
  const short = NOT_STARTED.has(d.status) ? shortNotice(d) : undefined;
  return short === undefined ? [] : [noticeWords(short)];
}

/** What an emergency owes, whatever became of it. */
export function owedLine(d: Deployment): string[] {
  const owed = owedWords(d);
  const why = owedSignOffs(d).length > 0 ? 'it started without a go' : 'it started as an emergency';
  if (owed !== '') return [`⚠️ Owed, because ${why}: ${owed}`];
  return d.terms.approval.when === 'afterwards' && d.status === 'scheduled'
    ? [
        `An emergency: it starts without a go, and owes its sign-offs${lacksChangeRequest(d) ? ' and its change request' : ''} then.`,
      ]
    : [];
}

export function otherBuildLine(d: Deployment): string[] {
  const { otherBuild } = d.evidence;
  return otherBuild === undefined || d.ending !== undefined
    ? []
    : [`🚧 ${otherBuildWords(d, otherBuild.says)}`];
}

/** Most trouble is tried again, and says so; this waits for people. */
const WHAT_NEXT: Record<string, string> = { compare: 'Nothing is put right by itself: decide whose stands.' };

/** A trouble that lasts. */
export function troubleLine(d: Deployment): string[] {
  if (!d.trouble || d.ending?.at !== undefined) return [];
  return [
    `⚠️ Trouble since ${timeOfDay(d.trouble.at)}: ${inline(d.trouble.message, 200)}. ${WHAT_NEXT[d.trouble.doing] ?? 'It is tried again.'}`,
  ];
}
