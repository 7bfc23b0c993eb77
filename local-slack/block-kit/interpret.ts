/** Reads a value against a rule and collects what Slack would say about it. */
import type { Violation } from '../protocol.ts';
import { characters } from './measure.ts';
import {
  type ChoiceRule,
  isObject,
  type Json,
  type ListRule,
  NOT_IN_ENUM,
  type NumberRule,
  type ObjectRule,
  type Rule,
  type StringRule,
  type Surface,
} from './rule.ts';
import { ONLY_ON } from './surfaces.ts';

/** Enough to repair a message by; a hostile one must not cost more than it. */
const MAX_VIOLATIONS = 100;

type Path = (string | number)[];

interface Reading {
  surface: Surface;
  code: string;
  path: Path;
  violations: Violation[];
}

/** Never throws: rules nest to a fixed depth, whatever the value does. `at` is where the value stands in the call. */
export function read(
  rule: Rule,
  value: unknown,
  { surface, code, at }: { surface: Surface; code: string; at: Path },
): Violation[] {
  const reading: Reading = { surface, code, path: [...at], violations: [] };
  apply(rule, value, reading);
  return reading.violations;
}

export function pointerTo(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const isFull = (reading: Reading): boolean => reading.violations.length >= MAX_VIOLATIONS;

function refuse(reading: Reading, message: string | undefined, ...at: Path): void {
  if (message === undefined || isFull(reading)) return;
  reading.violations.push({ pointer: pointerTo([...reading.path, ...at]), code: reading.code, message });
}

function apply(rule: Rule, value: unknown, reading: Reading): void {
  switch (rule.kind) {
    case 'string':
      refuse(reading, stringFault(rule, value));
      break;
    case 'number':
      refuse(reading, numberFault(rule, value));
      break;
    case 'boolean':
      refuse(reading, typeof value === 'boolean' ? undefined : 'must provide a boolean');
      break;
    case 'list':
      applyList(rule, value, reading);
      break;
    case 'object':
      applyObject(rule, value, reading);
      break;
    case 'choice':
      applyChoice(rule, value, reading);
      break;
  }
}

function stringFault(rule: StringRule, value: unknown): string | undefined {
  if (typeof value !== 'string') return 'must provide a string';
  if (value.length < rule.min) return `must be more than ${rule.min - 1} characters`;
  // UTF-16 units are never fewer than characters, so most texts need no counting.
  if (value.length > rule.max && characters(value) > rule.max)
    return `must be less than ${rule.max + 1} characters`;
  return rule.form?.holds(value) === false ? rule.form.message : undefined;
}

function numberFault(rule: NumberRule, value: unknown): string | undefined {
  if (typeof value !== 'number') return rule.integer ? 'must provide an integer' : 'must provide a number';
  if (rule.integer && !Number.isInteger(value)) return 'must provide an integer';
  if (value < rule.min) return `must be greater than or equal to ${rule.min}`;
  return value > rule.max ? `must be less than or equal to ${rule.max}` : undefined;
}

function applyList(rule: ListRule, value: unknown, reading: Reading): void {
  if (!Array.isArray(value)) {
    refuse(reading, 'must provide an array');
    return;
  }
  if (value.length < rule.min) refuse(reading, `must provide at least ${rule.min} items`);
  if (value.length > rule.max) refuse(reading, `no more than ${rule.max} items allowed`);
  const length = Math.min(value.length, rule.max);
  for (let i = 0; i < length && !isFull(reading); i++) {
    if (!(rule.gaps && value[i] === null)) below(rule.of, i, value[i], reading);
  }
}

function below(rule: Rule, step: string | number, value: unknown, reading: Reading): void {
  reading.path.push(step);
  apply(rule, value, reading);
  reading.path.pop();
}

function applyChoice(rule: ChoiceRule, value: unknown, reading: Reading): void {
  if (!isObject(value)) {
    refuse(reading, 'must provide an object');
    return;
  }
  const type = ownType(value);
  if (typeof type !== 'string') {
    refuseType(type, reading);
    return;
  }
  const chosen = rule.of.get(type);
  const surfaces = ONLY_ON.get(type);
  if (chosen && (!surfaces || surfaces.includes(reading.surface))) applyObject(chosen, value, reading);
  else refuse(reading, rule.refusal(type), 'type');
}

/** Its own: a type that only the prototype has is none. */
const ownType = (value: Json): unknown => (Object.hasOwn(value, 'type') ? value.type : undefined);

function refuseType(type: unknown, reading: Reading): void {
  if (type === undefined) refuse(reading, 'missing required field: type');
  else refuse(reading, typeof type === 'string' ? NOT_IN_ENUM : 'must provide a string', 'type');
}

function applyObject(rule: ObjectRule, value: unknown, reading: Reading): void {
  if (!isObject(value)) {
    refuse(reading, 'must provide an object');
    return;
  }
  if (rule.type !== undefined && ownType(value) !== rule.type) {
    // Its fields belong to that other type: what else is wrong cannot be told.
    refuseType(ownType(value), reading);
    return;
  }
  const before = reading.violations.length;
  for (const name of rule.required) {
    if (!Object.hasOwn(value, name) || value[name] === undefined)
      refuse(reading, `missing required field: ${name}`);
  }
  applyFields(rule, value, reading);
  if (reading.violations.length > before || isFull(reading)) return;
  for (const exception of rule.exceptions) {
    exception(value, (message, ...at) => refuse(reading, message, ...at), reading.surface);
  }
}

function applyFields(rule: ObjectRule, value: Json, reading: Reading): void {
  for (const name of Object.keys(value)) {
    if (isFull(reading)) return;
    if (value[name] === undefined || (name === 'type' && rule.type !== undefined)) continue;
    const field = rule.fields.get(name);
    if (field) below(field, name, value[name], reading);
    // Slack points at the object that has the property, not at the property.
    else refuse(reading, `invalid additional property: ${name}`);
  }
}
