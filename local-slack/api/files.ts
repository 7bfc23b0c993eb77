/** `files.*`: an upload in three steps: ask for an address, send the bytes there, say where it belongs; and its end. */
import { z } from 'zod';
import { listOf } from '../json.ts';
import { RateLimited, SlackError } from '../slack-error.ts';
import { type StoredFile, seen } from '../workspace/files.ts';
import { post } from '../workspace/posting.ts';
import type { World } from '../world.ts';
import { fileAsSlack } from './as-slack.ts';
import { roomFor, threadOf } from './chat.ts';
import { checkContent } from './checked.ts';
import { contentOf } from './content.ts';
import { type Method, method, type Note, ts } from './method.ts';

const getUploadURLExternal = method({
  tier: 4,
  scopes: ['files:write'],
  args: z.object({
    filename: z.string().min(1),
    length: z.coerce.number().int().positive(),
    alt_txt: z.string().max(1_000).optional(),
    alt_text: z.string().max(1_000).optional(),
  }),
  run(world, args) {
    const { file, ticket } = world.files.announce({
      name: args.filename,
      size: args.length,
      user: world.app.botUser,
      created: Math.floor(world.now() / 1_000),
      origin: world.origin,
      altText: args.alt_txt ?? args.alt_text,
    });
    return { upload_url: `${world.origin}/upload/v1/${ticket}`, file_id: file.id };
  },
});

const files = z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1);

const completeUploadExternal = method({
  tier: 4,
  scopes: ['files:write'],
  args: z.object({
    files,
    channel_id: z.string().optional(),
    channels: z.string().optional(),
    thread_ts: ts.optional(),
    initial_comment: z.string().optional(),
    blocks: z.unknown().optional(),
  }),
  run(world, args, note) {
    const uploaded = args.files.map(({ id, title }) => {
      const file = world.files.get(id);
      if (file === undefined || file.user !== world.app.botUser) throw new SlackError('file_not_found');
      if (file.body === undefined) throw new SlackError('file_update_failed');
      file.complete = true;
      file.processedAt = world.now() + processing(world);
      if (title !== undefined) file.title = title;
      return file;
    });
    for (const channel of (args.channels ?? args.channel_id ?? '').split(',').filter(Boolean)) {
      share(world, channel, uploaded, args, note);
    }
    return { files: uploaded.map((file) => fileAsSlack(world, file)) };
  },
});

/** Slack answers before it is done with a file: blocks that show it are refused for that long. */
function processing(world: World): number {
  const [fault] = world.faults.take(['processing'], ['delay']);
  return fault?.ms ?? 0;
}

const deleteFile = method({
  tier: 3,
  scopes: ['files:write'],
  args: z.object({ file: z.string() }),
  run(world, { file: id }) {
    const file = world.files.get(id);
    if (file === undefined) throw new SlackError('file_not_found');
    if (file.user !== world.app.botUser) throw new SlackError('cant_delete_file');
    world.files.delete(id);
    return {};
  },
});

function share(
  world: World,
  channel: string,
  uploaded: readonly StoredFile[],
  args: { thread_ts?: string | undefined; initial_comment?: string | undefined; blocks?: unknown },
  note: Note,
): void {
  const room = roomFor(world, channel);
  if (!world.channels.hasBot(room)) throw new SlackError('not_in_channel');
  const wait = world.limiter.waitToPost(room.id);
  if (wait > 0) throw new RateLimited(wait);
  if (args.initial_comment !== undefined || listOf(args.blocks).length > 0) {
    checkContent(world, { text: args.initial_comment, blocks: args.blocks }, note);
  }
  const thread = threadOf(world, room, args.thread_ts, note);
  for (const file of uploaded) file.channels.add(room.id);
  post(world, room, {
    user: world.app.botUser,
    bot_id: world.app.botId,
    ...contentOf({ text: args.initial_comment, blocks: args.blocks }),
    files: uploaded.map(seen),
    ...(thread !== undefined && { thread_ts: thread }),
  });
}

export const fileMethods: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': getUploadURLExternal,
  'files.completeUploadExternal': completeUploadExternal,
  'files.delete': deleteFile,
};
