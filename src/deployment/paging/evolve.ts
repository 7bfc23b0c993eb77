/** What an event does to the calls: most are taken up or over by what people do anyway. */

import { defined } from '../../defined.ts';
import type { Deployment } from '../deployment.ts';
import type { DeploymentEvent, EventType } from '../events.ts';
import { type Change, changed, type Evolvers } from '../evolver.ts';
import { MATTER } from './matters.ts';
import type { PagerCall, PagingState, Reached } from './state.ts';

/** Older ones are long over. */
const MAX_CALLS = 20;

export const PAGING_EVOLVERS: Evolvers<'paged' | 'pager_called' | 'pager_failed' | 'page_taken'> = {
  paged: (d, { seq, matter, says, at, except }) =>
    calls(d, (before) =>
      [...before, { seq, matter, says, at, reached: [], ...defined({ except }) }].slice(-MAX_CALLS),
    ),
  pager_called: (d, { call, notifier, at }) => reached(d, call, { notifier, calledAt: at }),
  pager_failed: (d, { call, notifier, problem, at }) => reached(d, call, { notifier, failedAt: at, problem }),
  // As everything that a person does about it.
  page_taken: () => ({}),
};

function calls(d: Deployment, change: (before: PagerCall[]) => PagerCall[]): Change {
  return { paging: { ...d.paging, calls: change(d.paging?.calls ?? []) } };
}

function reached(d: Deployment, seq: number, how: Reached): Change {
  return calls(d, (before) =>
    before.map((call) =>
      call.seq === seq
        ? { ...call, reached: [...call.reached.filter(({ notifier }) => notifier !== how.notifier), how] }
        : call,
    ),
  );
}

/** By these a person shows that they see to it. */
const ACTS: ReadonlySet<EventType> = new Set([
  'held',
  'hold_explained',
  'resumed',
  'promoted',
  'extended',
  'hand_over_started',
  'handed_over',
  'rollback_started',
  'taken_back',
  'rollback_explained',
  'rollback_failed',
  'page_taken',
]);

/** `d` is as the event left it but for this. */
export function withPaging(d: Deployment, event: DeploymentEvent): Deployment {
  if (d.terms.paging === undefined) return d;
  const acts = event.by.kind === 'person' && ACTS.has(event.type);
  if (d.paging === undefined && !acts) return d;
  const before: PagingState = d.paging ?? { calls: [] };
  return changed(d, {
    paging: {
      ...before,
      calls: before.calls.map((call) => ended(d, acts ? acknowledged(call, event) : call, event)),
      ...(acts ? { actedAt: event.at } : {}),
    },
  });
}

function acknowledged(call: PagerCall, { by, at, seq }: DeploymentEvent): PagerCall {
  const isTheirs = by.kind === 'person' && by.id === call.except;
  if (call.acknowledged !== undefined || call.over !== undefined || isTheirs) return call;
  return { ...call, acknowledged: { by, at, seq } };
}

function ended(d: Deployment, call: PagerCall, event: DeploymentEvent): PagerCall {
  if (call.over !== undefined || !MATTER[call.matter].isOver(d, call, event)) return call;
  const { at, seq } = event;
  return { ...call, over: { at, seq } };
}
