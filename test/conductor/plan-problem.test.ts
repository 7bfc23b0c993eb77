import { afterEach, describe, expect, it } from 'vitest';
import type { DeployBackend } from '../../src/backends/port.ts';
import { HOUR } from '../../src/time.ts';
import { createRig, onlyInstance, type Rig } from './rig.ts';

/** What the backend says of a plan; what it throws, it does not say. */
type Says = () => string | undefined;

const fitting = (world: DeployBackend, says: Says) =>
  onlyInstance({ ...world, planProblem: async () => says() });
const away: Says = () => {
  throw new Error('the API server is away');
};

describe('a plan that its backend could not carry out at this place', () => {
  let rig: Rig;
  let says: Says = () => undefined;
  const open = async (first: Says): Promise<void> => {
    says = first;
    rig = await createRig({ backends: (world) => fitting(world, () => says()) });
  };
  afterEach(() => rig.close());

  it('is refused at the request, in the words of the backend', async () => {
    await open(() => 'the Rollout checkout stops at 5 %, and the plan at 10 %');
    expect(await rig.ask('v2.1.0')).toMatchObject({
      code: 'not_supported',
      message: expect.stringContaining('stops at 5 %, and the plan at 10 %'),
    });
  });

  it('does not start as long as the backend does not say that it fits', async () => {
    await open(away);
    const { id } = await rig.request('v2.1.0');
    await rig.signAll(id);
    await rig.pass(HOUR, async () => (await rig.load(id)).trouble !== undefined);
    expect(await rig.load(id)).toMatchObject({
      status: 'scheduled',
      trouble: { message: expect.stringContaining('is not known: the API server is away') },
    });
    says = () => undefined;
    await rig.pass(HOUR, async () => (await rig.load(id)).status === 'rolling_out');
    expect((await rig.load(id)).status).toBe('rolling_out');
  });
});
