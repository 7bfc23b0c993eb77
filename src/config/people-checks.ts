/** What a schema cannot see about people and their time: hours that nobody can read, targets that no plan meets. */

import { isZone } from '../policy/calendar/zone.ts';
import { HOURS_FORM, parseHours } from '../policy/hours.ts';
import { plannedDuration } from '../terms/plan.ts';
import { type Duration, HOUR, MINUTE } from '../time.ts';
import { planOf } from './build-rollout.ts';
import { parseDuration } from './durations.ts';
import type { Settings } from './merge.ts';
import { show, unknownWord } from './problems.ts';
import { ANYONE } from './schema-words.ts';
import { peopleNamed, rolesFor } from './teams.ts';
import type { Path } from './yaml-text.ts';

type Report = (path: Path, found: string, allowed: string) => void;

export function checkPeople(settings: Settings, report: Report): void {
  checkHours(settings, report);
  checkNamed(settings, report);
  checkRolloutWithin(settings, report);
  const notice = settings.communication?.notice;
  if (notice !== undefined && parseDuration(notice) === 0)
    report(['communication', 'notice'], show(notice), 'a duration over 0');
}

function checkHours({ people = {} }: Settings, report: Report): void {
  for (const [id, own] of Object.entries(people)) {
    const zone = own.time_zone;
    if (zone !== undefined && !isZone(zone))
      report(['people', id, 'time_zone'], show(zone), 'an IANA time zone such as "Europe/Berlin"');
    if (own.hours !== undefined && parseHours(own.hours, 'UTC') === undefined)
      report(['people', id, 'hours'], show(own.hours), HOURS_FORM);
  }
}

/** Somebody whom nothing else names is most likely a mistyped id, unless anybody may come along. */
function checkNamed(settings: Settings, report: Report): void {
  const { people = {}, roles, services, requesters = [] } = settings;
  const inGroups = [roles, ...Object.keys(services).map((name) => rolesFor(settings, name))].some((seen) =>
    Object.values(seen).some(({ usergroup }) => usergroup !== undefined),
  );
  if (inGroups || requesters.includes(ANYONE)) return;
  const named = new Set([
    ...Object.values(roles).flatMap(({ members = [] }) => members),
    ...peopleNamed(settings),
  ]);
  for (const id of Object.keys(people)) {
    if (!named.has(id))
      report(
        ['people', id],
        show(id),
        `a person of a role, a team, a rotation or a service: ${unknownWord(id, [...named])}`,
      );
  }
}

function checkRolloutWithin({ safeguards = {}, strategies = {} }: Settings, report: Report): void {
  const { rollout_within: within } = safeguards;
  if (within === undefined || parseDuration(within) === 0) return;
  const longest = Object.entries(strategies)
    .map(([id, strategy]) => ({ id, takes: plannedDuration(planOf(id, strategy)) }))
    .sort((a, b) => b.takes - a.takes)[0];
  if (longest === undefined || longest.takes <= parseDuration(within)) return;
  report(
    ['safeguards', 'rollout_within'],
    show(within),
    `at least ${written(longest.takes)}: the strategy ${longest.id} is watched for that long`,
  );
}

function written(time: Duration): string {
  const hours = Math.floor(time / HOUR);
  const minutes = Math.ceil((time % HOUR) / MINUTE);
  return [hours === 0 ? '' : `${hours}h`, minutes === 0 && hours > 0 ? '' : `${minutes}m`]
    .filter(Boolean)
    .join(' ');
}
