/**
 * What keeps it from its start and nobody can end any more, as far as the record knows (CH-6, CH-10): who was asked, and why
 * none of them can. Who holds a role by now is asked at the click, so giving somebody the role always ends it.
 */

import { own } from '../defined.ts';
import type { RequiredSignOff } from '../terms/approval.ts';
import { distinctPeople, type PersonRef } from '../terms/person.ts';
import type { ChecklistItem } from '../terms/requirements.ts';
import type { Instant } from '../time.ts';
import { isOwn, ownWords, whyOwn } from './approval/own.ts';
import {
  blockingSignOffs,
  filledInstead,
  goesFor,
  lostGo,
  mayBeFilledTogether,
  sameVoice,
  voiceOf,
  whoCanSign,
} from './approval/sign-offs.ts';
import type { DeadEnd, Named } from './approval/state.ts';
import type { Deployment } from './deployment.ts';
import type { EventBody } from './events.ts';
import { itemState, openOfTheirOwn, tickedAsAnother } from './readiness/readiness.ts';

export function nobodyCanEnd(d: Deployment): DeadEnd[] {
  return d.status === 'preparing' ? [...signOffs(d), ...items(d)] : [];
}

/** At once, and once for each. */
export function nextStuck(d: Deployment): Instant | undefined {
  return isNews(d, nobodyCanEnd(d)) ? d.requestedAt : undefined;
}

export function stuckDue(d: Deployment, now: Instant): EventBody[] {
  const on = nobodyCanEnd(d);
  return now >= d.requestedAt && isNews(d, on) ? [{ type: 'got_stuck', on }] : [];
}

const isNews = (d: Deployment, ends: readonly DeadEnd[]): boolean =>
  ends.some((end) => d.approval.stuckOn?.includes(keyOf(d, end)) !== true);

/** What tells one from another: told once, and again where another is asked in vain, or another leads it. */
export function keyOf({ terms: { details } }: Deployment, { about, why }: DeadEnd): string {
  const item = about.kind === 'item' ? about.item : '';
  return [details.lead.id, item, ...about.roles.map(({ role }) => role), why.length].join(' ');
}

/** Of a role by itself that is missing. */
export function deadEndOf(d: Deployment, required: RequiredSignOff): DeadEnd | undefined {
  const waits = d.status === 'preparing' && blockingSignOffs(d).includes(required);
  return waits && lacksOf(d, required) > 0 ? signOff(d, required) : undefined;
}

/** Roles each of which has somebody, and together too few. */
export function sharedDeadEnds(d: Deployment): DeadEnd[] {
  const others = blockingSignOffs(d).filter((required) => lacksOf(d, required) <= 0);
  return d.status === 'preparing' ? pairsOf(others).flatMap((pair) => both(d, pair)) : [];
}

/** Whether nobody can tick an item that is open of its own. */
export function isInVain(d: Deployment, item: ChecklistItem): boolean {
  return d.status === 'preparing' && item.before === 'start' && waitsInVain(d, item).length > 0;
}

const signOffs = (d: Deployment): DeadEnd[] => [
  ...blockingSignOffs(d).flatMap((required) => deadEndOf(d, required) ?? []),
  ...sharedDeadEnds(d),
];

function lacksOf(d: Deployment, required: RequiredSignOff): number {
  // Whoever was handed a place and whoever handed it on are one of the quorum.
  const voices = new Set(whoCanSign(d, required).map(({ id }) => voiceOf(d, required.role, id)));
  return places(d, required) - voices.size;
}

const places = (d: Deployment, { role, quorum }: RequiredSignOff): number => quorum - goesFor(d, role).length;

function signOff(d: Deployment, required: RequiredSignOff): DeadEnd {
  const { role, asked } = required;
  return {
    about: { kind: 'sign_off', roles: [named(required)] },
    lacks: lacksOf(d, required),
    why: asked.flatMap((person) => whyNot(d, required, person)),
    mayHandOn: asked.filter(({ id }) => !isOwn(d, id) && filledInstead(d, role, id) !== undefined),
    isOwnOfAsked: asked.some(({ id }) => isOwn(d, id)),
  };
}

