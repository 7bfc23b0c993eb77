/** Gates and the checklist: what is reported and ticked, and what that moves (GT-1 to GT-7). */

import { defined } from '../../defined.ts';
import type { ChecklistItem } from '../../terms/requirements.ts';
import { HOUR, type Instant, moment } from '../../time.ts';
import { missingSignOffs } from '../approval/sign-offs.ts';
import { canonicalJson } from '../canonical-json.ts';
import {
  accepted,
  byOf,
  isAllowed,
  notAllowed,
  refused,
  refusedAttempt,
  rolesIn,
  title,
  UNCHANGED,
} from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { Actor, Decision, Facts, Intent } from '../intents.ts';
import { NOT_STARTED, TERMINAL } from '../lifecycle.ts';
import { otherBuild } from '../request/other-build.ts';
import { scheduled } from '../start/start.ts';
import {
  asksSomebodyElse,
  isReady,
  judgeReports,
  missingBefore,
  tickedAsAnother,
  tickedFrom,
} from './readiness.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;
type Person = Extract<Actor, { kind: 'person' }>;

/** What was decided, and what follows from it: all is there now, or something is missing again. */
export function withReadiness(d: Deployment, facts: Facts, ...bodies: EventBody[]): EventBody[] {
  const after = bodies.reduce((state, body) => evolveWith(state, body, facts), d);
  if (after.status === 'preparing' && isReady(after))
    return [...bodies, scheduled(after.terms.envelope, facts)];
  if (after.status === 'scheduled' && !isReady(after)) {
    const missing = [...missingSignOffs(after).map(({ name }) => name), ...missingBefore(after, 'start')];
    return [...bodies, { type: 'reopened', missing }];
  }
  return bodies;
}

/** The state after one more event, as it will be recorded. */
export function evolveWith(d: Deployment, body: EventBody, { now, actor }: Facts): Deployment {
  return evolve(d, { ...body, deployment: d.id, seq: d.seq + 1, at: now, by: byOf(actor) });
}

/** What was reported and refused that the record does not know yet. */
export function newsOf(d: Deployment, facts: Facts): EventBody[] {
  if (TERMINAL.has(d.status)) return [];
  const refused = (facts.artifact?.refusals ?? []).slice(d.evidence.artifactRefusals);
  const other =
    d.evidence.otherBuild === undefined
      ? otherBuild(d.terms.envelope, facts.artifact?.registered)
      : undefined;
  return [
    ...newReports(d, facts),
    ...(other === undefined ? [] : [{ type: 'other_build_registered' as const, says: other }]),
    ...refused.map(
      ({ digest, sha, differs, by: key }): EventBody => ({
        type: 'artifact_refused',
        digest,
        sha,
        differs,
        key,
      }),
    ),
  ];
}

function newReports(d: Deployment, { reports, now }: Facts): EventBody[] {
  if (reports === undefined) return [];
  const results = judgeReports(d.terms.requirements, d.terms.envelope, reports, now);
  return Object.entries(results).flatMap(([gate, result]): EventBody[] => {
    const known = d.evidence.gates[gate];
    const older = known !== undefined && result.report.at < known.report.at;
    if (older || (known && canonicalJson(known.report) === canonicalJson(result.report))) return [];
    return [{ type: 'gate_reported', ...result }];
  });
}

export function decideTick(d: Deployment, intent: IntentOf<'tick'>, facts: Facts): Decision {
  const { actor } = facts;
  if (actor.kind !== 'person') return refused('not_allowed', 'Only a person can tick an item.');
  if (TERMINAL.has(d.status))
    return refused('wrong_status', `${title(d)} has ended. Its checklist is closed.`);
  const bodies: EventBody[] = [];
  // One after the other: of two roles that are ticked at once, the second meets the first.
  let after = d;
  for (const wish of intent.items) {
    const change = tickOf(after, wish, actor, facts, intent.note);
    if ('kind' in change) return change;
    bodies.push(...change.bodies);
    after = change.bodies.reduce((state, body) => evolveWith(state, body, facts), after);
  }
  return bodies.length === 0 ? UNCHANGED : accepted(...withReadiness(d, facts, ...saidAtOnce(bodies)));
}

/** Whoever opens several items again calls its lead once. */
function saidAtOnce(bodies: EventBody[]): EventBody[] {
  const [first, ...others] = bodies.filter((body) => body.type === 'item_unticked');
  if (first === undefined || others.length === 0) return bodies;
  const also = others.map(({ item, role }) => ({ item, ...defined({ role }) }));
  return bodies.map((body) => {
    if (body.type !== 'item_unticked') return body;
    return body === first ? { ...body, also } : { ...body, said: true };
  });
}

/**
 * The roles for which a person may tick an item now, or take their tick back; `undefined` stands for the one tick of an
 * item that asks no role.
 */
