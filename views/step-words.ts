/** A step of a plan, as the backend would be told it, in a few words. */

import type { Deployment } from '../src/deployment/deployment.ts';
import { meaningOf, type WayBack, wayBackOf } from '../src/deployment/rollout/steps.ts';
import { type Plan, type Step, type StepKind, type StepOf, stagesOf } from '../src/terms/plan.ts';
import { duration, inline, traffic } from './text.ts';

interface StepWords<S extends Step> {
  /** `25 % of traffic`, `part 1 of 4` */
  inShort: (step: S) => string;
  /** While it is not done. */
  underWay: (step: S, version: string, previous: string) => string;
  /** What its stage is called; unset where stages are counted. */
  stage?: (step: S) => string;
}

const WORDS: { [K in StepKind]: StepWords<StepOf<K>> } = {
  'set-weight': {
    inShort: ({ percent }) => traffic(percent),
    underWay: ({ percent }) => `Moving to ${traffic(percent)} of traffic`,
  },
  watch: {
    inShort: (step) => `a watch of ${duration(step.for)}`,
    underWay: () => 'Being watched',
  },
  'stand-up': {
    inShort: () => 'to bring the new version up',
    underWay: (_step, version, previous) => `Bringing ${version} up beside ${previous}, without traffic`,
  },
  smoke: {
    inShort: () => 'smoke tests',
    underWay: (_step, version) => `Running the smoke tests of ${version}`,
  },
  batch: {
    inShort: ({ number, of }) => `part ${number} of ${of}`,
    underWay: ({ number, of }) =>
      `Replacing part ${number} of ${of}: drained, deployed, checked, then back in service`,
    stage: ({ number, of }) => `Part ${number} of ${of}`,
  },
  replace: {
    inShort: () => 'to replace everything',
    underWay: (_step, version, previous) => `Putting ${version} in the place of ${previous}`,
  },
  'retire-old': {
    inShort: () => 'to take the old version down',
    underWay: (_step, _version, previous) => `Taking ${previous} down`,
  },
};

const wordsOf = (step: Step): StepWords<Step> => WORDS[step.kind] as StepWords<Step>;

export const stepWords = (step: Step): string => wordsOf(step).inShort(step);

/** What happens while a step is not done. */
export function underWayWords(d: Deployment, step: Step): string {
  const previous = inline(d.previous ?? 'what was there', 60);
  return wordsOf(step).underWay(step, inline(d.terms.envelope.version, 60), previous);
}

/** Plain, for a confirmation as well as for a line. */
const WAYS_BACK: Record<WayBack, (version: string, previous: string) => string> = {
  scale_down: (version, previous) => `${previous} takes all traffic again, and ${version} is scaled down.`,
  switch_back: (_version, previous) => `All traffic is switched back to ${previous}, which still stands.`,
  reverse_roll: (_version, previous) => `The parts that changed roll back to ${previous}, a few at a time.`,
  redeploy: (version, previous) => `${previous} is deployed again in the place of ${version}.`,
};

/** How it goes back, as its strategy has it (ST-5); empty where nothing ran before. */
export function wayBackWords(d: Deployment): string {
  if (d.previous === null) return '';
  const way = wayBackOf(d.terms.envelope.plan);
  // It is being taken down, or was: there may be nothing to switch to.
  const gone = way === 'switch_back' && d.rollout?.finalWatch?.handingOver !== undefined;
  return WAYS_BACK[gone ? 'redeploy' : way](d.terms.envelope.version, d.previous);
}

/** Said as it starts: how long the old version, escaped, is there to go back to. */
export function stayWords(plan: Plan, previous: string): string {
  const words: Record<WayBack, string> = {
    scale_down: `${previous} keeps the rest of the traffic until all of it has moved`,
    switch_back: `${previous} stays beside it, ready to take the traffic back, ${
      plan.steps.some((step) => meaningOf(step).atHandOver) ? 'until the hand-over' : 'also afterwards'
    }`,
    reverse_roll: `it replaces ${previous} part by part`,
    redeploy: `it replaces ${previous} everywhere at once`,
  };
  return words[wayBackOf(plan)];
}

/** `Stage 2 of 4`; where a fleet is replaced part by part, its stages are those parts: `Part 2 of 4`. */
export function stageName(plan: Plan, number: number): string {
  const stages = stagesOf(plan);
  const shift = plan.steps[stages[number - 1]?.shiftStep ?? -1];
  return (shift && wordsOf(shift).stage?.(shift)) ?? `Stage ${number} of ${stages.length}`;
}
