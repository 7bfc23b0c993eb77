/** Somebody deploys past GoNoGo. */

import type { Commanded } from '../../src/backends/port.ts';
import { changeTo } from '../changes.ts';
import type { Stage } from './stage.ts';

export const PLACE = { service: 'checkout', environment: 'production' };
/** Whose command it is, where nobody asked GoNoGo. */
export const ELSEWHERE = { deployment: 'elsewhere', sequence: 1 };

export async function elsewhere({ world, clock }: Stage, version: string, percent: number): Promise<void> {
  const release = (await world.backend.versions(PLACE)).find((one) => one.version === version);
  if (release === undefined) throw new Error(`no ${version}`);
  const change: Commanded = { ...changeTo(release), ...ELSEWHERE };
  await world.backend.apply(change, { kind: 'set-weight', percent }, `elsewhere ${clock.now()} ${percent}`);
}
