/** All that the conductor needs of storage, in one. */

import type { Instant } from '../../time.ts';
import type { AlertAnswerStore } from './alert-answer-store.ts';
import type { AutomaticNotices } from './automatic-notices.ts';
import type { CalendarStore } from './calendar-store.ts';
import type { ChartStore } from './chart-store.ts';
import type { ContractStore } from './contract-store.ts';
import type { EffectQueue } from './effect-queue.ts';
import type { EventStore } from './event-store.ts';
import type { LiveMessages } from './live-messages.ts';
import type { PeopleCache } from './people-cache.ts';
import type { ReleaseStore } from './release-store.ts';
import type { SignatureStore } from './signature-store.ts';

/** What became of a deployment's row where it was built anew from its events. */
export type Refolded =
  | { id: string; kind: 'same' }
  /** The columns that were not what the events say. */
  | { id: string; kind: 'differed'; columns: string[] }
  /** Its events themselves do not fit: nothing is built on them. */
  | { id: string; kind: 'broken'; problem: string };

/** How many rows of each were past their time. */
export interface Pruned {
  inbox: number;
  effects: number;
  signatures: number;
  measurements: number;
  judgeHistory: number;
  /** Messages and charts of deployments that ended. */
  messages: number;
}

export interface Stores {
  alerts: AlertAnswerStore;
  automaticNotices: AutomaticNotices;
  events: EventStore;
  calendar: CalendarStore;
  effects: EffectQueue;
  messages: LiveMessages;
  charts: ChartStore;
  contracts: ContractStore;
  people: PeopleCache;
  releases: ReleaseStore;
  signatures: SignatureStore;
  /** Deletes what is past its time; the record itself is never touched. */
  prune(now: Instant): Promise<Pruned>;
  /** Builds the rows of deployments anew from their events; `write: false` only says what differs. */
  refold(how: { write: boolean }): AsyncGenerator<Refolded>;
  /** Why nothing can be recorded now; undefined where all is well. */
  problem(): Promise<string | undefined>;
  close(): Promise<void>;
}
