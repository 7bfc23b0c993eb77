/** The reports that come with a request. */

import { answeredBy } from '../../policy/gates.ts';
import type { Facts, Intent } from '../intents.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

type Reports = NonNullable<Facts['reports']>;

/** The backend's word, but of what answers itself, and what was reported to us. */
export function reportsOf({ reports = [] }: IntentOf<'request'> | IntentOf<'revise'>, facts: Facts): Reports {
  return [...reports.filter(({ gate }) => answeredBy(gate) === undefined), ...(facts.reports ?? [])];
}
