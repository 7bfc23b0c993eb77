/** Every status meets every event, against a table written by hand. */

import { describe, expect, it } from 'vitest';
import type { EventType } from '../../src/deployment/events.ts';
import {
  CAN_HOLD,
  CAN_ROLL_BACK,
  LIFECYCLE,
  LIVE,
  NOT_STARTED,
  OCCUPYING,
  REMARKS,
  STATUSES,
  type Status,
  statusAfter,
  TERMINAL,
} from '../../src/deployment/lifecycle.ts';
import { worldAt } from './world.ts';

/** One column per status; what a cell does not name must not happen. */
const COLUMNS = [
  'preparing',
  'scheduled',
  'rolling_out',
  'held',
  'verifying',
  'observing',
  'rolling_back',
  'watched_only',
] as const;

const P = 'preparing';
const S = 'scheduled';
const R = 'rolling_out';
const H = 'held';
const V = 'verifying';
const O = 'observing';
const B = 'rolling_back';
const W = 'watched_only';
const no = undefined;

// biome-ignore format: a table is read by its columns
const TABLE: Record<EventType, (Status | undefined)[]> = {
  //                     P            S            R    H    V    O              B              W
  requested:            [no,          no,          no,  no,  no,  no,            no, no],
  signed:               [P,           S,           no,  no,  no,  no,            no, no],
  revised:              [P,           P,           no,  no,  no,  no,            no, no],
  scheduled:            [S,           no,          no,  no,  no,  no,            no, no],
  start_delayed:        [P,           S,           no,  no,  no,  no,            no, no],
  start_cleared:        [P,           S,           no,  no,  no,  no,            no, no],
  calendar_overridden:  [P,           S,           no,  no,  no,  no,            no, no],
  started:              [no,          R,           no,  no,  no,  no,            no, no],
  step_started:         [no,          no,          R,   no,  no,  no,            no, no],
  step_completed:       [no,          no,          R,   no,  no,  no,            no, no],
  looked:               [no,          no,          R,   H,   V,   O,             no, W],
  held:                 [no,          no,          H,   no,  H,   no,            no, no],
  resumed:              [no,          no,          no,  R,   no,  no,            no, no],
  promoted:             [no,          no,          R,   R,   no,  no,            no, no],
  extended:             [no,          no,          R,   no,  no,  no,            no, no],
  verification_started: [no,          no,          V,   no,  no,  no,            no, no],
  verified:             [no,          no,          no,  no,  O,   no,            no, no],
  all_clear:            [no,          no,          no,  no,  no,  O,             no, no],
  observation_unsettled:[no,          no,          no,  no,  no,  O,             no, no],
  hand_over_started:    [no,          no,          no,  no,  no,  O,             no, no],
  handed_over:          [no,          no,          no,  no,  no,  'handed_over', no, no],
  rollback_started:     [no,          no,          B,   B,   B,   B,             no, no],
  taken_back:           [B,           no,          no,  no,  no,  no,            no, no],
  rollback_repeated:    [no,          no,          no,  no,  no,  no,            B, no],
  rollback_moved:       [no,          no,          no,  no,  no,  no,            B, no],
  rolled_back:          [no,          no,          no,  no,  no,  no,            'rolled_back', no],
  rollback_failed:      [no,          no,          no,  no,  no,  no,            'failed', no],
  rejected:             ['rejected',  'rejected',  no,  no,  no,  no,            no, no],
  expired:              ['expired',   'expired',   no,  no,  no,  no,            no, no],
  cancelled:            ['cancelled', 'cancelled', no,  no,  no,  no,            no, no],
  sign_offs_expired:    [P,           P,           no,  no,  no,  no,            no, no],
  sign_offs_lost:       [P,           P,           no,  no,  no,  no,            no, no],
  sign_off_withdrawn:   [P,           P,           no,  no,  no,  no,            no, no],
  reopened:             [no,          P,           no,  no,  no,  no,            no, no],
  drifted:              [no,          S,           no,  no,  no,  no,            no,            no],
  drift_accepted:       [no,          S,           no,  no,  no,  no,            no,            no],
  watch_started:        [W,           no,          no,  no,  no,  no,            no,            no],
  watch_moved:          [no,          no,          no,  no,  no,  no,            no,            W],
  watch_warned:         [no,          no,          no,  no,  no,  no,            no,            W],
  watch_ended:          [no,          no,          no,  no,  no,  no,            no,            'watch_over'],
  // Remarks: they leave every status as it is, the terminal ones too.
  attempt_refused:      [P,           S,           R,   H,   V,   O,             B, W],
  signed_afterwards:    [P,           S,           R,   H,   V,   O,             B, W],
  written_up:           [P,           S,           R,   H,   V,   O,             B, W],
  delegated:            [P,           S,           R,   H,   V,   O,             B, W],
  question_asked:       [P,           S,           R,   H,   V,   O,             B, W],
  reminded:             [P,           S,           R,   H,   V,   O,             B, W],
  escalated:            [P,           S,           R,   H,   V,   O,             B, W],
  got_stuck:            [P,           S,           R,   H,   V,   O,             B, W],
  hold_explained:       [P,           S,           R,   H,   V,   O,             B, W],
  rollback_explained:   [P,           S,           R,   H,   V,   O,             B, W],
  backend_troubled:     [P,           S,           R,   H,   V,   O,             B, W],
  backend_recovered:    [P,           S,           R,   H,   V,   O,             B, W],
  signalled:            [P,           S,           R,   H,   V,   O,             B, W],
  signals_lost:         [P,           S,           R,   H,   V,   O,             B, W],
  problem_reported:     [P,           S,           R,   H,   V,   O,             B, W],
  smoke_started:        [P,           S,           R,   H,   V,   O,             B, W],
  smoke_skipped:        [P,           S,           R,   H,   V,   O,             B, W],
  smoke_reported:       [P,           S,           R,   H,   V,   O,             B, W],
  overran:              [P,           S,           R,   H,   V,   O,             B, W],
  paged:                [P,           S,           R,   H,   V,   O,             B, W],
  pager_called:         [P,           S,           R,   H,   V,   O,             B, W],
  pager_failed:         [P,           S,           R,   H,   V,   O,             B, W],
  page_taken:           [P,           S,           R,   H,   V,   O,             B, W],
  gate_reported:        [P,           S,           R,   H,   V,   O,             B, W],
  other_build_registered:[P,          S,           R,   H,   V,   O,             B, W],
  artifact_refused:     [P,           S,           R,   H,   V,   O,             B, W],
  item_ticked:          [P,           S,           R,   H,   V,   O,             B, W],
  item_unticked:        [P,           S,           R,   H,   V,   O,             B, W],
  evidence_expired:     [P,           S,           R,   H,   V,   O,             B, W],
  change_request_written: [P,         S,           R,   H,   V,   O,             B, W],
  review_written:       [P,           S,           R,   H,   V,   O,             B, W],
  review_reminded:      [P,           S,           R,   H,   V,   O,             B, W],
  reason_reminded:      [P,           S,           R,   H,   V,   O,             B, W],
};

