/** A question of somebody who decides, to whoever leads the deployment: it is answered in the thread (K-4). */

import { accepted, refused, refusedAttempt, title } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { TERMINAL } from '../lifecycle.ts';
import { owes } from './sign-offs.ts';

export function decideAsk(
  d: Deployment,
  { question: typed }: Extract<Intent, { kind: 'ask' }>,
  { actor }: Facts,
): Decision {
  const { lead } = d.terms.details;
  if (actor.kind !== 'person') return refused('not_allowed', 'Only a person can ask a question.');
  if (actor.person.id === lead.id)
    return refused('not_allowed', `You lead ${title(d)} yourself: write in its thread.`);
  if (actor.roles.length === 0 && !wasAsked(d, actor.person.id))
    return refusedAttempt(
      'not_allowed',
      'ask',
      `You hold no role here, so your question is not recorded: write to ${lead.name} in the thread of ${title(d)}.`,
    );
  if (TERMINAL.has(d.status) && !owes(d))
    return refused('wrong_status', `${title(d)} has ended: nothing is decided here any more.`);
  const question = typed.trim();
  if (question === '') return refused('reason_needed', 'Say what you want to know.');
  return accepted({ type: 'question_asked', to: lead, question });
}

const wasAsked = ({ terms: { required } }: Deployment, id: string): boolean =>
  required.some(({ asked }) => asked.some((one) => one.id === id));
