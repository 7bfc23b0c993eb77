/**
 * The data dictionary: every table and column of the record, as kysely sees them.
 *
 * Instants are integer milliseconds since 1970-01-01T00:00:00Z, in UTC. JSON is text. `_at` columns that may be
 * NULL mean "not yet" or "never"; the migrations say which index serves which question.
 */

import type { Generated, Kysely } from 'kysely';
import type { EventType } from '../src/deployment/events.ts';
import type { Status } from '../src/deployment/lifecycle.ts';
import type { Instant } from '../src/time.ts';
import type { Stream } from './stream-names.ts';

/** Text that holds JSON; `T` says of what. */
export type Json<T> = string & { readonly json?: T };

/** A `next_at` that is due whatever the clock says: the one that asks need not be the one that looks. */
export const AT_ONCE: Instant = 0;

/** One row per deployment: the state its events left, and the columns that lists filter on. */
export interface DeploymentsTable {
  /** `D-1042`. */
  id: string;
  /** 1042: the order of requests, and where a page of a list ends. */
  number: number;
  /** Number of events so far; a commit that expected another one has lost the race. */
  seq: number;
  status: Status;
  service: string;
  environment: string;
  /** The version it brings. */
  version: string;
  /** The contract it carries out. */
  contract: string | null;
  /** Slack user ids. */
  lead_id: string;
  requester_id: string;
  /** Slack channel of its card. */
  channel: string;
  requested_at: Instant;
  /** When its rollout began. */
  started_at: Instant | null;
  /** When its rollout was complete and verified. */
  completed_at: Instant | null;
  /** When it reached a terminal status. */
  ended_at: Instant | null;
  /** When time alone could next change something; NULL for never. */
  wake_at: Instant | null;
  /** So often something new was said of its release that it has not looked at yet. */
  told: Generated<number>;
  /** `service/environment` while no second deployment may run beside it, NULL otherwise; unique. */
  occupies: string | null;
  /** The whole `Deployment` as canonical JSON. */
  state: Json<'Deployment'>;
  /** The checkpoint of the record in which it ended, as its thread was told; NULL until then. */
  checkpoint: string | null;
}

/** What happened. Rows are added and never changed or deleted: triggers see to it. */
export interface EventsTable {
  deployment: string;
  /** 1 for the first, without a gap; with `deployment` the primary key. */
  seq: number;
  /** Copied from `body`, for queries. */
  type: EventType;
  /** Which shape of `body` this is; see upcast.ts. */
  version: number;
  at: Instant;
  /** Who or what did it, as canonical JSON. */
  by: Json<'By'>;
  /** The event's own facts, `type` among them, as canonical JSON. */
  body: Json<'EventBody'>;
  /** SHA-256 in lower-case hex over everything above and the hash of the event before; see hash-chain.ts. */
  hash: string;
}

/** What the judge carries from look to look, and the last look of each stage: beside the record, rewritten with each. */
export interface WatchesTable {
  deployment: string;
  /** Up to when was looked; a look that expected another moment has lost the race. */
  looked_until: Instant;
  watch: Json<'Watch'>;
}

/** The figures of each look: what charts are drawn from. Prunable; the record has their digest. */
export interface MeasurementsTable {
  /** In the order in which they were made. */
  id: Generated<number>;
  deployment: string;
  /** The seq that the record had then, or that of the event which records the look. */
  seq: number;
  at: Instant;
  /** The look, what was measured for it and what the judge carried from it, as JSON. */
  look: Json<'Looked'>;
}

/** What stages that passed have taught about how a metric wanders; one row each. What a deployment was judged with is in its record. */
export interface JudgeHistoryTable {
  service: string;
  environment: string;
  metric: string;
  /** Faded sums, as JSON. */
  history: Json<'History'>;
  /** When a stage last taught something. */
  at: Instant;
}

