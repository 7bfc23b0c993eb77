/** What changed between two versions, as GitHub compares their tags. */

import { z } from 'zod';
import { type Changes, changesOf } from '../../terms/changes.ts';
import type { Github } from './client.ts';
import { type ServiceSettings, tagOf } from './settings.ts';

/** GitHub names no more files than this. */
const MAX_FILES = 300;
const PER_PAGE = 100;

const comparedSchema = z.object({
  html_url: z.string(),
  behind_by: z.int(),
  total_commits: z.int(),
  commits: z.array(
    z.object({
      author: z.object({ login: z.string() }).nullish(),
      commit: z.object({ message: z.string(), author: z.object({ name: z.string().nullish() }).nullish() }),
    }),
  ),
  files: z.array(z.object({ filename: z.string() })).optional(),
});

export async function readChanges(
  github: Github,
  settings: ServiceSettings,
  { from, to }: { from: string; to: string },
  signal?: AbortSignal,
): Promise<Changes> {
  const [owner, repo] = settings.repository.split('/');
  const answer = await github.ask(
    'GET /repos/{owner}/{repo}/compare/{basehead}',
    { owner, repo, basehead: `${tagOf(settings, from)}...${tagOf(settings, to)}`, per_page: PER_PAGE },
    comparedSchema,
    signal,
  );
  const files = (answer.files ?? []).map(({ filename }) => filename);
  const site = new URL(answer.html_url).origin;
  return changesOf({
    from,
    to,
    commits: answer.commits.map(({ author, commit }) => ({
      author: author?.login ?? commit.author?.name ?? '',
      message: commit.message,
    })),
    commitCount: answer.total_commits,
    lost: answer.behind_by,
    files,
    moreFiles: files.length >= MAX_FILES,
    url: answer.html_url,
    pullRequestUrl: (number) => `${site}/${settings.repository}/pull/${number}`,
  });
}
