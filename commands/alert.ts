/** Alerts in the channels that gonogo.yml names (K-6): answered once, in their thread, with what could be to blame. */

import { z } from 'zod';
import type { Alert } from '../src/alerts/alert.ts';
import { type Candidate, findServices } from '../src/alerts/find-services.ts';
import type { ReportedAlert } from '../src/alerts/payloads.ts';
import { readAlert, soundsLikeAlert } from '../src/alerts/read-message.ts';
import { slackMessageSchema } from '../src/alerts/slack-message.ts';
import { rankSuspects } from '../src/alerts/suspects.ts';
import type { Outcome } from '../src/conductor/handle.ts';
import type { AlertAnswer, AnswerLimit } from '../src/conductor/ports/alert-answer-store.ts';
import { defined } from '../src/defined.ts';
import type { Click, Feature, Heard } from '../src/slack/feature.ts';
import { MINUTE } from '../src/time.ts';
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
import { actorOf, type CommandContext, carryOut, clicked, whoIs } from './context.ts';
import { rollBack } from './rollback.ts';

const BECAUSE = 'asked for in the thread of an alert';

export function alerts(context: CommandContext): Feature {
  return {
    urgent: [ALERT_ACTIONS.rollBack],
    heard: (heard) => hear(context, heard),
    clicks: {
      [ALERT_ACTIONS.rollBack]: (click) =>
        act(context, click, 'rolls_back', () => rollBack(context, click, BECAUSE)),
      [ALERT_ACTIONS.hold]: (click) => act(context, click, 'holds', () => hold(context, click)),
      [ALERT_ACTIONS.notADeployment]: (click) => notADeployment(context, click),
    },
  };
}

/** In a storm of alerts the first answers say it all: the rest would only keep Slack from what matters more. */
const LIMITS: readonly AnswerLimit[] = [
  { answers: 1, within: MINUTE },
  { answers: 3, within: 10 * MINUTE },
];

/** More services than these in one alert are no answer. */
const MAX_CANDIDATES = 3;

async function hear(context: CommandContext, heard: Heard): Promise<void> {
  const policy = context.policy();
  if (!policy.alerts.channels.has(heard.channel)) return;
  const message = slackMessageSchema.safeParse(heard.message);
  const alert = readAlert(heard.message);
  if (alert === undefined || alert.status !== 'firing' || !message.success) return;
  // What is said to somebody is an alert to nobody else: the bot itself is asked by a mention.
  if (!soundsLikeAlert(message.data, alert) || /^\s*<@/.test(message.data.text ?? '')) return;
  const byProgram = message.data.bot_id !== undefined;
  if (!byProgram && (await isOutside(context, heard))) return;
  const candidates = candidatesOf(context, alert, heard.channel);
  const environment = environmentIn(policy, alert);
  const suspects = await suspectsOf(context, candidates, environment, alert);
  // A person did not ask; where there is nothing to say, they are not spoken to.
  if (suspects.length === 0 && (policy.alerts.noSuspect === 'silent' || !byProgram)) return;
  const services = candidates.map(({ service }) => service);
  const service = services.join(' ');
  const said = saidOf(services, suspects, environment);
  await answerOnce(
    context,
    { channel: heard.channel, ts: heard.ts, service, suspects: rankedOf(suspects) },
    said,
    heard.ts,
  );
}

const saidBy = z.object({ user: z.string() });

/** A guest gets nothing out of it by speaking like an alert. */
async function isOutside({ people }: CommandContext, { message }: Heard): Promise<boolean> {
  const by = saidBy.safeParse(message);
  return by.success && (await people.refusesToShow(by.data.user)) !== undefined;
}

/** An alert that monitoring posted itself: it has no thread, and is told where its service lives. */
export async function answerReported(context: CommandContext, alert: ReportedAlert): Promise<void> {
  if (alert.status !== 'firing') return;
  const policy = context.policy();
  const candidates = candidatesOf(context, alert, '');
  const services = candidates.map(({ service }) => service);
  const [first, ...others] = services.map((service) => policy.services.get(service)?.channel);
  const channel = others.some((one) => one !== first)
    ? (policy.announcements ?? first)
    : (first ?? policy.announcements);
  if (channel === undefined) {
    context.log.warn(
      { alert: alert.title },
      'an alert names no service, and there is no channel for announcements',
    );
    return;
  }
  const environment = environmentIn(policy, alert);
  const suspects = await suspectsOf(context, candidates, environment, alert);
  if (suspects.length === 0 && policy.alerts.noSuspect === 'silent') return;
  const said = saidOf(services, suspects, environment);
  const answer = {
    channel,
    ts: alert.key.slice(0, 500),
    service: services.join(' '),
    suspects: rankedOf(suspects),
  };
  await answerOnce(context, answer, renderReportedAlert(alert, said), undefined);
}

