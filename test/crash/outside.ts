/**
 * What a process leaves behind that ends now. All that is in its memory is gone, so two ends that leave the same behind
 * are followed by the same: one of them is enough.
 */

import { createHash } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync, existsSync, statSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { WebSocket } from 'undici';

/** What Slack is asked and nothing there is changed by. */
const ONLY_READS = new Set([
  'auth.test',
  'apps.connections.open',
  'conversations.history',
  'conversations.replies',
  'users.info',
  'usergroups.users.list',
]);

export interface Outside {
  /** The same where what is left behind is the same. */
  left(): string;
}

/** Of a deed nothing is kept but that it was: whatever people do, the bot asks for, or tells Slack. */
export function noteDeed(file: string): void {
  appendFileSync(file, '.');
}

export function watchOutside(where: { databases: readonly string[]; deeds: string }): Outside {
  noteRequests(where.deeds);
  noteAcknowledgements(where.deeds);
  const open = new Map<string, SQLite.Database>();
  const readerOf = (file: string): SQLite.Database | undefined => {
    if (!open.has(file) && existsSync(file)) open.set(file, new SQLite(file, { readonly: true }));
    return open.get(file);
  };
  return {
    left() {
      const hash = createHash('sha1');
      // What is not committed is not seen by another connection, and not left behind.
      for (const file of where.databases) hash.update(readerOf(file)?.serialize() ?? '');
      return hash.update(`${statSync(where.deeds).size}`).digest('base64url');
    },
  };
}

/** Both its going out and its answer: in between it is carried out. */
function noteRequests(deeds: string): void {
  for (const moment of ['create', 'headers'])
    subscribe(`undici:request:${moment}`, (message) => {
      const { path } = (message as { request: { path: string } }).request;
      if (!ONLY_READS.has(path.split('/').at(-1) ?? '')) noteDeed(deeds);
    });
}

/** What is acknowledged is not delivered again. */
function noteAcknowledgements(deeds: string): void {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    noteDeed(deeds);
    send.call(this, data);
  };
}
