/** What is filled in in the schedule form at any moment: read from Slack, completed, compared, and told. */

import { z } from 'zod';
import type { Release } from '../src/backends/port.ts';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { RefusalCode } from '../src/deployment/intents.ts';
import { short } from '../src/deployment/request/lost-update.ts';
import type { ServicePolicy } from '../src/policy/policy.ts';
import {
  type CompleteValues,
  entryOf,
  FIELD_NAMES,
  FIELDS,
  SCHEDULE_FIELDS,
  type ScheduleField,
  type ScheduleValues,
} from './schedule-fields.ts';
import { metadataSchema, type ScheduleMetadata } from './schedule-form.ts';
import { type FilledView, fieldsOf } from './view-values.ts';

export type ScheduleState = { metadata: ScheduleMetadata } & ScheduleValues;
export type SubmittedSchedule = { metadata: ScheduleMetadata } & CompleteValues;
export type ScheduleProblems = Partial<Record<ScheduleField, string>>;

/** What the modal starts from where nothing else is known. */
export const BLANK_SCHEDULE: ScheduleState = stateFrom({}, (name) => entryOf(name).blank);

/** The one place where what the entries hold becomes a state: each has been read by its own entry. */
function stateFrom(metadata: ScheduleMetadata, heldIn: (name: ScheduleField) => unknown): ScheduleState {
  const values = FIELD_NAMES.map((name) => [name, heldIn(name)] as const);
  return {
    metadata,
    ...Object.fromEntries(values.filter(([, value]) => value !== undefined)),
  } as ScheduleState;
}

const keptSchema = metadataSchema.extend({ held: z.record(z.string(), z.string()).optional() });

/** Slack keeps so many characters with a view; what somebody typed at length is not carried along unseen. */
const MAX_HELD = 200;

/** What a view carries: besides what the form is about, what is filled in in fields that are not drawn. */
export function writeSchedule(
  state: ScheduleState,
  drawn: ReadonlySet<ScheduleField>,
  longest = MAX_HELD,
): string {
  const texts = FIELD_NAMES.flatMap((name): [string, string][] => {
    const text = drawn.has(name) ? undefined : textOf(state, name);
    return text === undefined || text.length > longest ? [] : [[name, text]];
  });
  const held = texts.length === 0 ? {} : { held: Object.fromEntries(texts) };
  return JSON.stringify({ ...state.metadata, ...held });
}

function textOf(state: ScheduleState, name: ScheduleField): string | undefined {
  const value = state[name];
  if (value === undefined) return undefined;
  return entryOf(name).write?.(value) ?? String(value);
}

/** What is filled in now, gaps allowed: for drawing the modal anew. */
export function readScheduleState(view: FilledView): ScheduleState {
  const { held = {}, ...metadata } = keptSchema.parse(JSON.parse(view.privateMetadata || '{}'));
  const fields = fieldsOf(view);
  return stateFrom(metadata as ScheduleMetadata, (name) => {
    const drawn = fields.get(SCHEDULE_FIELDS[name]);
    return readValue(name, drawn === undefined ? held[name] : drawn.value);
  });
}

function readValue(name: ScheduleField, text: string | undefined): unknown {
  const { blank, shape, read } = entryOf(name);
  if (text === undefined) return blank;
  const value = shape.safeParse(read === undefined ? text : read(text));
  return value.success ? value.data : blank;
}

export type ReadSchedule = { ok: true; value: SubmittedSchedule } | { ok: false; problems: ScheduleProblems };

/** What is filled in as what a deployment needs, or what is missing, by field. */
export function completeSchedule(state: ScheduleState): ReadSchedule {
  const wrong = FIELD_NAMES.map((name) => [name, problemOf(state, name)] as const).filter(
    ([, problem]) => problem !== undefined,
  );
  // Each entry has just said that what it holds is whole.
  return wrong.length === 0
    ? { ok: true, value: state as SubmittedSchedule }
    : { ok: false, problems: Object.fromEntries(wrong) };
}

