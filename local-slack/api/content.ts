/** What is said in a message, in the form in which it is kept. */
import { withBlockIds } from '../block-kit/index.ts';
import { shortId } from '../ids.ts';
import { listOf } from '../json.ts';
import type { Block, Message } from '../protocol.ts';
import { keptAttachments } from '../workspace/attachments.ts';

export function contentOf(said: {
  text?: string | undefined;
  blocks?: unknown;
  attachments?: unknown;
}): Pick<Message, 'text' | 'blocks' | 'attachments'> {
  const attachments = keptAttachments(said.attachments);
  return {
    text: said.text ?? '',
    blocks: withBlockIds(listOf(said.blocks) as Block[], shortId),
    ...(attachments.length > 0 && { attachments }),
  };
}
