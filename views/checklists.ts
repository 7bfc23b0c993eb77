/** Deployments with something to tick, as a list to choose from: `/deploy checklist`. */

import type { SectionBlock } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import { openItems } from '../src/deployment/readiness/readiness.ts';
import { context, inWords, type Rendered, section } from './blocks.ts';
import { title } from './deployment-words.ts';
import { code, inline, listOf, plural } from './text.ts';
import { checklistButton } from './writing-buttons.ts';

/** More than these are counted. */
const MAX_ROWS = 15;

export function renderChecklists(heading: string, deployments: readonly Deployment[]): Rendered {
  const shown = deployments.slice(0, MAX_ROWS);
  const left = deployments.length - shown.length;
  const more = left > 0 ? `and ${plural(left, 'more deployment')}: ${code('/deploy checklist SERVICE')}` : '';
  const rows = shown.map((d) => `*${title(d)}* · ${d.id}\n${openWords(d)}`);
  return {
    text: inWords([inline(heading, 200), ...rows, more].filter(Boolean)).replaceAll('*', ''),
    blocks: [
      section(`*${inline(heading, 200)}*`),
      ...shown.map(
        (d, index): SectionBlock => ({
          ...section(rows[index] ?? ''),
          block_id: `checklist.of.${d.id}`,
          accessory: checklistButton(d),
        }),
      ),
      ...(more === '' ? [] : [context(more)]),
    ],
  };
}

function openWords(d: Deployment): string {
  const before = NOT_STARTED.has(d.status) ? 'start' : 'hand_over';
  const open = openItems(d, before).map(({ text }) => inline(text, 80));
  if (open.length === 0) return 'Nothing on its checklist is waited for';
  return `Open before the ${before === 'start' ? 'start' : 'hand-over'}: ${listOf(open, 'and', 4)}`;
}
