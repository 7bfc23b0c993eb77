/** What is wrong with a policy file, in words: where, what was found, what is allowed there. */

import type { z } from 'zod';
import { own } from '../defined.ts';
import type { InParts } from './in-parts.ts';
import { nearest } from './nearest.ts';
import type { Path, Place } from './yaml-text.ts';

export interface Problem {
  /** `services.checkout.strategy`; empty for the file as a whole. */
  path: string;
  found: string;
  allowed: string;
  /** 1-based, where the file says something at or above the path. */
  line?: number;
  column?: number;
}

/** One problem as one line of text. */
export function describeProblem(problem: Problem): string {
  const where = problem.line === undefined ? '' : `line ${problem.line}: `;
  return `${where}${problem.path || 'the file'}: found ${problem.found}; allowed: ${problem.allowed}`;
}

export function pathText(path: Path): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}

/** A value as the person wrote it, cut where it is long. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

export function unknownWord(word: string, known: readonly string[]): string {
  if (known.length === 0) return 'none: the file defines nothing of the kind yet';
  const near = nearest(word, known);
  return known.join(', ') + (near === undefined ? '' : ` (did you mean ${near}?)`);
}

/** A node of the JSON Schema, as far as the words below need it. */
export interface SchemaNode {
  description?: string;
  /** What is there is not to be repeated. */
  writeOnly?: boolean;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  propertyNames?: SchemaNode;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  /** Told apart by a property that is `const` in each. */
  oneOf?: SchemaNode[];
  const?: unknown;
}

/** What has more of them is another file; looking each one up keeps everybody waiting (OP-9). */
const MAX_UNKNOWN_KEYS = 50;
/** Nobody mends more of them in one go. */
export const MAX_PROBLEMS = 100;
const EXPLAINED_AT_ONCE = 5;

export const AND_MORE = { path: '', found: 'more mistakes than these', allowed: 'these mended first' };

/** In parts: each one is looked up in the schema and in the file (OP-9). */
export function* problemsOf(
  issues: readonly z.core.$ZodIssue[],
  text: { value: unknown; schema: SchemaNode; locate: (path: Path) => Place | undefined },
): InParts<Problem[]> {
  const at = (path: Path, found: string, allowed: string): Problem => ({
    path: pathText(path),
    found,
    allowed,
    ...text.locate(path),
  });
  const found: Problem[] = [];
  for (const problem of explainAll(issues, [], text, at)) {
    if (found.length === MAX_PROBLEMS) return [...found, AND_MORE];
    found.push(problem);
    if (found.length % EXPLAINED_AT_ONCE === 0) yield;
  }
  return found;
}

type At = (path: Path, found: string, allowed: string) => Problem;

function* explainAll(
  issues: readonly z.core.$ZodIssue[],
  above: Path,
  text: Described,
  at: At,
): Generator<Problem, void> {
  for (const issue of issues) yield* explain(issue, above, text, at);
}

function* explain(issue: z.core.$ZodIssue, above: Path, text: Described, at: At): Generator<Problem, void> {
  const path = [...above, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  const nodes = nodesAt(text, path);
  const described = nodes.find(({ description }) => description !== undefined)?.description;
  const found = (): string =>
    nodes.some(({ writeOnly }) => writeOnly) ? 'something else' : show(valueAt(text.value, path));
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = nodes.flatMap(({ properties }) => Object.keys(properties ?? {}));
      for (const key of issue.keys.slice(0, MAX_UNKNOWN_KEYS))
        yield known.includes(key)
          ? at([...path, key], `${key} beside another`, `${key} in an entry of its own`)
          : at([...path, key], `the unknown key ${show(key)}`, knownWords(key, known, text.schema));
      const more = issue.keys.length - MAX_UNKNOWN_KEYS;
      if (more > 0) yield at(path, `${more} more unknown keys`, 'the keys of the schema');
      return;
    }
    case 'invalid_union': {
      const kinds = discriminated(issue, nodesAt(text, path.slice(0, -1)));
      const inside = kinds.length > 0 ? [] : deepest(issue.errors);
      if (inside.length > 0) return yield* explainAll(inside, path, text, at);
      const choices = nodes.flatMap(({ description }) => description ?? []);
      yield kinds.length > 0
        ? at(path, found(), unknownWord(String(valueAt(text.value, path)), kinds))
        : at(path, found(), choices.join(', or ') || issue.message);
      return;
    }
    case 'invalid_key':
      yield at(path, `the key ${show(path.at(-1))}`, keyRule(text, path) ?? issue.message);
      return;
    case 'invalid_value':
      yield at(path, found(), unknownWord(String(valueAt(text.value, path)), issue.values.map(String)));
      return;
    case 'invalid_type': {
      const said = shaped(issue.expected, valueAt(text.value, path), kindWords(nodes) ?? described);
      yield at(path, found(), said);
      return;
    }
    case 'custom':
      yield at(path, found(), String(issue.params?.allowed ?? issue.message));
      return;
    default:
      yield at(path, found(), described ?? issue.message);
  }
}

/** Where the value is of another shape than it should be, which shape that is comes first. */
function shaped(expected: string, value: unknown, described: string | undefined): string {
  const shape = value === undefined || value === null ? undefined : SHAPES[expected];
  const isText =
    expected === 'string' &&
    (typeof value === 'number' || typeof value === 'boolean') &&
    described?.includes('quotation marks') !== true;
  const words = isText ? 'text, in quotation marks' : shape;
  return [words, described].filter((part) => part !== undefined).join(': ') || expected;
}

