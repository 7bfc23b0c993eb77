/** The core's front door: an intent and the facts in, events or a refusal out. Pure. */

import { decideDelegate, decideWriteUp } from './approval/decide-afterwards.ts';
import { decideAsk } from './approval/decide-ask.ts';
import { decideWriteChangeRequest } from './approval/decide-change-request.ts';
import { decideSign } from './approval/decide-sign-off.ts';
import { decideWithdraw } from './approval/decide-withdraw.ts';
import { acceptedIfAny, refused, UNCHANGED } from './decision.ts';
import type { Deployment } from './deployment.ts';
import type { Decision, Facts, Intent, IntentKind } from './intents.ts';
import { decidePagerCalled, decidePagerFailed, decideTakePage } from './paging/decide-paging.ts';
import { decideReportProblem } from './problem/decide-problem.ts';
import { decideRolledBackBefore } from './promotion/decide-rolled-back-before.ts';
import { decideTick } from './readiness/decide-readiness.ts';
import { decideCancel } from './request/decide-cancel.ts';
import { decideRequest } from './request/decide-request.ts';
import { decideRevise } from './request/decide-revise.ts';
import { decideReview } from './review/decide-review.ts';
import { decideExplainRollback, decideGiveUpRollback, decideRollBack } from './rollback/decide-rollback.ts';
import { decideTakeBack } from './rollback/decide-take-back.ts';
import { decideBackendRefused, decideBackendUnreachable } from './rollout/decide-backend-fault.ts';
import { decideMeasured } from './rollout/decide-measured.ts';
import { decideObserved } from './rollout/decide-observed.ts';
import {
  decideExplainHold,
  decideExtend,
  decideHandOver,
  decideHold,
  decidePromote,
  decideResume,
  decideSupersede,
} from './rollout/decide-rollout.ts';
import { decideSignalled } from './signals/decide-signalled.ts';
import { decideSmokeReported } from './smoke/decide-smoke.ts';
import { decideOverride } from './start/decide-calendar.ts';
import { decideAcceptDrift } from './start/decide-start.ts';
import { dueByTime } from './time-rules.ts';
import { decideEndWatch, decideReported, decideWatch } from './watching/decide-watching.ts';

type Deciders = {
  [K in Exclude<IntentKind, 'request' | 'take_back' | 'watch'>]: (
    d: Deployment,
    intent: Extract<Intent, { kind: K }>,
    facts: Facts,
  ) => Decision;
};

const DECIDERS: Deciders = {
  sign: decideSign,
  withdraw: decideWithdraw,
  delegate: decideDelegate,
  write_up: decideWriteUp,
  ask: decideAsk,
  revise: decideRevise,
  override: decideOverride,
  tick: decideTick,
  write_change_request: decideWriteChangeRequest,
  promote: decidePromote,
  hold: decideHold,
  explain_hold: decideExplainHold,
  resume: decideResume,
  extend: decideExtend,
  roll_back: decideRollBack,
  explain_rollback: decideExplainRollback,
  review: decideReview,
  give_up_rollback: decideGiveUpRollback,
  take_page: decideTakePage,
  pager_called: decidePagerCalled,
  pager_failed: decidePagerFailed,
  cancel: decideCancel,
  hand_over: decideHandOver,
  supersede: decideSupersede,
  rolled_back_before: decideRolledBackBefore,
  wake: (d, _intent, facts) => acceptedIfAny(dueByTime(d, facts)),
  observed: decideObserved,
  measured: decideMeasured,
  smoke_reported: decideSmokeReported,
  report_problem: decideReportProblem,
  signalled: decideSignalled,
  backend_refused: decideBackendRefused,
  backend_unreachable: decideBackendUnreachable,
  accept_drift: decideAcceptDrift,
  reported: decideReported,
  end_watch: decideEndWatch,
};

export function decide(deployment: Deployment | undefined, intent: Intent, facts: Facts): Decision {
  if (intent.kind === 'request') return deployment === undefined ? decideRequest(intent, facts) : UNCHANGED;
  if (intent.kind === 'take_back')
    return deployment === undefined ? decideTakeBack(intent, facts) : UNCHANGED;
  if (intent.kind === 'watch') return deployment === undefined ? decideWatch(intent, facts) : UNCHANGED;
  if (deployment === undefined)
    return refused('not_found', 'There is no such deployment. `/deploy list` shows those there are.');
  const decider = DECIDERS[intent.kind] as (d: Deployment, i: Intent, f: Facts) => Decision;
  return decider(deployment, intent, facts);
}
