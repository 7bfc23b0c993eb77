/**
 * The states that were read or written last. One click has the same deployment loaded half a dozen times; its row says
 * each time whether what is kept is still true, so another process may write beside this one.
 */

import type { Kysely } from 'kysely';
import type { Deployment } from '../src/deployment/deployment.ts';
import { lookedUntil } from '../src/deployment/rollout/progress.ts';
import { stateOf } from './deployment-row.ts';
import { byId } from './queries/deployments.ts';
import type { Tables } from './schema.ts';

interface Kept {
  deployment: Deployment;
  /** As in the row of its watch; null where it has none. */
  lookedUntil: number | null;
}

/** Enough for what is worked on at one moment; each is some 40 kB. */
const MAX_KEPT = 64;

export class KeptStates {
  /** The one used last stands last. */
  readonly #kept = new Map<string, Kept>();

  async load(db: Kysely<Tables>, id: string): Promise<Deployment | undefined> {
    const kept = this.#kept.get(id);
    const row = await byId(db, id, kept?.deployment.seq ?? -1, kept?.lookedUntil ?? null);
    if (row === undefined) return undefined;
    if (row.state === null && kept !== undefined) {
      this.#keep(id, kept);
      return kept.deployment;
    }
    if (row.state === null) throw new Error(`the row of ${id} holds no state`);
    const deployment = stateOf({ ...row, state: row.state });
    this.#keep(id, { deployment, lookedUntil: row.looked_until });
    return deployment;
  }

  /** Where it is kept as its row says now that it is. */
  as(id: string, row: { seq: number; looked_until: number | null }): Deployment | undefined {
    const kept = this.#kept.get(id);
    const isSame = kept?.deployment.seq === row.seq && kept.lookedUntil === row.looked_until;
    return isSame ? kept.deployment : undefined;
  }

  /** Where it is kept as it was at this event; nothing is read for it. */
  at(id: string, seq: number): Deployment | undefined {
    const deployment = this.#kept.get(id)?.deployment;
    return deployment?.seq === seq ? deployment : undefined;
  }

  /** As a transaction that is done left it. */
  wrote(deployment: Deployment): void {
    const looked = deployment.rollout === undefined ? null : lookedUntil(deployment);
    this.#keep(deployment.id, { deployment, lookedUntil: looked });
  }

  forget(id: string): void {
    this.#kept.delete(id);
  }

  #keep(id: string, kept: Kept): void {
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}
