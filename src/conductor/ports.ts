/** What the conductor needs of the storage: the record, the effects to run, and the messages that show it. */

import type { Contract } from '../contract/contract.ts';
import type { ContractRecord } from '../contract/record.ts';
import type { Moves } from '../contract/to-checklist.ts';
import type { Lane } from '../deployment/command-effects.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Effect, LiveMessage } from '../deployment/effects.ts';
import type { DeploymentEvent, EventBody } from '../deployment/events.ts';
import type { Status } from '../deployment/lifecycle.ts';
import type { Lessons } from '../judge/history.ts';
import type { History, Reading } from '../judge/types.ts';
import type { Artifact, ArtifactRefusal } from '../policy/artifacts.ts';
import type { Freeze, FreezeNotice } from '../policy/calendar/freezes.ts';
import type { Lock, LockNotice } from '../policy/calendar/locks.ts';
import type { GateReport } from '../policy/gates.ts';
import type { By, PersonRef } from '../terms/person.ts';
import type { Instant } from '../time.ts';

/** Somebody else wrote this deployment's next event first: load it again and decide again. */
export class LostRace extends Error {
  override readonly name = 'LostRace';
}

/** The unique place of a service and environment is taken by another deployment. */
export class Occupied extends Error {
  override readonly name = 'Occupied';
}

/** This request was committed before, by an earlier delivery of the same thing. */
export class AlreadyHandled extends Error {
  override readonly name = 'AlreadyHandled';
  readonly deployment: string;

  constructor(deployment: string) {
    super(`already handled by ${deployment}`);
    this.deployment = deployment;
  }
}

/** What can be wrong with the database, in the words that people, `/readyz` and the log are told (OP-3). */
export const DATABASE_FAULTS = {
  full: 'the disk that holds the record is full',
  locked: 'another process keeps the record locked',
  damaged: 'the file of the record is damaged, or is something else',
  read_only: 'the record cannot be written: its file, folder or disk is read-only',
  missing: 'the file of the record, or its folder, is gone',
  unreadable: 'the disk that holds the record does not answer as it should',
} as const;

export type DatabaseFaultKind = keyof typeof DATABASE_FAULTS;

/** The database could not do what it was asked; nothing was written. */
export class DatabaseFault extends Error {
  override readonly name: string = 'DatabaseFault';
  readonly fault: DatabaseFaultKind;

  constructor(fault: DatabaseFaultKind, more = '', options?: ErrorOptions) {
    super(more === '' ? DATABASE_FAULTS[fault] : `${DATABASE_FAULTS[fault]} (${more})`, options);
    this.fault = fault;
  }
}

/** The database stayed locked by another process for longer than a person would wait; nothing was written. */
export class DatabaseBusy extends DatabaseFault {
  override readonly name = 'DatabaseBusy';

  constructor(more: string, options?: ErrorOptions) {
    super('locked', more, options);
  }
}

/** A rollback that could not be recorded: it is kept, and carried out as soon as it can be. */
export class RollbackKept extends DatabaseFault {
  override readonly name = 'RollbackKept';

  constructor(deployment: string, because: DatabaseFault) {
    super(because.fault, '', { cause: because });
    this.message = `${because.message}; the rollback of ${deployment} is kept, and carried out as soon as it can be recorded`;
  }
}

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

/** A look with what was measured for it: figures are kept beside the record, for as long as they are of use. */
export type KeptLook = Extract<DeploymentEvent, { type: 'looked' }> & { reading?: Reading };

