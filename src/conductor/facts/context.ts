/** What facts are gathered from, and what is known when somebody begins to. */

import type { DeployBackend } from '../../backends/port.ts';
import type { Facts, Intent } from '../../deployment/intents.ts';
import type { Gone, Signer } from '../../policy/calendar/blockers.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Clock } from '../../time.ts';
import type { BackendQuestions } from '../asked-of-backends.ts';
import type { Instances } from '../instances.ts';
import type { Stores } from '../ports/stores.ts';

/** Who can be asked about people; unset where nobody can. */
export interface PeopleQuestions {
  /** Why a person cannot take part any more; undefined where they can. */
  gone?(personId: string): Promise<Gone['why'] | undefined>;
  /** Which roles a person holds by Slack's own word of now, never by what was known before. */
  signer?(personId: string): Promise<Signer>;
}

export interface FactsContext {
  stores: Stores;
  clock: Pick<Clock, 'now'>;
  policy(): Policy;
  backends: Instances<DeployBackend>;
  ask: BackendQuestions;
  people: PeopleQuestions;
}

export type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;
export type Known = Pick<Facts, 'now' | 'actor'>;
/** What was found out beside that. */
export type Found = Partial<Facts>;
