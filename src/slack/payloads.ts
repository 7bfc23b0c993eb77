/** What Slack sends, checked at the edge: only what is read is asked for. */

import { z } from 'zod';
import { asWritten } from '../words/as-written.ts';
import type { OpenView } from './feature.ts';

const values = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())));

const viewSchema = z.object({
  id: z.string(),
  hash: z.string().default(''),
  callback_id: z.string().default(''),
  private_metadata: z.string().default(''),
  state: z.object({ values }).default({ values: {} }),
});

const user = z.object({ id: z.string(), team_id: z.string().optional() });

const chosen = z.object({ value: z.string() });

const actionSchema = z.object({
  action_id: z.string(),
  value: z.string().nullish(),
  selected_option: chosen.nullish(),
  selected_user: z.string().nullish(),
  selected_date_time: z.number().nullish(),
  selected_date: z.string().nullish(),
  selected_time: z.string().nullish(),
});

export const actionPayload = z.object({
  user,
  trigger_id: z.string().optional(),
  response_url: z.string().optional(),
  container: z.object({ channel_id: z.string().optional(), message_ts: z.string().optional() }).default({}),
  view: viewSchema.extend({ type: z.string() }).optional(),
  actions: z.array(actionSchema).min(1),
});

export const commandPayload = z.object({
  user_id: z.string(),
  team_id: z.string().optional(),
  channel_id: z.string(),
  text: z.string().default('').transform(asWritten),
  trigger_id: z.string(),
});

export const submissionPayload = z.object({
  user,
  trigger_id: z.string().optional(),
  view: viewSchema,
});

export const optionsPayload = z.object({
  user,
  action_id: z.string(),
  value: z.string().default(''),
  view: viewSchema.optional(),
});

/** Of the many kinds of message events, those that say something new in a channel. */
const heardPayload = z.object({
  subtype: z.enum(['bot_message', 'file_share']).optional(),
  channel: z.string(),
  ts: z.string(),
  thread_ts: z.string().optional(),
});

/** Edits, deletions and joins are other kinds, and a reply belongs to what was said before. */
export function newMessage(event: unknown): Pick<z.infer<typeof heardPayload>, 'channel' | 'ts'> | undefined {
  const read = heardPayload.safeParse(event);
  if (!read.success) return undefined;
  const { channel, ts, thread_ts: thread = ts } = read.data;
  return thread === ts ? { channel, ts } : undefined;
}

export const mentionPayload = z.object({
  user: z.string(),
  /** Of a person on a shared channel, their own. */
  user_team: z.string().optional(),
  channel: z.string(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  text: z.string(),
});

export const shortcutPayload = z.object({
  user,
  trigger_id: z.string(),
  callback_id: z.string(),
  channel: z.object({ id: z.string() }),
  message: z.unknown(),
});

export const homeOpenedPayload = z.object({ user: z.string(), tab: z.string().default('home') });

export function actionValue(action: z.infer<typeof actionSchema>): string {
  const given =
    action.value ??
    action.selected_option?.value ??
    action.selected_user ??
    action.selected_date_time ??
    action.selected_date ??
    action.selected_time;
  return given === undefined || given === null ? '' : String(given);
}

export function openView(view: z.infer<typeof viewSchema>): OpenView {
  return {
    id: view.id,
    hash: view.hash,
    callbackId: view.callback_id,
    privateMetadata: view.private_metadata,
    values: view.state.values,
  };
}
