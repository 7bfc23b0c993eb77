/** Alerts in the channels that gonogo.yml names (K-6): answered once, in their thread, with what could be to blame. */

import type { Alert } from '../src/alerts/alert.ts';
import { type Candidate, findServices } from '../src/alerts/find-services.ts';
import type { ReportedAlert } from '../src/alerts/payloads.ts';
import { readAlert, soundsLikeAlert } from '../src/alerts/read-message.ts';
import { slackMessageSchema } from '../src/alerts/slack-message.ts';
import { rankSuspects } from '../src/alerts/suspects.ts';
import type { AlertAnswer } from '../src/conductor/ports/alert-answer-store.ts';
import { defined } from '../src/defined.ts';
import type { Intent } from '../src/deployment/intents.ts';
import type { Click, Feature, Heard } from '../src/slack/feature.ts';
import { type Duration, MINUTE } from '../src/time.ts';
import {
  ALERT_ACTIONS,
  renderAlertAnswer,
  renderAlertDecided,
  renderDecidedModal,
  renderNoSuspect,
  renderReportedAlert,
  type SuspectShown,
} from '../views/alert.ts';
import type { Rendered } from '../views/blocks.ts';
import { environmentIn, sceneOf } from './alert-scene.ts';
import { actorOf, carryOut, clicked, type Room, whoIs } from './room.ts';

const BECAUSE = 'asked for in the thread of an alert';

export function alerts(room: Room): Feature {
  return {
    heard: (heard) => hear(room, heard),
    clicks: {
      [ALERT_ACTIONS.rollBack]: (click) =>
        act(room, click, 'rolls_back', { kind: 'roll_back', why: BECAUSE }),
      [ALERT_ACTIONS.hold]: (click) => act(room, click, 'holds', { kind: 'hold', reason: BECAUSE }),
      [ALERT_ACTIONS.notADeployment]: (click) => notADeployment(room, click),
    },
  };
}

/** In a storm of alerts the first few answers say it all: the rest would only keep Slack from what matters more. */
const MOST_ANSWERS = 3;
const WITHIN: Duration = 10 * MINUTE;

/** More services than these in one alert are no answer. */
const MOST_CANDIDATES = 3;

async function hear(room: Room, heard: Heard): Promise<void> {
  const policy = room.policy();
  if (!policy.alerts.channels.has(heard.channel)) return;
  const message = slackMessageSchema.safeParse(heard.message);
  const alert = readAlert(heard.message);
  if (alert === undefined || alert.status !== 'firing' || !message.success) return;
  // What is said to somebody is an alert to nobody else: the bot itself is asked by a mention.
  if (!soundsLikeAlert(message.data, alert) || /^\s*<@/.test(message.data.text ?? '')) return;
  const candidates = candidatesOf(room, alert, heard.channel);
  const environment = environmentIn(policy, alert);
  const suspects = await suspectsOf(room, candidates, environment);
  const byProgram = message.data.bot_id !== undefined;
  // A person did not ask; where there is nothing to say, they are not spoken to.
  if (suspects.length === 0 && (policy.alerts.noSuspect === 'silent' || !byProgram)) return;
  const services = candidates.map(({ service }) => service);
  const service = services.join(' ');
  const lately = await room.stores.alerts.recent(heard.channel, service, room.clock.now() - WITHIN);
  if (lately >= MOST_ANSWERS) return;
  const said = saidOf(services, suspects, environment);
  await answerOnce(
    room,
    { channel: heard.channel, ts: heard.ts, service, suspects: rankedOf(suspects) },
    said,
    heard.ts,
  );
}

/** An alert that monitoring posted itself: it has no thread, and is told where its service lives. */
export async function answerReported(room: Room, alert: ReportedAlert): Promise<void> {
  if (alert.status !== 'firing') return;
  const policy = room.policy();
  const candidates = candidatesOf(room, alert, '');
  const services = candidates.map(({ service }) => service);
  const [first, ...others] = services.map((service) => policy.services.get(service)?.channel);
  const channel = others.some((one) => one !== first)
    ? (policy.announcements ?? first)
    : (first ?? policy.announcements);
  if (channel === undefined) {
    room.log.warn(
      { alert: alert.title },
      'an alert names no service, and there is no channel for announcements',
    );
    return;
  }
  const environment = environmentIn(policy, alert);
  const suspects = await suspectsOf(room, candidates, environment);
  if (suspects.length === 0 && policy.alerts.noSuspect === 'silent') return;
  const said = saidOf(services, suspects, environment);
  const answer = {
    channel,
    ts: alert.key.slice(0, 500),
    service: services.join(' '),
    suspects: rankedOf(suspects),
  };
  await answerOnce(room, answer, renderReportedAlert(alert, said), undefined);
}

