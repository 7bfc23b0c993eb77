/** Rollouts under way, each in a channel of its own, while Slack takes so many updates a minute; on a clock that jumps to what is due. */

import { defaultCatalogue } from '../../src/backends/simulator.ts';
import type { Pump } from '../../src/conductor/pump.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Duration } from '../../src/time.ts';
import { createRig, type Rig } from '../conductor/rig.ts';
import { bareRenderer } from './bare-renderer.ts';
import { type LimitedSlack, startLimitedSlack } from './limited-slack.ts';

export interface ManyLive {
  rig: Rig;
  slack: LimitedSlack;
  ids: string[];
  /** Lets messages go out for so long, whatever else happens meanwhile. */
  pass(by: Duration): Promise<void>;
  close(): Promise<void>;
}

/** Nothing is shown of them yet. */
export async function manyLive(
  services: readonly string[],
  limits: Parameters<typeof startLimitedSlack>[1],
): Promise<ManyLive> {
  let renderer: Pump | undefined;
  const rig = await createRig({ ...onMany(services), onCommit: () => renderer?.poke() });
  const slack = await startLimitedSlack(rig.clock, limits);
  const ids: string[] = [];
  for (const [index, service] of services.entries()) {
    const details = { channel: `C${index}` };
    const more = { service, environment: 'staging', strategy: 'canary', details };
    ids.push((await rig.request('v2.1.0', more)).id);
  }
  const made = bareRenderer(rig, slack.url);
  renderer = made;
  const settled = async (): Promise<void> => {
    do await Promise.all([made.idle(), rig.conductor.idle()]);
    while (made.busy());
  };
  return {
    rig,
    slack,
    ids,
    async pass(by) {
      const end = rig.clock.now() + by;
      for (made.poke(); rig.clock.now() < end; await settled()) {
        await settled();
        rig.clock.moveTo(Math.min(rig.clock.nextAt() ?? end, end));
      }
    },
    async close() {
      await made.stop();
      await rig.close();
      await slack.close();
    },
  };
}

/** The example's checkout many times over, by other names. */
function onMany(names: readonly string[]): Parameters<typeof createRig>[0] & object {
  const { checkout } = defaultCatalogue;
  if (checkout === undefined) throw new Error('the catalogue has no checkout');
  return {
    policy: (example) => withServices(example, names),
    catalogue: Object.fromEntries(names.map((name) => [name, checkout])),
  };
}

function withServices(example: Policy, names: readonly string[]): Policy {
  const one = example.services.get('checkout');
  if (one === undefined) throw new Error('the example has no checkout');
  return { ...example, services: new Map(names.map((name) => [name, { ...one, name }])) };
}
