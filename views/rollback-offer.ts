/** What `/deploy rollback` would take back, with the one button that does it. */

import type { Deployment } from '../src/deployment/deployment.ts';
import { actions, context, type Rendered, section } from './blocks.ts';
import { rollBackButton } from './deployment-actions.ts';
import { title } from './deployment-words.ts';
import { statusWords } from './status-words.ts';
import { inline } from './text.ts';

export function renderRollbackOffer(d: Deployment): Rendered {
  const state = `*${title(d)}*  ·  ${d.id}\n${inline(statusWords(d), 120)}`;
  const next = 'One click takes it back; nobody has to approve that, and the reason is asked afterwards.';
  return {
    text: `${title(d)} (${d.id}): ${inline(statusWords(d), 120)}. ${next}`,
    blocks: [section(state), ...actions('offer.actions', [rollBackButton(d)]), context(next)],
  };
}
