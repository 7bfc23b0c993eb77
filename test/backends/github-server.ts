/**
 * A small GitHub that keeps state: each request is checked against GitHub's own OpenAPI document, and what it refuses is
 * refused as GitHub does. Runs go on when a test says so.
 */

import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import addFormats from 'ajv-formats';
import { type Context, type Document, OpenAPIBackend } from 'openapi-backend';

export const TOKEN = 'github_pat_of_a_test';
const INSTALLATION_TOKEN = 'ghs_of_an_installation';
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

export interface GithubServer {
  url: string;
  runs: ServedRun[];
  deployments: ServedDeployment[];
  /** What was asked, in order: `POST /repos/…`. */
  asked: { what: string; status: number }[];
  approvals: { run: number; environment: string; by: 'review' | 'rule' }[];
  /** What was said to jobs that waited, with the comment. */
  answers: { run: number; state: string; comment: string }[];
  /** What the App may do. */
  permissions: Record<string, string>;
  /** Begins a run that GoNoGo did not dispatch, and that waits in production. */
  begin(event: string, sha: string): ServedRun;
  /** What the workflow declares. */
  inputs: Set<string>;
  /** GitHub Enterprise Server before it knew `return_run_details`. */
  old: boolean;
  /** The workflow's run-name has no key in it. */
  namesRuns: boolean;
  /** Runs wait for reviews in the environment first. */
  protectedBy: 'nobody' | 'review' | 'rule';
  /** A dispatch is taken, and its run does not appear. */
  swallows: boolean;
  releases: { version: string; body: string }[];
  /** How the runs that are under way end when they are told to go on. */
  ends: string;
  now: number;
  files: { filename: string }[];
  commitsPerRelease: number;
  fault(fault: Fault): void;
  /** No fault is left. */
  mend(): void;
  /** Every call is taken and not answered, until the returned function is called. */
  hang(): () => void;
  /** What is under way, ends. */
  goOn(): void;
  stop(): Promise<void>;
  start(): Promise<void>;
  deploy(what: {
    payload?: unknown;
    ref?: string;
    state?: string;
    by?: string;
    run?: number;
  }): ServedDeployment;
  close(): Promise<void>;
}

const USED =
  /^\/repos\/\{owner\}\/\{repo\}\/(actions\/(workflows|runs)\/|deployments|releases$|tags$|compare\/\{basehead\}$|environments)|^\/app\/installations\/\{installation_id\}\/access_tokens$/;

type GithubDocument = Document & { paths: Record<string, object> };

let document: GithubDocument | undefined;

/** Reading GitHub's whole document takes a while: once is enough. */
export function githubDocument(): GithubDocument {
  const file = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');
  document ??= JSON.parse(readFileSync(file, 'utf8')) as GithubDocument;
  return document;
}

let described: Promise<OpenAPIBackend> | undefined;

/** Only for the paths that are here. */
function describedBackend(): Promise<OpenAPIBackend> {
  described ??= (async () => {
    const whole = githubDocument();
    const paths = Object.fromEntries(Object.entries(whole.paths).filter(([path]) => USED.test(path)));
    const api = new OpenAPIBackend({
      definition: { ...whole, paths } as Document,
      quick: true,
      coerceTypes: true,
      ajvOpts: { strict: false },
      customizeAjv: (ajv) => {
        addFormats.default(ajv);
        return ajv;
      },
      handlers: {
        ...HANDLERS,
        validationFail,
        notFound,
        notImplemented: notFound,
        methodNotAllowed: notFound,
      },
    });
    return api.init();
  })();
  return described;
}

interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

class State {
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

type Served = (context: Context, state: State) => Answer;

const refusal = (status: number, message: string): Answer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
});
const notFound: Served = () => refusal(404, 'Not Found');
const validationFail: Served = ({ validation, request, operation }) =>
  refusal(
    422,
    `Invalid request: ${operation.operationId} ${JSON.stringify(validation.errors)} ${JSON.stringify(request.body)}`,
  );

const publicRun = ({ inputs: _inputs, ref: _ref, ...run }: ServedRun): object => run;

