/** What a sign-off signs, as one hash: change any of it, and the sign-offs that named it fall (CH-7). */

import { createHash } from 'node:crypto';
import type { Calendar } from '../../policy/calendar/blockers.ts';
import { openingAt, windowsAt } from '../../policy/calendar/windows.ts';
import type { Details } from '../../terms/change.ts';
import { compatibleVersions, reverseScriptOf } from '../../terms/database-plan.ts';
import type { Envelope } from '../../terms/envelope.ts';
import type { Terms } from '../../terms/terms.ts';
import { canonicalJson } from '../canonical-json.ts';

/** What a go is bound to, by the names that people and the record have for it. */
export const BOUND_FIELDS = [
  'version',
  'plan',
  'start',
  'changeType',
  'deploymentType',
  'risk',
  'database',
  'compatible',
  'reverseScript',
  'contract',
] as const;
export type BoundField = (typeof BOUND_FIELDS)[number];

type Bound = Pick<Terms, 'envelope' | 'details' | 'contract'>;

/** A known tree stands in for the commit that holds it, and a window for every start in it. */
function termsOf({ envelope, details, contract }: Bound): Record<BoundField, unknown> {
  const { version, sha, tree, digest, plan, start, window } = envelope;
  return {
    version: { version, source: tree === undefined ? sha : `tree ${tree}`, digest },
    plan,
    start: start.kind === 'at' && window !== undefined ? { kind: 'in_window', ...window } : start,
    changeType: details.changeType,
    deploymentType: details.deploymentType,
    risk: details.risk,
    database: details.database,
    // What is said of the way back is signed with it: it decides whether a rollback asks twice.
    compatible: compatibleVersions(details) ?? null,
    reverseScript: reverseScriptOf(details) ?? null,
    contract: contract ?? null,
  };
}

/** Lower-case hex SHA-256 of the canonical JSON of what is bound. */
export function envelopeHash(bound: Bound): string {
  const { service, environment } = bound.envelope;
  const signed = { service, environment, ...termsOf(bound) };
  return createHash('sha256').update(canonicalJson(signed)).digest('hex');
}

/** What of it is another now. */
export function boundChanges(before: Bound, after: Bound): BoundField[] {
  const [was, is] = [termsOf(before), termsOf(after)];
  return BOUND_FIELDS.filter((field) => canonicalJson(was[field]) !== canonicalJson(is[field]));
}

/**
 * The window that a start at a time is signed with: the one that was signed before, while the start stays in it, else
 * the one it lies in now. None for a start that waits until it is ready, or at a place without windows.
 */
export function withWindow(envelope: Envelope, calendar: Calendar | undefined, before?: Envelope): Envelope {
  const { window: _window, ...rest } = envelope;
  const { start } = rest;
  if (start.kind !== 'at') return rest;
  const signed = before?.window;
  if (signed !== undefined && signed.from <= start.at && start.at < signed.to)
    return { ...rest, window: signed };
  const opening = calendar && openingAt(windowsAt(calendar.windows, rest), start.at);
  return opening === undefined ? rest : { ...rest, window: { from: opening.from, to: opening.to } };
}

/** Of what is told and not signed, so that an edit can say what it began from. */
export function wordsHash({ summary, lead, onCall }: Pick<Details, 'summary' | 'lead' | 'onCall'>): string {
  return createHash('sha256')
    .update(canonicalJson([summary, lead.id, onCall.id]))
    .digest('hex')
    .slice(0, 16);
}
