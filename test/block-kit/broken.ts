/** Messages and views with exactly one rule broken, at a known place. */
import fc from 'fast-check';
import { VALID } from './arbitraries.ts';
import type { Arb } from './arbitrary-elements.ts';
import type { Json, Kind } from './edge.ts';
import { EDGES } from './edges.ts';

export interface Broken {
  kind: Kind;
  value: Json;
  /** Where the one broken rule is. */
  pointer: string;
  rule: string;
}

type Path = (string | number)[];
const at = (path: Path): string => path.map((step) => `/${step}`).join('');

interface Place {
  path: Path;
  value: unknown;
}

/** Every place below (and with) a value; the gaps that a table's columns may have are left out. */
function places(value: unknown, path: Path = []): Place[] {
  if (typeof value !== 'object' || value === null || path.at(-1) === 'column_settings')
    return [{ path, value }];
  return [
    { path, value },
    ...Object.entries(value).flatMap(([key, one]) =>
      places(one, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

function replaced(value: unknown, [step, ...rest]: Path, change: (old: unknown) => unknown): unknown {
  if (step === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((one: unknown, i) => (i === step ? replaced(one, rest, change) : one));
  return { ...(value as Json), [step]: replaced((value as Json)[step], rest, change) };
}

interface Fault {
  rule: string;
  fits: (place: Place) => boolean;
  change: (old: unknown) => unknown;
  /** Where it shows, from the place it was made at. */
  shows: Path;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const has =
  (field: string) =>
  (place: Place): boolean =>
    isObject(place.value) && Object.hasOwn(place.value, field);
const set =
  (fields: Json) =>
  (old: unknown): unknown => ({ ...(old as Json), ...fields });
const isEmptiable = ({ path, value }: Place): boolean =>
  typeof value === 'string' &&
  ['text', 'alt_text', 'action_id', 'block_id', 'task_id', 'caption'].includes(String(path.at(-1)));

/** Faults that can be made at many places of any valid value. */
const FAULTS: readonly Fault[] = [
  {
    rule: 'no unknown property',
    fits: ({ value }) => isObject(value),
    change: set({ surplus: 1 }),
    shows: [],
  },
  { rule: 'no null', fits: ({ path }) => path.length > 1, change: () => null, shows: [] },
  { rule: 'no unknown type', fits: has('type'), change: set({ type: 'nonsense' }), shows: ['type'] },
  {
    rule: 'a type',
    fits: has('type'),
    change: (old) => {
      const { type: _, ...rest } = old as Json;
      return rest;
    },
    shows: [],
  },
  { rule: 'no empty text', fits: isEmptiable, change: () => '', shows: [] },
  {
    rule: 'style is primary or danger',
    fits: has('accessibility_label'),
    change: set({ style: 'default' }),
    shows: ['style'],
  },
  {
    rule: 'a string where one is due',
    fits: ({ path, value }) => typeof value === 'string' && path.at(-1) !== 'type',
    change: () => 7,
    shows: [],
  },
  {
    rule: 'a list where one is due',
    fits: ({ value }) => Array.isArray(value),
    change: () => ({}),
    shows: [],
  },
  {
    rule: 'an object where one is due',
    fits: ({ value }) => isObject(value),
    change: () => 'text',
    shows: [],
  },
];

/** The part of a call that the faults are made in: its blocks for a message, all of it for a view. */
const rootOf = (kind: Kind): Path => (kind === 'message' ? [] : ['view']);
const within = (kind: Kind, value: Json): unknown => (kind === 'message' ? { blocks: value.blocks } : value);

function faulty(kind: Kind): Arb<Broken> {
  return fc
    .tuple(VALID[kind], fc.constantFrom(...FAULTS), fc.nat())
    .map(([value, fault, pick]): Broken | undefined => {
      const fitting = places(within(kind, value)).filter(
        (place) => place.path.length > 0 && fault.fits(place),
      );
      const place = fitting[pick % fitting.length];
      if (!place) return undefined;
      const broken = replaced(value, place.path, fault.change) as Json;
      return {
        kind,
        value: broken,
        pointer: at([...rootOf(kind), ...place.path, ...fault.shows]),
        rule: fault.rule,
      };
    })
    .filter((broken) => broken !== undefined);
}

/** A limit overstepped by up to twenty, among blocks that are right. */
const overstepped: Arb<Broken> = fc
  .tuple(
    fc.constantFrom(...EDGES.filter(({ limit }) => limit <= 3000)),
    fc.integer({ min: 1, max: 20 }),
    fc.nat(),
  )
  .chain(([edge, by, pick]) =>
    VALID[edge.on].map((value): Broken => {
      const { on: kind, title: rule, pointer } = edge;
      const made = edge.make(edge.limit + by);
      const root = at(rootOf(kind));
      if (!Array.isArray(made))
        return { kind, rule, value: { ...value, ...made }, pointer: `${root}${pointer}` };
      const blocks = (value.blocks as Json[]).filter(({ type }) => type !== 'table');
      const index = pick % (blocks.length + 1);
      return {
        kind,
        rule,
        value: { ...value, blocks: blocks.toSpliced(index, 0, ...made) },
        pointer: `${root}/blocks/${index}${pointer}`,
      };
    }),
  );

export const broken: Arb<Broken> = fc.oneof(faulty('message'), faulty('modal'), faulty('home'), overstepped);
