/** A step of a plan, as the backend would be told it, in a few words. */

import type { Step, StepKind, StepOf } from '../src/terms/plan.ts';
import { duration, traffic } from './text.ts';

const WORDS: { [K in StepKind]: (step: StepOf<K>) => string } = {
  'set-weight': ({ percent }) => traffic(percent),
  watch: (step) => `a watch of ${duration(step.for)}`,
  'stand-up': () => 'to bring the new version up',
  smoke: () => 'smoke tests',
  batch: ({ number, of }) => `part ${number} of ${of}`,
  replace: () => 'to replace everything',
  'retire-old': () => 'to take the old version down',
};

export function stepWords(step: Step): string {
  return (WORDS[step.kind] as (step: Step) => string)(step);
}
