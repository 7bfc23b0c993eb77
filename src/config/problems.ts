/** What is wrong with a policy file, in words: where, what was found, what is allowed there. */

import type { z } from 'zod';
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
  if (known.length === 0) return 'nothing is defined yet';
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
}

export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  text: { value: unknown; schema: SchemaNode; locate: (path: Path) => Place | undefined },
): Problem[] {
  const at = (path: Path, found: string, allowed: string): Problem => ({
    path: pathText(path),
    found,
    allowed,
    ...text.locate(path),
  });
  return issues.flatMap((issue) => explain(issue, [], text, at));
}

function explain(
  issue: z.core.$ZodIssue,
  above: Path,
  text: { value: unknown; schema: SchemaNode },
  at: (path: Path, found: string, allowed: string) => Problem,
): Problem[] {
  const path = [...above, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  const described = nodesAt(text.schema, path).find(
    ({ description }) => description !== undefined,
  )?.description;
  const found = (): string =>
    nodesAt(text.schema, path).some(({ writeOnly }) => writeOnly)
      ? 'something else'
      : show(valueAt(text.value, path));
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = nodesAt(text.schema, path).flatMap(({ properties }) => Object.keys(properties ?? {}));
      return issue.keys.map((key) =>
        at([...path, key], `the unknown key ${show(key)}`, unknownWord(key, known)),
      );
    }
    case 'invalid_union': {
      const inside = deepest(issue.errors);
      if (inside.length > 0) return inside.flatMap((inner) => explain(inner, path, text, at));
      const choices = nodesAt(text.schema, path).flatMap(({ description }) => description ?? []);
      return [at(path, found(), choices.join(', or ') || issue.message)];
    }
    case 'invalid_key':
      return [at(path, `the key ${show(path.at(-1))}`, keyRule(text.schema, path) ?? issue.message)];
    case 'invalid_value':
      return [at(path, found(), issue.values.map(String).join(', '))];
    case 'invalid_type':
      return [at(path, found(), described ?? issue.expected)];
    case 'custom':
      return [at(path, found(), String(issue.params?.allowed ?? issue.message))];
    default:
      return [at(path, found(), described ?? issue.message)];
  }
}

/** The issues of the branch that came closest: those that lie inside it; none where every branch failed at once. */
function deepest(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const inside = branches.filter((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'),
  );
  return inside.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

function keyRule(schema: SchemaNode, path: Path): string | undefined {
  return nodesAt(schema, path.slice(0, -1)).find(
    ({ propertyNames }) => propertyNames?.description !== undefined,
  )?.propertyNames?.description;
}

/** Every node of the schema that may describe the value at a path. */
function nodesAt(schema: SchemaNode, path: Path): SchemaNode[] {
  const spread = (node: SchemaNode): SchemaNode[] => [node, ...(node.anyOf ?? []).flatMap(spread)];
  let nodes = spread(schema);
  for (const part of path) {
    nodes = nodes.flatMap((node) => {
      const below =
        typeof part === 'number' ? node.items : (node.properties?.[part] ?? node.additionalProperties);
      return typeof below === 'object' ? spread(below) : [];
    });
  }
  return nodes;
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
