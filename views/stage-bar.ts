/** Where a rollout is, drawn in one line: `●━━●━━○──○  25 % · stage 2 of 4 · ends 14:40`. */

import type { Deployment, StageRecord } from '../src/deployment/deployment.ts';
import { stagesOf } from '../src/deployment/plan.ts';
import { timeOfDay, traffic } from './text.ts';

/** More points than this say less than a number. */
const MOST_POINTS = 12;

export function stageBar(d: Deployment): string {
  const all = stagesOf(d.envelope.plan).length;
  const at = d.stages.length;
  const drawn = all > MOST_POINTS ? '' : `${bar(at, all)}  `;
  const current = d.stages.at(-1);
  return `${drawn}${traffic(current?.percent ?? 0)} · stage ${at} of ${all}${current ? ending(d, current) : ''}`;
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
  return ` · ends ${timeOfDay(stage.watchUntil)}`;
}
