/** The fields of the change request's modal (CH-5): their ids, and what is filled in at any moment. */

import { z } from 'zod';
import type { Deployment } from '../src/deployment/deployment.ts';
import { type ChangeRequest, LEVELS } from '../src/terms/change-request.ts';
import { DAY, type Instant, MINUTE } from '../src/time.ts';
import { type Field, type FilledView, fieldsOf } from './view-values.ts';

/** Ids of blocks and of what stands in them; those of a risk end in its key. */
export const CHANGE_REQUEST_FIELDS = {
  justification: 'change_request.justification',
  components: 'change_request.components',
  downtime: 'change_request.downtime',
  rollbackTime: 'change_request.rollback_time',
} as const;

export const RISK_FIELDS = ['risk', 'likelihood', 'impact', 'mitigation'] as const;
export type RiskField = (typeof RISK_FIELDS)[number];

export const riskFieldId = (field: RiskField, key: number): string => `change_request.${field}.${key}`;

export const MAX_RISKS = 5;

/** Characters that fit into one message together with all the rest. */
export const MAX_LENGTH = { justification: 3000, components: 1000, risk: 150, mitigation: 300 } as const;

/** More than a day is a mistake in the unit. */
export const MAX_MINUTES = DAY / MINUTE;

export interface ChangeRequestForm {
  /** The deployment's id. */
  d: string;
  /** When the change request that it began from was written; null where there was none. */
  seen: Instant | null;
  /** One number for each risk that is drawn: a risk taken out never gives its fields to another. */
  keys: number[];
  /** What is typed, by the ids of the fields; as text, right or wrong. */
  typed: ReadonlyMap<string, string>;
}

const metadataSchema = z.object({
  d: z.string(),
  seen: z.number().nullable(),
  keys: z.array(z.int()).min(1).max(MAX_RISKS),
});

export function writeFormMetadata({ d, seen, keys }: ChangeRequestForm): string {
  return JSON.stringify({ d, seen, keys });
}

/** The form as it opens: what was written before, or one empty risk and the rollback's target. */
export function formOf({
  id,
  evidence: { changeRequest },
  terms: { safeguards },
}: Deployment): ChangeRequestForm {
  const minutes = (length: number): string => String(Math.round(length / MINUTE));
  const risks = (changeRequest?.risks ?? []).slice(0, MAX_RISKS);
  const typed = new Map<string, string>([
    [CHANGE_REQUEST_FIELDS.rollbackTime, minutes(changeRequest?.rollbackTime ?? safeguards.rollbackWithin)],
  ]);
  if (changeRequest !== undefined) {
    typed.set(CHANGE_REQUEST_FIELDS.justification, changeRequest.justification);
    typed.set(CHANGE_REQUEST_FIELDS.components, changeRequest.components);
    typed.set(CHANGE_REQUEST_FIELDS.downtime, minutes(changeRequest.downtime));
  }
  risks.forEach((risk, index) => {
    for (const field of RISK_FIELDS) typed.set(riskFieldId(field, index + 1), risk[field]);
  });
  const keys = risks.length === 0 ? [1] : risks.map((_, index) => index + 1);
  return { d: id, seen: changeRequest?.at ?? null, keys, typed };
}

