/** The hash chain: each event carries the hash of the one before, so that a change anywhere shows (AU-3). */

import { createHash } from 'node:crypto';
import { canonicalJson } from '../src/deployment/canonical-json.ts';
import type { Instant } from '../src/time.ts';

/** What an event's hash covers. */
export interface Link {
  deployment: string;
  seq: number;
  at: Instant;
  by: unknown;
  body: unknown;
  prev: string;
}

/** What stands before a deployment's first event. It names the deployment, so that no chain fits another. */
export function genesis(deployment: string): string {
  return `gonogo:${deployment}`;
}

/** SHA-256 in lower-case hex. */
export function linkHash({ deployment, seq, at, by, body, prev }: Link): string {
  return sha256(canonicalJson({ deployment, seq, at, by, body, prev }));
}

/** Binds the text of a state to the last event it stands on. */
export function sealOf(state: string, head: string): string {
  return sha256(canonicalJson({ head, state }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
