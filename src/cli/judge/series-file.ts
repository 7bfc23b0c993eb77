/** A recorded series as JSON, read strictly: a mistake names its path. */

import { z } from 'zod';
import { messageOf } from '../../message-of.ts';

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
/** JSON has no NaN: what a source could not say is null, and what it said wrong is judged as it is. */
const figure = z.number().nullable();

const countPoint = z.strictObject({ t: time, n: figure, x: figure });
const valuePoint = z.strictObject({ t: time, value: figure });

const countsHistory = z.strictObject({
  df: z.number().min(0),
  S: z.number().min(0),
  W: z.number().min(0),
  J: z.number().min(0),
});

const valuesHistory = z.strictObject({
  n: z.number().min(0),
  stages: z.number().min(0),
  squares: z.number().min(0),
  cross: z.number(),
  ends: z.number().min(0),
});

const metric = z.discriminatedUnion('kind', [
  z.strictObject({
    name: z.string().min(1),
    kind: z.literal('counts'),
    worse: z.literal('higher'),
    history: countsHistory.optional(),
    baseline: z.array(countPoint).min(1),
    canary: z.array(countPoint).min(1),
  }),
  z.strictObject({
    name: z.string().min(1),
    kind: z.literal('values'),
    worse: z.enum(['higher', 'lower']),
    /** The least that either figure counts as. */
    floor: z.number().gt(0).optional(),
    history: valuesHistory.optional(),
    baseline: z.array(valuePoint).min(1),
    canary: z.array(valuePoint).min(1),
  }),
  z.strictObject({
    name: z.string().min(1),
    kind: z.literal('before-after'),
    worse: z.enum(['higher', 'lower', 'either']),
    change: time,
    series: z.array(valuePoint).min(1),
  }),
]);

const schema = z
  .strictObject({
    alpha: z.number().gt(0).max(0.5),
    harm: z.number().gt(1.2).max(16).optional(),
    stageEnd: time.optional(),
    metrics: z.array(metric).min(1),
  })
  .superRefine(({ metrics }, context) => {
    const names = metrics.map(({ name }) => name);
    names.forEach((name, index) => {
      if (names.indexOf(name) === index) return;
      context.addIssue({ code: 'custom', path: ['metrics', index, 'name'], message: `a second "${name}"` });
    });
    metrics.forEach((one, index) => {
      if (one.kind !== 'before-after' || one.series.some(({ t }) => t >= one.change)) return;
      const message = 'its series has no point since then';
      context.addIssue({ code: 'custom', path: ['metrics', index, 'change'], message });
    });
  });

export type SeriesFile = z.infer<typeof schema>;
export type SeriesMetric = SeriesFile['metrics'][number];

export function readSeries(
  text: string,
): { ok: true; value: SeriesFile } | { ok: false; problems: string[] } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { ok: false, problems: [`no JSON: ${messageOf(error)}`] };
  }
  const read = schema.safeParse(json);
  if (read.success) return { ok: true, value: read.data };
  return { ok: false, problems: read.error.issues.map(problemOf) };
}

/** `metrics[0].canary[3].n: …` */
function problemOf({ path, message }: z.core.$ZodIssue): string {
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return `${place.replace(/^\./, '') || 'the file'}: ${message}`;
}
