/** What asking for a deployment, changing it and ending it before its start does to its state. */

import { defined } from '../../defined.ts';
import { WINDOW_KEY } from '../../policy/calendar/blockers.ts';
import type { Envelope } from '../../terms/envelope.ts';
import type { Instant } from '../../time.ts';
import { askedOnceMore } from '../approval/asked-again.ts';
import { asksApprovers } from '../approval/change-request.ts';
import { authorsAfter, signOffsAfter } from '../approval/falling.ts';
import { standingGoes } from '../approval/sign-offs.ts';
import type { ApprovalState } from '../approval/state.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { Deployment } from '../deployment.ts';
import type { DeploymentEvent } from '../events.ts';
import { changed, type EventOf, type Evolvers, personOf } from '../evolver.ts';
import { wordsHash } from './envelope.ts';

export function begin(event: EventOf<'requested'>): Deployment {
  const { deployment: id, seq, terms, envelopeHash, gates, previous, at } = event;
  const begun: Deployment = {
    id,
    seq,
    status: 'preparing',
    // Nobody asked for what is only watched, or goes by itself: its lead answers for it, and cannot approve it.
    requestedBy:
      terms.watched === undefined && terms.automatic === undefined ? personOf(event) : terms.details.lead,
    requestedAt: at,
    terms,
    envelopeHash,
    approval: {
      signOffs: [],
      delegations: [],
      nudges: {},
      reminders: [],
      authors: { led: [], wrote: {} },
    },
    evidence: { gates, ticks: [], artifactRefusals: 0 },
    start: { overridden: [], plannedSince: at },
    previous,
  };
  return { ...begun, approval: { ...begun.approval, ...askedFrom(begun, at) } };
}

/** Those who sign are asked from then on, where nothing is to be written first (CH-5). */
function askedFrom(d: Deployment, at: Instant): Pick<ApprovalState, 'askedAt'> {
  return asksApprovers(d) ? { askedAt: at } : {};
}

const ended = (_d: Deployment, { at, by, reason }: DeploymentEvent & { reason: string }) => ({
  ending: { at, by, reason },
});

export const REQUEST_EVOLVERS: Evolvers<
  'revised' | 'rejected' | 'expired' | 'cancelled' | 'attempt_refused'
> = {
  revised: (d, e) => ({
    ...signedAfter(d, e),
    evidence: changed(d.evidence, {
      gates: e.gates ?? d.evidence.gates,
      ticks: e.unticked === undefined ? d.evidence.ticks : [],
      // What it brings now was compared when it was asked for.
      otherBuild: isSameBuild(d.terms.envelope, e.terms.envelope) ? d.evidence.otherBuild : undefined,
    }),
    start: changed(d.start, {
      // Another start or another plan meets another calendar.
      waiting: undefined,
      at: undefined,
      overridden: overriddenAfter(d, e.terms.envelope),
      plannedSince: isSameNews(d.terms.envelope, e.terms.envelope) ? d.start.plannedSince : e.at,
    }),
  }),
  rejected: ended,
  expired: ended,
  cancelled: (_d, { at, by, reason }) => ({ ending: defined({ at, by, reason }) }),
  attempt_refused: () => ({}),
};

/** What it is by now, and whose go is left of it: those that fell are asked for again. */
function signedAfter(
  d: Deployment,
  e: EventOf<'revised'>,
): Pick<Deployment, 'terms' | 'envelopeHash' | 'approval'> {
  const terms = { ...d.terms, ...e.terms };
  const { envelopeHash } = e;
  const approval: ApprovalState = {
    ...d.approval,
    signOffs: signOffsAfter(d, e.falls, envelopeHash),
    authors: authorsAfter(d, { lead: terms.details.lead, by: personOf(e), wrote: e.wrote }),
    ...askedFrom({ ...d, terms }, e.at),
    nudges: {},
  };
  const again = askedOnceMore(d, { ...d, terms, envelopeHash, approval }, e);
  const reminders = [...d.approval.reminders, ...again, ...toldOfWords(d, e)];
  return { terms, envelopeHash, approval: { ...approval, reminders } };
}

/** What is not signed and was read all the same: those whose gos stand hear of it, and can take them back (CH-7). */
function toldOfWords(d: Deployment, e: EventOf<'revised'>): ApprovalState['reminders'] {
  if (wordsHash(d.terms.details) === wordsHash(e.terms.details)) return [];
  const signers = standingGoes(d).filter(
    ({ person }) =>
      person.id !== personOf(e).id &&
      // Whoever is asked again reads it there.
      !e.falls.some((fall) => fall.person.id === person.id),
  );
  const people = [...new Map(signers.map(({ person }) => [person.id, person])).values()];
  return people.length === 0 ? [] : [{ seq: e.seq, people, about: 'words' }];
}

function isSameBuild(was: Envelope, is: Envelope): boolean {
  return was.version === is.version && was.sha === is.sha && was.digest === is.digest;
}

/** A closed window was overridden for the start and the plan that were read then; a freeze is the same one still. */
function overriddenAfter({ terms, start }: Deployment, is: Envelope): Deployment['start']['overridden'] {
  const was = terms.envelope;
  if (canonicalJson([was.start, was.plan]) === canonicalJson([is.start, is.plan])) return start.overridden;
  return start.overridden
    .map((one) => ({ ...one, keys: one.keys.filter((key) => key !== WINDOW_KEY) }))
    .filter(({ keys }) => keys.length > 0);
}

/** Those who were told of this version at this start need not be told again. */
function isSameNews(was: Envelope, is: Envelope): boolean {
  return was.version === is.version && canonicalJson(was.start) === canonicalJson(is.start);
}