/** The record's table of contents: one row per change of any stream, in the order in which they were committed. */
export interface SealsTable {
  /** 1 for the first, without a gap; also the number of the checkpoint after it. */
  number: number;
  stream: Stream;
  /** What changed in the stream: a deployment's id, `F-12`, `["checkout","v2.1.0"]`; empty where the number says it. */
  subject: string;
  /** For events, the seq of the last one of the commit; else which change of the subject it is, from 1. */
  seq: number;
  /** SHA-256 in lower-case hex of what it is now. */
  digest: string;
}

/** Where the record stands: one row. Everything before it follows from its hash, and the hash from the key. */
export interface CheckpointTable {
  /** Always 1. */
  id: number;
  /** That of the last seal; 0 for an empty record. */
  number: number;
  /** The hash of the whole chain of seals; see hash-chain.ts. */
  hash: string;
  /** How many of each there are, as canonical JSON. */
  counts: Json<'Counts'>;
  /** Names the key without telling it; NULL where none seals the record. */
  key_id: string | null;
  /** HMAC-SHA256 in lower-case hex over the columns above; NULL where no key seals the record. */
  mac: string | null;
}

/** What the world must be told or asked; written with the events that asked for it. */
export interface EffectsTable {
  /** Unique for ever: the same effect asked for twice is one row. */
  key: string;
  deployment: string;
  kind: string;
  /** 0 for a rollback, which overtakes everything; 1 for the rest; 2 for what only tells others of it. */
  rank: number;
  /** The `Effect` as JSON. */
  effect: Json<'Effect'>;
  created_at: Instant;
  /** The seq it was committed with, and its place in that commit: together the order of asking. */
  seq: number;
  ordinal: number;
  /** The number of the checkpoint that it was committed with: the order of asking over all deployments. */
  checkpoint: Generated<number>;
  /** Tries that failed. */
  attempts: Generated<number>;
  /** When to try (again); NULL once it is done or dropped. */
  next_at: Instant | null;
  /** Why the last try failed, or why it was dropped. */
  problem: string | null;
  /** When it was carried out or dropped. */
  done_at: Instant | null;
}

/** Slack messages that show a deployment, and how far behind the record each one is. */
export interface LiveMessagesTable {
  deployment: string;
  /** `card`, `stage:2`, `note:7`, `dm:U012`; with `deployment` the primary key. */
  key: string;
  /** How urgent what it tells is, and of the same urgency cards first: see `rankOf`. */
  rank: number;
  /** Since when it shows less than it should. */
  since: Instant;
  /** Where its posts are counted: the channel, or the person of a direct message. */
  place: string;
  /** The `LiveMessage` as JSON. */
  message: Json<'LiveMessage'>;
  /** The seq that first asked for it: the order in a thread. */
  since_seq: number;
  /** The seq it must show at least. */
  wanted: number;
  /** The seq it shows; 0 while it was never posted. */
  shown: Generated<number>;
  /** Where it is in Slack, once posted. */
  channel: string | null;
  ts: string | null;
  /** A hash of what it shows. */
  content: string | null;
  /** The file in Slack that it shows a picture from. */
  file: string | null;
  /** Set before a post, cleared by Slack's answer. */
  sending_since: Instant | null;
  /** When to render it (again); NULL while it shows what it should, and for ever once given up. */
  next_at: Instant | null;
  attempts: Generated<number>;
  problem: string | null;
  /** When it was found that it can never be shown. */
  given_up_at: Instant | null;
}

/** The chart under a stage's report; a row from the first event that could change one. */
export interface ChartsTable {
  deployment: string;
  /** With `deployment` the primary key. */
  stage: number;
  /** The seq of the last event that may have changed it. */
  wanted: number;
  /** The file in Slack that the report shows or is about to show, and what is said to those who do not see it. */
  file: string | null;
  alt: string | null;
  /** What was drawn last, as JSON. */
  drawn: Json<'DrawnChart'> | null;
  /** The chart that was drawn last will do for looks up to the one, and in real time until the other. NULL before there is one. */
  enough_until: Instant | null;
  rests_until: Instant | null;
  /** A file whose upload began and was not seen to end. */
  begun: string | null;
  /** Files that are of no more use, as a JSON list; deleted in Slack once no message shows them. */
  leftover: Generated<Json<'string[]'>>;
  /** When to look at it (again); NULL while nothing is to do. */
  next_at: Instant | null;
  /** Tries in a row that came to nothing. */
  attempts: Generated<number>;
  problem: string | null;
}

