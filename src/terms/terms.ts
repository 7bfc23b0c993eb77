/**
 * All that is agreed when a deployment is requested, and frozen with it, so that editing the policy never changes a
 * deployment in flight (PR-3). The one object goes from the intent to the event to the state.
 */

import type { Adapters } from './adapters.ts';
import type { Approval, RequiredSignOff } from './approval.ts';
import type { Bake } from './bake.ts';
import type { Before } from './before.ts';
import type { Details } from './change.ts';
import type { Changes } from './changes.ts';
import type { ComesBack } from './comes-back.ts';
import type { Communication } from './communication.ts';
import type { Contact } from './contacts.ts';
import type { ContractTerms } from './contract.ts';
import type { Envelope } from './envelope.ts';
import type { PagingTerms } from './paging.ts';
import type { Requirements } from './requirements.ts';
import type { Safeguards } from './safeguards.ts';
import type { SmokeTerms } from './smoke.ts';
import type { Watched } from './watched.ts';

export interface Terms {
  /** What a sign-off signs. */
  envelope: Envelope;
  details: Details;
  /** The sign-offs it needs. */
  required: RequiredSignOff[];
  approval: Approval;
  safeguards: Safeguards;
  adapters: Adapters;
  /** What must be true besides the sign-offs. */
  requirements: Requirements;
  contacts: Contact[];
  /** What is tried of it once it is there; unset where the policy names nothing. */
  smoke?: SmokeTerms;
  /** Unset where nobody is called beyond Slack. */
  paging?: PagingTerms;
  /** Unset where no notice is planned. */
  communication?: Communication;
  /** Unset where it carries out none. */
  contract?: ContractTerms;
  /** What it changed of what ran when it was asked for; unset where that was not known. Of another version it says nothing. */
  changes?: Changes;
  /** What was there before it, as far as that was known; of another version it says nothing. */
  before?: Before;
  /** How long it must have run in the environment before; unset where that asks for no time. */
  bake?: Bake;
  /** Where its version was rolled back there before. */
  comesBack?: ComesBack;
  /** It is rolled back as soon as it is complete: the way back is rehearsed (RB-5). */
  drill?: true;
  /** It takes back what another deployment had handed over, and nothing else (RB-7). */
  takesBack?: { deployment: string };
  /** Nobody asked for it: the policy brings releases there by themselves. Its lead answers for it. */
  automatic?: 'on_merge' | 'nightly';
  /** Somebody else conducts it. */
  watched?: Watched;
}

/** What a revision asks for instead; what it leaves out stays as it was frozen. */
export type RevisedTerms = Pick<Terms, 'envelope' | 'details'> & Partial<Terms>;
