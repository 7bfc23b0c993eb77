/** Somebody who must act cannot be told: said where others read it, who may act in their place (K-3). */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { PersonRef } from '../src/terms/person.ts';
import { type Rendered, section } from './blocks.ts';
import { name } from './deployment-words.ts';
import { inline, listOf, mention } from './text.ts';

export interface Untold {
  person: PersonRef;
  /** `their account is deactivated` */
  why: string;
  /** Those who were told as well, and can be. */
  others: readonly PersonRef[];
  /** Those who may act where nobody else was told. */
  standIns: readonly PersonRef[];
}

export function renderUntold(d: Deployment, { person, why, others, standIns }: Untold): Rendered {
  const text = `⚠️ ${name(person)} could not be told that ${d.id} waits for them: ${inline(why, 200)}.\n${next(others, standIns)}`;
  return { text, blocks: [section(text)] };
}

function next(others: readonly PersonRef[], standIns: readonly PersonRef[]): string {
  if (others.length > 0)
    return `${listOf(others.map(name))} ${others.length === 1 ? 'has' : 'have'} it in a message.`;
  if (standIns.length === 0)
    return 'Nobody else who may decide is known: whoever keeps the policy must name somebody.';
  return `${listOf(standIns.map(mention), 'or')}: see that it is done. Nobody else was told.`;
}