export interface EventStore {
  /** The next unused id, `D-1042`; a number is never given twice. */
  nextId(): Promise<string>;
  load(id: string): Promise<Deployment | undefined>;
  events(id: string, fromSeq?: number): Promise<DeploymentEvent[]>;
  /** Events, row, effects and wanted messages in one transaction. Throws `LostRace`, `Occupied`, `AlreadyHandled`. Answers with the checkpoint that it made (AU-7). */
  commit(commit: Commit): Promise<string>;
  /** Throws `LostRace` where the record moved, or somebody else looked first. */
  measure(measured: Measured): Promise<void>;
  /** Every look that is kept of a deployment, oldest first, as events of the number that the record had then (AU-4). */
  looks(id: string): Promise<KeptLook[]>;
  /** What stages that passed have taught the judge about a service in an environment, by metric. */
  judgeHistory(place: { service: string; environment: string }): Promise<History>;
  /** Postpones the wake-up of a deployment that had nothing to say. */
  snooze(id: string, seq: number, wakeAt: Instant): Promise<void>;
  /** Deployments of a lane (those that roll back, and the rest) whose time has come, the longest due first. */
  due(now: Instant, limit: number, lane: Lane): Promise<string[]>;
  /** When the next of a lane is due; where `after` is given, only later than that counts. */
  nextWakeAt(lane: Lane, after?: Instant): Promise<Instant | undefined>;
  /** When the newest event of all happened: a clock that runs fast begins after it. */
  latestAt(): Promise<Instant | undefined>;
  /** Has those that have not started look again at what stands in their way. */
  wakeNotStarted(): Promise<void>;
  /** The one that occupies the service and environment, if any. */
  occupant(service: string, environment: string): Promise<Deployment | undefined>;
  list(filter: ListFilter): Promise<Deployment[]>;
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

export type Verification = { ok: true; events: number } | { ok: false; seq: number; problem: string };

/** What the record is held against, besides itself. */
export interface Proof {
  /** Keys that may have sealed it. */
  keys?: readonly string[];
  /** Checkpoints that were published. */
  heads?: readonly string[];
}

export interface VerifiedRecord {
  deployments: number;
  events: number;
  /** Where it stands. */
  checkpoint: string;
  problems: { where: string; problem: string }[];
  /** How many more there are than are listed. */
  more?: number;
  /** What could not be proven with what was given, a sentence each. */
  unproven: string[];
}

/** Newest request first. */
export interface ListFilter {
  service?: string;
  environment?: string;
  version?: string;
  statuses?: Iterable<Status>;
  /** Deployments in which this person has been asked for a sign-off that is still missing, or owes something. */
  waitingFor?: string;
  /** Deployments that have started and may still owe a sign-off or a write-up. */
  owing?: true;
  /** Only requests before this id (a page further). */
  before?: string;
  limit: number;
}

/** A command to the backend (or to another deployment) that still has to be carried out. */
export interface PendingEffect {
  key: string;
  deployment: string;
  effect: Exclude<Effect, { kind: 'show' }>;
  attempts: number;
}

export interface EffectQueue {
  /** Those of a lane whose time has come, the oldest first; those in `except` are under way already. */
  ready(now: Instant, except: ReadonlySet<string>, limit: number, lane: Lane): Promise<PendingEffect[]>;
  done(key: string): Promise<void>;
  retryAt(key: string, at: Instant, problem: string): Promise<void>;
  /** It will not be tried again; the record says why. */
  drop(key: string, problem: string): Promise<void>;
  /** When the next of a lane is due; where `after` is given, only later than that counts. */
  nextAt(lane: Lane, after?: Instant): Promise<Instant | undefined>;
}

export interface MessageRow {
  deployment: string;
  message: LiveMessage;
  /** The seq it must show at least. */
  wanted: number;
  /** The seq it shows; 0 while it was never posted. */
  shown: number;
  /** Where it is, once posted. */
  channel?: string;
  ts?: string;
  /** A hash of what it shows: the same content is not sent again. */
  content?: string;
  /** The uploaded file that it shows a picture from. */
  file?: string;
  /** Set before a post and cleared by its answer: where both are missing, look before posting again. */
  sendingSince?: Instant;
  /** It can never be shown, and is not tried any more. */
  givenUp?: true;
}

export interface LiveMessages {
  /** Messages that show less than they should, whose time has come; cards first, then in order of their seq. */
  stale(now: Instant, limit: number): Promise<MessageRow[]>;
  find(deployment: string, key: string): Promise<MessageRow | undefined>;
  /** The message at a place in Slack, for a click on it. */
  at(channel: string, ts: string): Promise<MessageRow | undefined>;
  sending(row: MessageRow, at: Instant): Promise<void>;
  shown(
    row: MessageRow,
    place: { channel: string; ts: string; content: string; seq: number; file?: string },
  ): Promise<void>;
  /** The record has not moved, and yet it shall show something else: render it again. */
  again(row: MessageRow): Promise<void>;
  /** `sent: 'no'` where Slack certainly did not take it: then nothing has to be looked for. */
  retryAt(row: MessageRow, at: Instant, problem: string, sent?: 'no' | 'perhaps'): Promise<void>;
  /** It can never be shown (the channel is gone): recorded with the reason, and not tried again. */
  giveUp(row: MessageRow, problem: string): Promise<void>;
  /** Somebody deleted it in Slack: its place is forgotten, and it is posted again. */
  lost(row: MessageRow): Promise<void>;
  nextAt(): Promise<Instant | undefined>;
}

/** What a chart shows: the stage's state, looks up to an instant, and when it was drawn in real time. */
export interface DrawnChart {
  state: string;
  upTo: Instant;
  at: Instant;
}

/** The chart under a stage's report; one row per stage that was ever reported on. */
export interface ChartRow {
  deployment: string;
  stage: number;
  /** The seq of the last event that may have changed it. */
  wanted: number;
  /** The file that the report shows or is about to show, and the same in words. */
  file?: string;
  alt?: string;
  /** The last that was drawn, whether it found its way to Slack or not. */
  drawn?: DrawnChart;
  /** A file whose upload began: where that is all that is known, it may be there or not. */
  begun?: string;
  /** Files to delete as soon as the report does not show them. */
  leftover: string[];
  /** Tries in a row that came to nothing. */
  attempts: number;
}

export interface ChartStore {
  /** Rows that something is to do about: their report changed, or their time has come. */
  due(now: Instant, limit: number): Promise<ChartRow[]>;
  find(deployment: string, stage: number): Promise<ChartRow | undefined>;
  /** Writes the row, to be due again at an instant, or (null) with the next event. */
  keep(row: ChartRow, nextAt: Instant | null, problem?: string): Promise<void>;
  nextAt(): Promise<Instant | undefined>;
}

/** What Slack said about people, to ask it less often. */
export interface PeopleCache {
  /** Whoever reads it checks its shape: it is what an older version of GoNoGo may have kept. */
  get(id: string): Promise<{ json: unknown; fetchedAt: Instant } | undefined>;
  put(id: string, json: unknown, at: Instant): Promise<void>;
}

/** What was done to a freeze or a lock, for ever. */
export interface CalendarEntry {
  seq: number;
  at: Instant;
  by: By;
  what: 'frozen' | 'lifted' | 'locked' | 'released' | 'taken_over' | 'expired';
  /** `F-12` or `L-7`. */
  subject: string;
  why: string;
  body: unknown;
}

/** Freezes that people declared, and locks. Each change is logged, and wakes what has not started, in one transaction. */
export interface CalendarStore {
  /** Freezes and locks that stand now or will. */
  standing(now: Instant): Promise<{ freezes: Freeze[]; locks: Lock[] }>;
  freeze(freeze: Omit<Freeze, 'id' | 'by'> & { by: PersonRef }, at: Instant): Promise<Freeze>;
  /** False where it is not there to be lifted any more. */
  lift(id: string, by: PersonRef, why: string, at: Instant): Promise<boolean>;
  /** Locks the place, and ends the locks named in `ending`; what stands there besides is in the way. */
  lock(
    lock: Omit<Lock, 'id'>,
    ending: readonly string[],
  ): Promise<{ ok: true; lock: Lock; ended: Lock[] } | { ok: false; inTheWay: Lock }>;
  /** False where it is over already. */
  release(id: string, by: PersonRef, at: Instant): Promise<boolean>;
  /** Locks and freezes whose people have to be told something, the longest due first. */
  notices(now: Instant, limit: number): Promise<(LockNotice | FreezeNotice)[]>;
  nextNoticeAt(): Promise<Instant | undefined>;
  /** They were told; a lock whose time is over ends with it. */
  told(id: string, at: Instant): Promise<void>;
  postponeNotice(id: string, at: Instant): Promise<void>;
  /** Newest first. */
  log(limit: number): Promise<CalendarEntry[]>;
}

/** One version of one service. */
export interface ReleaseName {
  service: string;
  version: string;
}

export type Registered =
  /** `completed`: facts that were missing were added. */
  | { kind: 'created' | 'same' | 'completed'; artifact: Artifact }
  /** `again`: the very same was refused before. */
  | { kind: 'refused'; registered: Artifact; refusal: ArtifactRefusal; again: boolean };

/** What CI says of releases; whatever changes what is known wakes the deployments it concerns, in one transaction. */
export interface ReleaseStore {
  /**
   * Of a gate and the build it is about, the report that was measured last counts; of two measured at the same
   * moment, the one that came last. `same`: this very report is there already. `older`: kept, and does not count.
   * Throws where nobody reports the gate (`answeredBy`).
   */
  report(of: ReleaseName, report: GateReport, now: Instant): Promise<'new' | 'same' | 'older'>;
  /** Of each gate, the last report about each commit and artifact that reports name. */
  reports(of: ReleaseName): Promise<GateReport[]>;
  /** A version has one build for ever: another one is refused, and the attempt remembered (GT-3). */
  register(artifact: Artifact, now: Instant): Promise<Registered>;
  artifact(of: ReleaseName): Promise<Artifact | undefined>;
  /** Oldest first; the same attempt twice is there once. */
  refusals(of: ReleaseName): Promise<ArtifactRefusal[]>;
}

/** Signatures of requests to the API that were accepted: none is accepted twice, whatever happens in between. */
export interface SignatureStore {
  /** False where it was used before. */
  use(signature: string): Promise<boolean>;
}

/** A HANDOFF/V1 contract to keep, and the place it is for (HO-4). */
export interface NewContract {
  source: string;
  contract: Contract;
  service: string;
  environment: string;
  by: PersonRef;
}

export interface ContractStore {
  /** `same`: this text is there already · `other`: another text has its id. Neither changes anything. */
  import(
    asked: NewContract,
    at: Instant,
  ): Promise<{ kind: 'imported' | 'same' | 'other'; record: ContractRecord }>;
  /** Once: `ok` is false where somebody was faster, and the record says who. Undefined where there is none. */
  accept(
    id: string,
    accepted: { by: PersonRef; moves: Moves },
    at: Instant,
  ): Promise<{ ok: boolean; record: ContractRecord } | undefined>;
  posted(id: string, card: { channel: string; ts: string }): Promise<void>;
  /** By its id, in whatever case. */
  find(id: string): Promise<ContractRecord | undefined>;
  /** The document as it was given. */
  source(id: string): Promise<string | undefined>;
  /** Newest first. */
  list(limit: number): Promise<ContractRecord[]>;
}

/** An answer in the thread of an alert, with what it suspected. */
export interface AlertAnswer {
  channel: string;
  /** The alert's own message. */
  ts: string;
  service: string;
  suspects: readonly { deployment: string; score: number }[];
  /** Why whoever asked for a rollback wanted it, in their words. */
  reason?: string;
  /** Who said that no deployment caused it. */
  notADeployment?: PersonRef;
}

export interface AlertAnswerStore {
  /** False where this alert is answered, or being answered, already. */
  claim(answer: AlertAnswer, at: Instant): Promise<boolean>;
  answered(at: Pick<AlertAnswer, 'channel' | 'ts'>, answerTs: string): Promise<void>;
  release(at: Pick<AlertAnswer, 'channel' | 'ts'>): Promise<void>;
  /** By the place of the answer. */
  find(channel: string, answerTs: string): Promise<AlertAnswer | undefined>;
  /** How many alerts about the same were answered in the thread of their message here since then. */
  recent(channel: string, service: string, since: Instant): Promise<number>;
  /** By the place of the alert itself. */
  to(channel: string, ts: string): Promise<AlertAnswer | undefined>;
  /** The first who says so is remembered. */
  notADeployment(at: Pick<AlertAnswer, 'channel' | 'ts'>, by: PersonRef, when: Instant): Promise<void>;
}

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
