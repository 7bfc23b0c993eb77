/**
 * A small GitHub that keeps state: each request is checked against GitHub's own OpenAPI document, and what it refuses is
 * refused as GitHub does. Runs go on when a test says so.
 */

import { createHash, createVerify } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describedBackend } from './github-openapi.ts';
import { type Answer, refusal } from './github-operations.ts';
import {
  APP,
  type Fault,
  INSTALLATION_TOKEN,
  type ServedDeployment,
  type ServedRun,
  State,
  served,
  TOKEN,
} from './github-state.ts';

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
