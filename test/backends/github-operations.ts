/** What the small GitHub answers to each operation of GitHub's REST API that is used. */

import type { Context } from 'openapi-backend';
import { digestOf, INSTALLATION_TOKEN, type ServedRun, type State, served, shaOf } from './github-state.ts';

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export type Served = (context: Context, state: State) => Answer;

export const refusal = (status: number, message: string): Answer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
});

export const notFound: Served = () => refusal(404, 'Not Found');

export const validationFail: Served = ({ validation, request, operation }) =>
  refusal(
    422,
    `Invalid request: ${operation.operationId} ${JSON.stringify(validation.errors)} ${JSON.stringify(request.body)}`,
  );

const publicRun = ({ inputs: _inputs, ref: _ref, ...run }: ServedRun): object => run;

export const HANDLERS: Record<string, Served> = {
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
