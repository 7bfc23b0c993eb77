/** The steps of a strategy, one row per kind: how gonogo.yml writes it, what it becomes in the plan, where it may stand (ST-8). */

import { z } from 'zod';
import { defined } from '../defined.ts';
import { type Step, type StepKind, watchOf } from '../terms/plan.ts';
import { parseDuration } from './durations.ts';
import { show } from './problems.ts';
import { duration } from './schema-words.ts';
import type { Path } from './yaml-text.ts';

interface Row<Written> {
  /** As it may stand in the file. */
  schema: z.ZodType<Written>;
  example: string;
  /** One entry of the file may be several steps of the plan. */
  read: (written: Written, capacity: number | undefined) => Step[];
  /** What is wrong with it where it stands. */
  problem: (written: Written, at: At) => Found | undefined;
  /** How many parts it replaces, one after the other; unset where it needs no capacity beside it. */
  parts?: (written: Written) => number;
}

/** Where an entry stands among the others. */
interface At {
  index: number;
  entries: number;
  /** What the entries before it come to. */
  before: readonly Step[];
  /** The share that they give the new version, in percent. */
  share: number;
}

export interface Found {
  /** Inside the entry. */
  at?: Path;
  found: string;
  allowed: string;
}

/** Keeps the type of what the file writes. */
const row = <S extends z.ZodType>(entry: Row<z.output<S>> & { schema: S }) => entry;

const word = <W extends string>(
  text: W,
  description: string,
  rest: Pick<Row<W>, 'read' | 'problem'>,
): Row<W> & { schema: z.ZodLiteral<W> } => ({
  schema: z.literal(text).meta({ description: `${text}: ${description}` }),
  example: text,
  ...rest,
});

const ROWS = {
  'set-weight': row({
    schema: z.strictObject({
      set_weight: z
        .number()
        .gt(0)
        .max(100)
        .meta({ description: 'the share of traffic in percent, over 0 up to 100' }),
    }),
    example: 'set_weight: 5',
    read: ({ set_weight: percent }) => [{ kind: 'set-weight', percent }],
    problem: ({ set_weight: percent }, { share }) =>
      percent <= share ? { found: `${percent} after ${share}`, allowed: 'shares that climb' } : undefined,
  }),
  watch: row({
    schema: z.strictObject({ watch: duration }),
    example: 'watch: 30m',
    read: ({ watch }) => [{ kind: 'watch', for: parseDuration(watch) }],
    problem: ({ watch }, { before, share }) => {
      if (share === 0) return { found: 'a watch before any traffic', allowed: 'set_weight first' };
      const last = before.at(-1);
      return last !== undefined && watchOf(last) !== undefined
        ? { found: 'two watches in a row', allowed: 'one watch per share of traffic' }
        : problemOfLength(watch);
    },
  }),
  batch: row({
    schema: z.strictObject({
      batches: z
        .int()
        .min(2)
        .max(50)
        .meta({ description: 'in how many parts it is replaced, one after the other, 2 to 50' }),
      watch: duration.meta({ description: 'how long each part but the last is watched' }).optional(),
    }),
    example: 'batches: 4',
    read: ({ batches: of, watch }, keep) =>
      Array.from({ length: of }, (_, index): Step[] => [
        { kind: 'batch', number: index + 1, of, ...defined({ keep }) },
        // After the last one all is replaced: that is what the observation watches.
        ...(watch === undefined || index === of - 1
          ? []
          : [{ kind: 'watch' as const, for: parseDuration(watch) }]),
      ]).flat(),
    problem: ({ batches, watch }, at) =>
      fromNothing(at, `${batches} batches`) ?? (watch === undefined ? undefined : problemOfLength(watch)),
    parts: ({ batches }) => batches,
  }),
  'stand-up': word('stand_up', 'bring it up beside the old version', {
    read: () => [{ kind: 'stand-up' }],
    problem: (_written, { index }) =>
      index === 0 ? undefined : { found: `stand_up as step ${index + 1}`, allowed: 'stand_up first' },
  }),
  smoke: word('smoke', 'run the smoke tests', {
    read: () => [{ kind: 'smoke' }],
    problem: (_written, { index }) =>
      index === 0 ? { found: 'smoke tests of nothing', allowed: 'the new version first' } : undefined,
  }),
  replace: word('replace', 'all at once', {
    read: () => [{ kind: 'replace' }],
    problem: (_written, at) => fromNothing(at, 'replace'),
  }),
  'retire-old': word('retire_old', 'take the old version down once the observation is over', {
    read: () => [{ kind: 'retire-old' }],
    problem: (_written, { index, entries, before, share }) => {
      if (index !== entries - 1 || share !== 100)
        return { found: 'retire_old on the way', allowed: 'retire_old last, after all traffic' };
      return before.some(({ kind }) => kind === 'stand-up')
        ? undefined
        : { found: 'retire_old without stand_up', allowed: 'stand_up first: else no old version is kept' };
    },
  }),
} satisfies Record<StepKind, { schema: z.ZodType }>;

const SCHEMAS = Object.values(ROWS).map(({ schema }) => schema);

export const stepSchema = z.union(SCHEMAS);
export type StepSettings = z.output<typeof stepSchema>;

/** `"stand_up", "set_weight: 5"`: each as it is written. */
export const STEP_EXAMPLES = Object.values(ROWS)
  .map(({ example }) => `"${example}"`)
  .join(', ');

/** No two rows are written alike. */
function rowOf(step: StepSettings): Row<StepSettings> {
  const found = Object.values(ROWS).find(({ schema }) => schema.safeParse(step).success);
  if (found === undefined) throw new TypeError(`no step is written like ${show(step)}`);
  return found as Row<StepSettings>;
}

export function stepsOf(step: StepSettings, capacity: number | undefined): Step[] {
  return rowOf(step).read(step, capacity);
}

export const stepProblem = (step: StepSettings, at: At): Found | undefined => rowOf(step).problem(step, at);

/** In how many parts it replaces what runs; undefined where it does not. */
export const partsOf = (step: StepSettings): number | undefined => rowOf(step).parts?.(step);

function problemOfLength(watch: string): Found | undefined {
  if (parseDuration(watch) > 0) return undefined;
  return { at: ['watch'], found: show(watch), allowed: 'a duration over 0' };
}

/** It goes from nothing to all of it: a share before it would be lost. */
const fromNothing = ({ share }: At, found: string): Found | undefined =>
  share === 0 ? undefined : { found: `${found} after ${share}`, allowed: 'no share of traffic before it' };
