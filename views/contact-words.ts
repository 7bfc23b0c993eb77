/** Whom a run can turn to, and when they are there, in words (WN-5). */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { Contact } from '../src/terms/contacts.ts';
import type { Hours } from '../src/terms/hours.ts';
import { name } from './deployment-words.ts';

export const CONTACT_NAMES: Record<Contact['role'], string> = {
  lead: 'Lead',
  on_call: 'On-call',
  escalation: 'Escalation',
};

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const WHOLE_DAY = 24 * 60;

/** `Mon–Fri 09:00–17:00 Europe/Berlin`, `24 h` */
export function hoursWords(hours: Hours): string {
  return isAlways(hours) ? '24 h' : `${timesWords(hours)} ${hours.timeZone}`;
}

function timesWords(hours: Hours): string {
  const { days, from, to } = hours;
  if (isAlways(hours)) return '24 h';
  return `${isDaily(hours) ? 'daily' : daysWords(days)} ${clock(from)}–${clock(to)}`;
}

const isDaily = ({ days }: Hours): boolean => days.length === WEEK.length;
const isAlways = (hours: Hours): boolean => isDaily(hours) && hours.from === 0 && hours.to === WHOLE_DAY;

/** `Lead Dana · on-call Omar (24 h) · escalation Priya (Mon–Fri 09:00–17:00 Europe/Berlin)`; empty where none was frozen. */
export function contactsWords({ terms: { contacts = [] } }: Deployment): string {
  const timed = contacts.filter(({ hours }) => hours !== undefined && !isAlways(hours));
  // One zone for all of them is named once, behind the last.
  const oneZone = new Set(timed.map(({ hours }) => hours?.timeZone)).size === 1;
  return contacts
    .map((contact, index) => {
      const { role, person, hours } = contact;
      const called = index === 0 ? CONTACT_NAMES[role] : CONTACT_NAMES[role].toLowerCase();
      const words = oneZone && contact !== timed.at(-1) ? timesWords : hoursWords;
      return `${called} ${name(person)}${hours === undefined ? '' : ` (${words(hours)})`}`;
    })
    .join(' · ');
}

/** Neighbours become a range of three or more: `Mon–Fri`, `Mon, Tue, Sat`. */
function daysWords(days: Hours['days']): string {
  const runs: string[][] = [];
  for (const day of WEEK) {
    const last = runs.at(-1);
    if (!days.includes(day)) runs.push([]);
    else if (last === undefined) runs.push([day]);
    else last.push(day);
  }
  return runs
    .flatMap((run) => (run.length > 2 ? [`${short(run[0])}–${short(run.at(-1))}`] : run.map(short)))
    .join(', ');
}

const short = (day = ''): string => day.slice(0, 1).toUpperCase() + day.slice(1);

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
