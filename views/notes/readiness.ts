/** What machines reported of the release, and what people ticked. */

import type { Deployment } from '../../src/deployment/deployment.ts';
import type { EventOf } from '../../src/deployment/evolver.ts';
import { NOT_STARTED } from '../../src/deployment/lifecycle.ts';
import { tickedWith } from '../../src/deployment/readiness/readiness.ts';
import type { TickedFor } from '../../src/deployment/readiness/state.ts';
import { mattersOf } from '../../src/deployment/waiting-for.ts';
import type { ChecklistItem } from '../../src/terms/requirements.ts';
import { byName, otherBuildWords, release } from '../deployment-words.ts';
import { because, inline, listOf } from '../text.ts';
import { type SomeNotes, unlessTheirs } from './note.ts';

export const READINESS_NOTES = {
  // Passing ones stand on the card; a line for each would drown the thread.
  gate_reported: (d, e) =>
    e.passed
      ? undefined
      : `🚧 Gate ${inline(gateName(d, e.report.gate), 60)} has not passed: ${inline(e.says, 200)} · reported by ${inline(e.report.by, 60)}`,
  other_build_registered: (d, e) =>
    `🚧 ${otherBuildWords(d, e.says)}${NOT_STARTED.has(d.status) ? unlessTheirs(d.terms.details.lead, e, 'change it, from its card.') : ''}`,
  artifact_refused: (d, e) =>
    `🚧 Another build of ${release(d)} was refused: ${inline(e.key, 40)} offered ${inline(e.digest.slice(0, 19), 30)} from commit ${inline(e.sha.slice(0, 7), 10)}. A version is built once; what was signed here stays as it is.`,
  item_ticked: (d, e) => `☑️ ${byName(e.by)} ticked: ${tickedWords(d, e)}${because(e.note)}`,
  item_unticked: (d, e) =>
    `${byName(e.by)} opened again: ${itemsWords(d, [e, ...(e.also ?? [])])}${mattersOf(d, d.terms.details.lead.id).includes('items') ? unlessTheirs(d.terms.details.lead, e, 'it waits for that again.') : ''}`,
  evidence_expired: (d, e) =>
    `⌛ Too old to count by now: ${listOf([...e.gates.map((id) => inline(gateName(d, id), 60)), ...e.items.map((id) => inline(itemText(d, id), 100))])}${e.waits ? unlessTheirs(d.terms.details.lead, e, 'it waits for that now.') : ''}`,
  reopened: (d, e) =>
    `It waits again: ${listOf(e.missing.map((text) => inline(text, 100)))} ${e.missing.length === 1 ? 'is' : 'are'} missing${e.by.kind === 'person' ? '' : unlessTheirs(d.terms.details.lead, e, 'it starts by itself once that is there.')}`,
} satisfies SomeNotes;

const gateName = (d: Deployment, id: string): string =>
  d.terms.requirements.gates.find((gate) => gate.id === id)?.name ?? id;

const itemOf = (d: Deployment, id: string): ChecklistItem | undefined =>
  d.terms.requirements.checklist.find((item) => item.id === id);

const itemText = (d: Deployment, id: string): string => itemOf(d, id)?.text ?? id;

const itemRole = (d: Deployment, id: string, role: string): string =>
  inline(itemOf(d, id)?.roles?.find((one) => one.role === role)?.name ?? role, 40);

/** What one person ticked at once is one line. */
function tickedWords(d: Deployment, e: EventOf<'item_ticked'>): string {
  const all = tickedWith(d, e);
  const shown = all.some(({ item, role }) => item === e.item && role === e.role) ? all : [e];
  return itemsWords(d, shown);
}

const itemsWords = (d: Deployment, items: readonly TickedFor[]): string =>
  listOf(
    items.map(({ item, role }) => {
      const as = role === undefined ? '' : ` (as ${itemRole(d, item, role)})`;
      return `${inline(itemText(d, item), 150)}${as}`;
    }),
  );
