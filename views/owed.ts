/** `/deploy owed`: what emergencies owe, the longest due first (CH-1). */

import type { Deployment } from '../src/deployment/deployment.ts';
import { context, type Rendered, section } from './blocks.ts';
import { title } from './deployment-words.ts';
import { owedWords } from './owed-words.ts';
import { plural } from './text.ts';

/** More than these are counted. */
const MAX_ROWS = 15;

export function renderOwed(deployments: readonly Deployment[]): Rendered {
  if (deployments.length === 0) {
    const text = 'Nothing is owed: every emergency has its sign-offs, its write-up and its change request.';
    return { text, blocks: [section(text)] };
  }
  const lines = deployments.slice(0, MAX_ROWS).map((d) => `*${title(d)}* · ${d.id} · ${owedWords(d)}`);
  const left = deployments.length - lines.length;
  const more = left > 0 ? `and ${plural(left, 'more deployment')}` : undefined;
  const heading = 'Owed after an emergency';
  return {
    text: [heading, ...lines, ...(more === undefined ? [] : [more])].join('\n').replaceAll('*', ''),
    blocks: [
      section(heading),
      ...lines.map((line) => section(line)),
      ...(more === undefined ? [] : [context(more)]),
    ],
  };
}