const HANDLERS: Record<string, Served> = {
  'actions/create-workflow-dispatch': ({ request }, state) => {
    if (request.params.workflow_id !== 'deploy.yml') return refusal(404, 'Not Found');
    const {
      ref,
      inputs = {},
      return_run_details: details,
    } = request.body as {
      ref: string;
      inputs?: Record<string, string>;
      return_run_details?: boolean;
    };
    if (state.old && details !== undefined)
      return refusal(422, 'Invalid request.\n\n"return_run_details" is not a permitted key.');
    if (ref !== 'main') return refusal(422, `No ref found for: ${ref}`);
    const unexpected = Object.keys(inputs).filter((name) => !state.inputs.has(name));
    if (unexpected.length > 0)
      return refusal(422, `Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
    const id = state.id();
    const run: ServedRun = {
      id,
      run_number: state.runs.length + 1,
      html_url: `https://github.com/acme/checkout/actions/runs/${id}`,
      display_title: state.namesRuns ? `Deploy ${inputs.version} [${inputs.gonogo_key}]` : 'Deploy',
      status: state.protectedBy === 'nobody' ? 'in_progress' : 'waiting',
      conclusion: null,
      updated_at: state.time(),
      created_at: state.time(),
      event: 'workflow_dispatch',
      inputs,
      ref,
    };
    if (state.swallows) return { status: 204 };
    state.runs.unshift(run);
    if (details !== true) return { status: 204 };
    return {
      status: 200,
      body: { workflow_run_id: id, run_url: `https://api.github.com/runs/${id}`, html_url: run.html_url },
    };
  },
  'actions/list-workflow-runs': ({ request }, state) => {
    if (request.params.workflow_id !== 'deploy.yml') return refusal(404, 'Not Found');
    return {
      status: 200,
      body: { total_count: state.runs.length, workflow_runs: state.runs.map(publicRun) },
    };
  },
  'actions/get-workflow-run': ({ request }, state) => {
    const run = state.run(request.params.run_id);
    return run === undefined ? refusal(404, 'Not Found') : { status: 200, body: publicRun(run) };
  },
  'actions/list-jobs-for-workflow-run': ({ request }, state) => {
    const run = state.run(request.params.run_id);
    const conclusion = run?.conclusion ?? null;
    const jobs = [
      {
        name: 'deploy',
        conclusion,
        steps: [
          { name: 'Check out', conclusion: 'success' },
          { name: 'Apply', conclusion },
        ],
      },
    ];
    return { status: 200, body: { total_count: 1, jobs } };
  },
  'actions/cancel-workflow-run': ({ request }, state) => {
    const run = state.run(request.params.run_id);
    if (run === undefined) return refusal(404, 'Not Found');
    if (run.status === 'completed') return refusal(409, 'Cannot cancel a workflow run that is completed.');
    Object.assign(run, { status: 'completed', conclusion: 'cancelled', updated_at: state.time() });
    return { status: 202, body: {} };
  },
  'actions/get-pending-deployments-for-run': ({ request }, state) => {
    const waits = state.run(request.params.run_id)?.status === 'waiting' && state.protectedBy === 'review';
    const pending = {
      environment: { id: 7, name: 'production' },
      current_user_can_approve: true,
      wait_timer: 0,
      reviewers: [],
    };
    return { status: 200, body: waits ? [pending] : [] };
  },
  'actions/review-pending-deployments-for-run': ({ request }, state) =>
    answered(state, request.params.run_id, 'review', request.body),
  'actions/review-custom-gates-for-run': ({ request }, state) => {
    if (state.protectedBy !== 'rule') return refusal(422, 'no such rule');
    const answer = answered(state, request.params.run_id, 'rule', request.body);
    return answer.status === 200 ? { status: 204 } : answer;
  },
  'apps/create-installation-access-token': (_context, state) => ({
    status: 201,
    body: {
      token: INSTALLATION_TOKEN,
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      permissions: state.permissions,
      repository_selection: 'selected',
    },
  }),
  'repos/list-deployments': ({ request }, state) => {
    const of = state.deployments.filter(({ environment }) => environment === request.query.environment);
    return { status: 200, body: of.map(({ statuses: _statuses, ...deployment }) => deployment) };
  },
  'repos/create-deployment': ({ request }, state) => {
    const {
      ref,
      environment,
      payload,
      required_contexts: contexts,
    } = request.body as {
      ref: string;
      environment: string;
      payload: unknown;
      required_contexts?: string[];
    };
    if (!state.releases.some(({ version }) => shaOf(version) === ref))
      return refusal(422, `No ref found for: ${ref}`);
    // Without this GitHub waits for every check of the commit, and refuses.
    if (contexts?.length !== 0) return refusal(409, 'Conflict: Commit status checks failed for main.');
    const deployment = served(state, { ref, payload, environment, login: 'gonogo[bot]' });
    return { status: 201, body: deployment };
  },
  'repos/list-deployment-statuses': ({ request }, state) => {
    const found = state.deployments.find(({ id }) => id === Number(request.params.deployment_id));
    return found === undefined ? refusal(404, 'Not Found') : { status: 200, body: found.statuses };
  },
  'repos/create-deployment-status': ({ request }, state) => {
    const found = state.deployments.find(({ id }) => id === Number(request.params.deployment_id));
    if (found === undefined) return refusal(404, 'Not Found');
    const { state: to, log_url = '' } = request.body as { state: string; log_url?: string };
    const status = { state: to, created_at: state.time(), log_url, target_url: log_url };
    found.statuses.unshift(status);
    return { status: 201, body: { id: state.id(), ...status } };
  },
  'repos/compare-commits-with-basehead': ({ request }, state) => {
    const [from = '', to = ''] = String(request.params.basehead).split('...');
    const names = state.releases.map(({ version }) => version);
    const [before, after] = [names.indexOf(from), names.indexOf(to)];
    if (before < 0 || after < 0) return refusal(404, 'Not Found');
    const ahead = Math.max(0, after - before) * state.commitsPerRelease;
    const commits = Array.from({ length: Math.min(100, ahead) }, (_, index) => ({
      sha: shaOf(String(index)),
      author: index % 3 === 0 ? null : { login: index % 3 === 1 ? 'priya' : 'tom' },
      commit: { message: `Change ${index} (#${index + 7})\n\nMore.`, author: { name: 'Mai <!channel>' } },
    }));
    return {
      status: 200,
      body: {
        html_url: `https://github.com/acme/checkout/compare/${from}...${to}`,
        status: ahead > 0 ? 'ahead' : 'behind',
        ahead_by: ahead,
        behind_by: Math.max(0, before - after) * state.commitsPerRelease,
        total_commits: ahead,
        commits,
        files: ahead > 0 ? state.files : [],
      },
    };
  },
  'repos/list-releases': (_context, state) => ({
    status: 200,
    body: state.releases.map(({ version, body }, index) => ({
      id: index,
      tag_name: version,
      name: `Checkout ${version}`,
      body,
      draft: false,
      prerelease: false,
      created_at: new Date(Date.UTC(2026, 0, index + 1)).toISOString(),
      published_at: new Date(Date.UTC(2026, 0, index + 1)).toISOString(),
      assets: [{ name: 'checkout.tgz', digest: digestOf(`asset of ${version}`) }],
    })),
  }),
  'repos/list-tags': (_context, state) => ({
    status: 200,
    body: state.releases.map(({ version }) => ({ name: version, commit: { sha: shaOf(version) } })),
  }),
};

