/** Whole rollouts in the simulated world, each through the core and the conductor on a clock that jumps to what is due. */

import type { BehaviourName, Catalogue } from '../../src/backends/simulator/catalogue.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import { describeProblem } from '../../src/config/problems.ts';
import { TERMINAL } from '../../src/deployment/lifecycle.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { DAY } from '../../src/time.ts';
import { createRig } from '../../test/conductor/rig.ts';

export interface Service {
  perMinute: number;
  /** Failed requests in percent. */
  errors: number;
}

export interface Ended {
  /** The status in which it stands: its end, or where it waits for people. */
  status: string;
  /** Nobody had to do anything until the hand-over. */
  unattended: boolean;
  why: string;
  /** Minutes from its start. */
  minutes: number;
  /** Of its stages, each with its share. */
  outcomes: string[];
}

const PRESETS = readPresets();

/** A preset as it is judged: nobody is asked before the start, and nothing else is changed. */
export function policyOf(preset: string, { perMinute, errors }: Service): Policy {
  const loaded = loadPolicy(
    `
preset: ${preset}
team: Shop
roles:
  deployer: [U0DANA00001]
  operations: [U0OMAR00004]
  tech_lead: [U0DANA00001]
  security: [U0DANA00001]
  product_owner: [U0DANA00001]
  cab: [U0DANA00001]
  business_stakeholder: [U0DANA00001]
  project_sponsor: [U0DANA00001]
  sre: [U0DANA00001]
requesters: [deployer]
promotion: any_order
environments: { production: { approval: none, sign_offs: [], gates: [], hand_over_gates: [], checklist: [] } }
change_types: { normal: { lead_time: 0, sign_offs: [], change_request: false, checklist: optional } }
services:
  checkout: { channel: C0CHECKOUT2, on_call: U0OMAR00004, traffic: { per_minute: ${perMinute}, errors: ${errors} } }
`,
    PRESETS,
  );
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return loaded.policy;
}

function catalogueOf({ perMinute, errors }: Service, behaviour: BehaviourName): Catalogue {
  const release = (version: string, how: BehaviourName, builtBefore: number) => {
    return { version, behaviour: how, builtBefore, title: version };
  };
  return {
    checkout: {
      environments: { production: { running: 'v1.0.0', perMinute } },
      errors,
      p50: 84,
      p99: 310,
      cpu: 45,
      memory: 61,
      queueDepth: 12,
      releases: [release('v1.0.0', 'healthy', 6 * DAY), release('v1.1.0', behaviour, DAY / 4)],
    },
  };
}

export async function conduct(
  policy: Policy,
  service: Service,
  behaviour: BehaviourName,
  seed: number,
): Promise<Ended> {
  const strategy = policy.services.get('checkout')?.strategy ?? '';
  const rig = await createRig({ seed, policy: () => policy, catalogue: catalogueOf(service, behaviour) });
  try {
    const { id } = await rig.request('v1.1.0', { strategy });
    const waits = async (): Promise<boolean> => {
      const { status, rollout } = await rig.load(id);
      return TERMINAL.has(status) || status === 'held' || rollout?.finalWatch?.unsettled !== undefined;
    };
    await rig.pass(6 * DAY, waits);
    const done = await rig.load(id);
    const { rollout, rollback } = done;
    const started = rollout?.startedAt ?? 0;
    const unsettled = rollout?.finalWatch?.unsettled;
    return {
      status: unsettled === undefined ? done.status : 'unsettled',
      unattended: done.status === 'handed_over',
      why: rollback?.why ?? rollout?.hold?.reason ?? unsettled?.because ?? '',
      minutes: ((rollback?.startedAt ?? rollout?.hold?.at ?? rig.clock.now()) - started) / 60_000,
      outcomes: (rollout?.stages ?? []).map(({ percent, outcome }) => `${percent} ${outcome ?? '…'}`),
    };
  } finally {
    await rig.close();
  }
}