/** Who has been asked for a sign-off that is still missing; follows the state with every commit. */
export interface WaitingPeopleTable {
  deployment: string;
  /** Slack user id. */
  person: string;
  /** The deployment's number, so that a person's list comes in order from one index. */
  number: number;
}

/** Deliveries that were committed already, so that a second one is recognised. */
export interface InboxTable {
  key: string;
  deployment: string;
  at: Instant;
}

/** What Slack said about a person, to ask it less often. */
export interface PeopleCacheTable {
  /** Slack user id. */
  id: string;
  json: Json<'unknown'>;
  fetched_at: Instant;
}

/** Freezes that people declared; those of the policy file are not here. */
export interface FreezesTable {
  /** `F-12` */
  id: string;
  /** Services and environments, as JSON. */
  scope: Json<'Scope'>;
  reason: string;
  from_at: Instant;
  until_at: Instant;
  /** Roles that may override it, as JSON. */
  overrides: Json<'string[]'>;
  /** Who declared it, as JSON. */
  by: Json<'PersonRef'>;
  /** When a person ended it before its time, who, as JSON, and why. */
  lifted_at: Instant | null;
  lifted_by: Json<'PersonRef'> | null;
  lifted_why: string | null;
  /** When people are to be told that it was declared, or lifted; NULL where they were. */
  notice_at: Instant | null;
}

/** Locks, those that are over among them. */
export interface LocksTable {
  /** `L-7` */
  id: string;
  service: string;
  /** NULL for all of them. */
  environment: string | null;
  holder: Json<'PersonRef'>;
  reason: string;
  from_at: Instant;
  until_at: Instant;
  /** When it was given back, taken over, or found to be over. */
  ended_at: Instant | null;
  ended: 'released' | 'taken_over' | 'expired' | null;
  ended_by: Json<'PersonRef'> | null;
  /** When its holder has to be told something; NULL where there is nothing to tell. */
  notice_at: Instant | null;
}

/** What people did with freezes and locks. Rows are added and never changed or deleted: triggers see to it. */
export interface CalendarLogTable {
  /** 1 for the first, without a gap. */
  seq: number;
  at: Instant;
  by: Json<'By'>;
  what: string;
  /** The freeze or the lock. */
  subject: string;
  why: string;
  /** What it was then, as JSON. */
  body: Json<'Freeze | Lock'>;
}

/** What machines reported of releases. Rows are added and never changed or deleted: triggers see to it. */
export interface GateReportsTable {
  /** 1 for the first, without a gap: the order in which they came. */
  seq: number;
  service: string;
  version: string;
  /** The gate's id in the policy. */
  gate: string;
  /** The commit it is about; empty where the reporter named none. */
  sha: string;
  /** The artifact it is about; empty where the reporter named none. */
  digest: string;
  /** When it was measured. */
  at: Instant;
  /** When it came. */
  received_at: Instant;
  /** The `GateReport` as canonical JSON. */
  report: Json<'GateReport'>;
}

/** The one build of each version: its digest and commit stay, facts that were missing are added. */
export interface ArtifactsTable {
  /** With `version` the primary key. */
  service: string;
  version: string;
  digest: string;
  sha: string;
  registered_at: Instant;
  /** When a fact was added last; NULL while none was. */
  completed_at: Instant | null;
  /** The `Artifact` as canonical JSON. */
  artifact: Json<'Artifact'>;
}

/** Attempts to give a version another build. Rows are added and never changed or deleted: triggers see to it. */
export interface ArtifactRefusalsTable {
  /** 1 for the first, without a gap. */
  seq: number;
  service: string;
  version: string;
  /** What was offered. */
  digest: string;
  sha: string;
  /** What differs from the registered artifact, as a JSON list. */
  differs: Json<'string[]'>;
  /** The name of the API key. */
  by: string;
  at: Instant;
}

