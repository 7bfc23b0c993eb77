/** The judge's answers in words. */

import type { Look, Verdict } from '../src/judge/types.ts';
import { inline } from './text.ts';

export const LOOK_WORDS: Record<Verdict, string> = {
  pass: 'looks fine',
  undecided: 'not decided yet',
  fail: 'looks worse',
  no_data: 'no data',
};

/** `Looks fine: errors 0.9× baseline (0.6–1.3)` */
export function lookSentence(look: Look | undefined): string {
  if (look === undefined) return 'Not looked at yet';
  const verdict = LOOK_WORDS[look.verdict];
  return `${verdict.slice(0, 1).toUpperCase()}${verdict.slice(1)}: ${inline(look.because, 300)}`;
}
