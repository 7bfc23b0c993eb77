/** What a backend refuses for good is told to people, and not told to the backend again until one of them says so. */

import { afterEach, expect, it } from 'vitest';
import { BackendError, type DeployBackend } from '../../src/backends/port.ts';
import { MINUTE } from '../../src/time.ts';
import { createRig, onlyInstance, PEOPLE, type Rig } from './rig.ts';

let rig: Rig;
afterEach(() => rig.close());

it('OP-3: a command that failed for good is not tried again by itself, also not once somebody resumes', async () => {
  const keys: string[] = [];
  const refusing = (world: DeployBackend): DeployBackend => ({
    ...world,
    // It takes the second one and does nothing, so that the step stays under way.
    async apply(_change, _step, key) {
      keys.push(key);
      if (keys.length === 1) throw new BackendError('no such image', { final: true });
    },
  });
  rig = await createRig({ backends: (world) => onlyInstance(refusing(world)) });
  const { id } = await rig.request('v2.1.0');
  await rig.signAll(id);
  await rig.pass(MINUTE, async () => (await rig.load(id)).status === 'held');
  expect((await rig.load(id)).rollout?.hold?.reason).toContain('no such image');
  await rig.does(PEOPLE.dana, id, { kind: 'resume' });
  await rig.pass(2 * MINUTE);
  expect((await rig.load(id)).status).toBe('rolling_out');
  expect(new Set(keys).size).toBe(2);
  expect(keys).toHaveLength(2);
});
