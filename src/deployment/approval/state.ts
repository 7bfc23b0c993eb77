/** What a deployment knows of its sign-offs: who said what, who was asked again, who may sign for whom. */

import type { ChangeRequestPart } from '../../terms/change-request.ts';
import type { PersonRef } from '../../terms/person.ts';
import type { Instant } from '../../time.ts';
import type { BoundField } from '../request/envelope.ts';

export interface SignOff {
  role: string;
  person: PersonRef;
  decision: 'go' | 'no_go';
  reason?: string;
  at: Instant;
  /** What was signed. */
  envelopeHash: string;
  /** What that became without asking again: it counts for this. */
  carriedTo?: string;
  /** Why it no longer counts. */
  fallen?: string;
  /** Whoever gave it lost the role or left: they are not waited for. */
  lost?: true;
  /** It was given when the deployment had started without it. */
  afterwards?: true;
  /** What of the change request was written or changed since, and when last: it was not there to be read. */
  unread?: { parts: ChangeRequestPart[]; at: Instant };
}

/** Somebody who may sign for a role in another's place (CH-8). */
export interface Delegation {
  role: string;
  from: PersonRef;
  to: PersonRef;
  at: Instant;
}

export interface ApprovalState {
  signOffs: SignOff[];
  delegations: Delegation[];
  /** What those who decide wanted to know of its lead; the answers stand in the thread. Unset where nobody did. */
  questions?: { by: PersonRef; to: PersonRef; question: string; at: Instant }[];
  /** Since when the sign-offs are asked for; unset while a change request is to be written first. */
  askedAt?: Instant;
  /** The last reminder and the escalation of what is missing now. */
  nudges: { reminded?: Instant; escalated?: Instant };
  /**
   * Every reminder, every word about a change request (or a summary, lead or on-call: `words`) that reads differently
   * since a go, about a go that was lost, about one that fell and is to be given `again`, and about what nobody can end
   * (`stuck`), by the number of its event: so that its messages can be taken back.
   */
  reminders: {
    seq: number;
    people: PersonRef[];
    about?: 'change_request' | 'words' | 'lost' | 'again' | 'stuck';
  }[];
  /** What its lead was last told that nobody can end any more. Unset where they never were. */
  stuckOn?: string[];
  /** Who led it before, and who wrote what is in force besides its requester: neither may sign it (CH-6). */
  authors: { led: PersonRef[]; wrote: Partial<Record<BoundField, PersonRef>> };
  /** What an emergency owes besides its sign-offs: what was done and why, in words. */
  writeUp?: { text: string; by: PersonRef; at: Instant };
}

/** A go that does not count any more. */
export interface Fall {
  role: string;
  person: PersonRef;
  why: string;
}

/** A role, as people read it. */
export interface Named {
  role: string;
  name: string;
}

/** What it waits for and nobody can end any more. */
export interface DeadEnd {
  /** Two roles with too few people for both, of whom one person fills one (CH-10); else one. */
  about: { kind: 'sign_off'; roles: Named[] } | { kind: 'item'; item: string; text: string; roles: Named[] };
  /** How many more people it takes. */
  lacks: number;
  /** Those who were asked, by name and not escaped: `Dana leads it`. */
  why: string[];
  /** Those who cannot sign themselves and may name somebody who does. */
  mayHandOn: PersonRef[];
  /** Whether somebody else's request would have their go: nobody approves their own. */
  isOwnOfAsked: boolean;
}
