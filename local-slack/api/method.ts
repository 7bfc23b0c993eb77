/** How a Web API method is written down: its token, scopes, tier and arguments as data, and what it does. */
import { z } from 'zod';
import type { Json } from '../json.ts';
import type { Violation } from '../protocol.ts';
import type { Tier } from '../rate-limits.ts';
import { asMessages, SlackError } from '../slack-error.ts';
import type { World } from '../world.ts';

/** Records what Slack would let pass but should not have been sent. */
export type Note = (violation: Violation) => void;

export interface Method {
  token: 'bot' | 'app' | 'none';
  tier: Tier;
  /** Each is needed. */
  scopes: readonly string[];
  run(world: World, args: Json, note: Note): Json;
}

export function method<Args extends z.ZodType>(definition: {
  token?: Method['token'];
  tier: Tier;
  scopes?: readonly string[];
  args: Args;
  run: (world: World, args: z.infer<Args>, note: Note) => Json;
}): Method {
  return {
    token: definition.token ?? 'bot',
    tier: definition.tier,
    scopes: definition.scopes ?? [],
    run: (world, args, note) => definition.run(world, checked(definition.args, args), note),
  };
}

function checked<Args extends z.ZodType>(schema: Args, args: Json): z.infer<Args> {
  const read = schema.safeParse(args);
  if (read.success) return read.data;
  const violations = read.error.issues.map((issue): Violation => {
    const name = issue.path.join('.');
    const missing = issue.path.length === 1 && args[name] === undefined;
    return {
      pointer: `/${issue.path.join('/')}`,
      code: 'invalid_arguments',
      message: missing ? `missing required field: ${name}` : issue.message,
    };
  });
  throw new SlackError('invalid_arguments', asMessages(violations), violations);
}

export function requireScope(world: World, scope: string): void {
  if (world.manifest.scopes.has(scope)) return;
  throw new SlackError('missing_scope', { needed: scope, provided: [...world.manifest.scopes].join(',') });
}

/** Arguments come as text, whatever they mean. */
export const flag = z.preprocess((value) => {
  if (value === 'true' || value === '1' || value === 1) return true;
  return value === 'false' || value === '0' || value === 0 ? false : value;
}, z.boolean());

export const count = (most: number): z.ZodType<number | undefined> =>
  z.coerce.number().int().min(0).max(most).optional();

export const ts = z.string().regex(/^\d+\.\d{6}$/, 'must be a message ts');

/** Cuts a page out of a list, by a cursor that only Slack understands. */
export function page<T>(
  list: readonly T[],
  { cursor, limit = 100 }: { cursor?: string | undefined; limit?: number | undefined },
): { items: T[]; response_metadata: { next_cursor: string } } {
  const from = cursor ? positionOf(cursor) : 0;
  const until = from + (limit || 100);
  const next = until < list.length ? Buffer.from(`offset:${until}`).toString('base64') : '';
  return { items: list.slice(from, until), response_metadata: { next_cursor: next } };
}

export function positionOf(cursor: string): number {
  const position = /^offset:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1];
  if (position === undefined) throw new SlackError('invalid_cursor');
  return Number(position);
}
