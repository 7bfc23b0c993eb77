/** What `/deploy rollback` would take back, with the one button that does it. */

import type { Deployment } from '../src/deployment/deployment.ts';
import { actions, context, type Rendered, section } from './blocks.ts';
import { breakDataButton, rollBackButton } from './deployment-actions.ts';
import { title } from './deployment-words.ts';
import { statusWords } from './status-words.ts';
import { inline } from './text.ts';

/** Asked a second time, of the person who clicked and nobody else: what breaks, and the button that does it all the same (RB-4). */
export function renderBreaksData(d: Deployment, message: string): Rendered {
  const next =
    'If that is better than what happens now, roll back all the same: lead and on-call are called, and nobody is waited for.';
  const lines = [`⚠️ *${inline(message, 1000)}*`, next];
  return {
    text: lines.join('\n').replaceAll('*', ''),
    blocks: [section(...lines), ...actions('breaks.actions', [breakDataButton(d)])],
  };
}

export function renderRollbackOffer(d: Deployment): Rendered {
  const state = `*${title(d)}*  ·  ${d.id}\n${inline(statusWords(d), 120)}`;
  const next = 'One click takes it back; nobody has to approve that, and the reason is asked afterwards.';
  return {
    text: `${title(d)} (${d.id}): ${inline(statusWords(d), 120)}. ${next}`,
    blocks: [section(state), ...actions('offer.actions', [rollBackButton(d)]), context(next)],
  };
}
