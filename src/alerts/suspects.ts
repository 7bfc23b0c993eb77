/** Which deployments could have caused an alert: what changed close before it, in the service or in what it needs. */

import { type Duration, HOUR, type Instant, MINUTE } from '../time.ts';
import { type Changed, isSameCode, spokenOf } from './what-changed.ts';

/** A deployment as far as it can be suspected. */
export interface Change {
  deployment: string;
  service: string;
  environment: string;
  version: string;
  /** When its first traffic moved. */
  startedAt: Instant;
  /** When its share of traffic last grew; unset where it never did since the start. */
  grewAt?: Instant;
  /** When it was complete, or back at the old version; unset while it rolls out. */
  endedAt?: Instant;
  /** Taken back already: what it broke is being mended, or was. */
  rolledBack: boolean;
  /** What the judge has seen of it: evidence that it is worse, that it is not, or not enough. */
  judged: 'worse' | 'no_worse' | 'undecided';
  /** What it changed of what ran before, where its backend knows. */
  changed?: Changed;
}

export interface Scene {
  service: string;
  /** Unset where the alert does not say it: then any environment is looked at. */
  environment?: string;
  /** When the alert came. */
  at: Instant;
  changes: readonly Change[];
  /** All words of the alert. */
  said?: string;
  /** What a service needs, directly. */
  dependsOn(service: string): readonly string[];
}

export type Reason =
  | { kind: 'rolling_out' }
  | { kind: 'finished'; before: Duration }
  /** Its traffic grew so long before the alert. */
  | { kind: 'grew'; before: Duration }
  | { kind: 'dependency'; of: string; steps: number }
  | { kind: 'judged'; verdict: Change['judged'] }
  | { kind: 'rolled_back' }
  /** The alert names what it changed. */
  | { kind: 'touched'; what: readonly string[] }
  /** It brought the same code once more. */
  | { kind: 'same_code' };

export interface Suspect {
  change: Change;
  /** How well it fits: about 1 for what just moved, more where something else speaks for it; comparable within one scene. */
  score: number;
  /** Otherwise it is named because it moves, and said to be unlikely. */
  likely: boolean;
  reasons: readonly Reason[];
}

/** What ended longer before an alert than this is no news any more, and is not named. */
export const LOOK_BACK: Duration = 24 * HOUR;
/** Below this, a change is as likely as any other of that day: then it is named only while it moves, and said to be unlikely. */
const LIKELY_SCORE = 0.12;
/** Below this, what moves is not named either. */
const LEAST_SCORE = 0.05;
const MAX_SUSPECTS = 5;
const FURTHEST = 2;

/** The likeliest first; empty where nothing fits. */
export function rankSuspects(scene: Scene): Suspect[] {
  const distances = distancesFrom(scene);
  return scene.changes
    .filter(({ environment }) => scene.environment === undefined || environment === scene.environment)
    .filter(({ startedAt }) => startedAt <= scene.at)
    .flatMap((change) => suspected(change, scene, distances.get(change.service)) ?? [])
    .filter(({ suspect, live }) => suspect.likely || (live && suspect.score >= LEAST_SCORE))
    .toSorted((a, b) => b.fit - a.fit || b.suspect.change.startedAt - a.suspect.change.startedAt)
    .slice(0, MAX_SUSPECTS)
    .map(({ suspect }) => suspect);
}

/** Steps along what a service needs; a circle ends where it closes. */
function distancesFrom({ service, dependsOn }: Scene): Map<string, number> {
  const distances = new Map([[service, 0]]);
  let edge = [service];
  for (let steps = 1; steps <= FURTHEST; steps += 1) {
    edge = edge.flatMap(dependsOn).filter((one) => !distances.has(one));
    for (const one of edge) distances.set(one, steps);
  }
  return distances;
}

/** `fit` orders what all fits as well as can be. */
interface Ranked {
  fit: number;
  live: boolean;
  suspect: Suspect;
}

function suspected(change: Change, scene: Scene, steps: number | undefined): Ranked | undefined {
  if (steps === undefined) return undefined;
  const { endedAt } = change;
  if (endedAt !== undefined && scene.at - endedAt > LOOK_BACK) return undefined;
  const live = endedAt === undefined || endedAt > scene.at;
  const moved = Math.max(change.startedAt, change.grewAt ?? 0);
  const before = scene.at - (moved > scene.at ? change.startedAt : moved);
  const nearness = steps === 0 ? 1 : steps === 1 ? 0.55 : 0.3;
  const spoken = change.changed === undefined ? [] : spokenOf(change.changed, scene.said ?? '');
  const sameCode = change.changed !== undefined && isSameCode(change.changed);
  const fit =
    nearness *
    (spoken.length > 0 ? SPOKEN_OF : 1) *
    (sameCode ? SAME_CODE : 1) *
    timeFits(before, live) *
    (live ? JUDGED_NOW : JUDGED_THEN)[change.judged] *
    (change.rolledBack && !live ? 0.35 : 1);
  const reasons = [
    ...reasonsFor(change, scene, { live, before, steps }),
    ...(spoken.length > 0 ? [{ kind: 'touched', what: spoken } as const] : []),
    ...(sameCode ? [{ kind: 'same_code' } as const] : []),
  ];
  return { fit, live, suspect: { change, score: Math.min(1, fit), likely: fit >= LIKELY_SCORE, reasons } };
}

/**
 * Faults show within minutes of the traffic that meets them, and some only hours later (a leak, a nightly job):
 * half of what is left is lost every three hours, after a first hour in which little is.
 */
function timeFits(before: Duration, live: boolean): number {
  const rested = Math.max(0, before - HOUR);
  const fading = 0.9 * 0.5 ** (rested / (3 * HOUR)) + (before <= 15 * MINUTE ? 0.1 : 0);
  return live ? Math.max(fading, 0.5) : fading;
}

/** A name in an alert is a hint and no proof: it decides between changes that fit alike. */
const SPOKEN_OF = 1.3;
const SAME_CODE = 0.6;

/**
 * Two arms compared now say much: what does no worse than what ran before, at the same time and under the same load, is
 * likely beside the point. That a finished one was fine while it was watched says less about now.
 */
const JUDGED_NOW = { worse: 1.6, undecided: 1, no_worse: 0.11 } as const;
const JUDGED_THEN = { worse: 1.3, undecided: 1, no_worse: 0.7 } as const;

function reasonsFor(
  change: Change,
  { service, at }: Scene,
  { live, before, steps }: { live: boolean; before: Duration; steps: number },
): Reason[] {
  return [
    live || change.endedAt === undefined
      ? { kind: 'rolling_out' }
      : { kind: 'finished', before: at - change.endedAt },
    ...(live ? [{ kind: 'grew', before } as const] : []),
    ...(steps > 0 ? [{ kind: 'dependency', of: service, steps } as const] : []),
    ...(change.judged === 'undecided' ? [] : [{ kind: 'judged', verdict: change.judged } as const]),
    ...(change.rolledBack ? [{ kind: 'rolled_back' } as const] : []),
  ];
}