/** What is filled in now, gaps allowed; undefined for a form that this version did not draw. */
export function readForm(view: FilledView): ChangeRequestForm | undefined {
  const metadata = metadataSchema.safeParse(parsed(view.privateMetadata)).data;
  if (metadata === undefined) return undefined;
  const typed = new Map<string, string>();
  for (const [id, { value }] of fieldsOf(view)) if (value !== undefined) typed.set(id, value);
  return { ...metadata, typed };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function withRisk(form: ChangeRequestForm): ChangeRequestForm {
  if (form.keys.length >= MAX_RISKS) return form;
  return { ...form, keys: [...form.keys, Math.max(...form.keys) + 1] };
}

export function withoutRisk(form: ChangeRequestForm, key: number): ChangeRequestForm {
  const keys = form.keys.filter((one) => one !== key);
  return keys.length === 0 ? form : { ...form, keys };
}

const needed = (max: number, missing: string) =>
  z.string({ error: missing }).max(max, { error: `At most ${max} characters.` });
const level = (missing: string) => z.enum(LEVELS, { error: missing });
const minutes = (missing: string) =>
  z
    .string({ error: missing })
    .regex(/^\d{1,6}$/, { error: 'A whole number of minutes, such as 15; 0 for none.' })
    .transform(Number)
    .refine((number) => number <= MAX_MINUTES, {
      error: `At most ${MAX_MINUTES} minutes, which is a day.`,
    })
    .transform((number) => number * MINUTE);

const PROBLEMS = {
  justification: 'Say why this change is needed now.',
  components: 'Name what it touches: services, data, configuration.',
  downtime: 'Say for how many minutes it is down; 0 for none.',
  rollbackTime: 'Say how many minutes a rollback takes.',
  risk: 'Say what could go wrong, or remove this risk.',
  likelihood: 'Choose how likely it is.',
  impact: 'Choose how bad it would be.',
  mitigation: 'Say what is done about it.',
} as const;

const FIELD_SCHEMAS = {
  justification: needed(MAX_LENGTH.justification, PROBLEMS.justification),
  components: needed(MAX_LENGTH.components, PROBLEMS.components),
  downtime: minutes(PROBLEMS.downtime),
  rollbackTime: minutes(PROBLEMS.rollbackTime),
  risk: needed(MAX_LENGTH.risk, PROBLEMS.risk),
  likelihood: level(PROBLEMS.likelihood),
  impact: level(PROBLEMS.impact),
  mitigation: needed(MAX_LENGTH.mitigation, PROBLEMS.mitigation),
} as const;

export type ReadChangeRequest =
  | { ok: true; d: string; seen: Instant | null; request: ChangeRequest }
  | { ok: false; errors: Record<string, string> };

export function readChangeRequestModal(view: FilledView): ReadChangeRequest {
  const form = readForm(view);
  if (form === undefined) {
    const old = 'This form is from another time. Close it and start again from the card.';
    return { ok: false, errors: { [CHANGE_REQUEST_FIELDS.justification]: old } };
  }
  const blocks = fieldsOf(view);
  const errors: Record<string, string> = {};
  const take = <F extends keyof typeof FIELD_SCHEMAS>(
    field: F,
    id: string,
  ): z.output<(typeof FIELD_SCHEMAS)[F]> | undefined => {
    const read = FIELD_SCHEMAS[field].safeParse(form.typed.get(id));
    if (read.success) return read.data as z.output<(typeof FIELD_SCHEMAS)[F]>;
    errors[blockOf(blocks, id)] = read.error.issues[0]?.message ?? PROBLEMS[field];
    return undefined;
  };
  const justification = take('justification', CHANGE_REQUEST_FIELDS.justification);
  const components = take('components', CHANGE_REQUEST_FIELDS.components);
  const downtime = take('downtime', CHANGE_REQUEST_FIELDS.downtime);
  const rollbackTime = take('rollbackTime', CHANGE_REQUEST_FIELDS.rollbackTime);
  const risks = form.keys.flatMap((key): ChangeRequest['risks'] => {
    const risk = take('risk', riskFieldId('risk', key));
    const likelihood = take('likelihood', riskFieldId('likelihood', key));
    const impact = take('impact', riskFieldId('impact', key));
    const mitigation = take('mitigation', riskFieldId('mitigation', key));
    return risk && likelihood && impact && mitigation ? [{ risk, likelihood, impact, mitigation }] : [];
  });
  if (
    justification === undefined ||
    components === undefined ||
    downtime === undefined ||
    rollbackTime === undefined ||
    Object.keys(errors).length > 0
  )
    return { ok: false, errors };
  return {
    ok: true,
    d: form.d,
    seen: form.seen,
    request: { justification, components, downtime, rollbackTime, risks },
  };
}

const blockOf = (fields: ReadonlyMap<string, Field>, id: string): string => fields.get(id)?.block ?? id;
