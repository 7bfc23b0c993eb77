/** The figures of looks, which lie beside the record: each fits its digest, and those lead to the digests that the events have. */

import type { Selectable } from 'kysely';
import { digestAfter } from '../src/deployment/rollout/watch.ts';
import type { Look } from '../src/judge/types.ts';
import type { Findings } from './findings.ts';
import type { Db, MeasurementsTable } from './schema.ts';
import { yieldToOthers } from './yield-to-others.ts';

type Row = Selectable<MeasurementsTable>;

const PAGE = 500;

export async function verifyFigures(db: Db, findings: Findings): Promise<void> {
  let after = { deployment: '', id: 0 };
  let walk: FiguresWalk | undefined;
  for (;;) {
    const page = await rowsAfter(db, after);
    for (const row of page) {
      if (walk?.deployment !== row.deployment) {
        if (walk !== undefined) tell(findings, walk, walk.end());
        walk = new FiguresWalk(row.deployment, await digestsIn(db, row.deployment));
      }
      tell(findings, walk, walk.take(row));
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    after = last;
    await yieldToOthers();
  }
  if (walk !== undefined) tell(findings, walk, walk.end());
}

/** Whether there are any. */
export async function hasFigures(db: Db): Promise<boolean> {
  return (await db.selectFrom('measurements').select('id').limit(1).executeTakeFirst()) !== undefined;
}

function tell(findings: Findings, { deployment }: FiguresWalk, problem: string | undefined): void {
  if (problem !== undefined) findings.problem(`figures of ${deployment}`, problem);
}

const rowsAfter = (db: Db, { deployment, id }: { deployment: string; id: number }): Promise<Row[]> =>
  db
    .selectFrom('measurements')
    .selectAll()
    .where(({ eb, refTuple, tuple }) => eb(refTuple('deployment', 'id'), '>', tuple(deployment, id)))
    .orderBy('deployment')
    .orderBy('id')
    .limit(PAGE)
    .execute();

/** What the sealed events say, by their numbers. */
async function digestsIn(db: Db, deployment: string): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('events')
    .select(['seq', 'body'])
    .where('deployment', '=', deployment)
    .where('type', '=', 'looked')
    .orderBy('seq')
    .execute();
  return new Map(rows.flatMap(({ seq, body }) => (kept(body) ? [[seq, kept(body)?.digest ?? '']] : [])));
}

class FiguresWalk {
  readonly deployment: string;
  readonly #digests: ReadonlyMap<number, string>;
  #first: number | undefined;
  #before: string | undefined;
  readonly #seen = new Set<string>();
  #told = false;

  constructor(deployment: string, digests: ReadonlyMap<number, string>) {
    this.deployment = deployment;
    this.#digests = digests;
  }

  take({ id, seq, look: text }: Row): string | undefined {
    const look = kept(text);
    if (look === undefined) return this.#once(`row ${id} is no look`);
    const isAnchor = this.#first === undefined && this.#isPrunedBefore(seq, look.digest);
    this.#first ??= seq;
    this.#seen.add(`${seq} ${look.digest}`);
    const before = this.#before;
    this.#before = look.digest;
    // Each watch begins anew.
    const fits = [before, undefined].some((prev) => digestAfter(prev, look.look) === look.digest);
    return fits || isAnchor ? undefined : this.#once(`row ${id} is not what was measured`);
  }

  /** What is left leads to every digest that the events have since. */
  end(): string | undefined {
    for (const [seq, digest] of this.#digests)
      if (seq > (this.#first ?? seq) && !this.#seen.has(`${seq} ${digest}`))
        return this.#once(`they do not lead to what event ${seq} has of them`);
    return undefined;
  }

  /** The first look of a watch is an event: where the record has one that is not among the figures, those were pruned. */
  #isPrunedBefore(seq: number, digest: string): boolean {
    return [...this.#digests].some(([at, said]) => at < seq || (at === seq && said !== digest));
  }

  /** What follows from the first fault says nothing more. */
  #once(problem: string): string | undefined {
    if (this.#told) return undefined;
    this.#told = true;
    return problem;
  }
}

/** Undefined for what is no look. */
function kept(text: string): { look: Look; digest: string } | undefined {
  try {
    const value = JSON.parse(text) as { look?: unknown; digest?: unknown } | null;
    const isLook = typeof value?.look === 'object' && value.look !== null && typeof value.digest === 'string';
    return isLook ? (value as { look: Look; digest: string }) : undefined;
  } catch {
    // Not JSON is an answer here, not a fault: the caller names the row.
    return undefined;
  }
}
