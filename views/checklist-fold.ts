/** What the checklist folds: items that are done, and those that nobody can tick yet, each kind in one line. */

import type { Deployment } from '../src/deployment/deployment.ts';
import { TERMINAL } from '../src/deployment/lifecycle.ts';
import { gateState, itemState } from '../src/deployment/readiness/readiness.ts';
import type { ChecklistItem } from '../src/terms/requirements.ts';
import { gateLine, itemLine, sinceWords } from './checklist-words.ts';
import { duration, inline, plural } from './text.ts';

/** Slack takes 2,000 characters in small print; the rest is for what else stands there. */
const MAX_FOLDED = 1_700;

export const isDone = (d: Deployment, item: ChecklistItem): boolean => itemState(d, item).state === 'done';

/** Whether an item speaks of what is there once all traffic has moved, and that is still to come. */
export function isLater(d: Deployment, item: ChecklistItem): boolean {
  const comes =
    d.rollout?.completedAt === undefined && !TERMINAL.has(d.status) && d.status !== 'rolling_back';
  return comes && item.after !== undefined && itemState(d, item).state === 'missing';
}

/** `✅ Done: The artifact is signed · Security approves and 3 more`; escaped. */
export function doneLine(items: readonly ChecklistItem[]): string {
  return `✅ Done: ${folded(items.map(({ text }) => inline(text, 200)))}`;
}

/** `6 items, ticked once all traffic has moved, the last after 24 h` */
export function laterLine(items: readonly ChecklistItem[]): string {
  const afters = items.map(({ after = 0 }) => after);
  const [first, last] = [Math.min(...afters), Math.max(...afters)];
  const end = last === first ? '' : `, the last after ${duration(last)}`;
  return `${plural(items.length, 'item')}, ticked ${sinceWords(first)}${end}`;
}

/** As many as there is room for, the first in any case; what is left is counted. */
export function folded(words: readonly string[]): string {
  let text = words[0] ?? '';
  for (const [index, word] of words.entries()) {
    if (index === 0) continue;
    if (text.length + word.length > MAX_FOLDED) return `${text} and ${words.length - index} more`;
    text += ` · ${word}`;
  }
  return text;
}

/** All that is folded, each with who or what it is from and since when. */
export function unfolded(d: Deployment): { done: string[]; later: string[] } {
  const { gates, checklist } = d.terms.requirements;
  const line = (item: ChecklistItem): string => itemLine(d, item);
  return {
    done: [
      ...gates.filter(({ id }) => gateState(d, id) === 'done').map((gate) => gateLine(d, gate)),
      ...checklist.filter((item) => isDone(d, item)).map(line),
    ],
    later: checklist.filter((item) => isLater(d, item)).map(line),
  };
}
