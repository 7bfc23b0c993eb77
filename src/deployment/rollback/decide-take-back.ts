/**
 * Taking back what was handed over long ago (RB-7): a deployment of its own, with its own number, that begins going back
 * at once. Nobody approves it, and nothing in the calendar is asked.
 */

import { defined } from '../../defined.ts';
import type { Terms } from '../../terms/terms.ts';
import { accepted, isBy, nameOf, refused, title, whoMay } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { CAN_ROLL_BACK } from '../lifecycle.ts';
import { envelopeHash } from '../request/envelope.ts';
import { asksAgain, mayRollBack } from './decide-rollback.ts';
import type { TakeBackFacts } from './take-back-facts.ts';
import { whatBreaks } from './what-breaks.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** Whether it is over, and could still be taken back: what ran before it is known. */
export function mayBeTakenBack({ status, previous }: Deployment): boolean {
  return status === 'handed_over' && previous !== null;
}

export function decideTakeBack(intent: IntentOf<'take_back'>, facts: Facts): Decision {
  const { takeBack } = facts;
  if (takeBack === undefined)
    return refused('not_found', 'There is no such deployment. `/deploy list` shows those there are.');
  const { of } = takeBack;
  if (!mayRollBack(of, facts.actor))
    return refused('not_allowed', `You can't roll back ${title(of)}: ask ${whoMay(of, 'roll_back')}.`);
  const why = whyNot(takeBack, facts);
  if (why !== undefined) return refused('wrong_status', why);
  const breaks = whatBreaks(of);
  if (breaks !== undefined && intent.breaksData === undefined) return asksAgain(of, breaks);
  if (intent.drill && facts.noDrill !== undefined) return refused('not_supported', facts.noDrill);
  const terms: Terms = { ...termsOf(of), ...(intent.drill && { drill: true }) };
  return accepted(
    { type: 'requested', terms, envelopeHash: envelopeHash(terms), gates: {}, previous: of.previous },
    { type: 'taken_back', to: of.previous, why: intent.why, ...defined({ breaks }) },
  );
}

function whyNot({ of, after }: TakeBackFacts, facts: Facts): string | undefined {
  if (of.previous === null)
    return `${title(of)} was the first version there: nothing ran before it that could take its place.`;
  if (of.status !== 'handed_over') return `${title(of)} is ${of.status.replace('_', ' ')}.`;
  return after === undefined ? otherRuns(of, facts) : standsInTheWay(of, after, facts);
}

function standsInTheWay(of: Deployment, after: Deployment, facts: Facts): string | undefined {
  const { id, status, rollback } = after;
  if (after.terms.takesBack?.deployment === of.id && rollback !== undefined && status !== 'failed') {
    const state = status === 'rolling_back' ? 'is under way' : 'is done';
    return isBy(rollback.by, facts)
      ? `Your rollback of ${title(of)} ${state} (${id}). There is nothing more to click.`
      : `Someone was faster: the rollback of ${title(of)}, started by ${nameOf(rollback.by)}, ${state} (${id}).`;
  }
  if (status === 'rolling_back')
    return `${title(after)} is being rolled back there (${id}): wait for its end.`;
  if (CAN_ROLL_BACK.has(status))
    return `${title(after)} has taken its place (${id}). Roll that back: it goes back to ${after.previous ?? 'nothing'}.`;
  if (status === 'handed_over') return `${title(after)} has taken its place (${id}). Roll that back instead.`;
  return otherRuns(of, facts);
}

/** The backend's word counts where it gives one in time; a rollback does not wait for it. */
function otherRuns(of: Deployment, { running }: Facts): string | undefined {
  return running === undefined || running === of.terms.envelope.version
    ? undefined
    : `${running ?? 'Nothing'} runs there, and not ${title(of)}: there is nothing to take back.`;
}

/** As it was agreed then, without what was asked before its start. */
function termsOf({ id, previous, terms }: Deployment): Terms {
  const { contract: _carriedOut, comesBack: _again, communication: _told, drill: _drill, ...rest } = terms;
  return {
    ...rest,
    envelope: { ...terms.envelope, start: { kind: 'when_ready' } },
    details: { ...terms.details, summary: `Takes ${id} back to ${previous}.` },
    required: [],
    approval: { when: 'none', leadTime: 0, workdays: terms.approval.workdays },
    requirements: { gates: [], checklist: [], changeRequest: false },
    takesBack: { deployment: id },
  };
}
