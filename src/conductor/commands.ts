/** Carries out what the record says the backend must be told: at least once, acting once. */

import { MAX_NOTIFIER_WAIT } from '../adapters/retry-after.ts';
import { BackendError, type Change, type Commanded, type DeployBackend } from '../backends/port.ts';
import {
  type Command,
  type CommandLane,
  failureOf,
  isStillWanted,
  retryAfter,
} from '../deployment/command-effects.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { CAN_HOLD } from '../deployment/lifecycle.ts';
import { carriedOnFrom } from '../deployment/promotion/decide-rolled-back-before.ts';
import { isForBackend } from '../deployment/rollout/steps.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../message-of.ts';
import { type Notifier, NotifierError } from '../notifiers/port.ts';
import type { AdapterRef } from '../terms/adapters.ts';
import { type Clock, type Duration, SECOND } from '../time.ts';
import { type Calls, Crowded } from './calls.ts';
import { within } from './deadline.ts';
import { listEvery } from './every.ts';
import type { Input } from './handle.ts';
import type { Instance } from './instances.ts';
import { createNotify, type Notify, NotWanted } from './notify.ts';
import type { PendingEffect } from './ports/effect-queue.ts';
import type { Stores } from './ports/stores.ts';
import { type Aside, createPump, NotNow, type Pump } from './pump.ts';
import type { SmokeRunner } from './smoke.ts';

export interface CommandContext {
  stores: Stores;
  clock: Clock;
  log: Log;
  backendOf(deployment: Deployment): Instance<DeployBackend>;
  calls: Calls;
  handle(input: Input): Promise<unknown>;
  /** Undefined where the configuration lost it. */
  notifierOf(ref: AdapterRef): Instance<Notifier> | undefined;
  /** Where a deployment is seen, where that is known. */
  linkTo(deployment: Deployment): Promise<string | undefined>;
  /** Runs smoke tests over HTTP. */
  smoke: SmokeRunner;
  /** Once it is aborted, nothing that can be done again is waited for. */
  stopping: AbortSignal;
  /** Named places where the crash test ends the process. */
  point(name: string): void;
}

/** A backend that takes longer to accept a command than this is treated as unreachable; the key makes a repeat safe. */
const ACCEPTS_WITHIN: Duration = 30 * SECOND;

/** One pump per lane: what fills the one never keeps the other waiting. */
export function createCommandRunner(context: CommandContext, lane: CommandLane): Pump {
  const { stores, clock } = context;
  const notify = createNotify(context);
  return createPump<PendingEffect>({
    name: `commands, ${lane}`,
    clock,
    log: context.log,
    concurrency: 16,
    keyOf: (pending) => pending.key,
    async due(now, except, limit) {
      const { ready, next } = await stores.effects.ready(now, except, limit, lane);
      return { items: ready, next };
    },
    run: (pending, aside) => run({ ...context, lane, aside, notify }, pending),
  });
}

interface Running extends CommandContext {
  lane: CommandLane;
  aside: Aside;
  notify: Notify;
}

async function run(context: Running, pending: PendingEffect): Promise<void> {
  const { stores } = context;
  const deployment = await stores.events.load(pending.deployment);
  try {
    if (!isWanted(deployment, pending)) throw new NotWanted();
    context.point(`effect:before:${pending.key}`);
    await tell(context, deployment, pending);
    context.point(`effect:after:${pending.key}`);
  } catch (error) {
    if (error instanceof NotWanted || deployment === undefined) {
      return stores.effects.drop(pending.key, 'the deployment has moved on');
    }
    if (error instanceof NotNow) throw error;
    if (error instanceof Crowded) throw new NotNow(error.message, { cause: error });
    return failed(context, deployment, pending, error);
  }
  await stores.effects.done(pending.key);
}

function isWanted(deployment: Deployment | undefined, { effect }: PendingEffect): deployment is Deployment {
  return deployment !== undefined && isStillWanted(deployment, effect);
}

type Run<K extends Command['kind']> = (
  context: Running,
  deployment: Deployment,
  pending: PendingEffect,
  effect: Extract<Command, { kind: K }>,
) => Promise<void>;

/** How each is carried out; when, and what a failure means, the core says. */
const RUN: { [K in Command['kind']]: Run<K> } = {
  apply: async (context, deployment, pending, { step: index }) => {
    const step = deployment.terms.envelope.plan.steps[index];
    if (step === undefined || !isForBackend(step))
      throw new BackendError(`the plan has no step ${index} for a backend`, { final: true });
    return command(context, deployment, pending, (backend, signal) =>
      backend.apply(commanded(deployment, pending), step, keyAtBackend(pending), signal),
    );
  },
  roll_back: (context, deployment, pending, { to }) =>
    command(context, deployment, pending, (backend, signal) =>
      backend.rollback(commanded(deployment, pending), to, keyAtBackend(pending), signal),
    ),
  smoke: (context, deployment) => context.aside(() => runTests(context, deployment)),
  notify: ({ aside, notify }, deployment, _pending, effect) => aside(() => notify(deployment, effect)),
  supersede: (context, deployment) => supersede(context, deployment),
  stop_further: (context, deployment, { key }) => stopFurther(context, deployment, key),
};

