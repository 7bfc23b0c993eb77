/** The calls to GitHub about its own record of deployments. */

import { z } from 'zod';
import type { Github, RepositoryName } from './client.ts';
import { deploymentSchema, type GithubDeployment, type GithubStatus, statusSchema } from './seen.ts';

const PER_PAGE = 50;
const MAX_DESCRIPTION = 140;

/** Deployments as GitHub records them. */
export interface Deployments {
  deployments(environment: string, signal?: AbortSignal): Promise<GithubDeployment[]>;
  statuses(deployment: number, signal?: AbortSignal): Promise<GithubStatus[]>;
  createDeployment(
    what: { ref: string; environment: string; description: string; payload: object },
    signal?: AbortSignal,
  ): Promise<number>;
  setStatus(
    deployment: number,
    what: { state: 'in_progress' | 'success' | 'failure'; description: string; log_url?: string },
    signal?: AbortSignal,
  ): Promise<void>;
}

export function createDeployments(github: Github, of: RepositoryName): Deployments {
  return {
    deployments: (environment, signal) =>
      github.ask(
        'GET /repos/{owner}/{repo}/deployments',
        { ...of, environment, per_page: PER_PAGE },
        z.array(deploymentSchema),
        signal,
      ),
    statuses: (deployment, signal) =>
      github.ask(
        'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
        { ...of, deployment_id: deployment, per_page: 30 },
        z.array(statusSchema),
        signal,
      ),
    async createDeployment({ description, ...what }, signal) {
      const { id } = await github.ask(
        'POST /repos/{owner}/{repo}/deployments',
        {
          ...of,
          ...what,
          task: 'deploy',
          auto_merge: false,
          required_contexts: [],
          description: short(description),
        },
        z.object({ id: z.int() }),
        signal,
      );
      return id;
    },
    async setStatus(deployment, { description, ...what }, signal) {
      await github.ask(
        'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
        { ...of, deployment_id: deployment, ...what, description: short(description) },
        z.unknown(),
        signal,
      );
    },
  };
}

function short(text: string): string {
  return text.length > MAX_DESCRIPTION ? `${text.slice(0, MAX_DESCRIPTION - 1)}…` : text;
}
