/** A file over its preset: mappings by their keys, lists as a whole. */

import { defined } from '../defined.ts';
import type { BaseType } from '../terms/change.ts';
import { mergeEnvironments } from './environment-likes.ts';
import type { PolicyFile, Preset } from './schema.ts';

type Role = NonNullable<Preset['roles']>[string];
/** `any_of`: it stands for these roles, see any-of.ts. */
export type RoleSettings = Exclude<Role, string[]> & { any_of?: string[] };

type ChangeTypes = NonNullable<Preset['change_types']>;
export type ChangeTypeSettings = Omit<NonNullable<ChangeTypes[string]>, 'like'> & { like?: BaseType };

export interface Settings extends Omit<PolicyFile, 'roles' | 'environments' | 'change_types'> {
  roles: Record<string, RoleSettings>;
  environments: NonNullable<Preset['environments']>;
  change_types: Record<string, ChangeTypeSettings>;
}

export function merge(preset: Preset, file: PolicyFile): Settings {
  return {
    ...preset,
    ...file,
    roles: mergeRoles(preset.roles ?? {}, file.roles ?? {}),
    environments: mergeEnvironments(preset.environments ?? {}, file.environments),
    change_types: mergeChangeTypes(preset.change_types ?? {}, file.change_types ?? {}),
    sign_offs: { ...preset.sign_offs, ...file.sign_offs },
    strategies: { ...preset.strategies, ...file.strategies },
    defaults: { ...preset.defaults, ...file.defaults },
    judge: mergeJudge(preset.judge, file.judge),
    safeguards: { ...preset.safeguards, ...file.safeguards },
    permissions: { ...preset.permissions, ...file.permissions },
    calendar: { ...preset.calendar, ...file.calendar },
    smoke: {
      ...preset.smoke,
      ...file.smoke,
      baseline: { ...preset.smoke?.baseline, ...file.smoke?.baseline },
    },
    communication: { ...preset.communication, ...file.communication },
    gates: mergeGates(preset.gates ?? {}, file.gates ?? {}),
    checklist: mergeItems(preset.checklist ?? {}, file.checklist ?? {}),
  };
}

type Judge = NonNullable<Preset['judge']>;

/** Whoever writes rules for all stages means them for all: what was there for single ones stands only where it is named. */
export function mergeJudge(before: Judge = {}, own: Judge = {}): Judge {
  const stages =
    own.stages ??
    before.stages?.map(({ criteria, triggers, ...stage }) => ({
      ...stage,
      ...(own.criteria === undefined ? defined({ criteria }) : {}),
      ...(own.triggers === undefined ? defined({ triggers }) : {}),
    }));
  return { ...before, ...own, ...defined({ stages }) };
}

/** A list alone is its people. */
export const full = (role: Role | undefined): RoleSettings =>
  Array.isArray(role) ? { members: role } : (role ?? {});

function mergeRoles(preset: Record<string, Role>, file: Record<string, Role>): Record<string, RoleSettings> {
  const ids = new Set([...Object.keys(preset), ...Object.keys(file)]);
  return Object.fromEntries([...ids].map((id) => [id, { ...full(preset[id]), ...full(file[id]) }]));
}

type Items = NonNullable<Preset['checklist']>;

/** Item by item, and each by its own keys; `false` leaves it out. A file that says who ticks it means just these. */
function mergeItems(preset: Items, file: Items): Items {
  const ids = [...new Set([...Object.keys(preset), ...Object.keys(file)])];
  return Object.fromEntries(
    ids.map((id) => {
      const own = file[id];
      if (own === false || own === undefined) return [id, own ?? preset[id]];
      const { roles, by, ...rest } = preset[id] || {};
      const who = own.roles === undefined && own.by === undefined ? defined({ roles, by }) : {};
      return [id, { ...rest, ...who, ...own }];
    }),
  ) as Items;
}

type Gates = NonNullable<Preset['gates']>;

/** A file that judges a gate by another figure means that one instead; findings are told apart by their severity. */
function mergeGates(preset: Gates, file: Gates): Gates {
  const ids = [...new Set([...Object.keys(preset), ...Object.keys(file)])];
  return Object.fromEntries(
    ids.map((id) => {
      const own = file[id] ?? {};
      const { pass_rate, percent, findings, ...rest } = preset[id] ?? {};
      const judged = own.pass_rate ?? own.percent ?? own.findings;
      const before = judged === undefined ? { pass_rate, percent, findings } : {};
      const both = own.findings === undefined ? {} : { findings: { ...findings, ...own.findings } };
      return [id, { ...rest, ...defined(before), ...own, ...both }];
    }),
  );
}

const own = (types: ChangeTypes, type: string): ChangeTypeSettings =>
  (Object.hasOwn(types, type) ? types[type] : undefined) ?? {};

/** A kind of the team's own is as the one it is like, as the file has that. */
function mergeChangeTypes(preset: ChangeTypes, file: ChangeTypes): Settings['change_types'] {
  const types = [...new Set([...Object.keys(preset), ...Object.keys(file)])];
  const merged = (type: string): ChangeTypeSettings => ({ ...own(preset, type), ...own(file, type) });
  return Object.fromEntries(
    types.map((type) => {
      const { like } = merged(type);
      return [type, like === undefined ? merged(type) : { ...merged(like), ...merged(type) }];
    }),
  );
}
