/** Who: a person as the record names them, and who or what an event was done by. */

export interface PersonRef {
  /** Slack user id. */
  id: string;
  /** Their name when it was recorded. */
  name: string;
}

/** What acts of its own. */
export type SystemName = 'clock' | 'backend' | 'judge' | 'pager';

export type By = ({ kind: 'person' } & PersonRef) | { kind: 'system'; name: SystemName };

/** Each once: in the place of the first, by the name of the last. */
export const distinctPeople = <P extends PersonRef>(people: Iterable<P>): P[] => [
  ...new Map(Array.from(people, (person) => [person.id, person])).values(),
];