const saidOf = (
  services: readonly string[],
  suspects: readonly SuspectShown[],
  environment: string | undefined,
): Rendered =>
  suspects.length === 0
    ? renderNoSuspect(services)
    : renderAlertAnswer({ services, suspects, ...defined({ environment }) });

export function candidatesOf(room: Room, alert: Alert, channel: string): Candidate[] {
  const { services, alerts } = room.policy();
  return findServices(alert, channel, { services: [...services.values()], alerts }).slice(0, MOST_CANDIDATES);
}

const rankedOf = (suspects: readonly SuspectShown[]): AlertAnswer['suspects'] =>
  suspects.map(({ suspect: { change, score } }) => ({ deployment: change.deployment, score }));

export async function suspectsOf(
  room: Room,
  candidates: readonly Candidate[],
  environment: string | undefined,
): Promise<SuspectShown[]> {
  const at = room.clock.now();
  const scenes = await Promise.all(
    candidates.map(({ service }) => sceneOf(room, { service, environment, at })),
  );
  const shown = new Map<string, SuspectShown>();
  for (const scene of scenes) {
    for (const suspect of rankSuspects(scene)) {
      const deployment = scene.deployments.get(suspect.change.deployment);
      const known = shown.get(suspect.change.deployment);
      if (deployment !== undefined && (known === undefined || known.suspect.score < suspect.score))
        shown.set(deployment.id, { suspect, deployment });
    }
  }
  return [...shown.values()].toSorted((a, b) => b.suspect.score - a.suspect.score).slice(0, 5);
}

/** Delivered twice, it is answered once; what could not be said is free to be said at the next delivery. */
async function answerOnce(
  room: Room,
  answer: AlertAnswer,
  said: Rendered,
  thread: string | undefined,
): Promise<void> {
  const { channel } = answer;
  if (!(await room.stores.alerts.claim(answer, room.clock.now()))) return;
  try {
    const posted = await room.clients.outbound.chat.postMessage({
      channel,
      ...defined({ thread_ts: thread }),
      ...said,
    });
    if (posted.ts !== undefined) await room.stores.alerts.answered(answer, posted.ts);
  } catch (error) {
    await room.stores.alerts.release(answer);
    throw error;
  }
}

/** The rollback first, and all that tells of it after. */
async function act(room: Room, click: Click, kind: 'rolls_back' | 'holds', intent: Intent): Promise<void> {
  const found = await clicked(room, click);
  if (!found) return;
  const outcome = await carryOut(room, click, found.deployment.id, intent);
  if (outcome === undefined || outcome.kind === 'refused') return;
  const by = await room.people.known(click.userId);
  const decided = { by, decision: { kind, deployment: found.deployment } } as const;
  if (click.view !== undefined) {
    await room.clients.interactive.views.update({
      view_id: click.view.id,
      view: renderDecidedModal(decided),
    });
    return;
  }
  const answer = await answerAt(room, click);
  if (answer === undefined) return;
  if (kind === 'rolls_back' && answer.reason !== undefined) {
    await carryOut(room, click, found.deployment.id, { kind: 'explain_rollback', reason: answer.reason });
  }
  await showDecided(room, click, answer, decided);
}

async function notADeployment(room: Room, click: Click): Promise<void> {
  const somebody = await whoIs(room, click);
  if (somebody === undefined) return;
  const answer = await answerAt(room, click);
  if (answer === undefined) {
    await click.answer({ text: 'That answer is from another time: it is not in the record any more.' });
    return;
  }
  const { person } = actorOf(somebody);
  await room.stores.alerts.notADeployment(answer, person, room.clock.now());
  await showDecided(room, click, answer, { by: person, decision: { kind: 'not_a_deployment' } });
}

const answerAt = async (room: Room, { message }: Click): Promise<AlertAnswer | undefined> =>
  message === undefined ? undefined : room.stores.alerts.find(message.channel, message.ts);

/** The answer with what came of it, and without its buttons: the decision is made. */
async function showDecided(
  room: Room,
  { message }: Click,
  { suspects }: AlertAnswer,
  decided: Parameters<typeof renderAlertDecided>[0],
): Promise<void> {
  if (message === undefined) return;
  const loaded = await Promise.all(suspects.map(({ deployment }) => room.stores.events.load(deployment)));
  const known = loaded.filter((d) => d !== undefined);
  await room.clients.outbound.chat.update({ ...message, ...renderAlertDecided(decided, known) });
}
