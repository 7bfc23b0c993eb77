/**
 * Messages that a commit of this process asked for first and that nobody has begun to post. Their rows say from the commit
 * on that they may be on their way, so that nothing has to be on the disk once more before Slack has them; whoever reads
 * such a row after the process has ended looks whether it arrived (see docs/adr/0006). Only here is it known that it
 * cannot have.
 */

/** More wait only while Slack takes nothing: of the rest it is looked whether they arrived. */
const MOST = 10_000;

export class UnsentMessages {
  readonly #names = new Set<string>();

  /** Its row was written by a commit that is done. */
  add(deployment: string, key: string): void {
    if (this.#names.size < MOST) this.#names.add(nameOf(deployment, key));
  }

  has(deployment: string, key: string): boolean {
    return this.#names.has(nameOf(deployment, key));
  }

  /** Somebody sends it now, or its row says something else of it. Answers whether nobody had sent it. */
  delete(deployment: string, key: string): boolean {
    return this.#names.delete(nameOf(deployment, key));
  }
}

const nameOf = (deployment: string, key: string): string => `${deployment}:${key}`;
