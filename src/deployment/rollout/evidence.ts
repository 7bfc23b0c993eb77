/** What has not been seen yet of the step under way: whoever goes past it says why (ST-6). */

import type { Deployment } from '../deployment.ts';
import { currentStage, currentStep, duringStep } from './progress.ts';

/** In words, for whoever would promote it now; undefined where what there is to see was seen, and is good. */
export function unseenBeforePromote(d: Deployment): string | undefined {
  if (currentStep(d) === undefined) return 'The check after its rollout has not passed';
  if (duringStep(d, 'tests')) return 'Its smoke tests have not passed';
  return unseenOfStage(d);
}

/** The same of a resume. What is only done again by it goes past nothing: tests, or a move of traffic. */
export function unseenBeforeResume(d: Deployment): string | undefined {
  const isDoneAgain = d.rollout?.hold?.drift === true;
  return duringStep(d, 'looks') && !isDoneAgain ? unseenOfStage(d) : undefined;
}

function unseenOfStage(d: Deployment): string | undefined {
  const stage = currentStage(d);
  if (stage?.lastLook?.verdict === 'pass') return undefined;
  const because = stage?.lastLook?.because;
  return `The judge has not passed stage ${stage?.number ?? 0}${because === undefined ? ', and has not looked at it yet' : `: ${because}`}`;
}
