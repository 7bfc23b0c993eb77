/** The charts under reports of stages. */

import type { Instant } from '../../time.ts';

/** What a chart shows: the stage's state, looks up to an instant, and when it was drawn in real time. */
export interface DrawnChart {
  state: string;
  upTo: Instant;
  at: Instant;
  /** While nothing else happens, it will do for looks up to here, and in real time until then. */
  enoughUntil: Instant;
  restsUntil: Instant;
}

/** The chart under a stage's report; one row per stage that was ever reported on. */
export interface ChartRow {
  deployment: string;
  stage: number;
  /** The seq of the last event that may have changed it. */
  wanted: number;
  /** The file that the report shows or is about to show, and the same in words. */
  file?: string;
  alt?: string;
  /** The last that was drawn, whether it found its way to Slack or not. */
  drawn?: DrawnChart;
  /** A file whose upload began: where that is all that is known, it may be there or not. */
  begun?: string;
  /** Files to delete as soon as the report does not show them. */
  leftover: string[];
  /** Tries in a row that came to nothing. */
  attempts: number;
}

export interface ChartStore {
  /** Rows that something is to do about: their report changed, or their time has come. And when the next is due after those. */
  due(now: Instant, limit: number): Promise<{ rows: ChartRow[]; next: Instant | undefined }>;
  find(deployment: string, stage: number): Promise<ChartRow | undefined>;
  /** Writes the row, to be due again at an instant, or (null) with the next event. */
  keep(row: ChartRow, nextAt: Instant | null, problem?: string): Promise<void>;
}
