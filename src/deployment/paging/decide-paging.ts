/** Somebody takes a call up, and what became of it at a pager. */

import { accepted, isAllowed, isBy, nameOf, notAllowed, refused, title, UNCHANGED } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import type { PagerCall } from './state.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** Calls that nobody has taken up yet. */
export function unansweredCalls({ paging }: Deployment): PagerCall[] {
  return (paging?.calls ?? []).filter(
    ({ acknowledged, over }) => acknowledged === undefined && over === undefined,
  );
}

/** Whoever may resume it or roll it back may say that they see to it: it silences the pager for everybody. */
export function decideTakePage(d: Deployment, _intent: IntentOf<'take_page'>, facts: Facts): Decision {
  const { actor } = facts;
  const may = actor.kind === 'person' && isAllowed(d, 'resume', actor);
  const denied = may ? undefined : notAllowed(d, 'roll_back', facts, 'take the page of');
  if (denied) return denied;
  const open = unansweredCalls(d);
  if (open.length === 0) return refused('wrong_status', whyNot(d, facts));
  const isOwn = ({ except }: PagerCall) => actor.kind === 'person' && except === actor.person.id;
  if (open.every(isOwn))
    return refused('not_allowed', 'You started this rollback: a second person is called to see to the data.');
  return accepted({ type: 'page_taken' });
}

function whyNot(d: Deployment, facts: Facts): string {
  const last = d.paging?.calls.findLast(({ acknowledged }) => acknowledged !== undefined);
  if (last?.acknowledged === undefined || last.over !== undefined)
    return `Nobody is being called for ${title(d)} now. The card shows where it is.`;
  return isBy(last.acknowledged.by, facts)
    ? `You have the page of ${title(d)} already.`
    : `Someone was faster: ${nameOf(last.acknowledged.by)} has the page of ${title(d)}.`;
}

export function decidePagerCalled(d: Deployment, { call, notifier }: IntentOf<'pager_called'>): Decision {
  const found = d.paging?.calls.find(({ seq }) => seq === call);
  const known = found?.reached.find((one) => one.notifier === notifier);
  if (found === undefined || (known !== undefined && 'calledAt' in known)) return UNCHANGED;
  return accepted({ type: 'pager_called', call, notifier });
}

/** Said once: trying it again goes on in silence. */
export function decidePagerFailed(
  d: Deployment,
  { call, notifier, problem }: IntentOf<'pager_failed'>,
): Decision {
  const found = d.paging?.calls.find(({ seq }) => seq === call);
  if (found === undefined || found.reached.some((one) => one.notifier === notifier)) return UNCHANGED;
  return accepted({ type: 'pager_failed', call, notifier, problem });
}