/** Signatures of API requests that were accepted, until their timestamps are too old to be accepted again. */
export interface ApiSignaturesTable {
  /** HMAC-SHA256 in lower-case hex. */
  signature: string;
  /** When it was used, on the system's clock: the one that a timestamp is held against. */
  used_at: Instant;
}

/** The last notice about a release that does not go somewhere by itself. */
export interface AutomaticNoticesTable {
  service: string;
  environment: string;
  /** The release, and whether others keep it out or it was refused. */
  about: string;
  /** When it was about to be posted. */
  begun: Instant;
  /** 1 where Slack has taken it. */
  said: number;
}

/** HANDOFF/V1 contracts. What was imported is never changed, and what was accepted neither: triggers see to it. */
export interface ContractsTable {
  /** The id in small letters: the primary key. */
  key: string;
  /** As the document writes it. */
  id: string;
  /** The document, as it was given. */
  source: string;
  /** SHA-256 of `source` in UTF-8, in lower-case hex. */
  sha256: string;
  /** What was understood, as JSON. */
  contract: Json<'Contract'>;
  /** Where it is to be deployed. */
  service: string;
  environment: string;
  /** As JSON. */
  imported_by: Json<'PersonRef'>;
  imported_at: Instant;
  accepted_by: Json<'PersonRef'> | null;
  accepted_at: Instant | null;
  /** Checklist items that were moved, by id, as JSON. */
  moves: Json<'Moves'> | null;
  /** Where its message is in Slack. */
  card_channel: string | null;
  card_ts: string | null;
}

/** What was answered in the thread of an alert; the alert's place in Slack names it. */
export interface AlertAnswersTable {
  channel: string;
  ts: string;
  at: Instant;
  /** All that it could be about, in one line. */
  service: string;
  /** Deployments with their score, the likeliest first, as JSON. */
  suspects: string;
  /** Why whoever asked for a rollback wanted it. */
  reason: string | null;
  answer_ts: string | null;
  /** Who said that no deployment did it, as JSON. */
  not_a_deployment: Json<'PersonRef'> | null;
  said_at: Instant | null;
  /** 1 where another answer close before it says the same: then this alert has none of its own. */
  covered: Generated<number>;
  /** When somebody set about saying it; nothing where that failed, and whoever asked will ask again. */
  claimed_at: Instant | null;
  /** In which thread it is said; nothing where the alert has none. */
  thread: string | null;
  /** What the alert said, as JSON, until it is answered. */
  alert: string | null;
  /** The deployment that its button rolled back, until its end is told there. */
  rolls_back: string | null;
  /** Which button somebody pressed, as JSON, until what came of it is shown there. */
  deciding: Json<'Decision'> | null;
  /** 1 where a person asked for a rollback by a mention: what they were shown answers no alert. */
  asked: Generated<number>;
}

/** The last number given, per kind of number. */
export interface SequencesTable {
  name: string;
  last: number;
}

export interface Tables {
  deployments: DeploymentsTable;
  events: EventsTable;
  watches: WatchesTable;
  measurements: MeasurementsTable;
  judge_history: JudgeHistoryTable;
  seals: SealsTable;
  checkpoint: CheckpointTable;
  effects: EffectsTable;
  live_messages: LiveMessagesTable;
  charts: ChartsTable;
  waiting_people: WaitingPeopleTable;
  inbox: InboxTable;
  people_cache: PeopleCacheTable;
  freezes: FreezesTable;
  locks: LocksTable;
  calendar_log: CalendarLogTable;
  gate_reports: GateReportsTable;
  artifacts: ArtifactsTable;
  artifact_refusals: ArtifactRefusalsTable;
  api_signatures: ApiSignaturesTable;
  contracts: ContractsTable;
  sequences: SequencesTable;
  alert_answers: AlertAnswersTable;
  automatic_notices: AutomaticNoticesTable;
}

/** The record, or a transaction of it. */
export type Db = Kysely<Tables>;
