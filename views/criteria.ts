/** What speaks for a time in a window, one short line each (WN-1). */

import type { Criteria } from '../src/policy/calendar/criteria.ts';
import type { Contact } from '../src/terms/contacts.ts';
import { hoursWords } from './contact-words.ts';
import { name } from './deployment-words.ts';
import { dateTime, duration, inline, listOf, timeOfDay } from './text.ts';

export function criteriaLines(criteria: Criteria): string[] {
  return [
    `Low traffic: ${lowTraffic(criteria)}`,
    `Support staff: ${support(criteria.support)}`,
    `No conflicting deployment: ${conflicts(criteria)}`,
    `Time for a rollback: ${rollback(criteria)}`,
  ];
}

function lowTraffic({ lowTraffic: said }: Criteria): string {
  if (said === undefined) return 'not stated';
  return `${said.met ? 'yes' : '*no*'}, says the window ${inline(said.window, 60)}`;
}

function support({ met, there, away, says }: Criteria['support']): string {
  const window = says === undefined ? '' : ` · the window says: ${inline(says, 60)}`;
  if (met === undefined) return `${says === undefined ? 'not stated' : 'no hours are known'}${window}`;
  const present =
    there.length === 0 ? [] : [`${listOf(there.map(({ person }) => name(person)))} in their hours`];
  const absent = away.length === 0 ? [] : [`${listOf(away.map(withHours))} outside their hours`];
  return `${met ? 'yes' : '*no*'}, ${[...absent, ...present].join('; ')}${window}`;
}

const withHours = ({ person, hours }: Contact): string =>
  `${name(person)}${hours === undefined ? '' : ` (${hoursWords(hours)})`}`;

function conflicts({ conflicts: others }: Criteria): string {
  if (others.length === 0) return 'yes, as far as is known';
  const named = others.map(
    ({ service, version, id }) => `${inline(service, 40)} ${inline(version, 40)} (${id})`,
  );
  return `*no*, then as well: ${listOf(named)}`;
}

function rollback({ rollback: room }: Criteria): string {
  if (room === undefined) return '*no*, that time lies in no window';
  const { met, last, closes, needed } = room;
  const sum = `${duration(needed.rollout)} and ${duration(needed.rollback)} to roll back before it closes ${timeOfDay(closes)}`;
  return `${met ? 'yes' : '*no*'}, last start ${dateTime(last)}: ${sum}`;
}
