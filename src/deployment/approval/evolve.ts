/** What sign-offs, reminders and delegations do to the state. */

import { defined } from '../../defined.ts';
import type { Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import type { DeploymentEvent } from '../events.ts';
import { type Change, type Changed, changed, type EventOf, type Evolvers, personOf } from '../evolver.ts';
import { keyOf, nobodyCanEnd } from '../nobody-can-end.ts';
import { askedOnceMore } from './asked-again.ts';
import { signOffsAfter } from './falling.ts';
import { boundTo, isTooOld } from './sign-offs.ts';
import type { ApprovalState, SignOff } from './state.ts';

export const APPROVAL_EVOLVERS: Evolvers<
  | 'signed'
  | 'signed_afterwards'
  | 'written_up'
  | 'delegated'
  | 'question_asked'
  | 'reminded'
  | 'escalated'
  | 'sign_offs_expired'
  | 'sign_offs_lost'
  | 'got_stuck'
  | 'sign_off_withdrawn'
> = {
  signed: (d, e) => approval(d, { signOffs: [...d.approval.signOffs, signOffOf(e)] }),
  signed_afterwards: (d, e) =>
    approval(d, { signOffs: [...d.approval.signOffs, { ...signOffOf(e), afterwards: true }] }),
  written_up: (d, e) => approval(d, { writeUp: { text: e.text, by: personOf(e), at: e.at } }),
  delegated: (d, e) => ({
    ...approval(d, {
      delegations: [...d.approval.delegations, { role: e.role, from: personOf(e), to: e.to, at: e.at }],
    }),
    terms: {
      ...d.terms,
      required: d.terms.required.map((required) =>
        required.role === e.role ? { ...required, asked: [...required.asked, e.to] } : required,
      ),
    },
  }),
  question_asked: (d, e) =>
    approval(d, {
      questions: [
        ...(d.approval.questions ?? []),
        { by: personOf(e), to: e.to, question: e.question, at: e.at },
      ],
    }),
  reminded: (d, e) =>
    approval(d, {
      nudges: { ...d.approval.nudges, reminded: e.at },
      reminders: [...d.approval.reminders, { seq: e.seq, people: e.people }],
    }),
  escalated: (d, e) => approval(d, { nudges: { ...d.approval.nudges, escalated: e.at } }),
  sign_offs_expired: (d, e) => ({
    approval: expiredWith(d, e),
    start: changed(d.start, { at: undefined }),
  }),
  sign_off_withdrawn: (d, e) => ({
    approval: withThoseAskedAgain(d, withdrawnWith(d, e), e),
    start: changed(d.start, { at: undefined, waiting: undefined }),
  }),
  // The lead must see to it, and is told where that leaves nobody to be asked: not once more.
  sign_offs_lost: (d, e) => {
    const { approval: lost, start } = lostWith(d, e);
    const after: Deployment = { ...d, status: 'preparing', approval: lost, start };
    return { start, ...approval(after, { stuckOn: nobodyCanEnd(after).map((end) => keyOf(after, end)) }) };
  },
  got_stuck: (d, e) =>
    approval(d, {
      stuckOn: e.on.map((end) => keyOf(d, end)),
      reminders: [
        ...d.approval.reminders,
        { seq: e.seq, people: [d.terms.details.lead], about: 'stuck' as const },
      ],
    }),
};

function withdrawnWith(d: Deployment, e: EventOf<'sign_off_withdrawn'>): ApprovalState {
  return changed(d.approval, {
    signOffs: d.approval.signOffs.map((signOff) =>
      isStanding(d, signOff) && signOff.role === e.role && signOff.person.id === personOf(e).id
        ? { ...signOff, fallen: 'it was withdrawn' }
        : signOff,
    ),
    ...askedAgain(d, e.at),
    nudges: {},
  });
}

function expiredWith(d: Deployment, e: EventOf<'sign_offs_expired'>): ApprovalState {
  const expired = changed(d.approval, {
    signOffs: d.approval.signOffs.map((signOff) =>
      signOff.fallen === undefined && e.roles.includes(signOff.role) && isTooOld(d, signOff, e.at)
        ? { ...signOff, fallen: 'it was given too long ago' }
        : signOff,
    ),
    ...askedAgain(d, e.at),
    nudges: {},
  });
  return withThoseAskedAgain(d, expired, e);
}

function withThoseAskedAgain(d: Deployment, after: ApprovalState, e: DeploymentEvent): ApprovalState {
  const reminders = [...after.reminders, ...askedOnceMore(d, { ...d, approval: after }, e)];
  return changed(after, { reminders });
}

function lostWith(d: Deployment, e: EventOf<'sign_offs_lost'>): Pick<Deployment, 'approval' | 'start'> {
  const isLost = ({ role, person, fallen }: SignOff): boolean =>
    fallen !== undefined && e.falls.some((fall) => fall.role === role && fall.person.id === person.id);
  const signOffs = signOffsAfter(d, e.falls, d.envelopeHash);
  const lost = changed(d.approval, {
    // What was handed on to them is nobody's any more: else they would sign once more, and it would fall once more.
    delegations: d.approval.delegations.filter(
      ({ role, to }) => !e.falls.some((fall) => fall.role === role && fall.person.id === to.id),
    ),
    signOffs: signOffs.map((one) => (isLost(one) ? { ...one, lost: true as const } : one)),
    reminders: [
      ...d.approval.reminders,
      { seq: e.seq, people: [d.terms.details.lead], about: 'lost' as const },
    ],
    ...askedAgain(d, e.at),
    nudges: {},
  });
  return {
    approval: withThoseAskedAgain(d, lost, e),
    start: changed(d.start, { at: undefined, waiting: undefined }),
  };
}

/** What nobody has been asked for yet is not asked for again. */
const askedAgain = ({ approval }: Deployment, at: Instant): { askedAt?: Instant } =>
  approval.askedAt === undefined ? {} : { askedAt: at };

const isStanding = (d: Deployment, signOff: SignOff): boolean =>
  signOff.decision === 'go' && signOff.fallen === undefined && boundTo(signOff) === d.envelopeHash;

function approval(d: Deployment, change: Changed<ApprovalState>): Change {
  return { approval: changed(d.approval, change) };
}

function signOffOf(event: EventOf<'signed'> | EventOf<'signed_afterwards'>): SignOff {
  const { role, decision, at, envelopeHash, reason } = event;
  return defined({ role, person: personOf(event), decision, at, envelopeHash, reason });
}
