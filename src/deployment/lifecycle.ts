/** The lifecycle: status × event → status. What the table does not name cannot happen. */

import type { EventType } from './events.ts';

export const STATUSES = [
  'preparing',
  'scheduled',
  'rolling_out',
  'held',
  'verifying',
  'observing',
  'handed_over',
  'rolling_back',
  'rolled_back',
  'failed',
  'rejected',
  'expired',
  'cancelled',
  'watched_only',
  'watch_over',
] as const;

export type Status = (typeof STATUSES)[number];

/** Remarks: they say something about a deployment and never change its status, so they may come at any time. */
export const REMARKS = [
  'attempt_refused',
  'signed_afterwards',
  'written_up',
  'delegated',
  'question_asked',
  'reminded',
  'escalated',
  'got_stuck',
  'hold_explained',
  'rollback_explained',
  'reason_reminded',
  'review_written',
  'review_reminded',
  'backend_troubled',
  'backend_recovered',
  'gate_reported',
  'artifact_refused',
  'other_build_registered',
  'item_ticked',
  'item_unticked',
  'evidence_expired',
  'change_request_written',
  'overran',
  'problem_reported',
  'signalled',
  'signals_lost',
  'smoke_started',
  'smoke_skipped',
  'smoke_reported',
  'paged',
  'pager_called',
  'pager_failed',
  'page_taken',
] as const satisfies EventType[];

type Moves = Partial<Record<Exclude<EventType, (typeof REMARKS)[number] | 'requested'>, Status>>;

/** Every deployment begins with `requested`, in `preparing`. */
export const LIFECYCLE: Record<Status, Moves> = {
  preparing: {
    signed: 'preparing',
    start_delayed: 'preparing',
    start_cleared: 'preparing',
    calendar_overridden: 'preparing',
    revised: 'preparing',
    sign_offs_expired: 'preparing',
    sign_offs_lost: 'preparing',
    sign_off_withdrawn: 'preparing',
    scheduled: 'scheduled',
    rejected: 'rejected',
    expired: 'expired',
    cancelled: 'cancelled',
    taken_back: 'rolling_back',
    watch_started: 'watched_only',
  },
  scheduled: {
    signed: 'scheduled',
    start_delayed: 'scheduled',
    start_cleared: 'scheduled',
    calendar_overridden: 'scheduled',
    revised: 'preparing',
    sign_offs_expired: 'preparing',
    sign_offs_lost: 'preparing',
    sign_off_withdrawn: 'preparing',
    reopened: 'preparing',
    drifted: 'scheduled',
    drift_accepted: 'scheduled',
    started: 'rolling_out',
    rejected: 'rejected',
    expired: 'expired',
    cancelled: 'cancelled',
  },
  rolling_out: {
    step_started: 'rolling_out',
    step_completed: 'rolling_out',
    looked: 'rolling_out',
    promoted: 'rolling_out',
    extended: 'rolling_out',
    held: 'held',
    verification_started: 'verifying',
    rollback_started: 'rolling_back',
  },
  held: {
    looked: 'held',
    resumed: 'rolling_out',
    promoted: 'rolling_out',
    rollback_started: 'rolling_back',
  },
  verifying: {
    looked: 'verifying',
    held: 'held',
    verified: 'observing',
    rollback_started: 'rolling_back',
  },
  observing: {
    looked: 'observing',
    observation_unsettled: 'observing',
    all_clear: 'observing',
    hand_over_started: 'observing',
    rollback_started: 'rolling_back',
    handed_over: 'handed_over',
  },
  rolling_back: {
    rollback_repeated: 'rolling_back',
    rollback_moved: 'rolling_back',
    rolled_back: 'rolled_back',
    rollback_failed: 'failed',
  },
  handed_over: {},
  rolled_back: {},
  failed: {},
  rejected: {},
  expired: {},
  cancelled: {},
  // Somebody else conducts it: nothing that commands a backend can happen here.
  watched_only: {
    looked: 'watched_only',
    watch_moved: 'watched_only',
    watch_warned: 'watched_only',
    watch_ended: 'watch_over',
  },
  watch_over: {},
};

/** The status after an event, or undefined where the table does not allow it. */
export function statusAfter(status: Status, event: EventType): Status | undefined {
  if ((REMARKS as readonly EventType[]).includes(event)) return status;
  return (LIFECYCLE[status] as Partial<Record<EventType, Status>>)[event];
}

const where = (test: (moves: Moves, status: Status) => boolean): ReadonlySet<Status> =>
  new Set(STATUSES.filter((status) => test(LIFECYCLE[status], status)));

/** Nothing moves any more. */
export const TERMINAL = where((moves) => Object.keys(moves).length === 0);
/** Something may still happen. */
export const LIVE = where((moves) => Object.keys(moves).length > 0);
/** The new version has traffic, or had it a moment ago. */
export const CAN_ROLL_BACK = where((moves) => 'rollback_started' in moves);
/** It came to its end there, and stayed. */
export const COMPLETE: ReadonlySet<Status> = new Set(['observing', 'handed_over']);
/** Not started yet: it can still be changed or cancelled. */
export const NOT_STARTED = where((moves) => 'cancelled' in moves);
/** Traffic moves, or may move any moment. */
export const MOVING = where(
  (moves) => ('rollback_started' in moves && !('handed_over' in moves)) || 'rolled_back' in moves,
);
/** A person or the engine can stop it where it is. */
export const CAN_HOLD = where((moves) => 'held' in moves);
/**
 * On its way: no second deployment of the same service to the same environment may be requested beside it. Once left
 * it is never entered again; a rollback out of the observation would else wait for whoever took the place meanwhile.
 */
export const OCCUPYING: ReadonlySet<Status> = new Set(
  [...LIVE].filter((status) => status !== 'observing' && status !== 'rolling_back'),
);
