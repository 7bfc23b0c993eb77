/** Who is in the workspace, by the names that tests call them. */

export const PEOPLE = {
  /** Asks for deployments and leads them. */
  dana: 'U0DANA00001',
  tom: 'U0TOM000002',
  sana: 'U0SANA00003',
  /** Operations, and on call. */
  omar: 'U0OMAR00004',
  priya: 'U0PRIYA0005',
  /** A guest. */
  greta: 'U0GUEST0006',
  /** Deactivated. */
  lee: 'U0LEFT00007',
} as const;

export type PersonName = keyof typeof PEOPLE;
