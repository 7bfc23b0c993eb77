/** The answer to an alert: what is found, and that it is said once, by whichever process comes to it (K-6). */

import { createHash } from 'node:crypto';
import type { Alert } from '../src/alerts/alert.ts';
import { findServices } from '../src/alerts/find-services.ts';
import { rankSuspects } from '../src/alerts/suspects.ts';
import type { AnswerLimit, AnswerToSay, Claim } from '../src/conductor/ports/alert-answer-store.ts';
import { defined } from '../src/defined.ts';
import type { PostedAs } from '../src/slack/posted-before.ts';
import { type Duration, type Instant, MINUTE } from '../src/time.ts';
import {
  type Late,
  renderAlertAnswer,
  renderNoSuspect,
  renderReportedAlert,
  type SuspectShown,
  saidLate,
} from '../views/alert.ts';
import type { Rendered } from '../views/blocks.ts';
import { environmentIn, sceneOf } from './alert-scene.ts';
import type { CommandContext } from './context.ts';

/** In a storm of alerts the first answers say it all: the rest would only keep Slack from what matters more. */
const LIMITS: readonly AnswerLimit[] = [
  { answers: 1, within: MINUTE },
  { answers: 3, within: 10 * MINUTE },
];

/** More services than these in one alert are no answer. */
const MAX_CANDIDATES = 3;
const MAX_SUSPECTS = 5;

export interface LookedUp {
  services: readonly string[];
  guessed: boolean;
  suspects: readonly SuspectShown[];
  environment?: string;
}

/** What an alert could be about, and what could be to blame for it, seen from when it was heard. */
export async function lookUp(
  context: CommandContext,
  alert: Alert,
  { channel, at }: { channel: string; at: Instant },
): Promise<LookedUp> {
  const policy = context.policy();
  const known = { services: [...policy.services.values()], alerts: policy.alerts };
  const candidates = findServices(alert, channel, known).slice(0, MAX_CANDIDATES);
  const services = candidates.map(({ service }) => service);
  const guessed = candidates.some(({ how }) => how === 'like' || how === 'text');
  const environment = environmentIn(policy, alert);
  const said = [alert.title, ...Object.values(alert.labels), ...alert.lines].join('\n');
  const scenes = await Promise.all(
    services.map((service) => sceneOf(context, { service, environment, at, said })),
  );
  const shown = new Map<string, SuspectShown>();
  for (const scene of scenes) {
    for (const suspect of rankSuspects(scene)) {
      const deployment = scene.deployments.get(suspect.change.deployment);
      const earlier = shown.get(suspect.change.deployment);
      if (deployment !== undefined && (earlier === undefined || earlier.suspect.score < suspect.score))
        shown.set(deployment.id, { suspect, deployment });
    }
  }
  const suspects = [...shown.values()].toSorted((a, b) => b.suspect.score - a.suspect.score);
  return { services, guessed, suspects: suspects.slice(0, MAX_SUSPECTS), ...defined({ environment }) };
}

/** As it stands in the record beside what people say of it. */
export const remembered = ({ services, suspects }: LookedUp): Pick<AnswerToSay, 'service' | 'suspects'> => ({
  service: services.join(' '),
  suspects: suspects.map(({ suspect: { change, score } }) => ({ deployment: change.deployment, score })),
});

/** An alert that has no message of its own stands above the answer. */
export function wordsOf(
  { thread, alert }: { thread?: string; alert: Alert },
  found: LookedUp,
  late?: Late,
): Rendered {
  const answer = found.suspects.length === 0 ? renderNoSuspect(found.services) : renderAlertAnswer(found);
  const timely = late === undefined ? answer : saidLate(answer, late);
  return thread === undefined ? renderReportedAlert(alert, timely) : timely;
}

/** An answer that comes later than this says so; below it, clocks may differ. */
const LATE_AFTER: Duration = 2 * MINUTE;

/** Undefined where an answer now is in time. */
export function lateBy(
  { clock }: Pick<CommandContext, 'clock'>,
  since: Instant,
  because: Late['because'],
): Late | undefined {
  return clock.now() - since < LATE_AFTER ? undefined : { since, because };
}

/** The same of a time by the clock of Slack or of monitoring, who know real time only. */
export function lateSince(
  { clock, realTime }: Pick<CommandContext, 'clock' | 'realTime'>,
  at: Instant,
  because: Late['because'],
): Late | undefined {
  const age = realTime.now() - at;
  return age >= LATE_AFTER ? { since: clock.now() - age, because } : undefined;
}

/**
 * Delivered twice, it is answered once. Nobody delivers once more what was heard in a channel: that is tried again by
 * itself; who asked in another way is told that it failed, and asks again.
 */
export async function answerOnce(
  context: CommandContext,
  answer: AnswerToSay,
  said: Rendered,
): Promise<void> {
  const { stores, onUnsaid, point } = context;
  const claim = await claimed(context, answer);
  if (claim === false) return;
  point('alert:claimed');
  try {
    await say(context, answer, said, claim);
  } catch (error) {
    if (answer.thread === undefined || answer.alert === undefined) {
      await stores.alerts.release(answer);
      throw error;
    }
    await notSaid(context, answer, error);
    onUnsaid();
  }
}

/** It is tried again by itself, unless there is nothing left to answer to. */
export async function notSaid(
  { stores, log, isLostReply }: CommandContext,
  answer: AnswerToSay,
  error: unknown,
): Promise<void> {
  const lost = isLostReply(error);
  if (lost) await stores.alerts.release(answer);
  const what = lost
    ? 'an alert is not answered: its thread takes no answer'
    : 'an alert was not answered; trying again';
  log.warn({ err: error, channel: answer.channel }, what);
}

/** What a person asks for has no limit. */
export const claimed = (
  { stores, clock }: Pick<CommandContext, 'stores' | 'clock'>,
  answer: AnswerToSay,
): Promise<Claim | false> =>
  stores.alerts.claim(answer, clock.now(), answer.alert === undefined ? [] : LIMITS);

/** Posts it, unless it stands there already. */
export async function say(
  { stores, clients, findPosted, clock, realTime, point }: CommandContext,
  answer: AnswerToSay,
  said: Rendered,
  { earlier }: Claim,
): Promise<void> {
  const { channel, thread } = answer;
  const metadata = postedAs(answer);
  // Slack knows real time only.
  const since = earlier === undefined ? undefined : realTime.now() - (clock.now() - earlier);
  const found =
    since === undefined ? undefined : await findPosted({ channel, ...defined({ thread }) }, metadata, since);
  const posted =
    found === undefined
      ? await clients.outbound.chat.postMessage({
          channel,
          ...defined({ thread_ts: thread }),
          ...said,
          metadata,
        })
      : { ts: found };
  point('alert:posted');
  if (posted.ts !== undefined) await stores.alerts.answered(answer, posted.ts);
  point('alert:answered');
}

/** What monitoring calls an alert may hold its labels, which are nothing for the whole workspace. */
const postedAs = ({ channel, ts }: AnswerToSay): PostedAs => ({
  event_type: 'gonogo_alert_answer',
  event_payload: { alert: createHash('sha256').update(`${channel} ${ts}`).digest('base64url') },
});
