/** A file for blocks to show: uploaded in Slack's three steps, shared nowhere, and deleted again. */

import type { WebClient } from '@slack/web-api';
import type { Log } from '../log.ts';
import { messageOf } from '../message-of.ts';
import { type Duration, SECOND } from '../time.ts';
import { slackErrorCode } from './slack-error.ts';

export interface Upload {
  name: string;
  title: string;
  /** What it shows, in words. */
  alt: string;
  bytes: Uint8Array;
}

const SENT_WITHIN: Duration = 10 * SECOND;
const MAX_ALT = 1_000;

/** Where the bytes shall go, and the id that the file will have; until it is finished there is no such file. */
export async function beginUpload(
  client: WebClient,
  { name, alt, bytes }: Upload,
): Promise<{ file: string; url: string }> {
  const answer = await client.files.getUploadURLExternal({
    filename: name,
    length: bytes.length,
    alt_text: alt.slice(0, MAX_ALT),
  });
  if (answer.file_id === undefined || answer.upload_url === undefined)
    throw new Error('Slack took an upload and did not say where');
  return { file: answer.file_id, url: answer.upload_url };
}

/** A thread that a file is posted in, and what is said of it. */
export interface Shared {
  channel: string;
  thread: string;
  /** Mrkdwn, escaped. */
  comment: string;
}

/** Where it is not shared the file is the bot's own: people see it in the bot's blocks, and nowhere else. */
export async function finishUpload(
  client: WebClient,
  { title, bytes }: Upload,
  { file, url }: { file: string; url: string },
  shared?: Shared,
): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
    signal: AbortSignal.timeout(SENT_WITHIN),
  });
  // An answer that is not read to its end keeps its connection.
  await answer.text();
  if (!answer.ok) throw new Error(`the upload was answered with ${answer.status}`);
  const files: [{ id: string; title: string }] = [{ id: file, title }];
  if (shared === undefined) await client.files.completeUploadExternal({ files });
  else {
    const { channel: channel_id, thread: thread_ts, comment: initial_comment } = shared;
    await client.files.completeUploadExternal({ files, channel_id, thread_ts, initial_comment });
  }
}

/** Posts a file in a thread; answers why Slack did not take it. */
export type ShareFile = (
  upload: Upload,
  shared: Shared,
) => Promise<{ ok: true } | { ok: false; why: string }>;

export function createShareFile({ client, log }: { client: WebClient; log: Log }): ShareFile {
  return async (upload, shared) => {
    try {
      await finishUpload(client, upload, await beginUpload(client, upload), shared);
      return { ok: true };
    } catch (error) {
      log.warn({ err: error, file: upload.name }, 'a file was not posted');
      return { ok: false, why: messageOf(error) };
    }
  };
}

const GONE = new Set(['file_not_found', 'file_deleted', 'cant_delete_file']);

/** Resolves where it is gone already, or will never be ours to delete. */
export async function deleteFile(client: WebClient, file: string): Promise<void> {
  try {
    await client.files.delete({ file });
  } catch (error) {
    if (!GONE.has(slackErrorCode(error) ?? '')) throw error;
  }
}
