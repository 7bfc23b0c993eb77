/** What a schema cannot see: names that lead nowhere, groups too small, plans that do not reach everyone. */

import { own } from '../defined.ts';
import { checkAdapters } from './adapter-checks.ts';
import { checkAdmission } from './admission-checks.ts';
import {
  checkChangeTypes,
  checkEnvironments,
  checkFilled,
  checkOwnTypes,
  checkSignOffCare,
} from './approval-checks.ts';
import { checkBakes } from './bake-checks.ts';
import { checkAlerts } from './build-alerts.ts';
import { checkCalendar } from './calendar-checks.ts';
import { DURATION_PATTERN, MAY_BE_NO_TIME, parseDuration } from './durations.ts';
import { checkLikes } from './environment-likes.ts';
import type { InParts } from './in-parts.ts';
import { METRICS } from './judge-schema.ts';
import type { Settings } from './merge.ts';
import { checkPeople } from './people-checks.ts';
import { AND_MORE, MAX_PROBLEMS, type Problem, pathText, show, unknownWord } from './problems.ts';
import { checkReadiness } from './readiness-checks.ts';
import type { PolicyFile, Preset } from './schema.ts';
import { ANY_ROLE, ANYONE, OWN_ROLES } from './schema-words.ts';
import { checkSmoke } from './smoke-checks.ts';
import { checkStrategies, checkStrategyNames } from './strategy-checks.ts';
import { checkTeams } from './team-checks.ts';
import { peopleOf, roleViews } from './teams.ts';
import type { Path, Place } from './yaml-text.ts';

type Report = (path: Path, found: string, allowed: string) => void;

/** `preset` and `file`: what the settings were merged from. */
export function crossCheck(
  settings: Settings,
  { preset, file }: { preset: Preset; file: PolicyFile },
  locate: (path: Path) => Place | undefined,
): InParts<Problem[]> {
  return problemsWith(locate, (report) => checkAll(settings, { preset, file }, report));
}

/** What a check reports, each once and where it stands in the file; so many of them that somebody would mend. */
export function* problemsWith(
  locate: (path: Path) => Place | undefined,
  check: (report: Report) => InParts<void>,
): InParts<Problem[]> {
  const problems = new Map<string, Problem>();
  const report: Report = (path, found, allowed) => {
    const text = pathText(path);
    // One empty role may be missed in many places: one line is enough.
    const key = JSON.stringify([text, found]);
    if (problems.has(key) || problems.size > MAX_PROBLEMS) return;
    const isMore = problems.size === MAX_PROBLEMS;
    problems.set(key, isMore ? AND_MORE : { path: text, found, allowed, ...locate(path) });
  };
  yield* check(report);
  return [...problems.values()];
}

function* checkAll(
  settings: Settings,
  { preset, file }: { preset: Preset; file: PolicyFile },
  report: Report,
): InParts<void> {
  checkTimeZone(settings, report);
  checkRoles(settings, report);
  checkStrategies(settings, report);
  checkStrategyNames(settings, report);
  checkLikes(preset.environments ?? {}, file.environments, report);
  checkOwnTypes(settings, report);
  yield;
  checkTeams(settings, report);
  for (const seen of roleViews(settings)) {
    yield;
    checkEnvironments(seen, report);
    checkChangeTypes(seen, report);
    checkAdmission(seen, report);
    checkSignOffCare(seen, report);
    checkReadiness(seen, report, (path, role) => checkFilled(path, role, seen.roles, report));
  }
  for (const part of PARTS) {
    yield;
    part(settings, report);
  }
}

/** Of the settings as a whole. */
const PARTS: readonly ((settings: Settings, report: Report) => void)[] = [
  checkServices,
  checkAutomatic,
  checkAdapters,
  checkPermissions,
  checkRules,
  checkSafeguards,
  checkBakes,
  checkCalendar,
  checkPeople,
  checkAlerts,
  checkSmoke,
];

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

function checkServices(settings: Settings, report: Report): void {
  const { services, environments } = settings;
  const known = Object.keys(environments);
  for (const [name, service] of Object.entries(services)) {
    service.environments?.forEach((environment, index) => {
      if (!known.includes(environment)) {
        report(['services', name, 'environments', index], show(environment), unknownWord(environment, known));
      }
    });
    if (service.mode === 'watch' && peopleOf(settings, name).lead === undefined)
      report(['services', name], 'mode: watch without a lead', 'lead: the Slack member id of who is told');
    if (service.watched_by !== undefined && service.mode !== 'watch')
      report(['services', name, 'watched_by'], show(service.watched_by), 'it together with mode: watch');
  }
}

