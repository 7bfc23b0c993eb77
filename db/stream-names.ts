/** The streams of the record by name, and which table each is about. */

export type Stream = 'event' | 'key' | keyof typeof ROWS;

/** A stream whose seals are about rows of one table. */
export type RowStream = keyof typeof ROWS;

/** `numbered`: rows are only added, and the seal's seq is the row's; else a row may change, and has a seal for each change. */
export const ROWS = {
  calendar: { table: 'calendar_log', numbered: true },
  gate_report: { table: 'gate_reports', numbered: true },
  artifact_refusal: { table: 'artifact_refusals', numbered: true },
  artifact: { table: 'artifacts', numbered: false },
  contract: { table: 'contracts', numbered: false },
  freeze: { table: 'freezes', numbered: false },
  lock: { table: 'locks', numbered: false },
} as const;

export const ROW_STREAMS = Object.keys(ROWS) as RowStream[];

export const tableOf = (stream: RowStream) => ROWS[stream].table;

export const isNumbered = (stream: RowStream): boolean => ROWS[stream].numbered;
