/** How messages are told apart, in the log and in what is remembered of them. */

import type { MessageRow } from '../conductor/ports/live-messages.ts';
import { messageKey } from '../deployment/effects.ts';

export const nameOf = ({ deployment, message }: MessageRow): string => `${deployment}:${messageKey(message)}`;

/** A deployment's channel messages go out one after the other, so that its thread reads in order. */
export const queueOf = (row: MessageRow): string => ('user' in row.message ? nameOf(row) : row.deployment);
