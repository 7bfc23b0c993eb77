/** The timeline in a deployment's thread: one line for what happened, and who did it; the lines themselves by subject. */

import type { Button } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { DeploymentEvent, EventType } from '../src/deployment/events.ts';
import { comparisonWords } from '../src/deployment/rollout/compared.ts';
import { actionButtons } from './action-needed.ts';
import { actions, context, type Rendered, section } from './blocks.ts';
import { APPROVAL_NOTES } from './notes/approval.ts';
import type { Notes } from './notes/note.ts';
import { PAGING_NOTES } from './notes/paging.ts';
import { READINESS_NOTES } from './notes/readiness.ts';
import { REQUEST_NOTES } from './notes/request.ts';
import { ROLLBACK_NOTES } from './notes/rollback.ts';
import { ROLLOUT_NOTES } from './notes/rollout.ts';
import { START_NOTES } from './notes/start.ts';
import { WATCHING_NOTES } from './notes/watching.ts';
import { capitalised, inline } from './text.ts';
import { verificationTable } from './verification.ts';
import { incidentButton, reviewButtons } from './writing-buttons.ts';

/** A type of event without a line does not compile. */
const NOTES: Notes<EventType> = {
  ...REQUEST_NOTES,
  ...APPROVAL_NOTES,
  ...READINESS_NOTES,
  ...START_NOTES,
  ...ROLLOUT_NOTES,
  ...ROLLBACK_NOTES,
  ...WATCHING_NOTES,
  ...PAGING_NOTES,
};

/** Undefined for what needs no line of its own. `checkpoint` is where the record stood when it ended. `d` is the deployment as it is now, which may be later than the event. */
export function renderNote(d: Deployment, event: DeploymentEvent, checkpoint?: string): Rendered | undefined {
  const text = (NOTES[event.type] as (d: Deployment, event: DeploymentEvent) => string | undefined)(d, event);
  if (text === undefined) return undefined;
  const asks = actions('note.actions', [...actionButtons(d, event), ...afterwards(d, event)]);
  const sealed = checkpoint !== undefined && endsIt(d, event) ? [context(checkpointWords(checkpoint))] : [];
  const compared = comparisonWords(d);
  const figures = WITH_FIGURES.has(event.type)
    ? [
        ...verificationTable(d),
        ...(compared === undefined ? [] : [context(capitalised(inline(compared, 600)))]),
      ]
    : [];
  return { text, blocks: [section(text), ...figures, ...asks, ...sealed] };
}

/** At the end of a rollback: what is to be read and written (RB-6). */
const afterwards = (d: Deployment, { type }: DeploymentEvent): Button[] =>
  type === 'rolled_back' || type === 'rollback_failed' ? [...reviewButtons(d), incidentButton(d)] : [];

/** The figures of before and since stand below them. */
const WITH_FIGURES: ReadonlySet<EventType> = new Set(['all_clear', 'handed_over']);

const ENDS: ReadonlySet<EventType> = new Set([
  'handed_over',
  'rolled_back',
  'rollback_failed',
  'watch_ended',
  'expired',
  'cancelled',
]);

/** The line of the no-go stands for the rejection that follows from it. */
const endsIt = (d: Deployment, event: DeploymentEvent): boolean =>
  ENDS.has(event.type) || (event.type === 'signed' && event.decision === 'no_go' && d.status === 'rejected');

/** Published here, where whoever owns the database cannot take it back (AU-7). */
const checkpointWords = (checkpoint: string): string => `Record checkpoint \`${checkpoint}\``;
