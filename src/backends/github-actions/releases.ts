/** What can be deployed: the releases of a repository whose digest and commit GitHub knows. */

import { z } from 'zod';
import type { Release } from '../port.ts';
import type { Github } from './client.ts';
import { type ServiceSettings, versionOf } from './settings.ts';

const releasesSchema = z.array(
  z.object({
    tag_name: z.string(),
    name: z.string().nullish(),
    body: z.string().nullish(),
    draft: z.boolean(),
    created_at: z.string(),
    published_at: z.string().nullish(),
    assets: z.array(z.object({ name: z.string(), digest: z.string().nullish() })),
  }),
);
type GithubRelease = z.output<typeof releasesSchema>[number];

const tagsSchema = z.array(z.object({ name: z.string(), commit: z.object({ sha: z.string() }) }));

const PER_PAGE = 100;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Newest first. One without a digest, or with two, cannot be deployed and is left out. */
export async function readReleases(
  github: Github,
  settings: ServiceSettings,
  signal?: AbortSignal,
): Promise<Release[]> {
  const [owner, repo] = settings.repository.split('/');
  const of = { owner, repo, per_page: PER_PAGE };
  const [releases, tags] = await Promise.all([
    github.ask('GET /repos/{owner}/{repo}/releases', of, releasesSchema, signal),
    github.ask('GET /repos/{owner}/{repo}/tags', of, tagsSchema, signal),
  ]);
  const shaOf = new Map(tags.map(({ name, commit }) => [name, commit.sha]));
  return releases
    .flatMap((release) => {
      const version = versionOf(settings, release.tag_name);
      const sha = shaOf.get(release.tag_name);
      const digest = digestIn(release, settings.artifact, version ?? '');
      if (release.draft || version === undefined || sha === undefined || digest === undefined) return [];
      const builtAt = Date.parse(release.published_at ?? release.created_at);
      const title = release.name?.slice(0, 200) ?? '';
      return [{ version, sha, digest, builtAt, ...(title === '' ? {} : { title }) }];
    })
    .sort((a, b) => b.builtAt - a.builtAt);
}

function digestIn(
  { body, assets }: GithubRelease,
  artifact: ServiceSettings['artifact'],
  version: string,
): string | undefined {
  if ('asset' in artifact) {
    const name = artifact.asset.replaceAll('{version}', version);
    const digest = assets.find((asset) => asset.name === name)?.digest ?? '';
    return DIGEST.test(digest) ? digest : undefined;
  }
  const named = (body ?? '').split(`${artifact.image}@`).slice(1);
  const digests = new Set(
    named.map((rest) => rest.slice(0, 'sha256:'.length + 64)).filter((one) => DIGEST.test(one)),
  );
  return digests.size === 1 ? [...digests][0] : undefined;
}
