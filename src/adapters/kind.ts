/** What a kind of adapter is (a backend, a metric source): its settings in gonogo.yml, and how an instance of it is opened. */

import type { z } from 'zod';
import type { SimulatedWorld } from '../backends/simulator.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../time.ts';
import type { SecretRef } from './secrets.ts';

/** What an instance is given when it is opened. */
export interface AdapterContext {
  /** Its name in gonogo.yml: `eu`. */
  readonly name: string;
  /** What a reference holds now, read afresh each time so that a rotated secret counts. Throws `SecretMissing`; never log it. */
  secret(reference: SecretRef): string;
  readonly clock: Pick<Clock, 'now'>;
  /** Says which instance speaks. */
  readonly log: Log;
  readonly fetch: typeof fetch;
  /** A folder of this instance's own that outlives a restart, made when it is asked for; keys that were carried out live here. */
  folder(): string;
  /** The one world that the kind `simulator` shows from both sides; unset where the program has none. */
  readonly world?: () => SimulatedWorld;
}

/** One file per kind exports one of these, and the registry names it. */
export interface AdapterKind<T> {
  /** One line for lists and pages: "Kubernetes Deployments, by image digest". */
  readonly summary: string;
  /** What stands beside `kind` and `limit` in gonogo.yml; secrets are `secretRef`. */
  readonly settings: z.ZodObject;
  /** Settings that can be opened anywhere, for the pages that say what it can do. */
  readonly example: Readonly<Record<string, unknown>>;
  /** May throw in words for the operator where the settings cannot work; asks no network yet. */
  open(settings: never, context: AdapterContext): T;
}

/** Ties a schema to the function that takes what it checked. */
export function adapterKind<T, S extends z.ZodObject>(kind: {
  summary: string;
  settings: S;
  example: z.input<S>;
  open(settings: z.output<S>, context: AdapterContext): T;
}): AdapterKind<T> {
  return kind;
}
