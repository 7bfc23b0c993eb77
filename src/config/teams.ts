/** What a service has in the end: its own word, else its team's, else the environment's or the default (PR-6). */

import { defined, given, own } from '../defined.ts';
import type { Role, ServicePolicy } from '../policy/policy.ts';
import { type OnCall, type Rotation, WEEK } from '../policy/rotation.ts';
import { standingFor, uniteAgain } from './any-of.ts';
import { atOf } from './build-calendar.ts';
import { parseDuration } from './durations.ts';
import { full, type RoleSettings, type Settings } from './merge.ts';
import { roleWords } from './role-words.ts';

export type ServiceSettings = Settings['services'][string];
export type TeamSettings = NonNullable<Settings['teams']>[string];
export type OnCallSettings = NonNullable<ServiceSettings['on_call']>;
type Approvers = NonNullable<ServiceSettings['approvers']>;

function teamOf({ teams }: Pick<Settings, 'teams'>, service: ServiceSettings | undefined) {
  return own(teams, service?.team);
}

/** What one service says, or else its team, or else the defaults. */
export function peopleOf(
  settings: Settings,
  name: string,
): Partial<Pick<ServiceSettings, 'channel' | 'lead' | 'on_call' | 'escalation'>> {
  const { defaults = {} } = settings;
  const service = own(settings.services, name);
  const team = teamOf(settings, service);
  const of = <K extends 'channel' | 'lead' | 'on_call' | 'escalation'>(key: K) =>
    service?.[key] ?? team?.[key] ?? defaults[key];
  return defined({
    channel: of('channel'),
    lead: of('lead'),
    on_call: of('on_call'),
    escalation: of('escalation'),
  });
}

/** Nearest first: the service there, the service, its team there, the team, the environment, the defaults. */
function onCallIn(settings: Settings, name: string, environment: string): OnCallSettings | undefined {
  const service = own(settings.services, name);
  const team = teamOf(settings, service);
  return (
    own(service?.in, environment)?.on_call ??
    service?.on_call ??
    own(team?.in, environment)?.on_call ??
    team?.on_call ??
    own(settings.environments, environment)?.on_call ??
    settings.defaults?.on_call
  );
}

type Instead = Map<string, RoleSettings & { where: readonly [string, string] }>;

/** Who fills which role for a service, where that is not as `roles` has it; with the place that says so. */
function approversOf(settings: Settings, name: string): Instead {
  const service = own(settings.services, name);
  const team = teamOf(settings, service);
  const from = (where: readonly [string, string], approvers: Approvers = {}) =>
    Object.entries(approvers).map(([role, people]) => [role, { ...full(people), where }] as const);
  const said = new Map([
    ...from(['teams', service?.team ?? ''], team?.approvers),
    ...from(['services', name], service?.approvers),
  ]);
  return new Map([...said, ...standing(settings, said)]);
}

/** A role that stands for several is filled by others where one of them is. */
function standing({ roles }: Settings, said: Instead): Instead {
  const seen = seenWith(roles, said);
  return new Map(
    standingFor(roles, [...said.keys()]).flatMap((id) => {
      const places = (roles[id]?.any_of ?? []).flatMap((part) => said.get(part) ?? []);
      const where = places.find(({ where: [kind] }) => kind === 'services') ?? places[0];
      return where === undefined ? [] : [[id, { ...seen[id], where: where.where }] as const];
    }),
  );
}

function seenWith(roles: Settings['roles'], said: Instead): Settings['roles'] {
  const instead = [...said].map(([role, { where: _where, ...people }]) => {
    const { name: called } = own(roles, role) ?? {};
    return [role, { ...defined({ name: called }), ...people }] as const;
  });
  return uniteAgain({ ...roles, ...Object.fromEntries(instead) });
}

/** The roles as one service sees them. */
export function rolesFor(settings: Settings, name: string): Settings['roles'] {
  return seenWith(settings.roles, approversOf(settings, name));
}

/** Services that see the same people in every role, together: what is checked of roles is checked for each of these. */
export function roleViews(settings: Settings): Settings[] {
  const views = new Map<string, Settings>();
  for (const name of Object.keys(settings.services)) {
    const key = JSON.stringify([...approversOf(settings, name)]);
    if (!views.has(key)) views.set(key, { ...settings, roles: rolesFor(settings, name) });
  }
  return [...views.values()];
}

/** `shop/tech_lead`: no role of the file is called like that. */
const scopedId = ([, name]: readonly [string, string], role: string, isService: boolean): string =>
  `${isService ? 'service:' : ''}${name}/${role}`;

