/** The record of deployments: events, the state they make, and when each is due. */

import type { Lane } from '../../deployment/command-effects.ts';
import type { Deployment } from '../../deployment/deployment.ts';
import type { Effect, LiveMessage } from '../../deployment/effects.ts';
import type { DeploymentEvent, EventBody } from '../../deployment/events.ts';
import type { Status } from '../../deployment/lifecycle.ts';
import type { Lessons } from '../../judge/history.ts';
import type { History, Reading } from '../../judge/types.ts';
import type { By } from '../../terms/person.ts';
import type { Instant } from '../../time.ts';
import type { Proof, Verification, VerifiedRecord } from './verification.ts';

export interface Commit {
  /** The state after the events; its `seq` is that of the last one. */
  after: Deployment;
  /** `after.seq - events.length` is the seq it was decided on: the lock. */
  events: readonly EventBody[];
  at: Instant;
  by: By;
  effects: readonly Effect[];
  /** What was measured, where a look is among the events. */
  reading?: Reading;
  /** What a stage that ended in it teaches the judge; unset where none passed. */
  lessons?: Lessons;
  /** When time alone could next change something; null for never. */
  wakeAt: Instant | null;
  /** A name for the delivery that asked; a second commit with the same one throws `AlreadyHandled`. */
  inboxKey?: string;
}

/** A look that says what the one before it said: its figures are kept, and nothing of it is an event. */
export interface Measured {
  before: Deployment;
  /** The state with the look; its `seq` is that of the last event, as before. */
  after: Deployment;
  look: Extract<EventBody, { type: 'looked' }>;
  /** What was measured. */
  reading?: Reading;
  at: Instant;
  wakeAt: Instant | null;
  /** Messages that show it. */
  shows: readonly LiveMessage[];
}

/** What a look left to be brought up to date now: whatever waits for its turn already is not woken once more. */
export interface Woken {
  messages: boolean;
  charts: boolean;
}

/** A look with what was measured for it: figures are kept beside the record, for as long as they are of use. */
export type KeptLook = Extract<DeploymentEvent, { type: 'looked' }> & { reading?: Reading };

/** A deployment whose time has come. */
export interface Wake {
  id: string;
  /** So often something new was said of its release since it looked. */
  told: number;
  /** As it was a moment ago, where that is at hand; unset where it has to be loaded. */
  known?: Deployment;
}

export interface EventStore {
  /** The next unused id, `D-1042`; a number is never given twice. */
  nextId(): Promise<string>;
  load(id: string): Promise<Deployment | undefined>;
  /** What an input with this key has been committed to; undefined where none was. */
  handled(inboxKey: string): Promise<string | undefined>;
  events(id: string, fromSeq?: number): Promise<DeploymentEvent[]>;
  /** Events, row, effects and wanted messages in one transaction. Throws `LostRace`, `Occupied`, `AlreadyHandled`. Answers with the checkpoint that it made (AU-7). */
  commit(commit: Commit): Promise<string>;
  /** Throws `LostRace` where the record moved, or somebody else looked first. */
  measure(measured: Measured): Promise<Woken>;
  /** Every look that is kept of a deployment, oldest first, as events of the number that the record had then (AU-4). */
  looks(id: string): Promise<KeptLook[]>;
  /** What stages that passed have taught the judge about a service in an environment, by metric. */
  judgeHistory(place: { service: string; environment: string }): Promise<History>;
  /** Postpones the wake-up of a deployment that had nothing to say. */
  snooze(id: string, seq: number, wakeAt: Instant): Promise<void>;
  /** Deployments of a lane (those that roll back, and the rest) whose time has come, the longest due first, and when the next one's comes. */
  due(now: Instant, limit: number, lane: Lane): Promise<{ due: Wake[]; next: Instant | undefined }>;
  /** It has looked at what was said of its release; what was said meanwhile it has not. */
  heard(wake: Wake): Promise<void>;
  /** When the newest event of all happened: a clock that runs fast begins after it. */
  latestAt(): Promise<Instant | undefined>;
  /** Has those that have not started look again at what stands in their way. */
  wakeNotStarted(): Promise<void>;
  /** The one that occupies the service and environment, if any. */
  occupant(service: string, environment: string): Promise<Deployment | undefined>;
  list(filter: ListFilter): Promise<Deployment[]>;
  /** Those whose traffic first moved in a period, newest start first. */
  started(filter: StartedFilter): Promise<Started[]>;
  /** All there are of these services in an environment, in these statuses; newest request first. */
  inEnvironment(
    environment: string,
    services: Iterable<string>,
    statuses: Iterable<Status>,
  ): Promise<Deployment[]>;
  /** The newest that was asked for to carry out a contract. */
  underContract(contract: string): Promise<Deployment | undefined>;
  /** Reads the hash chain of one deployment; the seq of the first event that does not fit, if any. */
  verify(id: string): Promise<Verification>;
  /** The same for the whole record, every stream: what was read, what does not fit, and what cannot be proven. */
  verifyAll(proof?: Proof): Promise<VerifiedRecord>;
  /** Where the record stands: `1042-9f86d081…`, to be published where the file's owner cannot reach. */
  checkpoint(): Promise<string>;
  /** The checkpoint in which a deployment ended. */
  endedIn(id: string): Promise<string | undefined>;
}

/** `until` is not in it. */
export interface StartedFilter {
  from: Instant;
  until: Instant;
  service?: string;
  environment?: string;
  /** Only what comes after this one (a page further). */
  after?: { startedAt: Instant; id: string };
  limit: number;
}

export interface Started {
  deployment: Deployment;
  startedAt: Instant;
  /** When CI registered the build of its version, where it did. */
  builtAt?: Instant;
}

/** Newest request first. */
export interface ListFilter {
  service?: string;
  environment?: string;
  version?: string;
  statuses?: Iterable<Status>;
  /** Only what this person asked for. */
  requestedBy?: string;
  /** Deployments in which this person has been asked for a sign-off that is still missing, or owes something. */
  waitingFor?: string;
  /** Deployments that have started and may still owe a sign-off or a write-up. */
  owesApproval?: true;
  /** Only requests before this id (a page further). */
  before?: string;
  limit: number;
}
