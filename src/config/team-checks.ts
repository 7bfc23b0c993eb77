/** Teams, rotations and on-calls that lead nowhere; services that would have no channel (PR-6). */

import { isZone } from '../policy/calendar/zone.ts';
import { DAY } from '../time.ts';
import { atOf } from './build-calendar.ts';
import { parseDuration } from './durations.ts';
import { full, type Settings } from './merge.ts';
import { show, unknownWord } from './problems.ts';
import { isRotation, type OnCallSettings, peopleOf, type TeamSettings } from './teams.ts';
import type { Path } from './yaml-text.ts';

type Report = (path: Path, found: string, allowed: string) => void;

export function checkTeams(settings: Settings, report: Report): void {
  for (const key of ['services', 'environments', 'teams'] as const)
    checkCase(key, settings[key] ?? {}, report);
  checkServices(settings, report);
  checkRotations(settings, report);
  for (const [id, team] of Object.entries(settings.teams ?? {})) {
    checkApprovers(['teams', id], team.approvers, settings, report);
    checkPlaces(['teams', id], team.in, settings, report);
    if (!Object.values(settings.services).some((service) => service.team === id))
      report(['teams', id], 'a team without services', `at least one service with team: ${id}`);
  }
  checkOnCalls(settings, report);
}

/** People type names in any case: two that differ in nothing else could not be told apart. */
function checkCase(key: string, named: Readonly<Record<string, unknown>>, report: Report): void {
  const seen = new Map<string, string>();
  for (const name of Object.keys(named)) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined)
      report([key, name], `${name} beside ${other}`, 'names that differ in more than their case');
    seen.set(name.toLowerCase(), name);
  }
}

function checkServices(settings: Settings, report: Report): void {
  const teams = Object.keys(settings.teams ?? {});
  for (const [name, service] of Object.entries(settings.services)) {
    const path = ['services', name];
    if (service.team !== undefined && !teams.includes(service.team))
      report([...path, 'team'], show(service.team), unknownWord(service.team, teams));
    else if (peopleOf(settings, name).channel === undefined)
      report(path, 'no channel', 'channel: C… here, in its team, or in defaults');
    checkApprovers(path, service.approvers, settings, report);
    checkPlaces(path, service.in, settings, report);
  }
}

function checkApprovers(
  path: Path,
  approvers: TeamSettings['approvers'],
  { roles }: Settings,
  report: Report,
): void {
  const known = Object.keys(roles);
  for (const [role, people] of Object.entries(approvers ?? {})) {
    const { members = [], usergroup } = full(people);
    const at = [...path, 'approvers', role];
    if (!known.includes(role)) report(at, show(role), unknownWord(role, known));
    else if (members.length === 0 && usergroup === undefined) report(at, 'nobody', 'at least one person');
    const doubled = members.find((member, index) => members.indexOf(member) !== index);
    if (doubled !== undefined) report(at, `${doubled} twice`, 'each person once');
  }
}

function checkPlaces(
  path: Path,
  places: Record<string, unknown> | undefined,
  settings: Settings,
  report: Report,
): void {
  const known = Object.keys(settings.environments);
  for (const environment of Object.keys(places ?? {}))
    if (!known.includes(environment))
      report([...path, 'in', environment], show(environment), unknownWord(environment, known));
}

function checkOnCalls(settings: Settings, report: Report): void {
  const { teams = {}, services, environments, defaults, rotations = {} } = settings;
  const known = Object.keys(rotations);
  const check = (path: Path, said: OnCallSettings | undefined): void => {
    if (said !== undefined && isRotation(said) && !known.includes(said))
      report(
        [...path, 'on_call'],
        show(said),
        `a Slack member id, or a rotation: ${unknownWord(said, known)}`,
      );
  };
  check(['defaults'], defaults?.on_call);
  for (const [id, place] of Object.entries(environments)) check(['environments', id], place?.on_call);
  const owners = [
    ...Object.entries(teams).map(([id, team]) => ({ path: ['teams', id], said: team })),
    ...Object.entries(services).map(([id, service]) => ({ path: ['services', id], said: service })),
  ];
  for (const { path, said } of owners) {
    check(path, said.on_call);
    for (const [environment, there] of Object.entries(said.in ?? {}))
      check([...path, 'in', environment], there.on_call);
  }
}

function checkRotations(settings: Settings, report: Report): void {
  for (const [id, rotation] of Object.entries(settings.rotations ?? {})) {
    const path = ['rotations', id];
    const zone = rotation.time_zone;
    if (zone !== undefined && !isZone(zone))
      report([...path, 'time_zone'], show(zone), 'an IANA time zone such as "Europe/Berlin"');
    checkDay([...path, 'from'], rotation.from, report);
    const every = rotation.every === undefined ? DAY : parseDuration(rotation.every);
    if (every === 0 || every % DAY !== 0)
      report([...path, 'every'], show(rotation.every), 'whole days, such as "1d" or "7d"');
    rotation.overrides?.forEach(({ from, to }, index) => {
      const at = [...path, 'overrides', index];
      if (!checkDay([...at, 'from'], from, report) || !checkDay([...at, 'to'], to, report)) return;
      if (atOf(to, 'UTC') <= atOf(from, 'UTC'))
        report([...at, 'to'], `${from} to ${to}`, 'an end after the beginning');
    });
  }
}

/** Whether it is a day that exists. */
function checkDay(path: Path, text: string, report: Report): boolean {
  if (!Number.isNaN(atOf(text, 'UTC'))) return true;
  report(path, show(text), 'a day that exists');
  return false;
}
