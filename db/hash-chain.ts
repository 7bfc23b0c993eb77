/** The hashes of the record: each event carries the one before it, and the chain of seals binds all streams (AU-3, AU-7). */

import { createHash, createHmac } from 'node:crypto';
import { canonicalJson } from '../src/deployment/canonical-json.ts';
import type { Instant } from '../src/time.ts';
import type { CheckpointTable, SealsTable } from './schema.ts';

/** What an event's hash covers: its columns as they are written, byte for byte. */
export interface Link {
  deployment: string;
  seq: number;
  type: string;
  version: number;
  at: Instant;
  by: string;
  body: string;
  /** The hash of the event before. */
  prev: string;
}

/** What stands before a deployment's first event. It names the deployment, so that no chain fits another. */
export function genesis(deployment: string): string {
  return `gonogo:${deployment}`;
}

/** SHA-256 in lower-case hex. The lengths keep one column's end from passing for the next one's beginning. */
export function linkHash({ deployment, seq, type, version, at, by, body, prev }: Link): string {
  const head = JSON.stringify([deployment, seq, type, version, at, prev, by.length, body.length]);
  return sha256(`${head}\n${by}${body}`);
}

/** SHA-256 in lower-case hex over the columns of a row. */
export function digestOf(columns: Record<string, unknown>): string {
  return sha256(canonicalJson(columns));
}

/** The hash of the chain of seals as far as this one; `prev` is that as far as the one before. */
export function chainHash(prev: string, { number, stream, subject, seq, digest }: SealsTable): string {
  return sha256(JSON.stringify([prev, number, stream, subject, seq, digest]));
}

/** What stands before the first seal. */
export const CHAIN_BEGINS = 'gonogo';

/** `1042-9f86d081884c7d659a2feaa0c55ad015`: the number, and half of the hash, which nobody can find a second record for. */
export function published({ number, hash }: { number: number; hash: string }): string {
  return `${number}-${hash.slice(0, 32)}`;
}

/** Names a key without telling it. */
export function keyId(key: string): string {
  return hmac(key, 'which key this is').slice(0, 16);
}

/** Only who has the key can write it: over the chain, the counts, and the name of the key. */
export function macOf(
  key: string,
  { number, hash, counts }: Pick<CheckpointTable, 'number' | 'hash' | 'counts'>,
): string {
  return hmac(key, JSON.stringify(['checkpoint', number, hash, counts]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}
