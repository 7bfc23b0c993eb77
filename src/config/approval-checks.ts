/** Who is asked: roles that lead nowhere, groups too small, approvals by nobody, and times that are none. */

import { own } from '../defined.ts';
import { isBaseType } from '../terms/change.ts';
import { namedRoles, signOffOf } from './any-of.ts';
import { APPROVALS } from './change-type-schema.ts';
import { parseDuration } from './durations.ts';
import type { RoleSettings, Settings } from './merge.ts';
import { show, unknownWord } from './problems.ts';
import { ID_WORDS, isId } from './schema-words.ts';
import type { Path } from './yaml-text.ts';

type Report = (path: Path, found: string, allowed: string) => void;

const isEmpty = (role: RoleSettings): boolean =>
  (role.members ?? []).length === 0 && role.usergroup === undefined;

export function checkEnvironments({ environments, roles }: Settings, report: Report): void {
  for (const [id, environment] of Object.entries(environments)) {
    const { approval = 'none', sign_offs: signOffs = [] } = environment ?? {};
    const path = ['environments', id, 'approval'];
    if (approval === 'manual' && signOffs.length === 0)
      report(path, 'manual without sign_offs', 'at least one role in sign_offs, or none, or on_merge');
    if (approval !== 'manual' && signOffs.length > 0)
      report(path, `${approval} beside sign_offs`, 'manual, or no sign_offs');
    checkSignOffs(['environments', id, 'sign_offs'], signOffs, roles, report);
  }
}

type SignOffEntries = NonNullable<NonNullable<Settings['environments'][string]>['sign_offs']>;

function checkSignOffs(path: Path, entries: SignOffEntries, roles: Settings['roles'], report: Report): void {
  const seen = new Set<string>();
  entries.forEach((entry, index) => {
    const at = [...path, index];
    if (!namesOne(entry)) {
      report(
        at,
        'not one of role and any_of',
        'role: one role, or any_of: at least two of which any one says go',
      );
      return;
    }
    const { role, quorum, when } = signOffOf(entry);
    const key = JSON.stringify([role, when]);
    if (seen.has(key)) report(at, `${calledIn(roles, role)} twice`, 'each role once');
    seen.add(key);
    checkSignOff(at, { role, quorum }, roles, report);
  });
}

/** As the file names it, and one that stands for several by all of their names. */
const calledIn = (roles: Settings['roles'], id: string): string =>
  (own(roles, id)?.any_of === undefined ? undefined : own(roles, id)?.name) ?? id;

const namesOne = (entry: SignOffEntries[number]): boolean =>
  typeof entry === 'string' || (entry.role === undefined) !== (entry.any_of === undefined);

function asksAnybody({ environments }: Settings): boolean {
  return Object.values(environments).some((environment) => environment?.approval === 'manual');
}

/** A kind of the team's own says what it is built on, and asks no less than that may. */
export function checkOwnTypes({ change_types: types }: Settings, report: Report): void {
  for (const [id, terms] of Object.entries(types)) {
    if (isBaseType(id)) continue;
    const path = ['change_types', id];
    const { like, approval, declared_by: declaredBy } = terms ?? {};
    if (!isId(id)) report(path, show(id), ID_WORDS);
    else if (like !== undefined) {
      const allowed: readonly string[] = APPROVALS[like];
      if (approval !== undefined && !allowed.includes(approval))
        report([...path, 'approval'], show(approval), `${allowed.join(', ')}, as ${like} may be`);
      if (declaredBy !== undefined && like !== 'emergency')
        report(
          [...path, 'declared_by'],
          `declared_by of a kind like ${like}`,
          'it with like: emergency; requesters says who may ask',
        );
    }
  }
}

/** Where no approval is manual, nobody is ever asked, and the roles of the preset may stay empty, but not unknown. */
export function checkChangeTypes(settings: Settings, report: Report): void {
  const { change_types: types, roles } = settings;
  const manual = asksAnybody(settings);
  for (const [type, terms] of Object.entries(types)) {
    const path = ['change_types', type];
    const asks = terms?.approval !== 'none' && manual;
    const signOffs = terms?.sign_offs ?? [];
    if (asks) checkSignOffs([...path, 'sign_offs'], signOffs, roles, report);
    else
      signOffs.forEach((entry, index) => {
        const named = typeof entry === 'string' ? [entry] : [entry.role ?? [], entry.any_of ?? []].flat();
        for (const role of named) checkKnown([...path, 'sign_offs', index], role, roles, report);
      });
    terms?.requesters?.forEach((role, index) => {
      checkFilled([...path, 'requesters', index], role, roles, report);
    });
    if (terms?.approval !== 'afterwards') continue;
    for (const key of ['owed_within', 'remind_every'] as const) {
      const value = terms[key];
      if (value === undefined || parseDuration(value) === 0)
        report([...path, key], show(value), 'a duration over 0: an approval afterwards is owed');
    }
  }
}

export function checkSignOffCare(settings: Settings, report: Report): void {
  const { sign_offs: care = {}, roles } = settings;
  for (const key of ['expire_after', 'remind_after', 'escalate_after'] as const) {
    const value = care[key];
    if (value !== undefined && parseDuration(value) === 0)
      report(['sign_offs', key], show(value), 'a duration over 0');
  }
  const { escalate_after: after, escalate_to: to, working_hours: hours } = care;
  if (after !== undefined && to === undefined)
    report(['sign_offs', 'escalate_to'], 'nothing', 'the role that escalate_after speaks of');
  const checkRole = asksAnybody(settings) ? checkFilled : checkKnown;
  if (to !== undefined) checkRole(['sign_offs', 'escalate_to'], to, roles, report);
  if (hours !== undefined && hours.from >= hours.to)
    report(['sign_offs', 'working_hours'], `${hours.from} to ${hours.to}`, 'an end after the beginning');
}

function checkKnown(path: Path, id: string, roles: Settings['roles'], report: Report): void {
  if (!own(roles, id)) report(path, show(id), unknownWord(id, namedRoles({ roles })));
}

export function checkFilled(path: Path, id: string, roles: Settings['roles'], report: Report): void {
  const role = own(roles, id);
  checkKnown(path, id, roles, report);
  if (role && isEmpty(role)) report(['roles', id], 'nobody', 'at least one person');
}

function checkSignOff(
  path: Path,
  { role: id, quorum }: { role: string; quorum: number },
  roles: Settings['roles'],
  report: Report,
): void {
  const role = own(roles, id);
  const size = role?.members?.length ?? 0;
  for (const part of role?.any_of ?? []) checkKnown([...path, 'any_of'], part, roles, report);
  if (!role) report(path, show(id), unknownWord(id, namedRoles({ roles })));
  else if (isEmpty(role))
    report(
      ['roles', role.any_of?.[0] ?? id],
      'nobody',
      'at least one person: a sign-off waits for this role',
    );
  else if (role.usergroup === undefined && quorum > size) {
    report([...path, 'quorum'], `${quorum} of ${size} people`, `1 to ${size}`);
  }
}
