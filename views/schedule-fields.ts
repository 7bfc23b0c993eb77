/** The fields of the schedule modal (K-2): their ids, and what is filled in at any moment. */

import { z } from 'zod';
import { FORM_FIELDS } from '../src/deployment/request/lost-update.ts';
import {
  CHANGE_TYPES,
  DATABASE_CHANGES,
  DEPLOYMENT_TYPES,
  type Details,
  RISKS,
} from '../src/terms/change.ts';
import { type Instant, SECOND } from '../src/time.ts';
import { type FilledView, fieldsOf } from './view-values.ts';

/** Action ids; a block's id begins with its field's name. */
export const SCHEDULE_FIELDS = {
  service: 'schedule.service',
  environment: 'schedule.environment',
  version: 'schedule.version',
  when: 'schedule.when',
  at: 'schedule.at',
  strategy: 'schedule.strategy',
  changeType: 'schedule.change_type',
  deploymentType: 'schedule.deployment_type',
  risk: 'schedule.risk',
  database: 'schedule.database',
  lead: 'schedule.lead',
  onCall: 'schedule.on_call',
  summary: 'schedule.summary',
  again: 'schedule.again',
} as const;

export type ScheduleField = keyof typeof SCHEDULE_FIELDS;

/** Changing one of these draws the modal anew. */
export const SCHEDULE_REDRAWS = [
  SCHEDULE_FIELDS.service,
  SCHEDULE_FIELDS.environment,
  SCHEDULE_FIELDS.version,
  SCHEDULE_FIELDS.when,
  SCHEDULE_FIELDS.at,
  SCHEDULE_FIELDS.strategy,
  SCHEDULE_FIELDS.changeType,
  SCHEDULE_FIELDS.deploymentType,
  SCHEDULE_FIELDS.risk,
  SCHEDULE_FIELDS.database,
  SCHEDULE_FIELDS.lead,
  SCHEDULE_FIELDS.onCall,
] as const;

const metadataSchema = z.object({
  /** The accepted contract that it is to carry out. */
  contract: z.string().optional(),
  /** Where `/deploy` was typed. */
  channel: z.string().optional(),
  /** The deployment that is being changed, as the person saw it. */
  revises: z
    .object({
      d: z.string(),
      s: z.number(),
      /** What each field began from, in short. */
      began: z.record(z.enum(FORM_FIELDS), z.string()),
      service: z.string(),
      environment: z.string(),
    })
    .optional(),
});

export type ScheduleMetadata = z.infer<typeof metadataSchema>;

export interface ScheduleState {
  metadata: ScheduleMetadata;
  service?: string;
  environment?: string;
  version?: string;
  when: 'ready' | 'window' | 'at';
  at?: Instant;
  strategy?: string;
  changeType: Details['changeType'];
  deploymentType: Details['deploymentType'];
  risk: Details['risk'];
  database: Details['database'];
  /** Slack user ids. */
  lead?: string;
  onCall?: string;
  summary?: string;
  /** Why a version is right now that was rolled back there before. */
  again?: string;
}

/** What the modal starts from where nothing else is known. */
export const BLANK_SCHEDULE: ScheduleState = {
  metadata: {},
  when: 'ready',
  changeType: 'normal',
  deploymentType: 'feature',
  risk: 'medium',
  database: 'none',
};

const states = {
  when: z.enum(['ready', 'window', 'at']).catch('ready'),
  changeType: z.enum(CHANGE_TYPES).catch(BLANK_SCHEDULE.changeType),
  deploymentType: z.enum(DEPLOYMENT_TYPES).catch(BLANK_SCHEDULE.deploymentType),
  risk: z.enum(RISKS).catch(BLANK_SCHEDULE.risk),
  database: z.enum(DATABASE_CHANGES).catch(BLANK_SCHEDULE.database),
};

