/** What is said to a notifier to try it: that something is over which was never called for, so that nobody is called. */

import { randomUUID } from 'node:crypto';
import type { Finding } from '../adapters/finding.ts';
import { messageOf } from '../message-of.ts';
import type { Instant } from '../time.ts';
import type { Notification, Notifier } from './port.ts';

const probe = (now: Instant): Notification => ({
  tells: 'resolve',
  key: `gonogo/doctor/${randomUUID()}`,
  at: now,
  summary: 'GoNoGo tries whether this is taken. Nothing was called for.',
  severity: 'info',
  about: 'test',
  deployment: 'D-0',
  service: 'doctor',
  environment: 'doctor',
  version: 'v0.0.0',
  previous: null,
  lead: 'nobody',
  onCall: 'nobody',
});

export async function tryNotifier(
  { notify }: Pick<Notifier, 'notify'>,
  remedy: string,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const what =
    'say that a call is over which was never made (whether somebody is woken, only a real call shows)';
  try {
    await notify(probe(Date.now()), signal);
    return [{ what, ok: true }];
  } catch (error) {
    return [{ what, ok: false, problem: messageOf(error), remedy }];
  }
}
