/** When the pagers are called, because something waits for a person and nobody has come. */

import { defined } from '../../defined.ts';
import type { Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import { MATTER } from './matters.ts';
import { MATTERS, type Matter } from './state.ts';

interface Due {
  at: Instant;
  body: EventBody;
}

/** Undefined where nobody has to be called, or nobody can be. */
export function nextPage(d: Deployment): Instant | undefined {
  const times = dueOf(d).map(({ at }) => at);
  return times.length === 0 ? undefined : Math.min(...times);
}

export function pagesDue(d: Deployment, now: Instant): EventBody[] {
  return dueOf(d)
    .filter(({ at }) => at <= now)
    .map(({ body }) => body);
}

/** Each once: a hold calls again only where it is another hold. */
function dueOf(d: Deployment): Due[] {
  const { paging } = d.terms;
  if (paging === undefined) return [];
  return MATTERS.flatMap((matter) => {
    const waiting = MATTER[matter].waiting(d, paging.after);
    if (waiting === undefined || wasCalledOnce(d, matter)) return [];
    const { at, says, except } = waiting;
    return [{ at, body: paged(matter, says, except) }];
  });
}

/** Of a rollback there is one; of holds there may be many, and each looks itself whether it was called for. */
function wasCalledOnce({ paging }: Deployment, matter: Matter): boolean {
  if (matter === 'held' || matter === 'unsettled') return false;
  return paging?.calls.some((call) => call.matter === matter) ?? false;
}

/** The pagers are called at once, where the deployment has any and is not calling for the same already. */
export function callAtOnce(d: Deployment, matter: Matter, says: string): EventBody[] {
  const calls = d.paging?.calls.some((call) => call.matter === matter && call.over === undefined) ?? false;
  return d.terms.paging === undefined || calls ? [] : [paged(matter, says)];
}

/** Longer reasons are for the card. */
const MAX_SAYS = 500;

function paged(matter: Matter, says: string, except?: string): EventBody {
  return { type: 'paged', matter, says: says.slice(0, MAX_SAYS), ...defined({ except }) };
}
