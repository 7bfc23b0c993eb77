/** Going back (RB-1): one click, confirmed; the reason is asked afterwards. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Actor } from '../src/deployment/intents.ts';
import { CAN_ROLL_BACK } from '../src/deployment/lifecycle.ts';
import { mayRollBack } from '../src/deployment/rollback/decide-rollback.ts';
import type { Click, CommandCall, Feature } from '../src/slack/feature.ts';
import { type Duration, SECOND } from '../src/time.ts';
import { renderRefusal } from '../views/answers.ts';
import { CARD_ACTIONS } from '../views/deployment-actions.ts';
import { REASON_MODAL } from '../views/reason-modal.ts';
import { renderRollbackOffer } from '../views/rollback-offer.ts';
import { findDeployment } from './find.ts';
import { askWhy, reasoned } from './rollout.ts';
import { actorOf, clicked, type Room } from './room.ts';

export function rollback(room: Room): Feature {
  return {
    clicks: {
      [CARD_ACTIONS.rollBack]: (click) => rollBack(room, click),
      [CARD_ACTIONS.explain]: (click) => askWhy(room, click, 'explain'),
      [CARD_ACTIONS.giveUp]: (click) => askWhy(room, click, 'give_up'),
    },
    submissions: {
      [REASON_MODAL.callback.explain]: (submission) =>
        reasoned(room, submission, 'explain', (reason) => ({
          kind: 'explain_rollback',
          reason: reason ?? '',
        })),
      [REASON_MODAL.callback.give_up]: (submission) =>
        reasoned(room, submission, 'give_up', (reason) => ({
          kind: 'give_up_rollback',
          reason: reason ?? '',
        })),
    },
    subCommands: {
      rollback: {
        usage: 'rollback SERVICE [ENVIRONMENT]',
        summary: 'go back to what ran before',
        run: (call) => offer(room, call),
      },
    },
  };
}

/** Slack is asked who clicked, and where it has not said so after this long, what is known of them decides. */
const SLACK_SAYS_WITHIN: Duration = SECOND;

async function rollBack(room: Room, click: Click): Promise<void> {
  const found = await clicked(room, click);
  if (!found) return;
  const { deployment } = found;
  const actor = await whoRollsBack(room, click.userId, deployment);
  if ('refused' in actor) return click.answer(renderRefusal(actor.refused));
  const unasked = actor.remembered ? ', while Slack could not say who clicked' : '';
  const outcome = await room.conductor.handle({
    deployment: deployment.id,
    intent: { kind: 'roll_back', why: `asked for with one click${unasked}` },
    actor,
  });
  if (outcome.kind === 'refused') await click.answer(renderRefusal(outcome.message));
}

type PersonActor = Extract<Actor, { kind: 'person' }>;

async function whoRollsBack(
  room: Room,
  userId: string,
  deployment: Deployment,
): Promise<PersonActor | { refused: string }> {
  const asked = room.people.resolve(userId);
  const inTime = await Promise.race([asked, sleep(SLACK_SAYS_WITHIN, undefined, { ref: false })]);
  if (inTime === undefined || (!inTime.ok && inTime.why === 'unreachable')) {
    const known = await room.people.remembered(userId);
    if (known.ok) {
      const named = deployment.terms.contacts.find(({ person }) => person.id === userId)?.person;
      const person = known.person.name === userId && named ? named : actorOf(known).person;
      const actor = withOnCall(room, deployment, { ...actorOf(known), person, remembered: true });
      if (mayRollBack(deployment, actor)) return actor;
    }
  }
  const resolved = inTime ?? (await asked);
  return resolved.ok ? withOnCall(room, deployment, actorOf(resolved)) : { refused: resolved.message };
}

/** Whoever is on call for the service now may do what the one named at the request may: that one may be asleep. */
function withOnCall(room: Room, { terms }: Deployment, actor: PersonActor): PersonActor {
  const onCall = room.policy().services.get(terms.envelope.service)?.onCall;
  return onCall === actor.person.id ? { ...actor, roles: [...actor.roles, 'on_call'] } : actor;
}

/** A word is quickly typed, and a service quickly mistaken: what would go back is shown, with its one button. */
async function offer(room: Room, call: CommandCall): Promise<void> {
  const found = await findDeployment(room, {
    text: call.text,
    statuses: CAN_ROLL_BACK,
    that: 'could be rolled back',
    usage: 'rollback SERVICE [ENVIRONMENT]',
  });
  await call.answer(found.ok ? renderRollbackOffer(found.deployment) : found.answer);
}
