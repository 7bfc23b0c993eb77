/** Whom a run can turn to, and when they are there, in words (WN-5). */

import type { Contact, Deployment } from '../src/deployment/deployment.ts';
import type { Hours } from '../src/policy/hours.ts';
import { name } from './deployment-words.ts';

export const CONTACT_NAMES: Record<Contact['role'], string> = {
  lead: 'Lead',
  on_call: 'On-call',
  escalation: 'Escalation',
};

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const WHOLE_DAY = 24 * 60;

/** `Mon–Fri 09:00–17:00 Europe/Berlin`, `24 h` */
export function hoursWords({ days, from, to, timeZone }: Hours): string {
  const daily = days.length === WEEK.length;
  if (daily && from === 0 && to === WHOLE_DAY) return '24 h';
  return `${daily ? 'daily' : daysWords(days)} ${clock(from)}–${clock(to)} ${timeZone}`;
}

/** `Lead Dana · on-call Omar, 24 h · escalation Priya, Mon–Fri 09:00–17:00 Europe/Berlin`; empty where none was frozen. */
export function contactsWords({ contacts = [] }: Deployment): string {
  return contacts
    .map(({ role, person, hours }, index) => {
      const called = index === 0 ? CONTACT_NAMES[role] : CONTACT_NAMES[role].toLowerCase();
      return `${called} ${name(person)}${hours === undefined ? '' : `, ${hoursWords(hours)}`}`;
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
