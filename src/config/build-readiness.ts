/** Checked settings → gates and the checklist of the policy. */

import { defined, given } from '../defined.ts';
import type { ChecklistRule } from '../policy/policy.ts';
import type { ChecklistItem, Evidence, Gate, GateRule, Severity } from '../terms/requirements.ts';
import { parseDuration } from './durations.ts';
import type { Settings } from './merge.ts';

type GateSettings = NonNullable<Settings['gates']>[string];
type ItemSettings = Exclude<NonNullable<Settings['checklist']>[string], false>;

export function buildGates({ gates = {} }: Settings): Map<string, Gate> {
  return new Map(
    Object.entries(gates).map(([id, own]) => [
      id,
      { id, name: own.name ?? id.replace(/[_-]/g, ' '), rule: rule(own), ...lasts(own) },
    ]),
  );
}

function rule({ pass_rate: passRate, percent, findings }: GateSettings): GateRule {
  if (passRate !== undefined) return { kind: 'pass_rate', atLeast: passRate };
  if (percent !== undefined) return { kind: 'percent', atLeast: percent };
  if (findings !== undefined)
    return {
      kind: 'findings',
      atMost: Object.fromEntries(
        Object.entries(findings).filter(([, most]) => most !== undefined),
      ) as Partial<Record<Severity, number>>,
    };
  return { kind: 'passed' };
}

/** `roleName`: how a role is called where people read it. */
export function buildChecklist(
  { checklist = {} }: Settings,
  roleName: (role: string) => string,
): ChecklistRule[] {
  return Object.entries(checklist).flatMap(([id, own]) =>
    own === false ? [] : [{ ...item(id, own, roleName), ...when(own) }],
  );
}

function item(id: string, own: ItemSettings, roleName: (role: string) => string): ChecklistItem {
  return {
    id,
    group: own.group ?? 'prerequisites',
    text: own.text ?? id,
    required: own.required ?? true,
    before: own.before ?? 'start',
    ...defined({
      evidence: given(own.evidence, evidence),
      by: own.by?.map((role) => ({ role, name: roleName(role) })),
      roles: own.roles?.map((role) => ({ role, name: roleName(role) })),
    }),
    ...lasts(own),
    ...defined({ after: given(own.after_rollout, parseDuration), called: own.called }),
  };
}

function evidence(own: NonNullable<ItemSettings['evidence']>): Evidence {
  if (typeof own === 'string') return { kind: own };
  return 'gate' in own ? { kind: 'gate', gate: own.gate } : { kind: 'sign_off', role: own.sign_off };
}

/** The changes that an item or a sign-off is for. */
export function when({ when: own }: Pick<ItemSettings, 'when'>): Pick<ChecklistRule, 'when'> {
  if (own === undefined) return {};
  const { deployment_types: deploymentTypes, databases, risks } = own;
  return {
    when: {
      ...defined({ deploymentTypes, databases, risks }),
    },
  };
}

function lasts(own: { lasts?: string | undefined }): { lasts?: number } {
  return own.lasts === undefined ? {} : { lasts: parseDuration(own.lasts) };
}