function problemOf(state: ScheduleState, name: ScheduleField): string | undefined {
  const { shape, problem } = entryOf(name);
  const value = state[name];
  return shape.safeParse(value).error?.issues[0]?.message ?? problem?.(value, state);
}

/** Where a refusal of the core is said. */
export function fieldOfRefusal(code: RefusalCode): ScheduleField {
  return FIELD_NAMES.find((name) => entryOf(name).refusals?.includes(code)) ?? 'summary';
}

/** Errors at the blocks that hold their fields now; one about a field that is not drawn stands where its entry says. */
export function scheduleErrors(view: FilledView, problems: ScheduleProblems): Record<string, string> {
  const fields = fieldsOf(view);
  const blockOf = (name: string, seen: readonly string[] = []): string => {
    const block = fields.get(SCHEDULE_FIELDS[name as ScheduleField])?.block;
    if (block !== undefined) return block;
    const other = entryOf(name as ScheduleField).elseAt ?? 'version';
    return seen.includes(other) ? 'summary' : blockOf(other, [...seen, name]);
  };
  const errors: Record<string, string> = {};
  for (const [name, message] of Object.entries(problems)) errors[blockOf(name)] ??= message;
  return errors;
}

/** What is wrong with fields that lie behind "Change…". */
export function isFoldedAway(view: FilledView, problems: ScheduleProblems): boolean {
  const fields = fieldsOf(view);
  return (Object.keys(problems) as ScheduleField[]).some(
    (name) => entryOf(name).folded === true && !fields.has(SCHEDULE_FIELDS[name]),
  );
}

/** What a deployment that is changed, or asked for again, was asked for with. */
export function scheduleOf(d: Deployment): ScheduleState {
  return stateFrom({}, (name) => entryOf(name).of?.(d) ?? entryOf(name).blank);
}

/** With another service what hangs on it is as the policy has it for that, and what was chosen for the one before is gone; what was typed before any stays. */
export function withService(
  { metadata, ...values }: ScheduleState,
  service: ServicePolicy,
  userId: string,
): ScheduleState {
  const { typed, ...rest } = metadata;
  const before: { [N in ScheduleField]?: string | undefined } = typed ?? {};
  return stateFrom(rest, (name) => {
    if (name === 'service') return service.name;
    const { ofService, standsWith } = entryOf(name);
    const said = before[name];
    if (said !== undefined && standsWith?.(said, service)) return said;
    return ofService === undefined ? values[name] : ofService(service, userId);
  });
}

/** With what the chosen version's title fills in, where nothing else was typed. */
export function withTitle(state: ScheduleState, release: Release | undefined): ScheduleState {
  const { titled, ...metadata } = state.metadata;
  const { summary, ...values } = state;
  const isTyped = summary !== undefined && summary !== titled?.title;
  if (isTyped || titled?.version === state.version) return state;
  const title = release && FIELDS.summary.fromRelease?.(release)?.slice(0, MAX_HELD);
  if (title === undefined && titled === undefined) return state;
  return {
    ...values,
    ...defined({ summary: title }),
    metadata: {
      ...metadata,
      ...(release === undefined || title === undefined
        ? {}
        : { titled: { version: release.version, title } }),
    },
  };
}

/** As each field is compared with what somebody else changed meanwhile (CH-7). */
export function comparedValues(state: ScheduleState | SubmittedSchedule): Record<string, string> {
  return Object.fromEntries(
    FIELD_NAMES.flatMap((name) => {
      const { compared, of } = entryOf(name);
      if (of === undefined || compared === false) return [];
      const value = state[name];
      return [[name, compared === undefined ? String(value ?? '') : compared(value, state)]];
    }),
  );
}

/** Whether a field held this when the form was opened. */
export function isBegunWith({ metadata }: ScheduleState, name: ScheduleField, value: string): boolean {
  return metadata.revises !== undefined && metadata.revises.began[name] === short(value);
}
