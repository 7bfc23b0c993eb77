/** What pagers are told after an event. */

import type { AdapterRef } from '../../terms/adapters.ts';
import type { Deployment } from '../deployment.ts';
import type { Effect, Tells } from '../effects.ts';
import type { DeploymentEvent, EventType } from '../events.ts';

/** What they are told of changes, which call nobody: the context in which they read what fails. */
const CHANGES = ['started', 'verified', 'rolled_back'] as const satisfies (EventType & Tells)[];

export type NotifyEffect = Extract<Effect, { kind: 'notify' }>;

export function notifyEffects(d: Deployment, event: DeploymentEvent): NotifyEffect[] {
  const { notifiers = [] } = d.terms.paging ?? {};
  return notifiers.flatMap((notifier) => toldTo(notifier, d, event));
}

function toldTo(notifier: AdapterRef, d: Deployment, event: DeploymentEvent): NotifyEffect[] {
  const { deployment, seq, at } = event;
  const tell = (tells: Tells, about: number): NotifyEffect => ({
    kind: 'notify',
    key: `${deployment}:${seq}:${notifier.name}:${tells}:${about}`,
    notifier,
    tells,
    about,
    at,
  });
  const calls = (d.paging?.calls ?? []).flatMap((call) => {
    // What ends it says also that somebody has it.
    if (call.over?.seq === seq) return [tell('resolve', call.seq)];
    if (call.acknowledged?.seq === seq) return [tell('acknowledge', call.seq)];
    return call.seq === seq ? [tell('trigger', call.seq)] : [];
  });
  const change = CHANGES.find((type) => type === event.type);
  return [...calls, ...(change === undefined ? [] : [tell(change, seq)])];
}

/** Whether it still has to be said: nobody is woken for what somebody has, or what is over. */
export function isStillToBeSaid({ paging }: Deployment, { tells, about }: NotifyEffect): boolean {
  if (tells !== 'trigger') return true;
  const call = paging?.calls.find(({ seq }) => seq === about);
  return call !== undefined && call.acknowledged === undefined && call.over === undefined;
}
