/** Going back (RB-1): one click, confirmed; the reason is asked afterwards. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../src/conductor/handle.ts';
import { DatabaseFault } from '../src/conductor/ports/faults.ts';
import { actorAt } from '../src/conductor/roles-at.ts';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Actor, Intent } from '../src/deployment/intents.ts';
import { mayRollBack } from '../src/deployment/rollback/decide-rollback.ts';
import { mayBeTakenBack } from '../src/deployment/rollback/decide-take-back.ts';
import type { Click, CommandCall, Feature } from '../src/slack/feature.ts';
import { type Duration, SECOND } from '../src/time.ts';
import { renderRefusal } from '../views/answers.ts';
import { decodeButton } from '../views/button-value.ts';
import { CARD_ACTIONS } from '../views/deployment-actions.ts';
import { REASON_MODAL } from '../views/reason-modal.ts';
import { renderBreaksData, renderRollbackOffer } from '../views/rollback-offer.ts';
import { actorOf, type CommandContext, clicked } from './context.ts';
import { findToRollBack } from './find.ts';
import { askWhy, reasoned } from './rollout.ts';

const USAGE = 'rollback SERVICE [ENVIRONMENT]|D-1042 [because REASON]';

export function rollback(context: CommandContext): Feature {
  return {
    urgent: [CARD_ACTIONS.rollBack, CARD_ACTIONS.breakData],
    clicks: {
      [CARD_ACTIONS.rollBack]: async (click) => void (await rollBack(context, click)),
      [CARD_ACTIONS.breakData]: async (click) =>
        void (await rollBack(context, click, 'asked for twice, knowing that it breaks data', 'accepted')),
      [CARD_ACTIONS.explain]: (click) => askWhy(context, click, 'explain'),
      [CARD_ACTIONS.giveUp]: (click) => askWhy(context, click, 'give_up'),
    },
    submissions: {
      [REASON_MODAL.callback.explain]: (submission) =>
        reasoned(context, submission, 'explain', (reason) => ({
          kind: 'explain_rollback',
          reason: reason ?? '',
        })),
      [REASON_MODAL.callback.give_up]: (submission) =>
        reasoned(context, submission, 'give_up', (reason) => ({
          kind: 'give_up_rollback',
          reason: reason ?? '',
        })),
    },
    subCommands: {
      rollback: {
        usage: USAGE,
        summary: 'go back to what ran before',
        run: (call) => offer(context, call),
      },
    },
  };
}

/** Slack is asked who clicked, and where it has not said so after this long, what is known of them decides. */
const SLACK_SAYS_WITHIN: Duration = SECOND;

/** The way of every button that rolls back, wherever it stands; undefined where the person has heard why not. */
export async function rollBack(
  context: CommandContext,
  click: Click,
  why = 'asked for with one click',
  breaksData?: 'accepted',
): Promise<Extract<Outcome, { kind: 'accepted' | 'unchanged' }> | undefined> {
  const found = await deploymentOf(context, click);
  if (found === undefined) return undefined;
  const actor = await whoRollsBack(context, click.userId, found.deployment);
  if ('refused' in actor) {
    await click.answer(renderRefusal(actor.refused));
    return undefined;
  }
  const unasked = actor.remembered ? ', while Slack could not say who clicked' : '';
  const { deployment, intent } = goingBack(found, actor, `${why}${unasked}`);
  const outcome = await context.conductor.handle({
    ...defined({ deployment }),
    intent: {
      ...intent,
      ...defined({ breaksData: found.deployment === undefined ? ('accepted' as const) : breaksData }),
    },
    actor,
  });
  if (outcome.kind === 'refused') {
    const again = outcome.code === 'breaks_data' ? found.deployment : undefined;
    await click.answer(
      again === undefined
        ? renderRefusal(outcome.message)
        : renderBreaksData(again, outcome.message, found.why),
    );
    return undefined;
  }
  if (found.why !== undefined && outcome.kind === 'accepted')
    await context.conductor.handle({
      deployment: outcome.deployment.id,
      intent: { kind: 'explain_rollback', reason: found.why },
      actor,
    });
  return outcome;
}

/** What was handed over goes back as a deployment of its own; a try of somebody who may not stands in its own record. */
function goingBack(
  { id, deployment }: ToRollBack,
  actor: PersonActor,
  why: string,
): { deployment?: string; intent: Extract<Intent, { kind: 'roll_back' | 'take_back' }> } {
  const isOver = deployment !== undefined && mayBeTakenBack(deployment) && mayRollBack(deployment, actor);
  return isOver
    ? { intent: { kind: 'take_back', of: id, why } }
    : { deployment: id, intent: { kind: 'roll_back', why } };
}

interface ToRollBack {
  id: string;
  /** Unset where the record cannot be read: the button says which it is, and the rollback is kept until it can be (OP-3); nobody can be asked then what it breaks. */
  deployment?: Deployment;
  /** What they said with the command. */
  why?: string;
}

async function deploymentOf(context: CommandContext, click: Click): Promise<ToRollBack | undefined> {
  try {
    const found = await clicked(context, click);
    return (
      found && { id: found.deployment.id, deployment: found.deployment, ...defined({ why: found.value.w }) }
    );
  } catch (error) {
    const value = decodeButton(click.value);
    if (error instanceof DatabaseFault && value !== undefined)
      return { id: value.d, ...defined({ why: value.w }) };
    throw error;
  }
}

type PersonActor = Extract<Actor, { kind: 'person' }>;

async function whoRollsBack(
  context: CommandContext,
  userId: string,
  deployment: Deployment | undefined,
): Promise<PersonActor | { refused: string }> {
  const asked = context.people.resolve(userId);
  const inTime = await Promise.race([asked, sleep(SLACK_SAYS_WITHIN, undefined, { ref: false })]);
  if (inTime === undefined || (!inTime.ok && inTime.why === 'unreachable')) {
    const actor = deployment && (await whoItWas(context, userId, deployment));
    if (actor !== undefined) return actor;
  }
  const resolved = inTime ?? (await asked);
  return resolved.ok ? asThere(context, deployment, actorOf(resolved)) : { refused: resolved.message };
}

/** What is known of them, where that is good enough for this rollback. */
async function whoItWas(
  context: CommandContext,
  userId: string,
  deployment: Deployment,
): Promise<PersonActor | undefined> {
  const known = await context.people.remembered(userId);
  if (!known.ok) return undefined;
  const named = deployment.terms.contacts.find(({ person }) => person.id === userId)?.person;
  const person = known.person.name === userId && named ? named : actorOf(known).person;
  const actor = asThere(context, deployment, { ...actorOf(known), person, remembered: true });
  return mayRollBack(deployment, actor) ? actor : undefined;
}

/** With the roles that count there: whoever is on call now may do what the one named at the request may, who may be asleep. */
function asThere(
  context: CommandContext,
  deployment: Deployment | undefined,
  actor: PersonActor,
): PersonActor {
  return actorAt(context.policy(), deployment?.terms.envelope, actor, context.clock.now());
}

/** A word is quickly typed, and a service quickly mistaken: what would go back is shown, with its one button. */
async function offer(context: CommandContext, call: CommandCall): Promise<void> {
  const found = await findToRollBack(context, {
    text: call.text,
    typed: call.typed,
    usage: USAGE,
    several: renderRollbackOffer,
  });
  await call.answer(found.ok ? renderRollbackOffer([found.deployment], found.reason) : found.answer);
}