function tell(context: Running, deployment: Deployment, pending: PendingEffect): Promise<void> {
  const { effect } = pending;
  return (RUN[effect.kind] as Run<Command['kind']>)(context, deployment, pending, effect);
}

/** Tells the backend once it has a place, if that is still right by then. */
function command(
  { stores, calls, lane, aside, backendOf }: Running,
  deployment: Deployment,
  pending: PendingEffect,
  call: (backend: DeployBackend, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  return aside(() =>
    calls.make(backendOf(deployment), lane, async (backend, hasWaited) => {
      if (hasWaited && !isWanted(await stores.events.load(deployment.id), pending)) throw new NotWanted();
      await within(ACCEPTS_WITHIN, 'the backend', (signal) => call(backend, signal));
    }),
  );
}

/** Tries what is GoNoGo's own to try, and hands the core what was found. */
async function runTests({ smoke, stopping, handle }: Running, { id, terms, smoke: state }: Deployment) {
  if (terms.smoke === undefined || state === undefined) return;
  const tests = terms.smoke.tests.filter((test) => test.by === 'gonogo' && state.tests.includes(test.id));
  const { version, toArm, run } = state;
  const results = await smoke({ terms: terms.smoke, tests, toArm, version }, stopping);
  // What was cut off says nothing of the version: it is run again after the next start.
  if (stopping.aborted) throw new NotNow('GoNoGo stops');
  const actor = { kind: 'system', name: 'judge' } as const;
  await handle({ deployment: id, intent: { kind: 'smoke_reported', run, from: 'gonogo', results }, actor });
}

/** Ends the observation of what ran there before. */
async function supersede(context: CommandContext, newer: Deployment): Promise<void> {
  const { service, environment } = newer.terms.envelope;
  const older = await context.stores.events.inEnvironment(environment, [service], ['observing']);
  for (const { id } of older) {
    if (id === newer.id) continue;
    await context.handle({
      deployment: id,
      intent: { kind: 'supersede', by: newer.id },
      actor: { kind: 'system', name: 'clock' },
    });
  }
}

/** Where the same build is on its way to, or watched in, environments that were to come after this one. */
async function stopFurther(context: CommandContext, back: Deployment, key: string): Promise<void> {
  const { service, version, environment } = back.terms.envelope;
  const statuses = [...CAN_HOLD, 'observing'] as const;
  const all = await listEvery(context.stores.events, { service, version, statuses });
  for (const { id } of carriedOnFrom(back, all)) {
    await context.handle({
      deployment: id,
      intent: { kind: 'rolled_back_before', of: back.id, environment, why: back.rollback?.why ?? '' },
      actor: { kind: 'system', name: 'clock' },
      inboxKey: `${key}:${id}`,
    });
  }
}

async function failed(
  context: CommandContext,
  deployment: Deployment,
  pending: PendingEffect,
  error: unknown,
): Promise<void> {
  const { effect, key, attempts } = pending;
  const message = messageOf(error);
  const final = error instanceof BackendError && error.final;
  context.log.warn(
    { err: error, deployment: deployment.id, key, attempts, final },
    'a command was not carried out',
  );
  const intent = failureOf(effect, message, final);
  if (intent !== undefined) {
    const actor = { kind: 'system', name: 'backend' } as const;
    await context.handle({ deployment: deployment.id, intent, actor });
  }
  if (final) return context.stores.effects.drop(key, message);
  const wait = Math.max(retryAfter(effect, attempts), askedToWait(error));
  return context.stores.effects.retryAt(key, context.clock.now() + wait, message);
}

const askedToWait = (error: unknown): Duration =>
  error instanceof NotifierError ? Math.min(error.retryAfter ?? 0, MAX_NOTIFIER_WAIT) : 0;

const commanded = (deployment: Deployment, pending: PendingEffect): Commanded => ({
  ...changeOf(deployment),
  deployment: nameAtBackend(pending),
  sequence: pending.sequence,
});

/** Another record that drives the same place, or one that was begun anew, gives the same numbers. */
const nameAtBackend = ({ deployment, record }: PendingEffect): string => `${deployment}@${record}`;

/** A restored record may come to other decisions than the one that was lost: what that told was something else. */
const keyAtBackend = (pending: PendingEffect): string => `${nameAtBackend(pending)}:${pending.sequence}`;

export function changeOf(deployment: Deployment): Change {
  const { service, environment, version, sha, digest } = deployment.terms.envelope;
  return { service, environment, version, sha, digest, previous: deployment.previous };
}
