/** Faults on demand: what goes wrong between the app and Slack when someone asks for it. */

export const FAULT_KINDS = [
  'delay',
  'drop',
  'duplicate',
  'status',
  'hang',
  'cut',
  'lose-answer',
  'error',
  'refresh',
  'skew',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  /**
   * A method, a delivery's kind or what it is, `response_url`, `socket`, `http`, `upload` (a file's bytes), `processing`
   * (what Slack does to an uploaded file before a block may show it), or `*` for every method.
   */
  on: string;
  do: FaultKind;
  ms?: number | undefined;
  status?: number | undefined;
  /** Seconds. */
  retry_after?: number | undefined;
  error?: string | undefined;
  /** How often it strikes; until cleared, if unset. */
  times?: number | undefined;
}

export class Faults {
  #set: Fault[] = [];

  add(fault: Fault): void {
    this.#set.push({ ...fault });
  }

  clear(): void {
    this.#set = [];
  }

  /** The faults that strike now, each counted. `kinds` limits which are taken. */
  take(names: readonly string[], kinds?: readonly FaultKind[]): Fault[] {
    const struck = this.#set.filter(
      (fault) => names.includes(fault.on) && (kinds === undefined || kinds.includes(fault.do)),
    );
    for (const fault of struck) if (fault.times !== undefined) fault.times -= 1;
    this.#set = this.#set.filter((fault) => fault.times === undefined || fault.times > 0);
    return struck;
  }
}