/** What goes by itself has somebody who answers for it. */
function checkAutomatic(settings: Settings, report: Report): void {
  for (const [id, own] of Object.entries(settings.environments)) {
    if (own?.on_merge === true && own.nightly !== undefined)
      report(['environments', id, 'nightly'], 'nightly beside on_merge', 'one of them');
    if (own?.on_merge !== true && own?.nightly === undefined) continue;
    const key = own.on_merge === true ? 'on_merge' : 'nightly';
    for (const [name, service] of Object.entries(settings.services)) {
      const goesThere = service.environments?.includes(id) ?? true;
      if (!goesThere || service.mode === 'watch' || peopleOf(settings, name).lead !== undefined) continue;
      report(
        ['environments', id, key],
        `no lead of ${name}`,
        'lead: the Slack member id of who answers for what goes by itself, in the service, its team or defaults',
      );
    }
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

function checkRules({ judge, services, environments }: Settings, report: Report): void {
  const usual = judge?.metrics ?? [];
  checkJudge(judge, usual, ['judge'], report);
  for (const [id, rule] of Object.entries(environments))
    checkLists({ criteria: rule?.criteria }, ['environments', id], directionsOf(usual), report);
  for (const [name, { judge: own, in: places = {} }] of Object.entries(services)) {
    const metrics = own?.metrics ?? usual;
    checkJudge(own, metrics, ['services', name, 'judge'], report);
    for (const [id, { criteria }] of Object.entries(places))
      checkLists({ criteria }, ['services', name, 'in', id], directionsOf(metrics), report);
  }
}

type Metrics = NonNullable<JudgeSettings['metrics']>;

const directionsOf = (metrics: Metrics): Directions =>
  new Map([
    ...METRICS.map((name) => [name, 'higher_is_worse'] as const),
    ...metrics.map(({ name, direction }) => [name, direction] as const),
  ]);

type JudgeSettings = NonNullable<Settings['judge']>;
type Bound = NonNullable<JudgeSettings['criteria']>[number];
type Trigger = NonNullable<JudgeSettings['triggers']>[number];

function checkJudge(
  judge: Settings['judge'],
  metrics: Metrics,
  path: (string | number)[],
  report: Report,
): void {
  const known = directionsOf(metrics);
  const names = new Set<string>();
  judge?.metrics?.forEach(({ name, direction }, index) => {
    if (names.has(name)) report([...path, 'metrics', index, 'name'], `${show(name)} twice`, 'each name once');
    names.add(name);
    if (direction === 'lower_is_worse' && METRICS.some((one) => one === name))
      report([...path, 'metrics', index, 'direction'], direction, `higher_is_worse for ${name}`);
  });
  checkLists(judge ?? {}, path, known, report);
  const stages = new Set<number>();
  judge?.stages?.forEach((own, index) => {
    const at = [...path, 'stages', index];
    if (stages.has(own.stage)) report([...at, 'stage'], `${own.stage} twice`, 'each stage once');
    stages.add(own.stage);
    checkLists(own, at, known, report);
  });
}

/** Metrics that a rule may name, with the direction that is worse. */
type Directions = ReadonlyMap<string, 'higher_is_worse' | 'lower_is_worse'>;

function checkLists(
  { criteria = [], triggers = [] }: { criteria?: Bound[] | undefined; triggers?: Trigger[] | undefined },
  path: (string | number)[],
  known: Directions,
  report: Report,
): void {
  criteria.forEach((rule, index) => {
    checkBound(rule, [...path, 'criteria', index], known, report);
  });
  triggers.forEach((rule, index) => {
    const at = [...path, 'triggers', index];
    if (rule.breaches > rule.of)
      report([...at, 'breaches'], `${rule.breaches} of ${rule.of}`, `1 to ${rule.of}`);
    checkBound(rule, at, known, report);
  });
}

function checkBound(rule: Bound, path: (string | number)[], known: Directions, report: Report): void {
  const { over, under } = rule;
  const direction = known.get(rule.metric);
  if (direction === undefined) report([...path, 'metric'], show(rule.metric), [...known.keys()].join(', '));
  if ((over === undefined) === (under === undefined)) {
    const found = over === undefined ? 'neither over nor under' : 'over and under';
    report(path, found, 'one of them: under where lower is worse');
  } else if (direction !== undefined && (direction === 'lower_is_worse') !== (under !== undefined)) {
    const [found, allowed] = under === undefined ? ['over', 'under'] : ['under', 'over'];
    const worse = under === undefined ? 'lower' : 'higher';
    report([...path, found], found, `${allowed}: of ${rule.metric} ${worse} is worse`);
  }
  if (rule.kind === 'ratio' && over !== undefined && over <= 1)
    report([...path, 'over'], show(over), 'over 1: times the baseline');
  if (rule.kind === 'ratio' && under !== undefined && under >= 1)
    report([...path, 'under'], show(under), 'under 1: times the baseline');
  if (rule.kind === 'points' && !['errors', 'cpu', 'memory'].includes(rule.metric))
    report(
      [...path, 'kind'],
      `points for ${rule.metric}`,
      'absolute or ratio: points are for shares in percent',
    );
}

function checkSafeguards({ safeguards = {} }: Settings, report: Report): void {
  for (const [key, value] of Object.entries(safeguards)) {
    // Some are words.
    if (typeof value !== 'string' || !DURATION_PATTERN.test(value) || MAY_BE_NO_TIME.has(key)) continue;
    if (parseDuration(value) === 0) report(['safeguards', key], show(value), 'a duration over 0');
  }
}
