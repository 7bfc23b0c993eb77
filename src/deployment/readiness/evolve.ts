/** What reports, ticks and the change request do to the state. */

import { defined } from '../../defined.ts';
import { CHANGE_REQUEST_PARTS } from '../../terms/change-request.ts';
import { standingGoes } from '../approval/sign-offs.ts';
import type { ApprovalState, SignOff } from '../approval/state.ts';
import type { Deployment } from '../deployment.ts';
import { type Change, type Changed, changed, type EventOf, type Evolvers, personOf } from '../evolver.ts';
import { NOT_STARTED } from '../lifecycle.ts';
import { tickCountsUntil } from './readiness.ts';
import type { EvidenceState, Tick } from './state.ts';

export const READINESS_EVOLVERS: Evolvers<
  | 'gate_reported'
  | 'artifact_refused'
  | 'other_build_registered'
  | 'item_ticked'
  | 'item_unticked'
  | 'evidence_expired'
  | 'change_request_written'
> = {
  gate_reported: (d, { report, passed, says, expired }) =>
    evidence(d, {
      gates: { ...d.evidence.gates, [report.gate]: defined({ report, passed, says, expired }) },
    }),
  artifact_refused: (d) => evidence(d, { artifactRefusals: d.evidence.artifactRefusals + 1 }),
  other_build_registered: (d, { says, at }) => evidence(d, { otherBuild: { says, at } }),
  item_ticked: (d, e) => evidence(d, { ticks: [...ticksBesides(d, e), tickOf(e)] }),
  item_unticked: (d, e) => evidence(d, { ticks: ticksBesides(d, e) }),
  evidence_expired: (d, e) =>
    evidence(d, {
      gates: Object.fromEntries(
        Object.entries(d.evidence.gates).map(([id, result]) => [
          id,
          e.gates.includes(id) ? { ...result, expired: true as const } : result,
        ]),
      ),
      ticks: d.evidence.ticks.map((tick) =>
        isTickTooOld(d, tick, e) ? { ...tick, expired: true as const } : tick,
      ),
    }),
  change_request_written: (d, e) => ({
    ...evidence(d, { changeRequest: { ...e.request, by: personOf(e), at: e.at } }),
    approval: {
      ...d.approval,
      askedAt: d.approval.askedAt ?? e.at,
      signOffs: d.approval.signOffs.map((signOff) =>
        signOff.fallen === undefined ? withUnread(signOff, e) : signOff,
      ),
      reminders: [...d.approval.reminders, ...reminderOfChange(d, e)],
    },
  }),
};

function evidence(d: Deployment, change: Changed<EvidenceState>): Change {
  return { evidence: changed(d.evidence, change) };
}

type Ticking = EventOf<'item_ticked'> | EventOf<'item_unticked'>;

/** One tick per item and role: a newer one takes its place. */
function ticksBesides(d: Deployment, { item, role }: Ticking): Tick[] {
  return d.evidence.ticks.filter((tick) => tick.item !== item || tick.role !== role);
}

function tickOf(event: EventOf<'item_ticked'>): Tick {
  const { item, at, role, note } = event;
  return defined({ item, by: personOf(event), at, role, note });
}

function isTickTooOld(d: Deployment, tick: Tick, { items, at }: EventOf<'evidence_expired'>): boolean {
  const until = tickCountsUntil(d, tick);
  return items.includes(tick.item) && until !== undefined && until <= at;
}

/** While they can still think again, those who said go hear of it in a message of its own, where the one that asks them was there before. */
function reminderOfChange(
  d: Deployment,
  { seq }: EventOf<'change_request_written'>,
): ApprovalState['reminders'] {
  const goes = NOT_STARTED.has(d.status) && d.approval.askedAt !== undefined ? standingGoes(d) : [];
  const people = [...new Map(goes.map(({ person }) => [person.id, person])).values()];
  return people.length === 0 ? [] : [{ seq, people, about: 'change_request' }];
}

/** Whoever signed before did not read this. */
function withUnread(signOff: SignOff, { changed: parts, at }: EventOf<'change_request_written'>): SignOff {
  const before = signOff.unread?.parts ?? [];
  const now = parts ?? CHANGE_REQUEST_PARTS;
  const all = CHANGE_REQUEST_PARTS.filter((part) => before.includes(part) || now.includes(part));
  return { ...signOff, unread: { parts: all, at } };
}
