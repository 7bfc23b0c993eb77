/** The next number of what is numbered without a gap. */

import type { Db } from '../schema.ts';

type Numbered = 'deployment' | 'freeze' | 'lock' | 'calendar_log' | 'gate_reports' | 'artifact_refusals';

export const nextNumber = (db: Db, name: Numbered = 'deployment') =>
  db
    .updateTable('sequences')
    .set((eb) => ({ last: eb('last', '+', 1) }))
    .where('name', '=', name)
    .returning('last');
