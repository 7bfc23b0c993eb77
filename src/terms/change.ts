/** What kind of change it is, and who sees to it. */

import type { PersonRef } from './person.ts';

export const CHANGE_TYPES = ['standard', 'normal', 'emergency'] as const;
export const DEPLOYMENT_TYPES = [
  'feature',
  'bug_fix',
  'security',
  'performance',
  'infrastructure',
  'major_release',
] as const;
export const RISKS = ['low', 'medium', 'high'] as const;
export const DATABASE_CHANGES = ['none', 'additive', 'breaking', 'data_migration'] as const;

export interface Details {
  changeType: (typeof CHANGE_TYPES)[number];
  deploymentType: (typeof DEPLOYMENT_TYPES)[number];
  risk: (typeof RISKS)[number];
  database: (typeof DATABASE_CHANGES)[number];
  /** Versions that work with the database as it is afterwards, as they were typed; unset where nobody says. */
  compatible?: string | undefined;
  /** What undoes a data migration: the name of an artifact, or the link to a run; unset where nobody says. */
  reverseScript?: string | undefined;
  summary: string;
  lead: PersonRef;
  onCall: PersonRef;
  /** Where its card lives: a Slack channel id. */
  channel: string;
}
