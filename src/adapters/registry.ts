/** A registry of adapter kinds: one line per kind is all that the file's schema, the check and the start need. */

import { z } from 'zod';
import type { AdapterContext, AdapterKind } from './kind.ts';

/** At most this many calls to one instance are under way at once where its settings say nothing else. */
export const DEFAULT_LIMIT = 8;

/** What every kind has in gonogo.yml beside its own settings. */
const common = {
  limit: z
    .int()
    .min(1)
    .max(64)
    .meta({ description: `calls to it under way at once, 1 to 64; ${DEFAULT_LIMIT} where nothing is said` })
    .optional(),
};

export interface Registry<T> {
  readonly what: string;
  readonly kinds: readonly string[];
  summaryOf(kind: string): string;
  exampleOf(kind: string): Readonly<Record<string, unknown>>;
  /** Of one instance in gonogo.yml, by its `kind`. */
  readonly schema: z.ZodType<{ kind: string; limit?: number | undefined }>;
  /** Throws where nobody knows the kind, and what the kind itself says where it cannot be opened. */
  open(instance: { kind: string; settings: unknown }, context: AdapterContext): T;
}

export function createRegistry<T>(what: string, all: Readonly<Record<string, AdapterKind<T>>>): Registry<T> {
  const kinds = Object.keys(all);
  const kindOf = (kind: string): AdapterKind<T> => {
    const found = Object.hasOwn(all, kind) ? all[kind] : undefined;
    if (found === undefined) {
      throw new Error(`there is no kind of ${what} "${kind}"; there are: ${kinds.join(', ')}`);
    }
    return found;
  };
  return {
    what,
    kinds,
    summaryOf: (kind) => kindOf(kind).summary,
    exampleOf: (kind) => kindOf(kind).example,
    schema: schemaOf(all),
    open({ kind, settings }, context) {
      const found = kindOf(kind);
      // Read again by its own schema: whatever the settings went through, it opens on what it has checked.
      return found.open(found.settings.parse(settings) as never, context);
    },
  };
}

function schemaOf(all: Readonly<Record<string, AdapterKind<unknown>>>): Registry<unknown>['schema'] {
  const members = Object.entries(all).map(([kind, { settings, summary }]) =>
    settings.safeExtend({ kind: z.literal(kind), ...common }).meta({ description: summary }),
  );
  const [first, ...rest] = members;
  if (first === undefined) throw new Error('a registry without kinds');
  return z.discriminatedUnion('kind', [first, ...rest]) as unknown as Registry<unknown>['schema'];
}
