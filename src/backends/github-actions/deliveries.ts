/** What GitHub posts of its own: whether it is from GitHub, and what is read of it. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Delivery, Received } from '../port.ts';
import type { NewJob } from './jobs.ts';

const repository = z.object({ full_name: z.string() });
const sha = z.string().regex(/^[0-9a-f]{40,64}$/);

const protectionRule = z.object({
  action: z.literal('requested'),
  environment: z.string(),
  event: z.string(),
  sha: sha.optional(),
  deployment_callback_url: z.string(),
  deployment: z.object({ id: z.int(), sha }).nullish(),
  repository,
});

const review = z.object({
  action: z.literal('requested'),
  environment: z.string(),
  workflow_run: z.object({ id: z.int(), event: z.string(), head_sha: sha }),
  workflow_job_run: z.object({ id: z.int() }).nullish(),
  repository,
});

const deploymentStatus = z.object({ deployment: z.object({ environment: z.string() }), repository });
const workflowRun = z.object({ workflow_run: z.object({ id: z.int() }), repository });

export interface ReadDelivery {
  repository: string;
  /** Of the environment at GitHub; unset for all of the repository. */
  environment?: string;
  run?: number;
  job?: NewJob;
}

const CALLBACK = /\/actions\/runs\/(\d{1,15})\/deployment_protection_rule$/;

type Reading = ReadDelivery | 'nothing' | { problem: string };

/** `body` stands for the delivery: a number in its headers is not signed, and another could be put there. */
export function readDelivery(event: string, body: string): Reading {
  const content = json(body);
  if (content === undefined) return { problem: 'it is no JSON' };
  switch (event) {
    case 'deployment_protection_rule':
      return read(protectionRule, content, (of) => {
        const run = CALLBACK.exec(of.deployment_callback_url)?.[1];
        const commit = of.deployment?.sha ?? of.sha;
        if (run === undefined || commit === undefined)
          return { problem: 'it does not say which run waits, and with which commit' };
        return jobOf(
          of,
          { run: Number(run), of: `d${of.deployment?.id ?? hashOf(body)}`, sha: commit },
          of.event,
        );
      });
    case 'deployment_review':
      // What somebody decided at GitHub asks nothing of GoNoGo.
      if (!isRequested(content)) return 'nothing';
      return read(review, content, (of) => {
        const { id, head_sha, event: began } = of.workflow_run;
        return jobOf(
          of,
          { run: id, of: `r${of.workflow_job_run?.id ?? hashOf(body)}`, sha: head_sha },
          began,
        );
      });
    case 'deployment_status':
      return read(deploymentStatus, content, (of) => ({
        repository: of.repository.full_name,
        environment: of.deployment.environment,
      }));
    case 'workflow_run':
      return read(workflowRun, content, (of) => ({
        repository: of.repository.full_name,
        run: of.workflow_run.id,
      }));
    default:
      return 'nothing';
  }
}

function jobOf(
  {
    repository: { full_name: name },
    environment,
  }: { repository: { full_name: string }; environment: string },
  { run, of, sha: commit }: { run: number; of: string; sha: string },
  event: string,
): ReadDelivery {
  const key = `${name.toLowerCase()}/${run}/${environment}/${of}`;
  return {
    repository: name,
    environment,
    run,
    job: { key, repository: name, run, environment, event, sha: commit },
  };
}

export const hashOf = (body: string): string => createHash('sha256').update(body).digest('hex');

/** Refused without a right signature over the bytes as they came, compared in constant time. */
export async function refuseForged(
  { headers, body }: Delivery,
  secret: string,
): Promise<Extract<Received, { kind: 'refused' }> | undefined> {
  const given = headers['x-hub-signature-256'];
  const { verify } = await import('@octokit/webhooks-methods');
  const isRight =
    typeof given === 'string' &&
    given !== '' &&
    body.length > 0 &&
    (await verify(secret, body.toString('utf8'), given));
  return isRight ? undefined : { kind: 'refused', status: 401, problem: 'The signature is not right.' };
}

function read<T>(schema: z.ZodType<T>, content: unknown, make: (of: T) => Reading): Reading {
  const parsed = schema.safeParse(content);
  if (parsed.success) return make(parsed.data);
  const [issue] = parsed.error.issues;
  return { problem: `${issue?.path.join('.') || 'it'}: ${issue?.message}` };
}

const isRequested = (content: unknown): boolean =>
  z.object({ action: z.literal('requested') }).safeParse(content).success;

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Refused by whoever asked.
    return undefined;
  }
}
