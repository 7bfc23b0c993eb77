/** `/deploy owed`: what emergencies and rollbacks owe, the longest due first (CH-1, RB-6). */

import type { Deployment } from '../src/deployment/deployment.ts';
import { context, type Rendered, section } from './blocks.ts';
import { title } from './deployment-words.ts';
import { allOwedWords } from './owed-words.ts';
import { plural } from './text.ts';

/** More than these are counted. */
const MAX_ROWS = 15;

export function renderOwed(deployments: readonly Deployment[]): Rendered {
  if (deployments.length === 0) {
    const text =
      'Nothing is owed: every emergency has its sign-offs, its write-up and its change request, and every rollback its review.';
    return { text, blocks: [section(text)] };
  }
  const lines = deployments.slice(0, MAX_ROWS).map((d) => `*${title(d)}* · ${d.id} · ${allOwedWords(d)}`);
  const left = deployments.length - lines.length;
  const more = left > 0 ? `and ${plural(left, 'more deployment')}` : undefined;
  const heading = 'Owed after an emergency or a rollback';
  return {
    text: [heading, ...lines, ...(more === undefined ? [] : [more])].join('\n').replaceAll('*', ''),
    blocks: [
      section(heading),
      ...lines.map((line) => section(line)),
      ...(more === undefined ? [] : [context(more)]),
    ],
  };
}
