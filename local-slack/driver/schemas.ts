/** What the driver takes, call by call. */
import { z } from 'zod';
import { FAULT_KINDS } from '../faults.ts';
import { personSeed } from '../seed.ts';

const id = z.string().min(1);
const ts = z.string().regex(/^\d+\.\d{6}$/, 'must be a message ts');

/** What a person would give to an element. */
const given = z.union([
  z.string(),
  z.number(),
  z.null(),
  z.array(z.union([z.string(), z.number()])),
  z.looseObject({ type: z.literal('rich_text') }),
]);

export const command = z.strictObject({
  user: id,
  channel: id,
  text: z.string().startsWith('/', 'must start with the slash'),
  thread_ts: ts.optional(),
});

export const say = z.strictObject({
  user: id,
  channel: id,
  text: z.string().min(1),
  thread_ts: ts.optional(),
});

export const appMessage = z
  .strictObject({
    /** By name; it is installed when it first posts. */
    app: id,
    channel: id,
    text: z.string().optional(),
    attachments: z.unknown().optional(),
    blocks: z.unknown().optional(),
    thread_ts: ts.optional(),
    update_ts: ts.optional(),
    delete_ts: ts.optional(),
  })
  .refine(({ update_ts, delete_ts }) => update_ts === undefined || delete_ts === undefined, {
    message: 'give either update_ts or delete_ts',
    path: ['delete_ts'],
  });

const target = {
  user: id,
  action_id: z.string(),
  block_id: z.string().optional(),
  channel: id.optional(),
  ts: ts.optional(),
  view_id: id.optional(),
};

interface Somewhere {
  view_id?: string | undefined;
  channel?: string | undefined;
  ts?: string | undefined;
}

const oneContainer = (at: Somewhere): boolean =>
  at.view_id === undefined
    ? at.channel !== undefined && at.ts !== undefined
    : at.channel === undefined && at.ts === undefined;

const CONTAINER = { message: 'give either view_id, or channel and ts', path: ['view_id'] };

export const action = z.strictObject({ ...target, value: given.optional() }).refine(oneContainer, CONTAINER);
export const suggest = z.strictObject({ ...target, query: z.string() }).refine(oneContainer, CONTAINER);

export const submit = z.strictObject({
  user: id,
  view_id: id,
  values: z.record(z.string(), z.record(z.string(), given)).default({}),
});

export const close = z.strictObject({ user: id, view_id: id });
export const shortcut = z.strictObject({
  user: id,
  callback_id: z.string(),
  channel: id.optional(),
  ts: ts.optional(),
});

/** A file is shared in a channel, or given to a file input of a modal. */
export const upload = z
  .strictObject({
    user: id,
    channel: id.optional(),
    view_id: id.optional(),
    filename: z.string().min(1),
    content: z.string(),
    encoding: z.enum(['utf8', 'base64']).default('utf8'),
    thread_ts: ts.optional(),
  })
  .refine(({ channel, view_id }) => (channel === undefined) !== (view_id === undefined), {
    message: 'give either channel or view_id',
    path: ['channel'],
  });

const from = z.coerce.number().int().min(0);

export const messages = z.strictObject({
  channel: id,
  user: id.optional(),
  thread_ts: ts.optional(),
  since: z.string().optional(),
  before: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100_000).default(1_000),
});
export const ofPerson = z.strictObject({ user: id });
export const home = z.strictObject({ user: id, wait: z.enum(['0', '1']).default('0') });
export const calls = z.strictObject({
  since: from.default(0),
  method: z.string().optional(),
  /** Those that were refused or broke a rule. */
  only: z.literal('wrong').optional(),
});
export const since = z.strictObject({ since: from.default(0) });
export const stream = z.strictObject({ since: from.optional() });

export const people = z.strictObject({
  user: id,
  set: personSeed
    .omit({ id: true, is_bot: true })
    .partial()
    .strict()
    .refine((set) => Object.keys(set).length > 0, 'must set something'),
});

export const channel = z.strictObject({
  channel: id,
  set: z
    .strictObject({
      archived: z.boolean().optional(),
      name: z.string().min(1).optional(),
      private: z.boolean().optional(),
      bot_in: z.boolean().optional(),
    })
    .refine((set) => Object.keys(set).length > 0, 'must set something'),
});

export const usergroup = z.strictObject({ usergroup: id, users: z.array(id) });

const fault = z.strictObject({
  on: z.string().min(1),
  do: z.enum(FAULT_KINDS),
  ms: z.number().optional(),
  status: z.number().int().min(100).max(599).optional(),
  retry_after: z.number().int().min(0).optional(),
  error: z.string().optional(),
  times: z.number().int().min(1).optional(),
});

export const faults = z
  .strictObject({ set: z.array(fault).optional(), clear: z.literal(true).optional() })
  .refine(({ set, clear }) => set !== undefined || clear !== undefined, 'give set or clear');
