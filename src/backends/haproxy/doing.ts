/** An order on its way, as those see it who carry it out. */

export interface Doing {
  seq: number;
  /** Throws where a newer order came, or another process took this one. */
  still(): void;
  signal: AbortSignal;
}

/** The order was overtaken by a newer one, or another process has it: whoever has it goes on. */
export class Overtaken extends Error {}
