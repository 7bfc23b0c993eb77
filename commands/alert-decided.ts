/** What somebody decided with a button below an alert, shown in its place (K-6): also where whoever was to show it ended, or Slack did not take it. */

import { every } from '../src/conductor/every.ts';
import type { AlertAnswer, UnshownDecision } from '../src/conductor/ports/alert-answer-store.ts';
import { createPump, NotNow, type Pump } from '../src/conductor/pump.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { By, PersonRef } from '../src/terms/person.ts';
import { type Clock, type Duration, type Instant, SECOND } from '../src/time.ts';
import { renderAlertDecided } from '../views/alert.ts';
import type { CommandContext } from './context.ts';

export type Decided = Parameters<typeof renderAlertDecided>[0];

/** Whoever carries it out has shown it by then, or will not any more; after a refusal of Slack it is tried again. */
const SHOWN_WITHIN: Duration = 30 * SECOND;

/** An answer that stands in Slack. */
type Answered = AlertAnswer & { answerTs: string };

/** Brings the answer to what came of it, without its buttons, and remembers that it stands there. */
export async function tellDecided(
  context: CommandContext,
  answer: Answered,
  decided: Decided,
): Promise<void> {
  await showDecided(context, answer, decided);
  await context.stores.alerts.shown(answer);
}

async function showDecided(
  { stores, clients }: CommandContext,
  answer: Answered,
  decided: Decided,
): Promise<void> {
  const { channel, answerTs, suspects } = answer;
  const loaded = await Promise.all(suspects.map(({ deployment }) => stores.events.load(deployment)));
  const known = loaded.filter((d) => d !== undefined);
  await clients.outbound.chat.update({ channel, ts: answerTs, ...renderAlertDecided(decided, known) });
}

export function createUnshownDecisions(context: CommandContext, clock: Clock): Pump {
  const { stores, log, isLostReply, onBegun } = context;
  const dueAt = ({ pressed }: UnshownDecision): Instant => pressed.at + SHOWN_WITHIN;
  return createPump<UnshownDecision>({
    name: 'decisions below alerts',
    clock,
    log,
    concurrency: 1,
    keyOf,
    async due(now, except, limit) {
      const unshown = await stores.alerts.unshown();
      const later = unshown.map(dueAt).filter((at) => at > now);
      const items = unshown.filter((one) => dueAt(one) <= now && !except.has(keyOf(one)));
      return { items: items.slice(0, limit), next: later.length === 0 ? undefined : Math.min(...later) };
    },
    async run(one) {
      const decided = await decidedNow(context, one);
      try {
        if (decided !== undefined) await showDecided(context, one, decided);
      } catch (error) {
        log.warn({ err: error, channel: one.channel }, 'what was decided is not shown below its alert');
        if (!isLostReply(error)) throw new NotNow('shown later', { cause: error, rest: SHOWN_WITHIN });
      }
      await stores.alerts.shown(one);
      if (decided?.decision.kind !== 'rolls_back') return;
      await stores.alerts.began(one, decided.decision.deployment.id);
      onBegun();
    },
  });
}

const keyOf = ({ channel, answerTs }: UnshownDecision): string => `${channel} ${answerTs}`;

/** What the record says came of it; undefined where nothing did, and the buttons are right where they are. */
async function decidedNow(
  context: CommandContext,
  { pressed }: UnshownDecision,
): Promise<Decided | undefined> {
  const { stores } = context;
  const by = await context.people.known(pressed.by.id);
  if (pressed.kind === 'not_a_deployment') return { by, decision: { kind: pressed.kind } };
  const deployment = pressed.deployment && (await stores.events.load(pressed.deployment));
  if (!deployment) return undefined;
  if (pressed.kind === 'holds')
    return deployment.status === 'held' ? { by, decision: { kind: 'holds', deployment } } : undefined;
  const back = deployment.rollback === undefined ? await takenBack(context, deployment) : deployment;
  return back && { by: whoOf(back.rollback?.by, by), decision: { kind: 'rolls_back', deployment: back } };
}

/** Somebody else may have been faster. */
const whoOf = (done: By | undefined, pressed: PersonRef): PersonRef =>
  done?.kind === 'person' ? done : pressed;

/** What was handed over goes back as a deployment of its own. */
async function takenBack(
  { stores }: CommandContext,
  { id, terms }: Deployment,
): Promise<Deployment | undefined> {
  const { service, environment } = terms.envelope;
  for await (const one of every(stores.events, { service, environment })) {
    if (one.terms.takesBack?.deployment === id) return one;
    // The newest come first.
    if (one.id === id) return undefined;
  }
  return undefined;
}
