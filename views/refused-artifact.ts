/** Another build of a version that has one: who offered it, and what stays. */

import type { Artifact, ArtifactRefusal } from '../src/policy/artifacts.ts';
import { type Rendered, section } from './blocks.ts';
import { inline } from './text.ts';

export function renderRefusedArtifact(refusal: ArtifactRefusal, registered: Artifact): Rendered {
  const text = [
    `🚧 Another build of ${inline(refusal.service, 60)} ${inline(refusal.version, 60)} was refused: ${inline(refusal.by, 40)} offered ${build(refusal)}.`,
    `${inline(registered.by, 40)} registered ${build(registered)}, and a version is built once. Give the new build a new version.`,
  ].join('\n');
  return { text, blocks: [section(text)] };
}

const build = ({ digest, sha }: { digest: string; sha: string }): string =>
  `${inline(digest.slice(0, 19), 30)} from commit ${inline(sha.slice(0, 7), 10)}`;
