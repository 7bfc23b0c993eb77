/** The policy of a large company: nine environments, forty services that say all of their own, two thousand lines. */

import { loadPolicy } from '../src/config/load-policy.ts';
import { readPresets } from '../src/config/presets.ts';
import { describeProblem } from '../src/config/problems.ts';
import type { Policy } from '../src/policy/policy.ts';
import { PEOPLE } from '../test/conductor/rig.ts';

const REGIONS = ['eu', 'us', 'br', 'za', 'in', 'jp', 'au'].map((region) => `production-${region}`);
const ENVIRONMENTS = ['staging', 'production', ...REGIONS];
const SERVICES = 40;
const CHANNEL = 'C0CHECKOUT2';

const { dana, tom, sana, omar } = PEOPLE;

export function largePolicyText(team = 'Bench'): string {
  const services = [
    'checkout',
    ...Array.from({ length: SERVICES - 1 }, (_, index) => `service-${index + 1}`),
  ];
  return `preset: gold-standard
team: ${team}
time_zone: Europe/Berlin
backends: { simulator: { kind: simulator } }
metrics: { simulator: { kind: simulator } }
promotion: any_order
requesters: [deployer]
roles:
  tech_lead: [${tom.id}]
  security: [${sana.id}]
  operations: [${omar.id}]
  product_owner: [U0PRIYA0005]
  cab: [U0CARLA0006]
  deployer: { name: Deployer, members: [${dana.id}] }
windows:
${REGIONS.map((region) => `  - { name: ${region}, days: [mon, tue, wed, thu], from: "08:00", to: "20:00", environments: [${region}] }`).join('\n')}
environments:
  staging:
  production:
${REGIONS.map((region) => `  ${region}: { like: production }`).join('\n')}
services:
${services.map(service).join('\n')}
`;
}

const service = (name: string): string => `  ${name}:
    channel: ${CHANNEL}
    environments: [${ENVIRONMENTS.join(', ')}]
    lead: ${dana.id}
    on_call: ${omar.id}
    in:
${ENVIRONMENTS.map(
  (environment) => `      ${environment}:
        strategy: canary
        traffic:
          per_minute: 6000
          errors: 0.2`,
).join('\n')}`;

export function largePolicy(): Policy {
  const loaded = loadPolicy(largePolicyText(), readPresets());
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return loaded.policy;
}
