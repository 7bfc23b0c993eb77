/** What `/deploy rollback` would take back, with the one button that does it. */

import type { KnownBlock } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import { actions, context, type Rendered, section } from './blocks.ts';
import { MAX_WHY_LENGTH } from './button-value.ts';
import { title } from './deployment-words.ts';
import { breakDataButton, rollBackButton } from './rollback-buttons.ts';
import { statusWords } from './status-words.ts';
import { inline, oneLine, quote } from './text.ts';

/** Asked a second time, of the person who clicked and nobody else: what breaks, and the button that does it all the same (RB-4). */
export function renderBreaksData(d: Deployment, message: string, why = ''): Rendered {
  const next =
    'If that is better than what happens now, roll back all the same: lead and on-call are called, and nobody is waited for.';
  const lines = [`⚠️ *${inline(message, 1000)}*`, next];
  return {
    text: lines.join('\n').replaceAll('*', ''),
    blocks: [section(...lines), ...actions('breaks.actions', [breakDataButton(d, why)])],
  };
}

/** More than these would be no choice in a hurry. */
const MAX_OFFERS = 5;

/** `why` is what was typed with the command. */
export function renderRollbackOffer(found: readonly Deployment[], why = ''): Rendered {
  const offers = found.slice(0, MAX_OFFERS);
  const said = oneLine(why).slice(0, MAX_WHY_LENGTH);
  const next = `One click takes it back; nobody has to approve that, and ${
    said === '' ? 'the reason is asked afterwards' : `the reason is noted: ${quote(said, 300)}`
  }.`;
  const which = offers.length > 1 ? 'Which one? ' : '';
  const states = offers.map((d) => `${title(d)} (${d.id}): ${inline(statusWords(d), 120)}.`);
  return {
    text: `${which}${states.join(' ')} ${next}`,
    blocks: [...offers.flatMap((d, index) => offerOf(d, said, index)), context(next)],
  };
}

function offerOf(d: Deployment, why: string, index: number): KnownBlock[] {
  const state = `*${title(d)}*  ·  ${d.id}\n${inline(statusWords(d), 120)}`;
  return [section(state), ...actions(`offer.actions.${index}`, [rollBackButton(d, why)])];
}
