/** A form names what each of its fields began from: none of them puts back what somebody else changed meanwhile (CH-7). */

import { createHash } from 'node:crypto';
import type { Details } from '../../terms/change.ts';
import type { Start } from '../../terms/envelope.ts';
import { SECOND } from '../../time.ts';
import type { Deployment } from '../deployment.ts';

export const FORM_FIELDS = [
  'version',
  'start',
  'strategy',
  'changeType',
  'deploymentType',
  'risk',
  'database',
  'lead',
  'onCall',
  'summary',
] as const;
export type FormField = (typeof FORM_FIELDS)[number];

/** What each field holds, as text that is only compared. */
export type FormValues = Record<FormField, string>;

/** Short, so that a form carries them all: eight characters a field. */
export type BeganFrom = Record<FormField, string>;

/** More than this a form does not hold. */
const LONGEST_SUMMARY = 2_000;

type Held = Pick<Details, 'changeType' | 'deploymentType' | 'risk' | 'database' | 'summary'> & {
  version: string;
  strategy: string;
  start: Start | { kind: 'window' };
  /** Slack user ids. */
  lead: string;
  onCall: string;
};

export function formValues({ start, summary, ...rest }: Held): FormValues {
  return {
    version: rest.version,
    strategy: rest.strategy,
    changeType: rest.changeType,
    deploymentType: rest.deploymentType,
    risk: rest.risk,
    database: rest.database,
    lead: rest.lead,
    onCall: rest.onCall,
    // Its picker knows no less than a second.
    start: start.kind === 'at' ? `at ${Math.floor(start.at / SECOND)}` : start.kind,
    summary: summary.slice(0, LONGEST_SUMMARY).trim(),
  };
}

/** As a form about it would hold it now. */
export function valuesNow({ terms: { envelope, details } }: Deployment): FormValues {
  const { version, plan, start } = envelope;
  const { lead, onCall } = details;
  return formValues({
    ...details,
    version,
    strategy: plan.strategy,
    start,
    lead: lead.id,
    onCall: onCall.id,
  });
}

export function beganFrom(values: FormValues): BeganFrom {
  return Object.fromEntries(FORM_FIELDS.map((field) => [field, short(values[field])])) as BeganFrom;
}

/** Where the form holds another value than is there now, and somebody changed it since the form was opened. */
export function lostUpdates(began: BeganFrom, form: FormValues, now: FormValues): FormField[] {
  return FORM_FIELDS.filter((field) => short(now[field]) !== began[field] && now[field] !== form[field]);
}

/** Whether a field held this when the form was opened. */
export function isBegunWith(began: BeganFrom, field: FormField, value: string): boolean {
  return began[field] === short(value);
}

const short = (value: string): string => createHash('sha256').update(value).digest('hex').slice(0, 8);
