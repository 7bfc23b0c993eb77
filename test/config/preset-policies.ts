/** The presets as policies of a small team in which somebody holds every role. */

import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import { describeProblem } from '../../src/config/problems.ts';
import type { Policy } from '../../src/policy/policy.ts';

export const PRESETS = readPresets();

export function presetOf(name: string): Policy {
  const text = `
preset: ${name}
team: Shop
roles:
  tech_lead: [U0TOM000001]
  security: [U0SANA00001]
  operations: [U0OMAR00001]
  product_owner: [U0PRIYA0001]
  cab: [U0CARLA0001]
  business_stakeholder: [U0BIANCA001]
  project_sponsor: [U0PETRA0001]
  sre: [U0SVEN00001]
${name === 'small-team' ? '  approver: [U0TOM000001, U0SANA00001]\n' : ''}services:
  checkout: { channel: C0CHECKOUT2 }
`;
  const loaded = loadPolicy(text, PRESETS);
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return loaded.policy;
}
