/** Tells a pager, in the order of what happened, and hands the core what came of it. */

import type { Deployment } from '../deployment/deployment.ts';
import { notificationOf } from '../deployment/paging/notification.ts';
import { isStillToBeSaid, type NotifyEffect } from '../deployment/paging/notify.ts';
import type { Notifier } from '../notifiers/port.ts';
import type { AdapterRef } from '../terms/adapters.ts';
import { type Clock, DAY, type Duration, SECOND } from '../time.ts';
import { type Calls, Crowded } from './calls.ts';
import { within } from './deadline.ts';
import type { Input } from './handle.ts';
import type { Instance } from './instances.ts';
import type { Stores } from './ports/stores.ts';
import { NotNow } from './pump.ts';

/** The deployment moved on while the command waited for its turn. */
export class NotWanted extends Error {
  override readonly name = 'NotWanted';
}

export interface NotifyContext {
  stores: Pick<Stores, 'events'>;
  clock: Pick<Clock, 'now'>;
  calls: Calls;
  notifierOf(ref: AdapterRef): Instance<Notifier> | undefined;
  linkTo(deployment: Deployment): Promise<string | undefined>;
  handle(input: Input): Promise<unknown>;
  stopping: AbortSignal;
}

export type Notify = (deployment: Deployment, effect: NotifyEffect) => Promise<void>;

/** More than the adapters allow themselves, so that the reason is the pager's. */
const TAKES_WITHIN: Duration = 30 * SECOND;
/** What nobody could be told for so long tells nobody anything any more. */
const LASTS: Duration = DAY;

export function createNotify(context: NotifyContext): Notify {
  /** What is being said of a call to a pager: what comes after it waits, or it would arrive before. */
  const underWay = new Set<string>();
  return async (deployment, effect) => {
    const about = `${deployment.id} ${effect.notifier.name} ${effect.about}`;
    if (context.clock.now() - effect.at > LASTS) throw new NotWanted();
    if (underWay.has(about)) throw new NotNow(`${about} is being told`);
    underWay.add(about);
    try {
      await tell(context, deployment, effect);
    } finally {
      underWay.delete(about);
    }
    if (effect.tells === 'trigger') await called(context, deployment, effect);
  };
}

async function tell(context: NotifyContext, deployment: Deployment, effect: NotifyEffect): Promise<void> {
  const { calls, stores, stopping } = context;
  const { name } = effect.notifier;
  const instance = context.notifierOf(effect.notifier);
  if (instance === undefined) throw new Error(`the configuration has no notifier ${name} any more`);
  const link = await context.linkTo(deployment);
  try {
    await calls.make(
      instance,
      'notices',
      async (notifier, hasWaited) => {
        const now = hasWaited ? await stores.events.load(deployment.id) : deployment;
        const notification = now && notificationOf(now, effect, link);
        if (now === undefined || notification === undefined || !isStillToBeSaid(now, effect))
          throw new NotWanted();
        await within(TAKES_WITHIN, name, (signal) =>
          notifier.notify(notification, AbortSignal.any([signal, stopping])),
        );
      },
      stopping,
    );
  } catch (error) {
    // What was cut off may have arrived: it is said again after the next start, under the same key.
    if (stopping.aborted || error instanceof Crowded) throw new NotNow('told later', { cause: error });
    throw error;
  }
}

async function called(
  { handle }: NotifyContext,
  { id }: Deployment,
  { about, notifier }: NotifyEffect,
): Promise<void> {
  await handle({
    deployment: id,
    intent: { kind: 'pager_called', call: about, notifier: notifier.name },
    actor: { kind: 'system', name: 'pager' },
  });
}
