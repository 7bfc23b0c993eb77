/** What the small GitHub of the tests holds: its runs, its deployments and its releases, and how it is asked as whom. */

import { createHash, generateKeyPairSync } from 'node:crypto';

export const TOKEN = 'github_pat_of_a_test';

export const INSTALLATION_TOKEN = 'ghs_of_an_installation';

/** Of the App: GitHub has the public key. */
export const APP = {
  id: 12_345,
  installation: 67_890,
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
};

export const APP_KEY = String(APP.privateKey.export({ type: 'pkcs8', format: 'pem' }));

export const digestOf = (version: string): string =>
  `sha256:${createHash('sha256').update(version).digest('hex')}`;

export const shaOf = (version: string): string => createHash('sha1').update(version).digest('hex');

export const KEY_NAME = /gonogo-[0-9a-f]{16}/;

export interface ServedRun {
  id: number;
  run_number: number;
  html_url: string;
  display_title: string;
  status: string;
  conclusion: string | null;
  updated_at: string;
  created_at: string;
  event: string;
  inputs: Record<string, string>;
  ref: string;
}

export interface ServedDeployment {
  id: number;
  sha: string;
  ref: string;
  task: string;
  payload: unknown;
  environment: string;
  created_at: string;
  creator: { login: string };
  statuses: { state: string; created_at: string; log_url: string; target_url: string }[];
}

export interface Fault {
  /** `POST /repos/acme/checkout/…` */
  match: RegExp;
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** It is carried out, and only the answer is lost. */
  carriedOut?: boolean;
  /** Cuts the connection in place of an answer. */
  cut?: boolean;
  /** How often; for ever where unset. */
  times?: number;
}

export class State {
  runs: ServedRun[] = [];
  deployments: ServedDeployment[] = [];
  asked: { what: string; status: number }[] = [];
  approvals: { run: number; environment: string; by: 'review' | 'rule' }[] = [];
  answers: { run: number; state: string; comment: string }[] = [];
  permissions: Record<string, string> = {
    actions: 'write',
    contents: 'read',
    deployments: 'write',
    metadata: 'read',
  };
  inputs = new Set(['version', 'sha', 'digest', 'step', 'gonogo_key', 'percent', 'part']);
  old = false;
  namesRuns = true;
  protectedBy: 'nobody' | 'review' | 'rule' = 'nobody';
  swallows = false;
  releases = ['v2.0.4', 'v2.1.0', 'v2.1.1'].map((version) => ({
    version,
    body: `Run it: \`docker pull ghcr.io/acme/checkout@${digestOf(version)}\``,
  }));
  ends = 'success';
  now = Date.UTC(2026, 0, 5, 12);
  files = [{ filename: 'src/payment/retry.ts' }, { filename: 'db/migrations/0042.sql' }];
  commitsPerRelease = 3;
  faults: Fault[] = [];
  #ids = 1_000;

  id(): number {
    this.#ids += 1;
    return this.#ids;
  }

  time(): string {
    return new Date(this.now).toISOString();
  }

  run(id: unknown): ServedRun | undefined {
    return this.runs.find((run) => run.id === Number(id));
  }
}

export function served(
  state: State,
  { ref, payload, environment, login }: { ref: string; payload: unknown; environment: string; login: string },
): ServedDeployment {
  const deployment: ServedDeployment = {
    id: state.id(),
    sha: ref,
    ref,
    task: 'deploy',
    payload,
    environment,
    created_at: state.time(),
    creator: { login },
    statuses: [],
  };
  state.deployments.unshift(deployment);
  return deployment;
}