export function ticksOpenTo(
  d: Deployment,
  item: ChecklistItem,
  actor: Person,
  now: Instant,
): (string | undefined)[] {
  if (TERMINAL.has(d.status) || (item.before === 'start' && !NOT_STARTED.has(d.status))) return [];
  if (now < tickedFrom(d, item)) return [];
  if (asksSomebodyElse(d, item, actor.person.id)) return [];
  const mine = rolesIn(d, actor);
  if (item.by !== undefined) return item.by.some(({ role }) => mine.has(role)) ? [undefined] : [];
  if (item.roles === undefined) return isAllowed(d, 'tick', actor) ? [undefined] : [];
  return item.roles
    .map(({ role }) => role)
    .filter((role) => mine.has(role) && tickedAsAnother(d, item, role, actor.person.id) === undefined);
}

function onePersonOneRole(d: Deployment, item: ChecklistItem, { name }: { name: string }): Decision {
  return refusedAttempt(
    'one_role',
    `tick ${item.id}`,
    `You ticked "${item.text}" of ${title(d)} as ${name}, and one person fills one role: somebody else ticks it for the other. Nothing was recorded but this try.`,
  );
}

function tickOf(
  d: Deployment,
  wish: IntentOf<'tick'>['items'][number],
  actor: Person,
  facts: Facts,
  note: string | undefined,
): Decision | { bodies: EventBody[] } {
  const item = d.terms.requirements.checklist.find(({ id }) => id === wish.item);
  if (item === undefined)
    return refused('not_found', `${title(d)} has no item "${wish.item}" on its checklist. Open it again.`);
  if (item.before === 'start' && !NOT_STARTED.has(d.status))
    return refused('wrong_status', `${title(d)} has started: what came before the start is history.`);
  const early = wish.ticked ? tooEarly(d, item, facts) : undefined;
  if (early) return early;
  const role = roleFor(d, item, wish.role, actor);
  const denied = mayNotTick(d, item, role, actor, facts);
  if (denied) return denied;
  const ofRole = role === undefined ? {} : { role };
  const standing = d.evidence.ticks.find(
    (tick) => tick.item === item.id && tick.role === role && tick.expired === undefined,
  );
  if (wish.ticked === (standing !== undefined)) return { bodies: [] };
  if (!wish.ticked) return { bodies: [{ type: 'item_unticked', item: item.id, ...ofRole }] };
  const instead = role === undefined ? undefined : tickedAsAnother(d, item, role, actor.person.id);
  if (instead !== undefined) return onePersonOneRole(d, item, instead);
  const said = note?.trim() ? { note: note.trim() } : {};
  return { bodies: [{ type: 'item_ticked', item: item.id, ...ofRole, ...said }] };
}

/** Nobody can say of what has not happened yet that it is well. */
function tooEarly(d: Deployment, item: ChecklistItem, { now }: Facts): Decision | undefined {
  const from = tickedFrom(d, item);
  if (now >= from) return undefined;
  const { text, after = 0 } = item;
  const when =
    from === Number.POSITIVE_INFINITY
      ? `once all traffic has moved${after === 0 ? '' : ` and ${after / HOUR} h have passed`}`
      : `from ${moment(from)}`;
  return refused(
    'too_early',
    `"${text}" of ${title(d)} can be ticked ${when}: it speaks of what comes first.`,
  );
}

/** The role named, or the first of the item's that the person holds, one that is missing before the others. */
function roleFor(
  d: Deployment,
  { id, roles = [] }: ChecklistItem,
  wanted: string | undefined,
  actor: Person,
): string | undefined {
  const mine = rolesIn(d, actor);
  const held = roles.map(({ role }) => role).filter((role) => mine.has(role));
  if (wanted !== undefined) return held.find((role) => role === wanted);
  const ticked = new Set(d.evidence.ticks.filter((tick) => tick.item === id).map(({ role }) => role));
  return held.find((role) => !ticked.has(role)) ?? held[0];
}

function mayNotTick(
  d: Deployment,
  item: ChecklistItem,
  role: string | undefined,
  actor: Person,
  facts: Facts,
): Decision | undefined {
  if (asksSomebodyElse(d, item, actor.person.id)) return notTheirs(d, item);
  if (item.roles !== undefined) return role === undefined ? notTheirs(d, item) : undefined;
  if (item.by === undefined) return notAllowed(d, 'tick', facts);
  const mine = rolesIn(d, actor);
  return item.by.some((one) => mine.has(one.role)) ? undefined : notTheirs(d, item);
}

function notTheirs(d: Deployment, item: ChecklistItem): Decision {
  const who = (item.roles ?? item.by ?? []).map(({ name }) => name).join(', ');
  return refusedAttempt(
    'not_your_role',
    `tick ${item.id}`,
    `"${item.text}" of ${title(d)} is for ${who} to tick, and not for ${d.requestedBy.name}, who asked for it. Nothing was recorded but this try.`,
  );
}