const SHAPES: Readonly<Record<string, string>> = {
  array: 'a list, [one, another] or a line with "- " for each',
  object: 'a mapping, "key: value"',
  record: 'a mapping, "name: …" for each',
  boolean: 'true or false, without quotation marks',
  number: 'a number, without quotation marks or a unit',
  int: 'a whole number, without quotation marks or a unit',
};

/** Of one that is told apart by its kind: the kinds that there are. */
function kindWords([node]: readonly SchemaNode[]): string | undefined {
  const kinds = (node?.oneOf ?? []).flatMap(({ properties }) => properties?.kind?.const ?? []);
  return kinds.length === 0 ? undefined : `kind: ${kinds.join(', ')}`;
}

/** A key that is known elsewhere is told its places: it was most likely meant for one of them. */
function knownWords(key: string, known: readonly string[], schema: SchemaNode): string {
  const otherwise = own(SAID_OTHERWISE, key);
  if (otherwise !== undefined) return otherwise;
  const words = unknownWord(key, known);
  const places = nearest(key, known) === undefined ? placesOf(schema, key) : [];
  return places.length === 0 ? words : `${words}; ${key} stands in ${places.slice(0, 3).join(', or ')}`;
}

/** Keys that people look for and that are no keys here: how the same is said. */
const SAID_OTHERWISE: Readonly<Record<string, string>> = {
  regions:
    'an environment for each region, in their order: "production-eu: { like: production, bake: 1h }", "production-us: { like: production }"',
};

/** `environments.NAME.sign_offs`: every place that has such a key, the shallowest first. */
function placesOf(schema: SchemaNode, key: string): readonly string[] {
  const known = placesIn.get(schema) ?? findPlaces(schema);
  placesIn.set(schema, known);
  return known.get(key) ?? [];
}

/** Of the schema of the policy: one walk, whatever a file asks. */
const placesIn = new WeakMap<SchemaNode, ReadonlyMap<string, readonly string[]>>();

function findPlaces(schema: SchemaNode): ReadonlyMap<string, readonly string[]> {
  const found: string[][] = [];
  const look = (node: SchemaNode, path: string[]): void => {
    if (path.length > MAX_PLACE) return;
    for (const member of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) look(member, path);
    for (const [name, below] of Object.entries(node.properties ?? {})) {
      found.push([...path, name]);
      look(below, [...path, name]);
    }
    if (typeof node.additionalProperties === 'object') look(node.additionalProperties, [...path, 'NAME']);
    if (node.items !== undefined) look(node.items, path);
  };
  look(schema, []);
  const places = new Map<string, string[]>();
  for (const path of found.toSorted((a, b) => a.length - b.length)) {
    const key = path.at(-1) ?? '';
    const words = path.join('.');
    const before = places.get(key) ?? [];
    if (!before.includes(words)) places.set(key, [...before, words]);
  }
  return places;
}

/** Deeper than this are the settings of adapters and smoke tests, which nobody means. */
const MAX_PLACE = 3;

/** The issues of the branch that came closest: those that lie inside it; none where every branch failed at once. */
function deepest(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const inside = branches.filter((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'),
  );
  return inside.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

function keyRule(text: Described, path: Path): string | undefined {
  return nodesAt(text, path.slice(0, -1)).find(
    ({ propertyNames }) => propertyNames?.description !== undefined,
  )?.propertyNames?.description;
}

/** The words that tell the members of a union apart, where that is what is wrong. */
function discriminated(issue: z.core.$ZodIssueInvalidUnion, above: readonly SchemaNode[]): string[] {
  const key = issue.errors.length === 0 ? issue.path.at(-1) : undefined;
  if (typeof key !== 'string') return [];
  const words = above.flatMap(({ properties }) => properties?.[key]?.const ?? []);
  return words.filter((word) => typeof word === 'string');
}

interface Described {
  value: unknown;
  schema: SchemaNode;
}

/** Every node of the schema that may describe the value at a path. */
function nodesAt({ schema, value }: Described, path: Path): SchemaNode[] {
  let nodes = spread(schema, value);
  path.forEach((part, index) => {
    const here = valueAt(value, path.slice(0, index + 1));
    nodes = nodes.flatMap((node) => {
      const below =
        typeof part === 'number' ? node.items : (node.properties?.[part] ?? node.additionalProperties);
      return typeof below === 'object' ? spread(below, here) : [];
    });
  });
  return nodes;
}

function spread(node: SchemaNode, value: unknown): SchemaNode[] {
  const { anyOf = [], oneOf = [] } = node;
  const meant = oneOf.filter((member) => isMeant(member, value));
  const members = [...anyOf, ...(meant.length > 0 ? meant : oneOf)];
  return [node, ...members.flatMap((member) => spread(member, value))];
}

/** Whether a value says by its constant properties that it is this member of a union. */
function isMeant({ properties = {} }: SchemaNode, value: unknown): boolean {
  const fixed = Object.entries(properties).filter(([, property]) => property.const !== undefined);
  return fixed.length > 0 && fixed.every(([key, property]) => valueAt(value, [key]) === property.const);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<string | number, unknown>)[part]
        : undefined,
    value,
  );
}
