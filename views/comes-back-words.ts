/** Of a version that was rolled back and is asked for again (RB-8): what happened, and why it is right now. */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { RolledBackBefore } from '../src/terms/comes-back.ts';
import { byName } from './deployment-words.ts';
import { dateTime, inline } from './text.ts';

export function rolledBackWords({ deployment, version, at, by, why }: RolledBackBefore): string {
  return `${inline(version, 60)} was rolled back here ${dateTime(at)} by ${byName(by)} (${deployment}): ${inline(why, 300) || 'no reason given'}`;
}

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** One line for the card and for those who approve it; of another version it says nothing. */
export function comesBackLine({ terms: { comesBack, envelope } }: Pick<Deployment, 'terms'>): string[] {
  if (comesBack === undefined || comesBack.version !== envelope.version) return [];
  return [`⏪ ${sentence(rolledBackWords(comesBack))} Why again: ${inline(comesBack.reason, 500)}`];
}
