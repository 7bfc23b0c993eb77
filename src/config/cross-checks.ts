/** What a schema cannot see: names that lead nowhere, groups too small, plans that do not reach everyone. */

import { checkAdapters } from './adapter-checks.ts';
import { checkAdmission } from './admission-checks.ts';
import {
  checkChangeTypes,
  checkEnvironments,
  checkFilled,
  checkSignOffCare,
  own,
} from './approval-checks.ts';
import { checkAlerts } from './build-alerts.ts';
import { checkCalendar } from './calendar-checks.ts';
import { parseDuration } from './durations.ts';
import { checkLikes } from './environment-likes.ts';
import type { Settings } from './merge.ts';
import { checkPeople } from './people-checks.ts';
import { type Problem, pathText, show, unknownWord } from './problems.ts';
import { checkReadiness } from './readiness-checks.ts';
import { ANY_ROLE, ANYONE, METRICS, OWN_ROLES, type PolicyFile, type Preset } from './schema.ts';
import { checkSmoke } from './smoke-checks.ts';
import { checkStrategies, checkStrategyNames } from './strategy-checks.ts';
import type { Path, Place } from './yaml-text.ts';

type Report = (path: Path, found: string, allowed: string) => void;

/** `preset` and `file`: what the settings were merged from. */
export function crossCheck(
  settings: Settings,
  { preset, file }: { preset: Preset; file: PolicyFile },
  locate: (path: Path) => Place | undefined,
): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, found, allowed) => {
    const problem = { path: pathText(path), found, allowed, ...locate(path) };
    // One empty role may be missed in many places: one line is enough.
    if (!problems.some((known) => known.path === problem.path && known.found === found))
      problems.push(problem);
  };
  checkTimeZone(settings, report);
  checkRoles(settings, report);
  checkStrategies(settings, report);
  checkStrategyNames(settings, report);
  checkLikes(preset.environments ?? {}, file.environments, report);
  checkEnvironments(settings, report);
  checkChangeTypes(settings, report);
  checkAdmission(settings, report);
  checkSignOffCare(settings, report);
  checkServices(settings, report);
  checkAdapters(settings, report);
  checkPermissions(settings, report);
  checkRules(settings, report);
  checkSafeguards(settings, report);
  checkCalendar(settings, report);
  checkPeople(settings, report);
  checkAlerts(settings, report);
  checkSmoke(settings, report);
  checkReadiness(settings, report, (path, role) => checkFilled(path, role, settings.roles, report));
  return problems;
}

function checkTimeZone({ time_zone: zone }: Settings, report: Report): void {
  if (zone === undefined) return;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    report(['time_zone'], show(zone), 'an IANA time zone such as "Europe/Berlin"');
  }
}

function checkRoles({ roles }: Settings, report: Report): void {
  const reserved = [...OWN_ROLES, ANY_ROLE, ANYONE];
  for (const [id, role] of Object.entries(roles)) {
    if (reserved.some((own) => own === id))
      report(['roles', id], show(id), `a name other than ${reserved.join(', ')}`);
    const doubled = (role.members ?? []).find((member, index, all) => all.indexOf(member) !== index);
    if (doubled !== undefined) report(['roles', id], `${doubled} twice`, 'each person once');
  }
}

function checkServices({ services, environments }: Settings, report: Report): void {
  const known = Object.keys(environments);
  for (const [name, service] of Object.entries(services)) {
    service.environments?.forEach((environment, index) => {
      if (!known.includes(environment)) {
        report(['services', name, 'environments', index], show(environment), unknownWord(environment, known));
      }
    });
  }
}

function checkPermissions({ permissions = {}, requesters = [], roles }: Settings, report: Report): void {
  const check = (path: Path, id: string, besides: readonly string[]) => {
    const known = [...besides, ...Object.keys(roles)];
    const role = own(roles, id);
    if (!known.includes(id)) report(path, show(id), unknownWord(id, known));
    // Roles of the preset that a team leaves empty take part in permissions without harm: nobody holds them.
    else if (role?.members?.length === 0 && role.usergroup === undefined)
      report(['roles', id], 'nobody', 'at least one person');
  };
  for (const [action, ids] of Object.entries(permissions)) {
    ids?.forEach((id, index) => {
      check(['permissions', action, index], id, [...OWN_ROLES, ANY_ROLE]);
    });
  }
  requesters.forEach((id, index) => {
    check(['requesters', index], id, [ANYONE]);
  });
}

function checkRules({ judge, services }: Settings, report: Report): void {
  checkJudge(judge, ['judge'], report);
  for (const [name, { judge: own }] of Object.entries(services))
    checkJudge(own, ['services', name, 'judge'], report);
}

type Bound = NonNullable<NonNullable<Settings['judge']>['criteria']>[number];

function checkJudge(judge: Settings['judge'], path: (string | number)[], report: Report): void {
  const known = new Set<string>([...METRICS, ...(judge?.metrics ?? []).map(({ name }) => name)]);
  judge?.triggers?.forEach((rule, index) => {
    const at = [...path, 'triggers', index];
    if (rule.breaches > rule.of)
      report([...at, 'breaches'], `${rule.breaches} of ${rule.of}`, `1 to ${rule.of}`);
    checkBound(rule, at, known, report);
  });
  judge?.criteria?.forEach((rule, index) => {
    checkBound(rule, [...path, 'criteria', index], known, report);
  });
  judge?.stages?.forEach((stage, number) => {
    stage.criteria?.forEach((rule, index) => {
      checkBound(rule, [...path, 'stages', number, 'criteria', index], known, report);
    });
  });
}

function checkBound(
  rule: Bound,
  path: (string | number)[],
  known: ReadonlySet<string>,
  report: Report,
): void {
  if (!known.has(rule.metric)) report([...path, 'metric'], show(rule.metric), [...known].join(', '));
  if (rule.kind === 'ratio' && rule.over <= 1)
    report([...path, 'over'], show(rule.over), 'over 1: times the baseline');
  if (rule.kind === 'points' && !['errors', 'cpu', 'memory'].includes(rule.metric))
    report(
      [...path, 'kind'],
      `points for ${rule.metric}`,
      'absolute or ratio: points are for shares in percent',
    );
}

function checkSafeguards({ safeguards = {} }: Settings, report: Report): void {
  for (const [key, value] of Object.entries(safeguards)) {
    if (typeof value === 'string' && parseDuration(value) === 0)
      report(['safeguards', key], show(value), 'a duration over 0');
  }
}
