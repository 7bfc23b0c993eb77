/** The calls to GitHub for one repository. */

import { createDeployments, type Deployments } from './calls-for-deployments.ts';
import { createRuns, type Runs } from './calls-for-runs.ts';
import type { Github } from './client.ts';

export interface Repository extends Runs, Deployments {
  readonly name: string;
}

export function createRepository(github: Github, name: string): Repository {
  const [owner = '', repo = ''] = name.split('/');
  return { name, ...createRuns(github, { owner, repo }), ...createDeployments(github, { owner, repo }) };
}
