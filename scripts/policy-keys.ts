/**
 * docs/policy-keys.md: every key of gonogo.yml with what it means, what it takes, and what the default preset says.
 * `node --import tsx scripts/policy-keys.ts` writes it; a test looks whether it is fresh.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { DURATION_PATTERN } from '../src/config/durations.ts';
import { policyJsonSchema } from '../src/config/json-schema.ts';
import { DEFAULT_PRESET } from '../src/config/load-policy.ts';

export const PAGE = fileURLToPath(new URL('../docs/policy-keys.md', import.meta.url));

const anything = z.looseObject({});
const nodeSchema = z.looseObject({
  description: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  pattern: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  properties: z.record(z.string(), anything).optional(),
  additionalProperties: z.union([z.boolean(), anything]).optional(),
  items: anything.optional(),
  anyOf: z.array(anything).optional(),
  oneOf: z.array(anything).optional(),
  $ref: z.string().optional(),
});
type Node = z.infer<typeof nodeSchema>;

export interface Key {
  path: string;
  means: string;
  takes: string;
}

/** Each kind of these has a page of its own, with its settings. */
const ADAPTERS: Readonly<Record<string, string>> = {
  backends: 'backends/README.md',
  metrics: 'backends/README.md',
  signals: 'signals.md',
  notifiers: 'notifiers.md',
};

const schema = nodeSchema.parse(policyJsonSchema());
const definitions = z.record(z.string(), anything).parse(schema.definitions ?? schema.$defs ?? {});

function nodeOf(given: unknown): Node {
  const node = nodeSchema.parse(given);
  if (node.$ref === undefined) return node;
  const { $ref: _ref, ...rest } = node;
  return { ...nodeSchema.parse(definitions[node.$ref.split('/').at(-1) ?? ''] ?? {}), ...rest };
}

const choicesOf = (node: Node): Node[] => [...(node.anyOf ?? []), ...(node.oneOf ?? [])].map(nodeOf);

/** In the order of the schema; a key that several forms of one entry share stands once. */
export function policyKeys(): Key[] {
  const found = new Map<string, Key>();
  collect(schema, '', found);
  return [...found.values()];
}

function collect(node: Node, path: string, found: Map<string, Key>): void {
  for (const [key, given] of Object.entries(node.properties ?? {})) {
    const own = nodeOf(given);
    const at = path === '' ? key : `${path}.${key}`;
    const known = found.get(at);
    const means = own.description ?? choicesOf(own).find((one) => one.description !== undefined)?.description;
    found.set(at, known ?? { path: at, means: means ?? '', takes: takesOf(own) });
    if (!Object.hasOwn(ADAPTERS, at)) collect(own, at, found);
  }
  const { additionalProperties: more, items } = node;
  if (typeof more === 'object') collect(nodeOf(more), `${path}.NAME`, found);
  if (items !== undefined) collect(nodeOf(items), `${path}[]`, found);
  for (const one of choicesOf(node)) collect(one, path, found);
}

function takesOf(node: Node): string {
  const choices = choicesOf(node).filter(({ type }) => type !== 'null');
  if (choices.length > 0) return [...new Set(choices.map(takesOf))].join(' or ');
  if (node.enum !== undefined) return node.enum.map((one) => `\`${String(one)}\``).join(', ');
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (node.pattern === DURATION_PATTERN.source) return 'duration';
  if (node.pattern?.includes('[01]') && node.pattern.includes(':')) return 'time of day';
  const [type = 'text'] = [node.type ?? []].flat();
  return (TAKES[type] ?? (() => type))(node);
}

const TAKES: Readonly<Record<string, (node: Node) => string>> = {
  string: () => 'text',
  boolean: () => '`true`, `false`',
  integer: (node) => ['whole number', boundsOf(node)].filter(Boolean).join(' '),
  number: (node) => ['number', boundsOf(node)].filter(Boolean).join(' '),
  array: ({ items }) => `list of ${takesOf(nodeOf(items ?? {}))}`,
  object: ({ properties }) => (properties === undefined ? 'entries by name' : 'keys below'),
};

function boundsOf({ minimum, maximum, exclusiveMinimum }: Node): string {
  if (exclusiveMinimum !== undefined)
    return maximum === undefined ? `over ${exclusiveMinimum}` : `over ${exclusiveMinimum} to ${maximum}`;
  const [from, to] = [minimum, maximum].map((one) =>
    one === undefined || Math.abs(one) >= Number.MAX_SAFE_INTEGER ? undefined : one,
  );
  if (from === undefined) return '';
  return to === undefined ? `from ${from}` : `${from} to ${to}`;
}

/** What the default preset says at a path that needs no name; a mapping says it at its keys. */
function presetSays(preset: unknown, path: string): string {
  const value = path
    .split('.')
    .reduce<unknown>((at, key) => (isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined), preset);
  if (value === undefined || value === null || isRecord(value)) return '';
  const text = Array.isArray(value) ? value.filter((one) => !isRecord(one)).join(', ') : String(value);
  return text === '' || text.length > 80 ? '' : `\`${text}\``;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function pathCell(path: string): string {
  const page = ADAPTERS[path];
  return page === undefined ? `\`${path}\`` : `[\`${path}\`](${page})`;
}

export function policyKeysPage(): string {
  const file = new URL(`../src/config/presets/${DEFAULT_PRESET}.yml`, import.meta.url);
  const preset: unknown = parse(readFileSync(file, 'utf8'), { merge: true });
  const rows = policyKeys().map(
    ({ path, means, takes }) =>
      `| ${pathCell(path)} | ${cell(means)} | ${cell(takes)} | ${cell(presetSays(preset, path))} |`,
  );
  return `# Every key of gonogo.yml

<!-- Written by scripts/policy-keys.ts from the schema; a test looks whether it is fresh. -->

\`NAME\` stands for a name of your own, \`[]\` for each entry of a list. A duration is \`90s\`, \`30m\`, \`1h 30m\` or \`7d\`. A time of
day, and a day without a zone beside it, is read in \`time_zone\` of the file (UTC where it has none), whatever the zone of
whoever reads or clicks. What [\`${DEFAULT_PRESET}\`](../src/config/presets/${DEFAULT_PRESET}.yml) has counts where neither the file nor its
preset says anything else; where that is empty, what it means says what happens without it. [policy.md](policy.md) says how it
all fits together.

| key | means | takes | \`${DEFAULT_PRESET}\` has |
|---|---|---|---|
${rows.join('\n')}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, policyKeysPage());
