/** What steps, looks and people do to the state of a rollout. */

import { defined } from '../../defined.ts';
import { shareOf, stageOfStep, watchOf } from '../../terms/plan.ts';
import type { Duration, Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import { type Change, type Changed, changed, type EventOf, type Evolvers } from '../evolver.ts';
import { peopleToAct, withDone } from './action-needed.ts';
import { afterComparing } from './compared.ts';
import { rolloutOf } from './progress.ts';
import type { FinalWatch, RolloutState, StageRecord } from './state.ts';

/** After a resume the watch goes on for at least this many looks, so that there is something new to decide on. */
const LOOKS_AFTER_RESUME = 5;

export const ROLLOUT_EVOLVERS: Evolvers<
  | 'step_started'
  | 'step_completed'
  | 'looked'
  | 'held'
  | 'hold_explained'
  | 'resumed'
  | 'promoted'
  | 'extended'
  | 'overran'
  | 'verification_started'
  | 'verified'
  | 'observation_unsettled'
  | 'all_clear'
  | 'hand_over_started'
  | 'handed_over'
  | 'backend_troubled'
  | 'backend_recovered'
> = {
  step_started: (d, e) => rollout(d, { step: { index: e.step, since: e.at }, stages: stagesWith(d, e) }),
  step_completed: (d, e) => ({
    ...rollout(d, {
      step: { index: e.step + 1, since: e.at },
      stages: endsStage(d, e.step) ? stagesAfter(d, e) : rolloutOf(d).stages,
    }),
    trouble: undefined,
  }),
  looked: lookedAt,
  held: (d, e) =>
    rollout(d, {
      hold: { reason: e.reason, by: e.by, at: e.at, ...defined({ drift: e.drift }) },
      actionsNeeded: [
        ...rolloutOf(d).actionsNeeded,
        { about: 'hold', seq: e.seq, people: peopleToAct(d, e.by) },
      ],
    }),
  hold_explained: (d, e) => {
    if (d.rollout === undefined) return {};
    const { hold, actionsNeeded } = d.rollout;
    const last = actionsNeeded.findLast(({ about }) => about === 'hold');
    return rollout(d, {
      hold: hold && { ...hold, reason: e.reason },
      actionsNeeded: actionsNeeded.map((needed) =>
        needed === last ? { ...needed, reason: e.reason } : needed,
      ),
    });
  },
  resumed: (d, e) => ({
    ...rollout(d, {
      hold: undefined,
      actionsNeeded: withDone(rolloutOf(d).actionsNeeded, 'hold', 'resumed', e),
      // A step that has to be told again has its time again.
      step: { index: e.from ?? rolloutOf(d).step.index, since: e.at },
      stages: changeLast(d, (stage) => goOnWatching(d, stage, e.at)),
    }),
    trouble: undefined,
  }),
  promoted: (d, e) =>
    rollout(d, {
      hold: undefined,
      actionsNeeded: withDone(rolloutOf(d).actionsNeeded, 'hold', 'promoted', e),
      // Where smoke tests are passed over, the stage whose watch comes after them goes on.
      stages: endsStage(d, rolloutOf(d).step.index) ? promotedStage(d, e.at) : rolloutOf(d).stages,
    }),
  extended: (d, e) =>
    rollout(d, {
      extendedBy: rolloutOf(d).extendedBy + e.extension,
      stages: changeLast(d, (stage) => ({
        ...stage,
        watchUntil: Math.max(stage.watchUntil ?? e.at, e.at) + e.extension,
        ...(e.by.kind === 'system' ? { extended: true as const } : {}),
      })),
    }),
  overran: (d, { level, plannedUntil, because, at }) =>
    rollout(d, {
      overrun: {
        ...rolloutOf(d).overrun,
        plannedUntil,
        because,
        ...(level === 'warned' ? { warnedAt: at } : { escalatedAt: at }),
      },
    }),
  verification_started: (d, e) => rollout(d, { hold: undefined, finalWatch: { since: e.at, blindFor: 0 } }),
  verified: (d, e) => ({
    ...rollout(d, { completedAt: e.at, finalWatch: { since: e.at, blindFor: 0 } }),
    trouble: undefined,
  }),
  observation_unsettled: (d, { because, at, seq }) =>
    rollout(d, { finalWatch: { ...finalWatchOf(d, at), unsettled: { because, at, seq } } }),
  all_clear: (d, { at, withheld }) =>
    rollout(d, { finalWatch: { ...finalWatchOf(d, at), allClear: { at, ...defined({ withheld }) } } }),
  hand_over_started: (d, { at, by, reason }) =>
    rollout(d, {
      finalWatch: { ...finalWatchOf(d, at), handingOver: { at, by, ...defined({ reason }) } },
    }),
  handed_over: (d, { supersededBy, reason, at, by }) =>
    supersededBy === undefined && reason === undefined
      ? {}
      : {
          ending: {
            at,
            // Whoever asked for it, where the old version had to be taken down first.
            by: supersededBy === undefined ? (d.rollout?.finalWatch?.handingOver?.by ?? by) : by,
            reason: reason ?? `${supersededBy} took its place`,
          },
        },
  backend_troubled: (_d, e) => ({ trouble: { doing: e.doing, message: e.message, at: e.at } }),
  backend_recovered: () => ({ trouble: undefined }),
};

export function rollout(d: Deployment, change: Changed<RolloutState>): Change {
  return { rollout: changed(rolloutOf(d), change) };
}

function stagesWith(d: Deployment, e: EventOf<'step_started'>): StageRecord[] {
  const { stages } = rolloutOf(d);
  const step = d.terms.envelope.plan.steps[e.step];
  const percent = step && shareOf(step);
  const watch = step && watchOf(step);
  if (percent !== undefined) {
    return [...stages, { number: stages.length + 1, percent, startedAt: e.at, noData: 0 }];
  }
  if (watch !== undefined) {
    return changeLast(d, (stage) => ({ ...stage, watchedSince: e.at, watchUntil: e.at + watch }));
  }
  return stages;
}

/** A stage is over with its watch, or with its shift where the plan has no watch after it. */
function endsStage(d: Deployment, step: number): boolean {
  const stage = stageOfStep(d.terms.envelope.plan, step);
  return stage !== undefined && step === (stage.watchStep ?? stage.shiftStep);
}

export function endLastStage(
  d: Deployment,
  at: Instant,
  outcome: NonNullable<StageRecord['outcome']>,
): StageRecord[] {
  return changeLast(d, (stage) => (stage.endedAt === undefined ? { ...stage, endedAt: at, outcome } : stage));
}

function changeLast(d: Deployment, change: (stage: StageRecord) => StageRecord): StageRecord[] {
  const { stages } = rolloutOf(d);
  const last = stages.at(-1);
  return last === undefined ? stages : [...stages.slice(0, -1), change(last)];
}

function lookedAt(d: Deployment, e: EventOf<'looked'>): Change {
  const missing = e.look.verdict === 'no_data';
  if (d.status === 'verifying' || d.status === 'observing' || d.status === 'watched_only') {
    const before = finalWatchOf(d, e.at);
    const blindFor = before.blindFor + (missing ? e.look.to - e.look.from : 0);
    return rollout(d, {
      finalWatch: {
        ...before,
        lastLookAt: e.look.to,
        lastLook: e.look,
        ...defined({ judge: e.judge }),
        digest: e.digest,
        ...(e.compared === undefined ? {} : afterComparing(before.compared, e.compared)),
        blindFor,
        ...logged(before, e),
      },
      stages: rolloutOf(d).stages.map(({ judge: _, ...stage }) => stage),
    });
  }
  const stages = changeLast(d, (stage) => ({
    ...stage,
    lastLook: e.look,
    ...defined({ judge: e.judge }),
    digest: e.digest,
    ...logged(stage, e),
    noData: missing ? stage.noData + 1 : 0,
  }));
  return rollout(d, { stages: stages.map(onlyNewestJudges) });
}

function logged({ logErrors = 0 }: { logErrors?: number }, e: EventOf<'looked'>) {
  return e.logErrors === undefined ? {} : { logErrors: logErrors + e.logErrors };
}

/** What the judge remembers goes on through all stages: the newest one that was looked at carries it. */
function onlyNewestJudges({ judge, ...stage }: StageRecord, index: number, all: StageRecord[]): StageRecord {
  return judge !== undefined && index === all.length - 1 ? { ...stage, judge } : stage;
}

/** The stage that a step ends, which has passed or went on without a verdict. */
function stagesAfter(d: Deployment, { at, undecided }: EventOf<'step_completed'>): StageRecord[] {
  if (undecided === undefined) return endLastStage(d, at, 'passed');
  return changeLast(d, (stage) =>
    stage.endedAt === undefined ? { ...stage, endedAt: at, outcome: 'went_on', undecided } : stage,
  );
}

function finalWatchOf(d: Deployment, at: Instant): FinalWatch {
  return rolloutOf(d).finalWatch ?? { since: at, blindFor: 0 };
}

/** The time it was held does not count as watched; what the rules remember of before is forgotten. */
function goOnWatching(d: Deployment, stage: StageRecord, at: Instant): StageRecord {
  if (stage.watchUntil === undefined || stage.endedAt !== undefined) return stage;
  const least = at + LOOKS_AFTER_RESUME * d.terms.safeguards.lookEvery;
  const judge = stage.judge === undefined ? {} : { judge: { ...stage.judge, windows: {} } };
  const watchUntil = Math.max(stage.watchUntil + heldUntil(d, stage, at), least);
  return { ...withHeld(d, stage, at), ...judge, noData: 0, watchUntil };
}

function promotedStage(d: Deployment, at: Instant): StageRecord[] {
  const held = changeLast(d, (stage) => withHeld(d, stage, at));
  return endLastStage({ ...d, rollout: { ...rolloutOf(d), stages: held } }, at, 'promoted');
}

/** Counts the hold that is over now. */
function withHeld(d: Deployment, stage: StageRecord, at: Instant): StageRecord {
  const held = heldUntil(d, stage, at);
  return held === 0 ? stage : { ...stage, heldFor: (stage.heldFor ?? 0) + held };
}

/** How long the hold has lasted that stands, as far as it lies in the watch. */
function heldUntil(d: Deployment, { watchedSince, endedAt }: StageRecord, at: Instant): Duration {
  const { hold } = rolloutOf(d);
  if (hold === undefined || watchedSince === undefined || endedAt !== undefined) return 0;
  return Math.max(0, at - Math.max(hold.at, watchedSince));
}
