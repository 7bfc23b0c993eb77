/** A drill with a real record and a simulated world: what it says of its release, and for how long (RB-5). */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { createRig, PEOPLE, type Rig } from './rig.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig.close());

it('RB-5: its rehearsal ticks the item for thirty days, and is asked for anew after them', async () => {
  const { id } = await rig.request('v2.1.0', {
    environment: 'staging',
    strategy: 'all-at-once',
    drill: true,
  });
  await rig.pass(DAY, async () => (await rig.load(id)).ending !== undefined);
  expect((await rig.load(id)).status).toBe('rolled_back');

  const soon = await rig.request('v2.1.0', { at: rig.clock.now() + 60 * DAY });
  const rehearsed = soon.evidence.gates.rollback_rehearsal;
  expect(rehearsed).toMatchObject({ passed: true, report: { by: id } });
  await rig.pass(30 * DAY - HOUR);
  expect((await rig.load(soon.id)).evidence.gates.rollback_rehearsal).toEqual(rehearsed);
  await rig.pass(2 * HOUR);
  expect((await rig.load(soon.id)).evidence.gates.rollback_rehearsal).toEqual({
    ...rehearsed,
    expired: true,
  });
  expect(await rig.stores.events.events(soon.id)).toContainEqual(
    expect.objectContaining({ type: 'evidence_expired', gates: ['rollback_rehearsal'] }),
  );

  await rig.does(PEOPLE.dana, soon.id, { kind: 'cancel', reason: 'Another day.' });
  await rig.pass(MINUTE);
  const late = await rig.request('v2.1.0', { at: rig.clock.now() + 10 * DAY });
  expect(late.evidence.gates.rollback_rehearsal).toMatchObject({ expired: true });
});