function answered(state: State, id: unknown, by: 'review' | 'rule', body: unknown): Answer {
  const run = state.run(id);
  if (run?.status !== 'waiting') return refusal(422, 'nothing waits');
  const { state: to, comment = '' } = body as { state: string; comment?: string };
  state.answers.push({ run: run.id, state: to, comment });
  if (to === 'approved') {
    run.status = 'in_progress';
    state.approvals.push({ run: run.id, environment: 'production', by });
  } else Object.assign(run, { status: 'completed', conclusion: 'failure', updated_at: state.time() });
  return { status: 200, body: [] };
}

function served(
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

/** A JSON Web Token that the App signed, and that is not older than ten minutes, is good for its installation alone. */
function isOfApp(authorization: string, path: string): boolean {
  if (path !== `/app/installations/${APP.installation}/access_tokens`) return false;
  const [head = '', body = '', signature = ''] = authorization.replace(/^bearer /i, '').split('.');
  const { iss, exp, iat } = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, number>;
  const isSigned = createVerify('RSA-SHA256')
    .update(`${head}.${body}`)
    .verify(APP.publicKey, Buffer.from(signature, 'base64url'));
  return isSigned && Number(iss) === APP.id && (exp ?? 0) - (iat ?? 0) <= 660;
}

export async function startGithub(): Promise<GithubServer> {
  const api = await describedBackend();
  const state = new State();
  const held = new Set<() => void>();
  let hanging = false;

  async function answer(request: IncomingMessage, text: string): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://github');
    const given = request.headers.authorization ?? '';
    if (isOfApp(given, url.pathname)) return handle(request, url, text);
    if (given === `token ${INSTALLATION_TOKEN}`) return handle(request, url, text);
    if (!new RegExp(`^(token|bearer) ${TOKEN}$`, 'i').test(given)) return refusal(401, 'Bad credentials');
    return handle(request, url, text);
  }

  function handle(request: IncomingMessage, url: URL, text: string): Promise<Answer> {
    return api.handleRequest(
      {
        method: request.method ?? 'GET',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: { 'content-type': 'application/json' },
        ...(text === '' ? {} : { body: JSON.parse(text) as object }),
      },
      state,
    ) as Promise<Answer>;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    if (hanging) {
      // Taken, and forgotten.
      await new Promise<void>((resolve) => held.add(resolve));
      return void response.destroy();
    }
    const what = `${request.method} ${request.url}`;
    const fault = state.faults.find(({ match }) => match.test(what));
    if (fault?.times !== undefined) {
      fault.times -= 1;
      if (fault.times === 0) state.faults.splice(state.faults.indexOf(fault), 1);
    }
    const real = fault === undefined || fault.carriedOut === true ? await answer(request, text) : undefined;
    if (fault?.cut === true) return void response.destroy();
    const told = fault ?? real;
    if (told === undefined) throw new Error('nothing to answer');
    const body = told.body === undefined ? '' : JSON.stringify(told.body);
    const etag = `"${createHash('sha1').update(body).digest('hex')}"`;
    const same = request.method === 'GET' && told.status === 200 && request.headers['if-none-match'] === etag;
    state.asked.push({ what, status: same ? 304 : told.status });
    response
      .writeHead(same ? 304 : told.status, {
        'content-type': 'application/json; charset=utf-8',
        ...(told.status === 200 ? { etag } : {}),
        ...told.headers,
      })
      .end(same ? '' : body);
  }

  let server = createServer((request, response) => void serve(request, response));
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    fault: (fault: Fault) => void state.faults.push(fault),
    mend: () => void state.faults.splice(0),
    hang() {
      hanging = true;
      return () => {
        hanging = false;
        for (const let_ of held) let_();
        held.clear();
      };
    },
    goOn() {
      for (const run of state.runs
        .filter(({ status }) => ['in_progress', 'queued'].includes(status))
        .reverse()) {
        state.now += 1_000;
        Object.assign(run, { status: 'completed', conclusion: state.ends, updated_at: state.time() });
      }
    },
    begin(event: string, sha: string) {
      const id = state.id();
      const run: ServedRun = {
        id,
        run_number: state.runs.length + 1,
        html_url: `https://github.com/acme/checkout/actions/runs/${id}`,
        display_title: `Deploy ${sha}`,
        status: 'waiting',
        conclusion: null,
        updated_at: state.time(),
        created_at: state.time(),
        event,
        inputs: {},
        ref: sha,
      };
      state.runs.unshift(run);
      return run;
    },
    stop,
    async start() {
      server = createServer((request, response) => void serve(request, response));
      await listen(port);
    },
    deploy({
      payload = {},
      ref = 'main',
      state: last = 'success',
      by = 'alice',
      run,
    }: Parameters<GithubServer['deploy']>[0]) {
      state.now += 1_000;
      const deployment = served(state, { ref, payload, environment: 'production', login: by });
      const log_url = run === undefined ? '' : `https://github.com/acme/checkout/actions/runs/${run}/job/1`;
      deployment.statuses.unshift({ state: last, created_at: state.time(), log_url, target_url: log_url });
      return deployment;
    },
    async close() {
      for (const let_ of held) let_();
      await stop();
    },
  });
}
