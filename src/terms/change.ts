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

/** What every kind of change is built on (CH-1). */
export type BaseType = (typeof CHANGE_TYPES)[number];

export interface Details {
  /** One of the three, or a kind of the team's own. */
  changeType: string;
  /** What a kind of the team's own is built on; unset for the three themselves. */
  like?: BaseType;
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

export const isBaseType = (type: string): type is BaseType => CHANGE_TYPES.some((one) => one === type);

/** Which of the three it is, by name or by what its kind is built on; what is neither is a normal change. */
export function baseOf({ changeType, like }: Pick<Details, 'changeType' | 'like'>): BaseType {
  return isBaseType(changeType) ? changeType : (like ?? 'normal');
}

/** As people read it: `bug_hunt` → "bug hunt". */
export const changeTypeWords = (type: string): string => type.replace(/[_-]/g, ' ');
