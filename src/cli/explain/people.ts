/** The policy about people and their time in sentences: who is told when, and from when a rollout takes too long. */

import { hoursWords } from '../../../views/contact-words.ts';
import { duration, listOf } from '../../../views/text.ts';
import type { Policy, ServicePolicy } from '../../policy/policy.ts';
import type { OnCall } from '../../policy/rotation.ts';
import { roleAt } from '../../policy/team-roles.ts';
import { DAY } from '../../time.ts';
import { roleName } from './words.ts';

export function explainPeople(policy: Policy): string[] {
  return [
    ...hoursOfPeople(policy),
    ...escalationWords(policy),
    ...overrunWords(policy),
    ...noticeWords(policy),
    ...aloneWords(policy),
  ];
}

/** That there is a phone, and never which: this is printed and pasted. */
function hoursOfPeople({ people }: Policy): string[] {
  const known = [...people].flatMap(([id, { hours, phone }]) => {
    const parts = [
      ...(hours === undefined ? [] : [`there ${hoursWords(hours)}`]),
      ...(phone === undefined ? [] : ['reached by phone']),
    ];
    return parts.length === 0 ? [] : [`${id} (${parts.join(', ')})`];
  });
  return known.length === 0 ? [] : [`Contacts: ${listOf(known, 'and', 50)}.`];
}

function escalationWords({ services }: Policy): string[] {
  const named = [...services.values()].flatMap(({ name, escalation }) =>
    escalation === undefined ? [] : [`${escalation} for ${name}`],
  );
  return named.length === 0 ? [] : [`A rollout that runs over escalates to ${listOf(named, 'and', 50)}.`];
}

function overrunWords({ safeguards: { overrun } }: Policy): string[] {
  if (overrun === undefined) return [];
  const late =
    overrun.within === undefined
      ? `${duration(overrun.grace)} after the time that its plan takes`
      : `${duration(overrun.within)} after its start`;
  const then =
    overrun.escalateAfter === undefined
      ? ''
      : `, and the escalation ${duration(overrun.escalateAfter)} after them`;
  return [
    `Where a rollout is not through ${late}, or when its window closes, its lead and on-call are told${then}; nothing goes back because of the time.`,
  ];
}

function noticeWords({ communication, environments }: Policy): string[] {
  const where = environments.filter(({ approval }) => approval === 'manual').map(({ id }) => id);
  if (communication === undefined || where.length === 0) return [];
  return [
    `A start in ${listOf(where, 'and', 20)} is meant to be known ${duration(communication.notice)} ahead; a nearer one says so.`,
  ];
}

/** `U0OMAR00004 is on call, in production the rotation shop`. */
export function onCallWords({ onCall, onCallIn = {} }: ServicePolicy): string {
  const there = Object.entries(onCallIn).map(([environment, own]) => `in ${environment} ${whoCalls(own)}`);
  if (onCall === undefined && there.length === 0) return 'nobody is on call by default';
  const usual = onCall === undefined ? 'elsewhere nobody by default' : whoCalls(onCall);
  return `on call: ${[usual, ...there].join(', ')}`;
}

function whoCalls(onCall: OnCall): string {
  switch (onCall.kind) {
    case 'people':
      return onCall.people.length === 1
        ? (onCall.people[0] ?? '')
        : `whoever is there of ${listOf([...onCall.people], 'and', 20)}`;
    case 'group':
      return `whoever is in ${onCall.usergroup}`;
    case 'rotation': {
      const { name, order, every } = onCall.rotation;
      const turn = every === 7 * DAY ? 'a week' : duration(every);
      return `the rotation ${name} (${order.join(', ')}, ${turn} each)`;
    }
  }
}

/** Who fills a role for some services only. */
export function teamWords({ services, roles, scopedRoles }: Policy): string[] {
  const served = new Map<string, { role: string; services: string[] }>();
  for (const { name, approvers = new Map<string, string>() } of services.values())
    for (const [role, scoped] of approvers) {
      const before = served.get(scoped);
      if (before === undefined) served.set(scoped, { role, services: [name] });
      else before.services.push(name);
    }
  return [...served].flatMap(([scoped, { role, services: names }]) => {
    const { members = [], usergroups = [], anyOf } = scopedRoles.get(scoped) ?? {};
    if (anyOf !== undefined) return [];
    const who = listOf([...members, ...usergroups], 'and', 50);
    return [`${roles.get(role)?.name ?? role} of ${listOf(names, 'and', 50)}: ${who}.`];
  });
}

/** Nobody approves what they asked for, lead or wrote (CH-6): whoever is the only one for a role is told of it here, and not at a request. */
function aloneWords(policy: Policy): string[] {
  const { services, environments, changeTypes } = policy;
  const found = new Map<string, string[]>();
  for (const { name, environments: places } of services.values()) {
    const manual = environments.filter(({ id, approval }) => approval === 'manual' && places.includes(id));
    const rules = manual.flatMap(({ signOffs }) => [...signOffs, ...changeTypes.normal.signOffs]);
    for (const role of new Set(rules.filter(({ when }) => when === undefined).map((rule) => rule.role))) {
      const held = roleAt(policy, name, role);
      const [only, ...others] = held?.members ?? [];
      if (only === undefined || others.length > 0 || (held?.usergroups ?? []).length > 0) continue;
      const who = `Only ${only} holds ${roleName(policy, role)}`;
      found.set(who, [...(found.get(who) ?? []), name]);
    }
  }
  return [...found].map(([who, of]) => {
    const where = of.length === services.size ? '' : ` for ${listOf(of, 'and', 20)}`;
    return `${who}${where}: what they ask for, lead or write themselves has nobody to approve it.`;
  });
}
