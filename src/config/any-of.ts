/**
 * A sign-off of any one of several roles is the sign-off of one role that the people of each of them hold: so the card, the
 * buttons, the messages, the record and the count of people know it without a word of their own (CH-4).
 */

import { defined } from '../defined.ts';
import type { RoleSettings, Settings } from './merge.ts';
import { roleWords } from './role-words.ts';

type Roles = Settings['roles'];
type SignOffEntry = NonNullable<NonNullable<Settings['environments'][string]>['sign_offs']>[number];

/** `security|operations`: no role of the file can be called like that. */
const idOfAny = (roles: readonly string[]): string => [...new Set(roles)].sort().join('|');

/** An entry of sign_offs in full. One that names no role is reported, and asks nobody. */
export function signOffOf(entry: SignOffEntry) {
  if (typeof entry === 'string') return { role: entry, quorum: 1 };
  const { role, any_of: anyOf, quorum = 1, when } = entry;
  return { role: role ?? idOfAny(anyOf ?? []), quorum, ...defined({ when }) };
}

/** Those that the file or the preset names itself. */
export const namedRoles = ({ roles }: Pick<Settings, 'roles'>): string[] =>
  Object.keys(roles).filter((id) => roles[id]?.any_of === undefined);

/** Roles that stand for one of these among others. */
export const standingFor = (roles: Roles, ids: readonly string[]): string[] =>
  Object.keys(roles).filter((id) => roles[id]?.any_of?.some((part) => ids.includes(part)));

/** The roles of the settings, with one for each any_of in their sign-offs. */
export function withAnyOf(settings: Settings): Settings {
  const lists = [...Object.values(settings.environments), ...Object.values(settings.change_types)].flatMap(
    (place) => place?.sign_offs ?? [],
  );
  const groups = lists.flatMap((entry) => (typeof entry === 'string' ? [] : [entry.any_of ?? []]));
  const roles = groups
    .filter((parts) => parts.length > 0)
    .map((parts): [string, RoleSettings] => [idOfAny(parts), uniteIn(settings.roles, parts)]);
  return { ...settings, roles: { ...settings.roles, ...Object.fromEntries(roles) } };
}

/** The same once some of the roles are filled by others. */
export function uniteAgain(roles: Roles): Roles {
  return Object.fromEntries(
    Object.entries(roles).map(([id, role]) => [
      id,
      role.any_of === undefined ? role : uniteIn(roles, role.any_of),
    ]),
  );
}

function uniteIn(roles: Roles, parts: readonly string[]): RoleSettings {
  const own = parts.flatMap((id) => (Object.hasOwn(roles, id) ? (roles[id] ?? []) : []));
  const groups = own.flatMap(({ usergroup }) => usergroup ?? []);
  return {
    name: nameOf(parts.map((id) => roles[id]?.name ?? roleWords(id))),
    members: [...new Set(own.flatMap(({ members }) => members ?? []))],
    ...(groups.length === 0 ? {} : { usergroup: [...new Set(groups)] }),
    any_of: [...parts],
  };
}

/** `Security, Operations or Tech lead` */
const nameOf = (names: readonly string[]): string =>
  [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' or ');
