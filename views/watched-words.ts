/** What somebody else deploys, in words: that it is only watched, where it is, what the judge sees, and who to ask. */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { EventBody } from '../src/deployment/events.ts';
import { observedUntil } from '../src/deployment/rollout/progress.ts';
import { leadOrOnCall, release } from './deployment-words.ts';
import { lookSentence } from './look-words.ts';
import { dateTime, inline, timeOfDay, traffic } from './text.ts';

type Ended = Extract<EventBody, { type: 'watch_ended' }>;

/** For a row of a list; not escaped. */
export function watchedStatus({ rollout }: Deployment): string {
  const { percent = 0, ended } = rollout?.reported ?? {};
  if (ended !== undefined) return ENDED[ended];
  if (percent === 0) return 'without traffic yet, only watched';
  return percent === 100 ? 'live, only watched' : `${traffic(percent)}, only watched`;
}

const ENDED: Record<Ended['how'], string> = {
  observed: 'live, its watch is over',
  superseded: 'another has taken its place',
  went_back: 'taken back elsewhere',
  failed: 'failed elsewhere',
  stood_still: 'stands still, its watch is over',
  not_watched_any_more: 'its watch is over',
};

/** Who deploys it; escaped. */
function reporterWords({ terms: { watched } }: Deployment): string {
  const who = inline(watched?.reporter ?? 'somebody else', 80);
  return watched?.by === 'report' ? `reported by ${who}` : `seen at ${who}`;
}

export function watchingLines(d: Deployment): string[] {
  const { reported, finalWatch } = d.rollout ?? {};
  const percent = reported?.percent ?? 0;
  const until =
    percent === 100 ? `Watched until ${dateTime(observedUntil(d))}.` : 'It is compared with the old version.';
  const warned = finalWatch?.unsettled;
  return [
    `👀 Only watched, ${reporterWords(d)} · ${percent === 0 ? 'no traffic yet' : `${traffic(percent)} since ${timeOfDay(reported?.at ?? 0)}`}`,
    ...(percent === 0 ? [] : [`${lookSentence(finalWatch?.lastLook)}. ${until}`]),
    ...(warned === undefined
      ? []
      : [`🟡 Since ${timeOfDay(warned.at)}: ${inline(warned.because, 300)}. ${whatToDo(d)}`]),
  ];
}

/** GoNoGo cannot act on it, and says so. */
function whatToDo(d: Deployment): string {
  return `${leadOrOnCall(d)}: look at it. GoNoGo only watches, so going back is done where it is deployed.`;
}

export function watchEndedLine(d: Deployment): string {
  const at = d.ending === undefined ? '' : ` ${dateTime(d.ending.at)}`;
  return `👀 Only watched, ${reporterWords(d)}. ${endedWords(d)}${at}: ${inline(d.ending?.reason ?? '', 300)}`;
}

function endedWords({ rollout }: Deployment): string {
  return rollout?.reported?.ended === 'failed' ? 'It failed' : 'Its watch ended';
}

/** Lines of the thread. */
export const WATCH_NOTES = {
  watch_started: (d: Deployment, percent: number, previous: string | null): string =>
    `👀 ${release(d)} is being deployed to ${inline(d.terms.envelope.environment, 40)}, ${reporterWords(d)}: ${percent === 0 ? 'no traffic yet' : traffic(percent)}, ${previous === null ? 'and nothing ran there before' : `in the place of ${inline(previous, 60)}`}. GoNoGo only watches`,
  watch_moved: (percent: number): string =>
    percent === 100 ? 'It has all traffic' : `It has ${traffic(percent)} now`,
  watch_warned: (d: Deployment, because: string): string =>
    `🟡 ${release(d)}, only watched: ${inline(because, 300)}. ${whatToDo(d)}`,
  watch_ended: (d: Deployment, { how, reason }: Ended): string =>
    `👀 ${release(d)}: ${ENDED[how]} · ${inline(reason, 300)}`,
} as const;
