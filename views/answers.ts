/** What only the person who asked sees: refusals, what failed on our side, and answers where there is no message to answer on. */

import type { ModalView } from '@slack/types';
import type { Duration } from '../src/time.ts';
import { plain, type Rendered, section } from './blocks.ts';
import { code, duration, inline, momentsIn } from './text.ts';
import { textSections } from './text-sections.ts';

/** What was refused, and what to do next. The sentences are ours; what they quote is escaped here. */
export function renderRefusal(message: string, next?: string): Rendered {
  const lines = [
    momentsIn(inline(message, 1500)),
    ...(next === undefined ? [] : [momentsIn(inline(next, 1000))]),
  ];
  return { text: lines.join('\n'), blocks: [section(...lines)] };
}

/** A fault of ours: what is true is on the card, and the reference finds the line in our log. */
export function renderFault(reference: string, because?: string): Rendered {
  const lines = [
    `Something failed on our side. Reference ${code(reference)}`,
    ...(because === undefined ? [] : [`Nothing was recorded: ${inline(because, 300)}.`]),
    'Look at the card before you try again: it shows what was done. If it fails again, give the reference to those who run GoNoGo.',
  ];
  return { text: lines.join('\n'), blocks: [section(...lines)] };
}

const PASSES = 'That passes: try again. What was done already shows on the card.';

/** Slack's own trouble: no fault of ours, and none of the person. */
export function renderSlackDelay(
  trouble: { kind: 'too_late' } | { kind: 'busy'; wait?: Duration } | { kind: 'silent' },
): Rendered {
  const text = `${delayWords(trouble)} ${PASSES}`;
  return { text, blocks: [section(text)] };
}

function delayWords(trouble: Parameters<typeof renderSlackDelay>[0]): string {
  switch (trouble.kind) {
    case 'too_late':
      return 'Slack was too slow: a form must open within 3 seconds.';
    case 'busy': {
      const wait = trouble.wait === undefined ? '' : ` for ${duration(trouble.wait)}`;
      return `Slack takes no more calls from GoNoGo${wait}.`;
    }
    case 'silent':
      return 'Slack did not answer in time.';
  }
}

/** `what`: a service's name, or how all of them are called. */
export function renderWatchedOnly(what: string, from: string): Rendered {
  return renderRefusal(`${inline(what, 60)} is only watched: nothing is driven from here.`, from);
}

/** An answer where there is no message to answer on: a modal of its own. */
export function renderAnswerModal(answer: { text: string }): ModalView {
  return {
    type: 'modal',
    title: plain('GoNoGo', 24),
    close: plain('Close', 24),
    blocks: textSections(answer.text.split('\n')),
  };
}

/** What stands while a submission takes longer than Slack waits. */
export function renderWorkingModal(): ModalView {
  return renderAnswerModal({
    text: 'Working on it. This takes a moment; you can close this, and the card will show what came of it.',
  });
}