/** What is filled in now, gaps allowed: for drawing the modal anew. */
export function readScheduleState(view: FilledView): ScheduleState {
  const metadata = readMetadata(view.privateMetadata);
  const fields = fieldsOf(view);
  const get = (field: ScheduleField): string | undefined => fields.get(SCHEDULE_FIELDS[field])?.value;
  const seconds = Number(get('at'));
  const optional = {
    service: metadata.revises?.service ?? get('service'),
    environment: metadata.revises?.environment ?? get('environment'),
    version: get('version'),
    at: Number.isFinite(seconds) ? seconds * SECOND : undefined,
    strategy: get('strategy'),
    lead: get('lead'),
    onCall: get('onCall'),
    summary: get('summary'),
    again: get('again'),
  };
  return {
    metadata,
    when: states.when.parse(get('when')),
    changeType: states.changeType.parse(get('changeType')),
    deploymentType: states.deploymentType.parse(get('deploymentType')),
    risk: states.risk.parse(get('risk')),
    database: states.database.parse(get('database')),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Pick<
      ScheduleState,
      keyof typeof optional
    >),
  };
}

export function writeMetadata(metadata: ScheduleMetadata): string {
  return JSON.stringify(metadata);
}

function readMetadata(text: string): ScheduleMetadata {
  return text === '' ? {} : metadataSchema.parse(JSON.parse(text));
}

/** Everything that a deployment needs, of the right shape; whether it is allowed is for others to say. */
const submittedSchema = z.object({
  metadata: metadataSchema,
  service: z.string({ error: 'Choose a service.' }),
  environment: z.string({ error: 'Choose an environment.' }),
  version: z.string({ error: 'Choose a version.' }),
  when: z.enum(['ready', 'window', 'at']),
  at: z.int({ error: 'Choose a day and a time.' }).optional(),
  strategy: z.string({ error: 'Choose a strategy.' }),
  changeType: z.enum(CHANGE_TYPES),
  deploymentType: z.enum(DEPLOYMENT_TYPES),
  risk: z.enum(RISKS),
  database: z.enum(DATABASE_CHANGES),
  lead: z.string({ error: 'Name who leads it.' }),
  onCall: z.string({ error: 'Name who is on call.' }),
  summary: z.string({ error: 'Say what changes and why.' }).max(3000),
  again: z.string().max(3000).optional(),
});

export type SubmittedSchedule = z.infer<typeof submittedSchema>;

export type ReadSchedule =
  | { ok: true; value: SubmittedSchedule }
  | { ok: false; errors: Record<string, string> };

export function readScheduleModal(view: FilledView): ReadSchedule {
  const complete = completeSchedule(readScheduleState(view));
  return complete.ok ? complete : { ok: false, errors: scheduleErrors(view, complete.problems) };
}

/** What is filled in as what a deployment needs, or what is missing, by field. */
export function completeSchedule(
  state: ScheduleState,
): { ok: true; value: SubmittedSchedule } | { ok: false; problems: Partial<Record<ScheduleField, string>> } {
  const read = submittedSchema.safeParse(state);
  const problems: Partial<Record<ScheduleField, string>> = {};
  for (const issue of read.error?.issues ?? []) problems[issue.path[0] as ScheduleField] ??= issue.message;
  if (state.when === 'at' && state.at === undefined) problems.at = 'Choose a day and a time.';
  return read.success && Object.keys(problems).length === 0
    ? { ok: true, value: read.data }
    : { ok: false, problems };
}

/** Errors at the blocks that hold their fields now; one about a field that is not drawn stands at the version. */
export function scheduleErrors(
  view: FilledView,
  problems: Partial<Record<ScheduleField, string>>,
): Record<string, string> {
  const fields = fieldsOf(view);
  const fallback = fields.get(SCHEDULE_FIELDS.version)?.block ?? 'version';
  return Object.fromEntries(
    Object.entries(problems).map(([field, message]) => [
      fields.get(SCHEDULE_FIELDS[field as ScheduleField])?.block ?? fallback,
      message,
    ]),
  );
}
