/** Where a rollout is, drawn in one line: `●━━●━━○──○  25 % · stage 2 of 4 · 22 of 60 min, until 14:40`. */

import type { Deployment } from '../src/deployment/deployment.ts';
import { stagesBegun } from '../src/deployment/rollout/progress.ts';
import type { StageRecord } from '../src/deployment/rollout/state.ts';
import { stagesOf } from '../src/terms/plan.ts';
import { HOUR, MINUTE } from '../src/time.ts';
import { stageName } from './step-words.ts';
import { duration, plural, timeOfDay, traffic } from './text.ts';

/** More points than this say less than a number. */
const MAX_POINTS = 12;

export function stageBar(d: Deployment): string {
  const all = stagesOf(d.terms.envelope.plan).length;
  const at = stagesBegun(d).length;
  const drawn = all > MAX_POINTS ? '' : `${bar(at, all)}  `;
  const current = d.rollout?.stages.at(-1);
  if (current === undefined) return `${drawn}no traffic yet · before the first of ${plural(all, 'stage')}`;
  return `${drawn}${traffic(current.percent)} · ${stageName(d.terms.envelope.plan, at).toLowerCase()}${ending(d, current)}`;
}

function bar(at: number, all: number): string {
  const points = Array.from({ length: all }, (_, index) => {
    const reached = index < at;
    const link = index === all - 1 ? '' : reached ? '━━' : '──';
    return (reached ? '●' : '○') + link;
  });
  return points.join('');
}

function ending(d: Deployment, stage: StageRecord): string {
  if (stage.endedAt !== undefined || d.status !== 'rolling_out') return '';
  if (stage.watchUntil === undefined) return ' · traffic is moving';
  return ` · ${watchWords(stage)}, until ${timeOfDay(stage.watchUntil)}`;
}

/** `22 of 60 min` as of the last look, what a hold took left out; empty while nothing is watched. */
export function watchWords({ watchedSince, watchUntil, lastLook, heldFor = 0 }: StageRecord): string {
  if (watchedSince === undefined || watchUntil === undefined) return '';
  const length = watchUntil - watchedSince - heldFor;
  if (lastLook === undefined) return `to be watched for ${duration(length)}`;
  const passed = Math.min(Math.max(lastLook.to - watchedSince - heldFor, 0), length);
  return length <= 2 * HOUR
    ? `${Math.floor(passed / MINUTE)} of ${Math.round(length / MINUTE)} min`
    : `${duration(passed)} of ${duration(length)}`;
}
