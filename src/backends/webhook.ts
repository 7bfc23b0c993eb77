/** A server of the team's own that speaks a small signed contract over HTTP, as a kind of backend. */

import { z } from 'zod';
import { attempt, type Finding } from '../adapters/finding.ts';
import { type AdapterContext, adapterKind } from '../adapters/kind.ts';
import type { SecretRef } from '../adapters/secrets.ts';
import { CallFailed, createSignedCall, type SignedCall, signedSettings } from '../adapters/signed-call.ts';
import { defined } from '../defined.ts';
import type { BackendStepKind } from '../terms/plan.ts';
import { BackendError, type Commanded, type DeployBackend, type Observation, type Target } from './port.ts';
import { accepted, observationAnswer, versionsAnswer } from './webhook/contract.ts';

const settings = z.strictObject({
  ...signedSettings,
  steps: z
    .array(z.enum(['set-weight', 'stand-up', 'batch', 'replace', 'retire-old']))
    .min(1)
    .default(['set-weight'])
    .meta({ description: 'the steps that the server can take' }),
});

export const webhook = adapterKind({
  summary: 'a server of your own that speaks a small signed HTTP contract',
  settings,
  example: {
    url: 'https://deploy.example.com/gonogo',
    secret: 'env:DEPLOY_SECRET' as SecretRef,
    steps: ['set-weight', 'stand-up', 'batch', 'replace', 'retire-old'],
  },
  open: (opened, context): DeployBackend => createWebhook(opened, context),
});

function createWebhook(opened: z.output<typeof settings>, context: AdapterContext): DeployBackend {
  const call = createSignedCall(opened, context);
  const observe = async (target: Target, signal?: AbortSignal): Promise<Observation> => {
    const { problem, standby, digests, ...seen } = await ask(
      call,
      '/observe',
      placeOf(target),
      observationAnswer,
      signal,
    );
    return {
      at: context.clock.now(),
      ...seen,
      ...defined({ standby, digests }),
      ...(typeof problem === 'string' ? { problem } : {}),
    };
  };
  const versions: DeployBackend['versions'] = async (target, signal) => {
    const { releases } = await ask(call, '/versions', placeOf(target), versionsAnswer, signal);
    return releases
      .map(({ built_at, title, ...one }) => ({
        ...one,
        builtAt: Date.parse(built_at),
        ...defined({ title }),
      }))
      .sort((a, b) => b.builtAt - a.builtAt);
  };
  return {
    name: 'webhook',
    steps: new Set<BackendStepKind>(opened.steps),
    async apply(change, step, key, signal) {
      await ask(call, '/apply', { ...commandOf(change, key), step }, accepted, signal);
    },
    async rollback(change, to, key, signal) {
      await ask(call, '/rollback', { ...commandOf(change, key), to }, accepted, signal, {
        // A rollback goes on being tried: a signature that is not taken now may be taken once a secret has changed.
        final: ['refused'],
      });
    },
    observe,
    versions,
    check: (target, signal) => check({ observe, versions }, target, signal),
  };
}

const placeOf = ({ service, environment }: Target): { service: string; environment: string } => ({
  service,
  environment,
});

function commandOf(
  { deployment, sequence, version, sha, digest, previous, ...target }: Commanded,
  key: string,
): Record<string, unknown> {
  return { key, deployment, sequence, change: { ...placeOf(target), version, sha, digest, previous } };
}

async function ask<T>(
  call: SignedCall,
  path: string,
  body: Readonly<Record<string, unknown>>,
  answer: z.ZodType<T>,
  signal?: AbortSignal,
  { final }: { final: readonly CallFailed['failure'][] } = { final: ['refused', 'not-allowed'] },
): Promise<T> {
  try {
    return await call(path, body, answer, signal);
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    throw new BackendError(error.message, { final: final.includes(error.failure), cause: error });
  }
}

const REMEDY = 'see docs/backends/webhook.md';

async function check(
  { observe, versions }: Pick<DeployBackend, 'observe' | 'versions'>,
  target: Target,
  signal?: AbortSignal,
): Promise<Finding[]> {
  return [
    await attempt(`ask the webhook what runs of ${target.service} in ${target.environment}`, REMEDY, () =>
      observe(target, signal),
    ),
    await attempt(`ask the webhook what can be deployed of ${target.service}`, REMEDY, () =>
      versions(target, signal),
    ),
  ];
}
