/** Who must say go, when they are asked, and how long that counts. */

import type { Duration } from '../time.ts';
import type { Workdays } from './hours.ts';
import type { PersonRef } from './person.ts';

export interface RequiredSignOff {
  role: string;
  /** How the role is called where people read it: "Tech lead". */
  name: string;
  /** How many different people of the role must say go. */
  quorum: number;
  /** Who was asked, by Slack user id; who may sign is asked again at the click. */
  asked: PersonRef[];
}

/** When its sign-offs are asked for, how long they count, and what happens while they are missing. */
export interface Approval {
  /** `none`: nobody is asked · `before`: it waits for its sign-offs · `afterwards`: it starts, and then owes them. */
  when: 'none' | 'before' | 'afterwards';
  /** Business days between the request and the earliest start (CH-1). */
  leadTime: number;
  workdays: Workdays;
  /** What is owed after a start without sign-offs, and until when, counted from the start. */
  owed?: { within: Duration; remindEvery: Duration; documentation: boolean };
  /** Roles that one person may fill together; none where one person fills one role (CH-10). */
  onePersonMayFill?: readonly (readonly string[])[];
  /** Whose go falls where only this changes; everybody's where it is unset (CH-7). */
  askedAgain?: { risk?: readonly string[]; database?: readonly string[] };
  /** How long a go counts (CH-8). */
  goLasts?: Duration;
  /** How long a go may be missing before it is asked for again, each time. */
  remindAfter?: Duration;
  /** How long a go may be missing before these are told. */
  escalateAfter?: Duration;
  escalateTo?: { role: string; name: string; people: PersonRef[] };
}
