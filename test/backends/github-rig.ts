/** The backend beside the small GitHub, with a folder that outlives it. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it as plain } from 'vitest';
import { BACKENDS } from '../../src/backends/index.ts';
import type { DeployBackend } from '../../src/backends/port.ts';
import { adapterContext } from '../adapter-context.ts';
import { changeTo, commanded } from '../changes.ts';
import { type GithubServer, startGithub } from './github-server.ts';
import { APP, APP_KEY, digestOf, shaOf, TOKEN } from './github-state.ts';
import { WEBHOOK_SECRET } from './github-webhooks.ts';

export const AS_APP = {
  auth: { app_id: APP.id, installation_id: APP.installation, private_key: 'env:GITHUB_KEY' },
};

export const CHANGE = commanded(
  changeTo({ version: 'v2.1.0', sha: shaOf('v2.1.0'), digest: digestOf('v2.1.0') }),
);

export interface GithubStage {
  github: GithubServer;
  backend: DeployBackend;
  folder: string;
  /** As an App where its settings say so, else with a token. */
  open(more?: { environment?: object; service?: object; top?: object }): DeployBackend;
  /** From now on GitHub's clock is so much ahead. */
  lag(by: number): void;
  close(): Promise<void>;
}

export async function openGithubStage(): Promise<GithubStage> {
  const github = await startGithub();
  github.deploy({ payload: { version: 'v2.0.4', digest: digestOf('v2.0.4') } });
  const folder = mkdtempSync(join(tmpdir(), 'github-'));
  const opened: DeployBackend[] = [];
  let ahead = 0;
  const open: GithubStage['open'] = ({ environment, service, top } = {}) => {
    const settings = {
      api_url: github.url,
      auth: { token: 'env:GITHUB_TOKEN' },
      ...top,
      services: {
        checkout: {
          repository: 'acme/checkout',
          artifact: { image: 'ghcr.io/acme/checkout' },
          environments: {
            production: { workflow: 'deploy.yml', steps: ['replace', 'set-weight'], ...environment },
          },
          ...service,
        },
      },
    };
    const backend = BACKENDS.open(
      { kind: 'github-actions', settings },
      adapterContext({
        name: 'github',
        variables: { GITHUB_TOKEN: TOKEN, GITHUB_KEY: APP_KEY, WEBHOOK_SECRET },
        folder,
        clock: { now: () => github.now - ahead },
      }),
    );
    opened.push(backend);
    return backend;
  };
  return {
    github,
    folder,
    backend: open(),
    open,
    lag(by) {
      ahead = by;
    },
    async close() {
      for (const backend of opened) await backend.close?.();
      await github.close();
    },
  };
}

/** A test with its own GitHub, and the backend beside it. */
export const it = plain.extend<{ stage: GithubStage }>({
  // biome-ignore lint/correctness/noEmptyPattern: the framework reads the pattern
  stage: async ({}, use) => {
    const opened = await openGithubStage();
    await use(opened);
    await opened.close();
  },
});

export const REPLACE = { kind: 'replace' } as const;
export const DISPATCH = /^POST .*\/dispatches/;

/** How often a run was begun. */
export const dispatches = ({ asked }: GithubServer): number =>
  asked.filter(({ what, status }) => DISPATCH.test(what) && status < 300).length;
