/** gonogo.yml → the policy, or everything that is wrong with it (PR-1). */

import { z } from 'zod';
import type { Policy } from '../policy/policy.ts';
import { withAnyOf } from './any-of.ts';
import { buildPolicy } from './build-policy.ts';
import { crossCheck, problemsWith } from './cross-checks.ts';
import { atOnce, type InParts } from './in-parts.ts';
import { policyJsonSchema } from './json-schema.ts';
import { merge } from './merge.ts';
import { type Problem, problemsOf, type SchemaNode, show, unknownWord } from './problems.ts';
import { fileSchema, type PolicyFile, type Preset, presetSchema } from './schema.ts';
import { checkFits } from './window-checks.ts';
import { type Path, type Place, readingYaml, readYaml } from './yaml-text.ts';

export const DEFAULT_PRESET = 'gold-standard';

export type LoadedPolicy = { ok: true; policy: Policy } | { ok: false; problems: Problem[] };

/**
 * @param presetTexts YAML of each preset by its name.
 * Throws where a preset itself is faulty: it ships with the program.
 */
export function loadPolicy(yamlText: string, presetTexts: Readonly<Record<string, string>>): LoadedPolicy {
  return atOnce(loadingPolicy(yamlText, presetTexts));
}

/** The same in parts: a long file keeps nobody waiting (OP-9). */
export function* loadingPolicy(
  yamlText: string,
  presetTexts: Readonly<Record<string, string>>,
): InParts<LoadedPolicy> {
  const yaml = yield* readingYaml(yamlText);
  if (!yaml.ok) {
    const problems = yaml.faults.map(({ message, remedy, line, column }) => ({
      path: '',
      found: message,
      allowed: remedy,
      line,
      column,
    }));
    return { ok: false, problems };
  }
  yield;
  const parsed = fileSchema.safeParse(yaml.value);
  yield;
  if (!parsed.success) {
    const schema = policyJsonSchema() as SchemaNode;
    yield;
    const { value, locate } = yaml;
    const problems = yield* problemsOf(parsed.error.issues, { value, schema, locate });
    return { ok: false, problems };
  }
  const file = parsed.data;
  const name = file.preset ?? DEFAULT_PRESET;
  const presetText = Object.hasOwn(presetTexts, name) ? presetTexts[name] : undefined;
  if (presetText === undefined) {
    const allowed = unknownWord(name, Object.keys(presetTexts));
    return {
      ok: false,
      problems: [{ path: 'preset', found: show(name), allowed, ...yaml.locate(['preset']) }],
    };
  }
  const many = tooMany(file, yaml.locate);
  if (many.length > 0) return { ok: false, problems: many };
  const preset = readPreset(name, presetText);
  yield;
  const settings = withAnyOf(merge(preset, file));
  const problems = yield* crossCheck(settings, { preset, file }, yaml.locate);
  if (problems.length > 0) return { ok: false, problems };
  yield;
  const policy = buildPolicy(settings);
  yield;
  const unfit = yield* problemsWith(yaml.locate, (report) => checkFits(policy, report));
  return unfit.length > 0 ? { ok: false, problems: unfit } : { ok: true, policy };
}

/** More than any company has; each is held against the others (OP-9). */
const MAX_ENTRIES = { services: 2_000, teams: 500, environments: 60, windows: 200, freezes: 200 } as const;

function tooMany(file: PolicyFile, locate: (path: Path) => Place | undefined): Problem[] {
  return Object.entries(MAX_ENTRIES).flatMap(([key, most]) => {
    const there = Object.keys(file[key as keyof typeof MAX_ENTRIES] ?? {}).length;
    const problem = { path: key, found: `${there} entries`, allowed: `${most} at most` };
    return there > most ? [{ ...problem, ...locate([key]) }] : [];
  });
}

/** They ship with the program and do not change while it runs: each is read once. */
const presets = new Map<string, Preset>();

function readPreset(name: string, text: string): Preset {
  const preset = presets.get(text) ?? parsePreset(name, text);
  presets.set(text, preset);
  return preset;
}

function parsePreset(name: string, text: string): Preset {
  const yaml = readYaml(text);
  if (!yaml.ok) throw new Error(`the preset ${name} is not YAML: ${yaml.faults[0]?.message}`);
  const parsed = presetSchema.safeParse(yaml.value);
  if (!parsed.success) throw new Error(`the preset ${name} is faulty: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
