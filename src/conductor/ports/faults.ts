/** What can be wrong with storage, as faults that everybody tells apart. */

/** Somebody else wrote this deployment's next event first: load it again and decide again. */
export class LostRace extends Error {
  override readonly name = 'LostRace';
}

/** The unique place of a service and environment is taken by another deployment. */
export class Occupied extends Error {
  override readonly name = 'Occupied';
}

/** This request was committed before, by an earlier delivery of the same thing. */
export class AlreadyHandled extends Error {
  override readonly name = 'AlreadyHandled';
  readonly deployment: string;

  constructor(deployment: string) {
    super(`already handled by ${deployment}`);
    this.deployment = deployment;
  }
}

/** What can be wrong with the database, in the words that people, `/readyz` and the log are told (OP-3). */
export const DATABASE_FAULTS = {
  full: 'the disk that holds the record is full',
  locked: 'another process keeps the record locked',
  damaged: 'the file of the record is damaged, or is something else',
  read_only: 'the record cannot be written: its file, folder or disk is read-only',
  missing: 'the file of the record, or its folder, is gone',
  unreadable: 'the disk that holds the record does not answer as it should',
} as const;

export type DatabaseFaultKind = keyof typeof DATABASE_FAULTS;

/** The database could not do what it was asked; nothing was written. */
export class DatabaseFault extends Error {
  override readonly name: string = 'DatabaseFault';
  readonly fault: DatabaseFaultKind;

  constructor(fault: DatabaseFaultKind, more = '', options?: ErrorOptions) {
    super(more === '' ? DATABASE_FAULTS[fault] : `${DATABASE_FAULTS[fault]} (${more})`, options);
    this.fault = fault;
  }
}

/** The database stayed locked by another process for longer than a person would wait; nothing was written. */
export class DatabaseBusy extends DatabaseFault {
  override readonly name = 'DatabaseBusy';

  constructor(more: string, options?: ErrorOptions) {
    super('locked', more, options);
  }
}

/** A rollback that could not be recorded: it is kept, and carried out as soon as it can be. */
export class RollbackKept extends DatabaseFault {
  override readonly name = 'RollbackKept';

  /** `outlives`: the process, in a file; else it is in memory alone. */
  constructor(deployment: string, because: DatabaseFault, outlives: boolean) {
    super(because.fault, '', { cause: because });
    const until = outlives ? '' : ', unless GoNoGo ends before that: its file cannot be written either';
    this.message = `${because.message}; the rollback of ${deployment} is kept, and carried out as soon as it can be recorded${until}`;
  }
}