const ENDS: Status[] = [
  'handed_over',
  'rolled_back',
  'failed',
  'rejected',
  'expired',
  'cancelled',
  'watch_over',
];
const SAID_ANY_TIME: EventType[] = [
  'reason_reminded',
  'paged',
  'pager_called',
  'pager_failed',
  'page_taken',
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
  'review_written',
  'review_reminded',
];

describe('The lifecycle', () => {
  const events = Object.keys(TABLE) as EventType[];
  const pairs = COLUMNS.flatMap((status, column) =>
    events.map((event) => ({ status, event, after: TABLE[event][column] })),
  );

  it.each(pairs)('takes $status with $event to $after', ({ status, event, after }) => {
    expect(statusAfter(status, event)).toBe(after);
  });

  it('knows the statuses of the table and the six ends, and no other', () => {
    expect([...COLUMNS, ...ENDS].sort()).toEqual([...STATUSES].sort());
  });

  it('lets nothing follow an end but a remark', () => {
    for (const status of ENDS) {
      expect(LIFECYCLE[status]).toEqual({});
      for (const event of events) {
        expect(statusAfter(status, event), `${status} ${event}`).toBe(
          SAID_ANY_TIME.includes(event) ? status : undefined,
        );
      }
    }
    expect([...REMARKS].sort()).toEqual([...SAID_ANY_TIME].sort());
  });

  it('derives its sets from the table', () => {
    expect([...TERMINAL].sort()).toEqual([...ENDS].sort());
    expect([...LIVE]).toEqual([...COLUMNS]);
    expect([...CAN_ROLL_BACK]).toEqual([R, H, V, O]);
    expect([...CAN_HOLD]).toEqual([R, V]);
    expect([...NOT_STARTED]).toEqual([P, S]);
    expect([...OCCUPYING]).toEqual([P, S, R, H, V, W]);
  });

  it('never gives a place back once it was left, so that no rollback finds it taken', () => {
    for (const status of STATUSES.filter((each) => !OCCUPYING.has(each))) {
      for (const after of Object.values(LIFECYCLE[status])) expect(OCCUPYING.has(after)).toBe(false);
    }
  });

  it('is reached in every status by real decisions', () => {
    expect(worldAt('preparing').d.status).toBe(P);
    expect(worldAt('scheduled').d.status).toBe(S);
    expect(worldAt('watching').d.status).toBe(R);
    expect(worldAt('held watching').d.status).toBe(H);
    for (const point of ['verifying', 'observing', 'rolling_back'] as const)
      expect(worldAt(point).d.status).toBe(point);
    for (const end of ENDS.filter((one) => one !== 'watch_over'))
      expect(worldAt(end as 'failed').d.status).toBe(end);
  });
});
