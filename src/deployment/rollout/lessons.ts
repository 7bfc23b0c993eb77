/** What the judge learns of a service from a stage that passed: how far its arms wander apart while all is well. */

import { type Lessons, lessonsOf } from '../../judge/history.ts';
import type { Applied } from '../apply-events.ts';

/** Undefined where no stage passed; one that went on undecided, or that people ended, proves nothing. */
export function lessonsIn(applied: Applied['applied']): Lessons | undefined {
  const passed = applied.flatMap(({ event, after }) => {
    const stage = event.type === 'step_completed' ? after.rollout?.stages.at(-1) : undefined;
    const ended = stage?.outcome === 'passed' && stage.endedAt === event.at;
    return ended && stage.judge !== undefined ? [stage.judge] : [];
  });
  const [judge] = passed;
  return judge && lessonsOf(judge);
}
