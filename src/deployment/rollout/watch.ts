/**
 * What looks leave in a deployment: the last one of each stage, what the judge carries to the next, and a digest of all
 * of them. It changes every minute and decides nothing by itself, so it is kept beside the record, not in it; of the
 * looks the record has those that change a verdict or what is asked, and the one that ends a stage (AU-4).
 */

import { hash } from 'node:crypto';
import { defined } from '../../defined.ts';
import type { Look } from '../../judge/types.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { Deployment } from '../deployment.ts';
import type { DeploymentEvent, EventBody } from '../events.ts';
import { currentStage } from './progress.ts';
import type { FinalWatch, StageRecord } from './state.ts';

type Looked = Extract<EventBody, { type: 'looked' }>;
type Seen = Pick<StageRecord, 'lastLook' | 'judge' | 'noData' | 'digest' | 'logErrors'>;

/** What events say of it, not looks. */
type Decided = 'unsettled' | 'handingOver' | 'allClear';

export interface Watch {
  /** Of each stage, in order. */
  stages: Seen[];
  finalWatch?: Omit<FinalWatch, Decided>;
}

/** Undefined before there is anything to watch. */
export function watchOf({ rollout }: Deployment): Watch | undefined {
  if (rollout === undefined) return undefined;
  const stages = rollout.stages.map(({ lastLook, judge, noData, digest, logErrors }) => ({
    ...defined({ lastLook, judge, digest, logErrors }),
    noData,
  }));
  if (rollout.finalWatch === undefined) return { stages };
  const { unsettled: _decided, handingOver: _begun, allClear: _said, ...finalWatch } = rollout.finalWatch;
  return { stages, finalWatch };
}

/** What the events alone say of it. */
export function withoutWatch(d: Deployment): Deployment {
  const { rollout } = d;
  if (rollout === undefined) return d;
  const stages = rollout.stages.map(
    ({ lastLook: _look, judge: _judge, digest: _digest, logErrors: _log, ...stage }): StageRecord => ({
      ...stage,
      noData: 0,
    }),
  );
  const { since, unsettled, handingOver, allClear } = rollout.finalWatch ?? {};
  const finalWatch =
    since === undefined
      ? undefined
      : { since, blindFor: 0, ...defined({ unsettled, handingOver, allClear }) };
  return { ...d, rollout: { ...rollout, stages, ...defined({ finalWatch }) } };
}

export function withWatch(d: Deployment, watch: Watch | undefined): Deployment {
  const { rollout } = d;
  if (rollout === undefined || watch === undefined) return d;
  const stages = rollout.stages.map((stage, index): StageRecord => ({ ...stage, ...watch.stages[index] }));
  const { finalWatch } = watch;
  const { since, unsettled, handingOver, allClear } = rollout.finalWatch ?? {};
  const seen = finalWatch?.since === since ? finalWatch : undefined;
  const both = seen && { ...seen, ...defined({ unsettled, handingOver, allClear }) };
  return { ...d, rollout: { ...rollout, stages, ...defined({ finalWatch: both ?? rollout.finalWatch }) } };
}

/** What the record has of an event. What the judge carries on is as large as all else, and stands in the row of the watch alone. */
export function asRecorded(body: EventBody): EventBody {
  if (body.type !== 'looked') return body;
  const { judge: _, ...looked } = body;
  return looked;
}

/** Binds a look to all those before it in the same watch. */
export function digestAfter(before: string | undefined, look: Look): string {
  return hash('sha256', `${before ?? ''}${canonicalJson(look)}`, 'hex');
}

/** The look, where it is all that was decided and says what the one before it said. */
export function onlyMeasured(before: Deployment, events: readonly EventBody[]): Looked | undefined {
  const [event, ...more] = events;
  if (event?.type !== 'looked' || more.length > 0) return undefined;
  const observing = ['verifying', 'observing', 'watched_only'].includes(before.status);
  const last = observing ? before.rollout?.finalWatch?.lastLook : currentStage(before)?.lastLook;
  const isSame = last?.verdict === event.look.verdict && last.action === event.look.action;
  return isSame ? event : undefined;
}

/** What happened, with every look that is kept in its place: those that are events are among them. */
export function withLooks(
  events: readonly DeploymentEvent[],
  looks: readonly DeploymentEvent[],
): DeploymentEvent[] {
  return [...events.filter(({ type }) => type !== 'looked'), ...looks].sort((a, b) => a.seq - b.seq);
}
