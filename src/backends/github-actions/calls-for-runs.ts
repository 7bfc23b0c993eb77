/** The calls to GitHub about the runs of a repository's workflows, each with what is read of its answer. */

import { z } from 'zod';
import type { Github, RepositoryName } from './client.ts';
import { GithubError } from './refusals.ts';
import { type Run, runSchema } from './seen.ts';

const nothing = z.unknown();
const dispatched = z.object({ workflow_run_id: z.int(), html_url: z.string() });
const pendingSchema = z.array(
  z.object({
    environment: z.object({ id: z.int(), name: z.string() }),
    current_user_can_approve: z.boolean(),
  }),
);
const jobsSchema = z.object({
  jobs: z.array(
    z.object({
      name: z.string(),
      conclusion: z.string().nullable(),
      steps: z.array(z.object({ name: z.string(), conclusion: z.string().nullable() })).optional(),
    }),
  ),
});

const PER_PAGE = 50;

export interface Dispatch {
  workflow: string;
  ref: string;
  inputs: Readonly<Record<string, string>>;
}

/** Runs of its workflows. */
export interface Runs {
  /** The run, where the server says it. */
  dispatch(what: Dispatch, signal?: AbortSignal): Promise<{ run: number; url: string } | undefined>;
  /** Newest first. */
  runs(workflow: string, signal?: AbortSignal): Promise<Run[]>;
  run(run: number, signal?: AbortSignal): Promise<Run>;
  /** Where it went wrong, in words; nothing where GitHub does not say. */
  failedAt(run: number, signal?: AbortSignal): Promise<string>;
  cancel(run: number, signal?: AbortSignal): Promise<void>;
  /**
   * Answers the reviews and, for a GitHub App, the protection rule that the run waits for in this environment. False where
   * there was nothing that these credentials may answer.
   */
  answer(
    run: number,
    environment: string,
    options: { approve: boolean; rule: boolean; comment: string },
    signal?: AbortSignal,
  ): Promise<boolean>;
}

export function createRuns(github: Github, of: RepositoryName): Runs {
  /** Of a server that does not know it yet (GitHub Enterprise Server). */
  let saysRun = true;

  const send = ({ workflow, ref, inputs }: Dispatch, signal?: AbortSignal): Promise<unknown> =>
    github.ask(
      'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
      { ...of, workflow_id: workflow, ref, inputs, ...(saysRun ? { return_run_details: true } : {}) },
      nothing,
      signal,
    );

  async function review(
    run: number,
    environment: string,
    { approve, comment }: { approve: boolean; comment: string },
    signal?: AbortSignal,
  ): Promise<boolean> {
    const pending = await github.ask(
      'GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments',
      { ...of, run_id: run },
      pendingSchema,
      signal,
    );
    const mine = pending.filter(
      (one) => one.environment.name === environment && one.current_user_can_approve,
    );
    if (mine.length === 0) return false;
    await github.ask(
      'POST /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments',
      {
        ...of,
        run_id: run,
        environment_ids: mine.map((one) => one.environment.id),
        state: approve ? 'approved' : 'rejected',
        comment,
      },
      nothing,
      signal,
    );
    return true;
  }

  return {
    async dispatch(what, signal) {
      const asked = saysRun;
      const answer = await send(what, signal).catch(async (error: unknown) => {
        // Refused, so nothing was begun: it can be sent again without.
        if (
          !(
            asked &&
            error instanceof GithubError &&
            error.status === 422 &&
            /return_run_details/.test(error.message)
          )
        )
          throw error;
        saysRun = false;
        return send(what, signal);
      });
      const said = dispatched.safeParse(answer).data;
      return said === undefined ? undefined : { run: said.workflow_run_id, url: said.html_url };
    },
    async runs(workflow, signal) {
      const { workflow_runs } = await github.ask(
        'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
        { ...of, workflow_id: workflow, event: 'workflow_dispatch', per_page: PER_PAGE },
        z.object({ workflow_runs: z.array(runSchema) }),
        signal,
      );
      return workflow_runs;
    },
    run: (run, signal) =>
      github.ask(
        'GET /repos/{owner}/{repo}/actions/runs/{run_id}',
        { ...of, run_id: run },
        runSchema,
        signal,
      ),
    async failedAt(run, signal) {
      const { jobs } = await github.ask(
        'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs',
        { ...of, run_id: run, per_page: 100 },
        jobsSchema,
        signal,
      );
      const job = jobs.find(
        ({ conclusion }) => conclusion !== null && !['success', 'skipped'].includes(conclusion),
      );
      const step = job?.steps?.find(({ conclusion }) => conclusion === 'failure');
      if (job === undefined) return '';
      return step === undefined ? ` in ${job.name}` : ` in ${job.name}, at "${step.name}"`;
    },
    async cancel(run, signal) {
      try {
        await github.ask(
          'POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel',
          { ...of, run_id: run },
          nothing,
          signal,
        );
      } catch (error) {
        // It has ended meanwhile.
        if (!(error instanceof GithubError && error.status === 409)) throw error;
      }
    },
    async answer(run, environment, { approve, rule, comment }, signal) {
      const reviewed = await review(run, environment, { approve, comment }, signal);
      if (!rule) return reviewed;
      const state = approve ? 'approved' : 'rejected';
      try {
        await github.ask(
          'POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule',
          { ...of, run_id: run, environment_name: environment, state, comment },
          nothing,
          signal,
        );
        return true;
      } catch (error) {
        // The environment has no such rule, or nothing waits for it any more.
        if (!(error instanceof GithubError && [404, 422].includes(error.status ?? 0))) throw error;
        return reviewed;
      }
    },
  };
}