const saidOf = (
  services: readonly string[],
  suspects: readonly SuspectShown[],
  environment: string | undefined,
): Rendered =>
  suspects.length === 0
    ? renderNoSuspect(services)
    : renderAlertAnswer({ services, suspects, ...defined({ environment }) });

export function candidatesOf(context: CommandContext, alert: Alert, channel: string): Candidate[] {
  const { services, alerts } = context.policy();
  return findServices(alert, channel, { services: [...services.values()], alerts }).slice(0, MAX_CANDIDATES);
}

const rankedOf = (suspects: readonly SuspectShown[]): AlertAnswer['suspects'] =>
  suspects.map(({ suspect: { change, score } }) => ({ deployment: change.deployment, score }));

export async function suspectsOf(
  context: CommandContext,
  candidates: readonly Candidate[],
  environment: string | undefined,
  alert: Alert,
): Promise<SuspectShown[]> {
  const said = [alert.title, ...Object.values(alert.labels), ...alert.lines].join('\n');
  const at = context.clock.now();
  const scenes = await Promise.all(
    candidates.map(({ service }) => sceneOf(context, { service, environment, at, said })),
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
  context: CommandContext,
  answer: AlertAnswer,
  said: Rendered,
  thread: string | undefined,
): Promise<void> {
  const { channel } = answer;
  if (!(await context.stores.alerts.claim(answer, context.clock.now(), LIMITS))) return;
  try {
    const posted = await context.clients.outbound.chat.postMessage({
      channel,
      ...defined({ thread_ts: thread }),
      ...said,
    });
    if (posted.ts !== undefined) await context.stores.alerts.answered(answer, posted.ts);
  } catch (error) {
    await context.stores.alerts.release(answer);
    throw error;
  }
}

/** The rollback first, and all that tells of it after. */
async function act(
  context: CommandContext,
  click: Click,
  kind: 'rolls_back' | 'holds',
  carriedOut: () => Promise<Outcome | undefined>,
): Promise<void> {
  const outcome = await carriedOut();
  if (outcome === undefined || outcome.kind === 'refused') return;
  const { deployment } = outcome;
  const by = await context.people.known(click.userId);
  const decided = { by, decision: { kind, deployment } } as const;
  if (click.view !== undefined) {
    await context.clients.interactive.views.update({
      view_id: click.view.id,
      view: renderDecidedModal(decided),
    });
    return;
  }
  const answer = await answerAt(context, click);
  if (answer === undefined) return;
  if (kind === 'rolls_back' && answer.reason !== undefined) {
    await carryOut(context, click, deployment.id, { kind: 'explain_rollback', reason: answer.reason });
  }
  await showDecided(context, click, answer, decided);
}

async function hold(context: CommandContext, click: Click): Promise<Outcome | undefined> {
  const found = await clicked(context, click);
  return found && carryOut(context, click, found.deployment.id, { kind: 'hold', reason: BECAUSE });
}

async function notADeployment(context: CommandContext, click: Click): Promise<void> {
  const somebody = await whoIs(context, click);
  if (somebody === undefined) return;
  const answer = await answerAt(context, click);
  if (answer === undefined) {
    await click.answer({ text: 'That answer is from another time: it is not in the record any more.' });
    return;
  }
  const { person } = actorOf(somebody);
  await context.stores.alerts.notADeployment(answer, person, context.clock.now());
  await showDecided(context, click, answer, { by: person, decision: { kind: 'not_a_deployment' } });
}

const answerAt = async (context: CommandContext, { message }: Click): Promise<AlertAnswer | undefined> =>
  message === undefined ? undefined : context.stores.alerts.find(message.channel, message.ts);

/** The answer with what came of it, and without its buttons: the decision is made. */
async function showDecided(
  context: CommandContext,
  { message }: Click,
  { suspects }: AlertAnswer,
  decided: Parameters<typeof renderAlertDecided>[0],
): Promise<void> {
  if (message === undefined) return;
  const loaded = await Promise.all(suspects.map(({ deployment }) => context.stores.events.load(deployment)));
  const known = loaded.filter((d) => d !== undefined);
  await context.clients.outbound.chat.update({ ...message, ...renderAlertDecided(decided, known) });
}
