/** The demo's CI says what each preset asks of a pipeline, so that each can be tried to its hand-over. */

import { expect, it, onTestFinished } from 'vitest';
import { createSimulatedWorld } from '../../src/backends/simulator.ts';
import { startDemoPipeline } from '../../src/cli/demo/pipeline.ts';
import { answeredBy, countingReport, judgeGate, REHEARSAL_GATE } from '../../src/policy/gates.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { DAY } from '../../src/time.ts';
import { PRESETS, presetOf } from '../config/preset-policies.ts';
import { KEYS, SECRET, startApi } from '../http/api-stage.ts';
import { createManualClock } from '../manual-clock.ts';

/** The gates that a pipeline has to report, by where they are asked for and before what. */
function asked(policy: Policy, environment: string, before: 'start' | 'hand_over'): string[] {
  const place = policy.environments.find(({ id }) => id === environment);
  if (place === undefined) throw new Error(`there is no ${environment}`);
  const proof = policy.checklist
    .filter((item) => item.before === before && place.checklist.includes(item.group))
    .flatMap(({ evidence }) => (evidence?.kind === 'gate' ? [evidence.gate] : []));
  const gates = before === 'start' ? place.gates : place.handOverGates;
  return [...gates, ...proof].filter((gate) => answeredBy(gate) === undefined && gate !== REHEARSAL_GATE);
}

it.each(Object.keys(PRESETS))(
  'PR-7: under %s the demo’s pipeline answers what is asked before each start, and before the hand-over once it is there',
  async (preset) => {
    const policy = presetOf(preset);
    const clock = createManualClock();
    const world = createSimulatedWorld({ seed: 1, clock });
    const api = await startApi({
      wallClock: { now: Date.now },
      clock,
      services: () => policy.services.keys(),
      gatesOf: () => [...policy.gates.values()],
    });
    const failures: string[] = [];
    const pipeline = await startDemoPipeline({
      url: api.url,
      key: { name: [...KEYS.keys()][0] ?? '', secret: SECRET },
      policy: () => policy,
      backend: world.backend,
      clock,
      onFailure: (problem) => void failures.push(problem),
    });
    onTestFinished(async () => {
      pipeline.end();
      world.close();
      await api.close();
    });
    const [release] = (
      await world.backend.versions({ service: 'checkout', environment: 'production' })
    ).filter(({ version }) => version === 'v2.1.0');
    if (release === undefined) throw new Error('v2.1.0 is not there');
    const passing = async (): Promise<string[]> => {
      const reports = await api.stores.releases.reports({ service: 'checkout', ...release });
      return [...policy.gates.values()].flatMap(({ id, rule }) => {
        const report = countingReport(id, reports, release);
        return report !== undefined && judgeGate(rule, report).passed ? [id] : [];
      });
    };

    const early = await passing();
    for (const { id } of policy.environments)
      expect(early).toEqual(expect.arrayContaining(asked(policy, id, 'start')));
    const handOver = asked(policy, 'production', 'hand_over');
    const onlyThere = handOver.filter((gate) => !asked(policy, 'production', 'start').includes(gate));
    expect(early).toEqual(expect.not.arrayContaining(onlyThere.length === 0 ? ['nothing'] : onlyThere));

    const change = {
      service: 'checkout',
      environment: 'production',
      ...release,
      previous: 'v2.0.4',
      deployment: 'D-1',
      sequence: 1,
    };
    await world.backend.apply(change, { kind: 'set-weight', percent: 100 }, 'all');
    clock.advance(DAY);
    await pipeline.look();
    expect(await passing()).toEqual(expect.arrayContaining(handOver));
    expect(failures).toEqual([]);
  },
);
