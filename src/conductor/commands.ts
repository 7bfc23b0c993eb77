/** Carries out what the record says the backend must be told: at least once, acting once. */

import { BackendError, type Change, type DeployBackend } from '../backends/port.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Intent } from '../deployment/intents.ts';
import { stillWanted } from '../deployment/still-wanted.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../message-of.ts';
import { type Clock, type Duration, SECOND } from '../time.ts';
import { within } from './deadline.ts';
import type { Input } from './handle.ts';
import type { PendingEffect, Stores } from './ports.ts';
import { createPump, type Pump } from './pump.ts';

export interface CommandContext {
  stores: Stores;
  clock: Clock;
  log: Log;
  backendOf(deployment: Deployment): DeployBackend;
  handle(input: Input): Promise<unknown>;
  /** Named places where the crash test ends the process. */
  point(name: string): void;
}

/** A backend that takes longer to accept a command than this is treated as unreachable; the key makes a repeat safe. */
const ACCEPTS_WITHIN: Duration = 30 * SECOND;
const LONGEST_WAIT: Duration = 30 * SECOND;
/** A rollback is tried again sooner. */
const LONGEST_ROLLBACK_WAIT: Duration = 5 * SECOND;

export function createCommandRunner(context: CommandContext): Pump {
  const { stores, clock } = context;
  return createPump<PendingEffect>({
    name: 'commands',
    clock,
    log: context.log,
    concurrency: 16,
    keyOf: (pending) => pending.key,
    due: (now, except, limit) => stores.effects.ready(now, except, limit),
    nextAt: () => stores.effects.nextAt(),
    run: (pending) => run(context, pending),
  });
}

async function run(context: CommandContext, pending: PendingEffect): Promise<void> {
  const { stores } = context;
  const deployment = await stores.events.load(pending.deployment);
  if (deployment === undefined || !stillWanted(deployment, pending.effect)) {
    return stores.effects.drop(pending.key, 'the deployment has moved on');
  }
  try {
    context.point(`effect:before:${pending.key}`);
    await tell(context, deployment, pending);
    context.point(`effect:after:${pending.key}`);
  } catch (error) {
    return failed(context, deployment, pending, error);
  }
  await stores.effects.done(pending.key);
}

async function tell(
  context: CommandContext,
  deployment: Deployment,
  { effect, key }: PendingEffect,
): Promise<void> {
  const change = changeOf(deployment);
  switch (effect.kind) {
    case 'apply': {
      const step = deployment.envelope.plan.steps[effect.step];
      if (step === undefined) throw new BackendError(`the plan has no step ${effect.step}`, { final: true });
      return within(ACCEPTS_WITHIN, 'the backend', (signal) =>
        context.backendOf(deployment).apply(change, step, key, signal),
      );
    }
    case 'roll_back':
      return within(ACCEPTS_WITHIN, 'the backend', (signal) =>
        context.backendOf(deployment).rollback(change, effect.to, key, signal),
      );
    case 'supersede':
      return supersede(context, deployment);
  }
}

/** Ends the observation of what ran there before. */
async function supersede(context: CommandContext, newer: Deployment): Promise<void> {
  const { service, environment } = newer.envelope;
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
  if (effect.kind !== 'supersede') {
    const actor = { kind: 'system', name: 'backend' } as const;
    const intent: Intent = final
      ? {
          kind: 'backend_refused',
          doing: effect.kind,
          message,
          ...(effect.kind === 'apply' ? { step: effect.step } : {}),
        }
      : { kind: 'backend_unreachable', doing: effect.kind, message };
    await context.handle({ deployment: deployment.id, intent, actor });
  }
  if (final) return context.stores.effects.drop(key, message);
  const longest = effect.kind === 'roll_back' ? LONGEST_ROLLBACK_WAIT : LONGEST_WAIT;
  const wait = Math.min(SECOND * 2 ** attempts, longest);
  return context.stores.effects.retryAt(key, context.clock.now() + wait, message);
}

export function changeOf(deployment: Deployment): Change {
  const { service, environment, version, sha, digest } = deployment.envelope;
  return { service, environment, version, sha, digest, previous: deployment.previous };
}
