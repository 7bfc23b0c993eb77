/** What saving a change would do to the gos that stand, told before it is saved (CH-7). */

import type { PersonRef } from '../src/terms/person.ts';
import { inline, listOf, momentsIn } from './text.ts';

interface Go {
  person: PersonRef;
  /** As people read it. */
  role: string;
}

export interface Saving {
  /** Why it would not be saved as it is filled in. */
  refused?: string;
  falls: readonly (Go & { why: string })[];
  /** Roles that are asked for the first time. */
  joins: readonly string[];
  stands: readonly Go[];
}

/** Names that a sentence holds. */
const MAX_NAMES = 8;

export function savingWords({ refused, falls, joins, stands }: Saving): string[] {
  if (refused !== undefined)
    return [`🚫 As it is filled in it would not be saved: ${momentsIn(inline(refused, 600))}`];
  const list = (words: readonly string[]): string => listOf(words, 'and', MAX_NAMES);
  const name = ({ person }: Go): string => inline(person.name, 40);
  const lines: string[] = [];
  if (falls.length > 0) {
    const fallen = falls.map((go) => `${goOf(go)} (${inline(go.why, 120)})`);
    lines.push(`⚠️ Saving this, these fall and are asked for again: ${list(fallen)}.`);
  }
  if (joins.length > 0) lines.push(`${list(joins.map((role) => inline(role, 40)))} must say go as well.`);
  if (stands.length > 0) {
    const names = [...new Set(stands.map(name))];
    lines.push(`${list(stands.map(goOf))} ${stands.length === 1 ? 'stands' : 'stand'}.`);
    lines.push(
      `Of another summary, lead or on-call ${list(names)} ${names.length === 1 ? 'is' : 'are'} told, with a button to withdraw the go.`,
    );
  }
  return lines;
}

const goOf = ({ person, role }: Go): string => `the go of ${inline(person.name, 40)} as ${inline(role, 40)}`;
