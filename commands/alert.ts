/** Alerts in the channels that gonogo.yml names (K-6): answered once, in their thread, with what could be to blame. */

import { z } from 'zod';
import type { ReportedAlert } from '../src/alerts/payloads.ts';
import { readAlert, soundsLikeAlert } from '../src/alerts/read-message.ts';
import { slackMessageSchema } from '../src/alerts/slack-message.ts';
import type { Outcome } from '../src/conductor/handle.ts';
import type { AlertAnswer } from '../src/conductor/ports/alert-answer-store.ts';
import { defined } from '../src/defined.ts';
import type { Click, Feature, Heard } from '../src/slack/feature.ts';
import { SECOND } from '../src/time.ts';
import { ALERT_ACTIONS, type Late, renderDecidedModal } from '../views/alert.ts';
import { decodeButton } from '../views/button-value.ts';
import { answerOnce, lateSince, lookUp, remembered, wordsOf } from './alert-answer.ts';
import { type Decided, tellDecided } from './alert-decided.ts';
import { actorOf, type CommandContext, carryOut, clicked, whoIs } from './context.ts';
import { rollBack } from './rollback.ts';

const BECAUSE = 'asked for in the thread of an alert';

export function alerts(context: CommandContext): Feature {
  return {
    urgent: [ALERT_ACTIONS.rollBack],
    async heard(heard) {
      try {
        await hear(context, heard, 'delivered');
      } catch (error) {
        context.onUnheard(heard.channel);
        throw error;
      }
    },
    clicks: {
      [ALERT_ACTIONS.rollBack]: (click) =>
        act(context, click, 'rolls_back', () => rollBack(context, click, BECAUSE)),
      [ALERT_ACTIONS.hold]: (click) => act(context, click, 'holds', () => hold(context, click)),
      [ALERT_ACTIONS.notADeployment]: (click) => notADeployment(context, click),
    },
  };
}

/** `because`: what made it late, where it is. */
export async function hear(context: CommandContext, heard: Heard, because: Late['because']): Promise<void> {
  const { point } = context;
  const policy = context.policy();
  if (!policy.alerts.channels.has(heard.channel)) return;
  const message = slackMessageSchema.safeParse(heard.message);
  const alert = readAlert(heard.message);
  if (alert === undefined || alert.status !== 'firing' || !message.success) return;
  // What is said to somebody is an alert to nobody else: the bot itself is asked by a mention.
  if (!soundsLikeAlert(message.data, alert) || /^\s*<@/.test(message.data.text ?? '')) return;
  const byProgram = message.data.bot_id !== undefined;
  if (!byProgram && (await isOutside(context, heard))) return;
  point('alert:heard');
  const { channel, ts } = heard;
  const late = lateSince(context, Number.parseFloat(ts) * SECOND, because);
  const found = await lookUp(context, alert, { channel, at: late?.since ?? context.clock.now() });
  point('alert:looked_up');
  // A person did not ask; where there is nothing to say, they are not spoken to.
  if (found.suspects.length === 0 && (policy.alerts.noSuspect === 'silent' || !byProgram)) return;
  const said = { ...alert, ...defined({ cameAt: late?.since }) };
  const answer = { channel, ts, thread: ts, alert: said, ...remembered(found) };
  await answerOnce(context, answer, wordsOf(answer, found, late));
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
  const { key, firedAt, ...said } = alert;
  const late = firedAt === undefined ? undefined : lateSince(context, firedAt, 'told');
  const found = await lookUp(context, alert, { channel: '', at: late?.since ?? context.clock.now() });
  const [first, ...others] = found.services.map((service) => policy.services.get(service)?.channel);
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
  if (found.suspects.length === 0 && policy.alerts.noSuspect === 'silent') return;
  const cameAt = late?.since;
  const answer = {
    channel,
    ts: key,
    alert: { ...said, ...defined({ cameAt }) },
    ...remembered(found),
  };
  await answerOnce(context, answer, wordsOf(answer, found, late));
}

/** The rollback first, and all that tells of it after. */
async function act(
  context: CommandContext,
  click: Click,
  kind: 'rolls_back' | 'holds',
  carriedOut: () => Promise<Outcome | undefined>,
): Promise<void> {
  // Begun first and not waited for: a record that answers slowly holds nothing up twice.
  const noting = notePressed(context, click, kind);
  const outcome = await carriedOut();
  const pressed = await noting;
  if (outcome === undefined || outcome.kind === 'refused') {
    if (pressed !== undefined) await context.stores.alerts.shown(pressed);
    return;
  }
  context.point('alert:decided');
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
  try {
    await showDecided(context, click, answer, decided);
  } finally {
    if (kind === 'rolls_back') await tellItsEnd(context, answer, deployment.id);
  }
}

/** So that the answer shows what came of it, whoever ends meanwhile. Never rejects: nothing is kept from being done by it. */
async function notePressed(
  context: CommandContext,
  click: Click,
  kind: 'rolls_back' | 'holds',
): Promise<AlertAnswer | undefined> {
  const { stores, clock, log, onPressed } = context;
  const deployment = decodeButton(click.value)?.d;
  try {
    const answer = deployment === undefined ? undefined : await answerAt(context, click);
    if (answer === undefined || deployment === undefined) return undefined;
    const by = { id: click.userId, name: click.userId };
    await stores.alerts.pressed(answer, { kind, deployment, by, at: clock.now() });
    onPressed();
    return answer;
  } catch (error) {
    log.warn({ err: error }, 'a button below an alert could not be noted before it was carried out');
    return undefined;
  }
}

/** After what was decided is shown: a backend may be as fast as Slack. */
async function tellItsEnd(
  { stores, onBegun }: CommandContext,
  answer: AlertAnswer,
  deployment: string,
): Promise<void> {
  await stores.alerts.began(answer, deployment);
  onBegun();
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
  const at = context.clock.now();
  await context.stores.alerts.pressed(answer, { kind: 'not_a_deployment', by: person, at });
  context.onPressed();
  await context.stores.alerts.notADeployment(answer, person, at);
  context.point('alert:decided');
  await showDecided(context, click, answer, { by: person, decision: { kind: 'not_a_deployment' } });
}

const answerAt = async (context: CommandContext, { message }: Click): Promise<AlertAnswer | undefined> =>
  message === undefined ? undefined : context.stores.alerts.find(message.channel, message.ts);

/** The answer with what came of it, and without its buttons: the decision is made. */
async function showDecided(
  context: CommandContext,
  { message }: Click,
  answer: AlertAnswer,
  decided: Decided,
): Promise<void> {
  if (message === undefined) return;
  await tellDecided(context, { ...answer, answerTs: message.ts }, decided);
}