function whyNot(d: Deployment, { role }: RequiredSignOff, person: PersonRef): string[] {
  const theirs = whyOwn(d, person.id);
  if (theirs !== undefined) return [ownWords(theirs, person.name)];
  if (goesFor(d, role).some((go) => go.person.id === person.id)) return [`${person.name} said go already`];
  const instead = filledInstead(d, role, person.id);
  if (instead !== undefined) return [`${person.name} said go as ${instead.name}`];
  const lost = lostGo(d, role, person.id);
  if (lost !== undefined) return [`${person.name} can't any more (${lost.fallen ?? 'their go was lost'})`];
  const same = sameVoice(d, role, person.id);
  return same === undefined ? [] : [`${same.person.name} said go in the same place as ${person.name}`];
}

/** Each has somebody, and together they have too few. */
function both(d: Deployment, [one, other]: [RequiredSignOff, RequiredSignOff]): DeadEnd[] {
  if (mayBeFilledTogether(d, one.role, other.role)) return [];
  const people = distinctPeople([...whoCanSign(d, one), ...whoCanSign(d, other)]);
  const lacks = places(d, one) + places(d, other) - people.length;
  if (lacks <= 0) return [];
  return [
    {
      about: { kind: 'sign_off', roles: [named(one), named(other)] },
      lacks,
      why: people.map(({ name }) => `${name} can fill only one of them`),
      mayHandOn: people,
      isOwnOfAsked: [...one.asked, ...other.asked].some(({ id }) => isOwn(d, id)),
    },
  ];
}

function items(d: Deployment): DeadEnd[] {
  return openOfTheirOwn(d, 'start').flatMap((item) =>
    waitsInVain(d, item).map((roles) => ({
      about: { kind: 'item', item: item.id, text: item.text, roles: roles.map(named) },
      lacks: 1,
      why: [...new Set(roles.flatMap(({ role }) => whyNotTick(d, item, role)))],
      mayHandOn: [],
      isOwnOfAsked: roles.some(
        ({ role }) => holdersOf(d, role)?.some(({ id }) => isRequester(d, id)) === true,
      ),
    })),
  );
}

const isRequester = (d: Deployment, id: string): boolean => d.requestedBy.id === id;

function whyNotTick(d: Deployment, item: ChecklistItem, role: string): string[] {
  return (holdersOf(d, role) ?? []).map(({ id, name }) => {
    const as = isRequester(d, id) ? undefined : tickedAsAnother(d, item, role, id);
    return as === undefined ? `${d.requestedBy.name} asked for it` : `${name} ticked it as ${as.name}`;
  });
}

/** The roles of an item whose people are known, and are nobody who may: each that ticks for itself, or all of which one does. */
function waitsInVain(d: Deployment, item: ChecklistItem): Named[][] {
  const isNobodys = ({ role }: Named): boolean =>
    holdersOf(d, role)?.every(
      ({ id }) => isRequester(d, id) || tickedAsAnother(d, item, role, id) !== undefined,
    ) ?? false;
  if (item.roles !== undefined)
    return itemState(d, item)
      .waitsFor.filter(isNobodys)
      .map((one) => [one]);
  const { by = [], evidence } = item;
  return by.length > 0 && evidence === undefined && by.every(isNobodys) ? [by] : [];
}

/** Undefined where the record does not know. */
export function holdersOf({ requestedBy, terms }: Deployment, role: string): PersonRef[] | undefined {
  const { details, required, requirements } = terms;
  const theirs = own({ lead: details.lead, on_call: details.onCall, requester: requestedBy }, role);
  if (theirs !== undefined) return [theirs];
  return required.find((one) => one.role === role)?.asked ?? own(requirements.people, role);
}

const named = ({ role, name }: Named): Named => ({ role, name });

function pairsOf<T>(all: readonly T[]): [T, T][] {
  return all.flatMap((one, index) => all.slice(index + 1).map((other): [T, T] => [one, other]));
}
