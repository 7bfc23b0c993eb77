/** What becomes of whole rollouts in the simulated world, beside what `gonogo check` forecasts of them. */

import type { BehaviourName } from '../src/backends/simulator/catalogue.ts';
import { foresee } from '../src/judge/foresee.ts';
import { stagesOf } from '../src/terms/plan.ts';
import { conduct, type Ended, policyOf, type Service } from './rollouts/conducted.ts';
import { printTable } from './table.ts';

/** The process guide's own example of a service before a deployment has 0.05 % of errors. */
const ERRORS = 0.05;
const PRESETS = ['gold-standard', 'procedures', 'handoff-v1', 'phase-contract'];
const TRAFFIC = [200, 1_000, 6_000];

/** How each version of the simulator ends. */
const ENDINGS: Record<BehaviourName, { words: string; holds: (ended: Ended) => boolean }> = {
  healthy: { words: 'handed over', holds: ({ status }) => status === 'handed_over' },
  'errors-double': {
    words: 'rolled back for its errors',
    holds: ({ status, why }) => status === 'rolled_back' && /^errors/.test(why),
  },
  'p99-triples': {
    words: 'held or rolled back for its latency',
    holds: ({ status, why }) => ['held', 'rolled_back'].includes(status) && /^p(50|99)/.test(why),
  },
  'health-check-fails': {
    words: 'rolled back within 5 min, health',
    holds: ({ status, why, minutes }) =>
      status === 'rolled_back' && minutes < 5 && why === 'its health check is failing',
  },
  'broken-on-start': {
    words: 'rolled back within 5 min',
    holds: ({ status, minutes }) => status === 'rolled_back' && minutes < 5,
  },
  'no-metrics': {
    words: 'held, no data',
    holds: ({ status, why }) => status === 'held' && why.includes('no data'),
  },
};

const missed: string[] = [];

export async function benchRollouts(): Promise<void> {
  const quick = process.argv.includes('--quick');
  const [many, some] = quick ? [20, 5] : [100, 20];
  await endings(some);
  await healthy(many, some);
  for (const each of missed) process.stdout.write(`missed: ${each}\n`);
  process.stdout.write(missed.length === 0 ? 'Every target is met.\n' : '');
  if (missed.length > 0) process.exitCode = 1;
}

async function endings(seeds: number): Promise<void> {
  const service = { perMinute: 48_000, errors: 0.07 };
  const policy = policyOf('gold-standard', service);
  const rows: string[][] = [];
  for (const [behaviour, { words, holds }] of Object.entries(ENDINGS)) {
    const all = await seeded(seeds, (seed) => conduct(policy, service, behaviour as BehaviourName, seed));
    const other = all.filter((ended) => !holds(ended));
    for (const { status, why } of other) missed.push(`${behaviour} ends ${status}: ${why}`);
    rows.push([behaviour, words, `${seeds - other.length} of ${seeds}`]);
  }
  const title = `Every version of the simulator, gold-standard canary, 48,000 requests a minute, ${seeds} seeds`;
  printTable(title, ['version', 'ends', 'so many'], rows);
}

async function healthy(many: number, some: number): Promise<void> {
  const rows: string[][] = [];
  for (const preset of PRESETS) {
    for (const perMinute of TRAFFIC) {
      const service = { perMinute, errors: ERRORS };
      rows.push([preset, String(perMinute), ...(await sharesOf(preset, service, { many, some }))]);
    }
  }
  printTable(
    `Healthy rollouts in the simulated world, ${ERRORS} % of errors, the preset's usual strategy: to the hand-over with nobody asked`,
    ['preset', 'requests/min', 'seeds', 'unattended', 'forecast', 'rolled back', 'doublings handed over'],
    rows,
  );
}

async function sharesOf(
  preset: string,
  service: Service,
  { many, some }: { many: number; some: number },
): Promise<string[]> {
  const policy = policyOf(preset, service);
  const { strategy = '' } = policy.services.get('checkout') ?? {};
  const stages = stagesOf(policy.strategies.get(strategy)?.plan ?? { strategy, steps: [] });
  const { judge, lookEvery } = policy.safeguards;
  const { reach } = foresee(judge, service, stages, lookEvery);
  const isPromised = preset === 'gold-standard' && service.perMinute >= 1_000;
  // What is nearly sure needs fewer seeds to tell it from ten points beside.
  const seeds = isPromised || (reach > 15 && reach < 85) ? many : Math.ceil(many * 0.4);
  const all = await seeded(seeds, (seed) => conduct(policy, service, 'healthy', seed));
  const doubled = await seeded(some, (seed) => conduct(policy, service, 'errors-double', seed));
  const share = (100 * all.filter(({ unattended }) => unattended).length) / seeds;
  const back = (100 * all.filter(({ status }) => status === 'rolled_back').length) / seeds;
  const through = doubled.filter(({ unattended }) => unattended).length;
  const name = `${preset} at ${service.perMinute}`;
  if (isPromised && share < 95) missed.push(`${name}: ${share} % unattended, at least 95`);
  if (Math.abs(share - reach) > 10) missed.push(`${name}: ${share} % unattended, ${reach} % forecast`);
  if (through > 0) missed.push(`${name}: ${through} doublings were handed over`);
  return [
    String(seeds),
    `${share.toFixed(0)} %`,
    `${reach} %`,
    `${back.toFixed(0)} %`,
    `${through} of ${some}`,
  ];
}

/** One after the other: seeds from 1 on. */
async function seeded(count: number, run: (seed: number) => Promise<Ended>): Promise<Ended[]> {
  const all: Ended[] = [];
  for (let seed = 1; seed <= count; seed += 1) all.push(await run(seed));
  return all;
}
