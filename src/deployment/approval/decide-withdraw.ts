/** Taking a go back: whoever gave it may, until the start, whatever they hold by now (CH-7). */

import { accepted, refused, title } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { NOT_STARTED } from '../lifecycle.ts';
import { withReadiness } from '../readiness/decide-readiness.ts';
import { standingGoes } from './sign-offs.ts';

type Withdraw = Extract<Intent, { kind: 'withdraw' }>;

export function decideWithdraw(d: Deployment, intent: Withdraw, facts: Facts): Decision {
  const { actor } = facts;
  if (actor.kind !== 'person') return refused('not_allowed', 'Only a person can withdraw a go.');
  if (!NOT_STARTED.has(d.status)) return refused('wrong_status', `${title(d)} ${tooLate(d)}`);
  const mine = standingGoes(d).filter(({ person }) => person.id === actor.person.id);
  const withdrawn = mine.filter(({ role }) => intent.role === undefined || intent.role === role);
  if (withdrawn.length === 0)
    return refused('not_found', `No go of yours stands for ${title(d)}: there is nothing to withdraw.`);
  const bodies = withdrawn.map(({ role }): EventBody => ({ type: 'sign_off_withdrawn', role }));
  return accepted(...withReadiness(d, facts, ...bodies));
}

function tooLate(d: Deployment): string {
  return d.ending === undefined
    ? 'has started, and its sign-offs with it. Hold it or roll it back, or ask its lead to.'
    : 'has ended: there is nothing to withdraw any more.';
}