/** By role, the id under which people hold it for this service. */
export function scopedRolesOf(settings: Settings, name: string): NonNullable<ServicePolicy['approvers']> {
  return new Map(
    [...approversOf(settings, name)].map(([role, { where }]) => [
      role,
      scopedId(where, role, where[0] === 'services'),
    ]),
  );
}

/** Every role that is held for some services only, and every user group that names an on-call. */
export function buildScopedRoles(settings: Settings): Map<string, Role> {
  const scoped = Object.keys(settings.services).flatMap((name) => {
    const ids = scopedRolesOf(settings, name);
    return [...approversOf(settings, name)].map(
      ([role, { members = [], usergroup, name: called, any_of: anyOf }]): Role => {
        const id = ids.get(role) ?? role;
        const label = called ?? own(settings.roles, role)?.name ?? roleWords(role);
        return { id, name: label, members, usergroups: [usergroup ?? []].flat(), ...defined({ anyOf }) };
      },
    );
  });
  return new Map([...scoped, ...onCallGroups(settings)].map((role) => [role.id, role]));
}

function onCallGroups(settings: Settings): Role[] {
  const all = Object.keys(settings.services).flatMap((name) => {
    const { onCall, onCallIn: there = {} } = buildOnCall(settings, name);
    return [onCall, ...Object.values(there)];
  });
  return all.flatMap((one) =>
    one?.kind === 'group'
      ? [{ id: `on_call:${one.usergroup}`, name: 'On-call', members: [], usergroups: [one.usergroup] }]
      : [],
  );
}

/** Who is on call for a service, and where that differs by environment. */
export function buildOnCall(settings: Settings, name: string): Pick<ServicePolicy, 'onCall' | 'onCallIn'> {
  const usual = peopleOf(settings, name).on_call;
  const there = Object.keys(settings.environments).flatMap((environment) => {
    const said = onCallIn(settings, name, environment);
    return said === undefined || said === usual ? [] : [[environment, buildOne(said, settings)] as const];
  });
  return {
    ...defined({ onCall: given(usual, (usual) => buildOne(usual, settings)) }),
    ...(there.length === 0 ? {} : { onCallIn: Object.fromEntries(there) }),
  };
}

/** A member id begins with a capital letter, the name of a rotation with a small one. */
export const isRotation = (said: OnCallSettings): said is string =>
  typeof said === 'string' && /^[a-z]/.test(said);

function buildOne(said: OnCallSettings, settings: Settings): OnCall {
  if (Array.isArray(said)) return { kind: 'people', people: said };
  if (typeof said !== 'string') return { kind: 'group', usergroup: said.usergroup };
  if (!isRotation(said)) return { kind: 'people', people: [said] };
  const rotation = own(settings.rotations, said);
  if (rotation === undefined) throw new Error(`no rotation ${said}`);
  return { kind: 'rotation', rotation: buildRotation(said, rotation, settings) };
}

function buildRotation(
  name: string,
  { order, from, every, time_zone: zone, overrides = [] }: NonNullable<Settings['rotations']>[string],
  settings: Pick<Settings, 'time_zone'>,
): Rotation {
  const timeZone = zone ?? settings.time_zone ?? 'UTC';
  return {
    name,
    order,
    from: atOf(from, timeZone),
    every: every === undefined ? WEEK : parseDuration(every),
    timeZone,
    overrides: overrides.map((one) => ({
      person: one.person,
      from: atOf(one.from, timeZone),
      until: atOf(one.to, timeZone),
    })),
  };
}

/** Everybody whom teams, rotations, services and defaults name for something. */
export function peopleNamed(settings: Settings): string[] {
  const { teams = {}, services, rotations = {}, environments, defaults = {} } = settings;
  const places = [defaults, ...Object.values(teams), ...Object.values(services)];
  const calls = [
    ...places.map(({ on_call: onCall }) => onCall),
    ...[...Object.values(teams), ...Object.values(services)].flatMap(({ in: there = {} }) =>
      Object.values(there).map(({ on_call: onCall }) => onCall),
    ),
    ...Object.values(environments).map((environment) => environment?.on_call),
  ];
  return [
    ...places.flatMap(({ lead, escalation }) => [lead ?? [], escalation ?? []].flat()),
    ...calls.flatMap((onCall = []) => (typeof onCall === 'object' && 'usergroup' in onCall ? [] : onCall)),
    ...Object.values(rotations).flatMap(({ order, overrides = [] }) => [
      ...order,
      ...overrides.map(({ person }) => person),
    ]),
    ...[...Object.values(teams), ...Object.values(services)].flatMap(({ approvers = {} }) =>
      Object.values(approvers).flatMap((people) => full(people).members ?? []),
    ),
  ];
}
