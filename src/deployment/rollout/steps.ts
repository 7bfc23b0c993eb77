/** What a step is: who carries it out, when it is done, and what may be done during it. Nothing else asks for its kind. */

import type { Observation } from '../../backends/port.ts';
import {
  type BackendStep,
  type BackendStepKind,
  type Plan,
  type Step,
  type StepKind,
  type StepOf,
  shareOf,
} from '../../terms/plan.ts';

/** What can be seen of the versions at a target. */
export type Seen = Pick<Observation, 'stable' | 'canary' | 'standby' | 'weight'>;

interface Meaning<S extends Step> {
  /** The backend is told to do it; else GoNoGo does it itself. */
  command: S extends BackendStep ? true : false;
  /** Whether it is seen to be done; unset where looks or results say so. */
  isDone?: (step: S, seen: Seen, version: string) => boolean;
  /** What is seen once it is done, where all goes well. */
  leaves: (step: S, seen: Seen, version: string) => Seen;
  /** While it is not done: "it should have 25 % of traffic". */
  wants: (step: S) => string;
  /** The metrics are looked at during it. */
  looks: boolean;
  /** Smoke tests end it: it begins them, and their results say what next. */
  tests?: true;
  /** People may end it early, or make it longer. */
  mayPromote: boolean;
  mayExtend: boolean;
  /** It waits until the observation is over: until then what it takes away is the way back. */
  atHandOver?: true;
  /** How the traffic that it moved goes back; unset where it moves none and prepares nothing. */
  wayBack?: WayBack;
}

/** Each strategy has its own (ST-5). */
export type WayBack = 'scale_down' | 'switch_back' | 'reverse_roll' | 'redeploy';

const NOTHING_MOVES = { leaves: (_step: Step, seen: Seen) => seen, mayPromote: false, mayExtend: false };
const TOLD = { command: true as const, looks: false, mayPromote: false, mayExtend: false };

export const STEPS: { [K in StepKind]: Meaning<StepOf<K>> } = {
  'set-weight': {
    ...TOLD,
    wayBack: 'scale_down',
    isDone: ({ percent }, seen, version) => weightIn(seen, version) === percent,
    leaves: ({ percent }, seen, version) => withShare(percent, seen, version),
    wants: ({ percent }) => `it should have ${percent} % of traffic`,
  },
  watch: {
    command: false,
    leaves: (_step, seen) => seen,
    wants: () => 'it should be watched',
    looks: true,
    mayPromote: true,
    mayExtend: true,
  },
  'stand-up': {
    ...TOLD,
    wayBack: 'switch_back',
    isDone: (_step, { stable, canary, standby }, version) => [stable, canary, standby].includes(version),
    leaves: (_step, seen, version) => ({ ...seen, standby: version }),
    wants: () => 'it should stand beside the old version',
  },
  smoke: {
    ...NOTHING_MOVES,
    command: false,
    looks: false,
    tests: true,
    mayPromote: true,
    wants: () => 'its smoke tests should have passed',
  },
  batch: {
    ...TOLD,
    wayBack: 'reverse_roll',
    isDone: (step, seen, version) => weightIn(seen, version) >= (shareOf(step) ?? 100),
    leaves: (step, seen, version) => withShare(shareOf(step) ?? 100, seen, version),
    wants: ({ number, of }) => `it should run on ${number} of ${of} parts`,
  },
  replace: {
    ...TOLD,
    wayBack: 'redeploy',
    isDone: (_step, { stable }, version) => stable === version,
    leaves: (_step, seen, version) => withShare(100, seen, version),
    wants: () => 'it should have replaced the old version',
  },
  'retire-old': {
    ...TOLD,
    atHandOver: true,
    isDone: (_step, { standby = null }) => standby === null,
    leaves: (_step, seen) => ({ ...seen, standby: null }),
    wants: () => 'the old version should be gone',
  },
};

/** The meaning of a step, for functions that take any. */
export function meaningOf(step: Step): Meaning<Step> {
  return STEPS[step.kind] as Meaning<Step>;
}

/** How a plan goes back: what it did first says whether the old version still stands, shares a fleet, or is gone. */
export function wayBackOf({ steps }: Plan): WayBack {
  const ways = steps.map((step) => meaningOf(step).wayBack);
  return ways.find((way) => way !== undefined) ?? 'redeploy';
}

export const isForBackend = (step: Step): step is BackendStep => meaningOf(step).command;

/** The steps of a plan that nobody would carry out, in words; a plan with one is refused at the request. */
export function stepsNobodyTakes({ steps }: Plan, taken: ReadonlySet<BackendStepKind>): string[] {
  const kinds = new Set(steps.filter(isForBackend).map(({ kind }) => kind));
  return [...kinds].filter((kind) => !taken.has(kind));
}

/** The new version's real share, in percent. */
export function weightIn({ stable, canary, weight }: Seen, version: string): number {
  if (stable === version) return 100;
  return canary === version ? weight : 0;
}

/** Whether the traffic is where the last step that moved it should have brought it. */
export function isTrafficRight(plan: Plan, upTo: number, seen: Seen, version: string): boolean {
  const last = plan.steps.slice(0, upTo + 1).findLast((step) => shareOf(step) !== undefined);
  if (last === undefined) return weightIn(seen, version) === 0;
  return meaningOf(last).isDone?.(last, seen, version) === true;
}

/** The old version stays beside it, where it was there before. */
function withShare(percent: number, seen: Seen, version: string): Seen {
  if (percent === 100) {
    const before = seen.standby === version ? { standby: seen.stable } : {};
    return { ...seen, ...before, stable: version, canary: null, weight: 0 };
  }
  if (percent === 0) return { ...seen, canary: null, weight: 0 };
  return { ...seen, canary: version, weight: percent };
}
