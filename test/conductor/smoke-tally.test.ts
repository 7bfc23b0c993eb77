/** How often tests were flaky is counted on from deployment to deployment (SM-4). */

import { expect, it } from 'vitest';
import type { EventStore } from '../../src/conductor/ports/event-store.ts';
import { smokeTallyAt } from '../../src/conductor/smoke.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { Flakiness } from '../../src/policy/smoke.ts';
import { worldAt } from '../deployment/world.ts';

type Query = Parameters<EventStore['list']>[0];

const here = worldAt('observing').d;

function earlier(id: string, tally?: Flakiness[]): Deployment {
  const smoke = { run: 1, phase: 'verification', since: 0, version: 'v1.0.0', toArm: false } as const;
  return {
    ...here,
    id,
    smoke: { ...smoke, tests: [], results: [], ...(tally === undefined ? {} : { tally }) },
  };
}

async function tallyAmong(newestFirst: Deployment[]): Promise<{ tally: Flakiness[]; asked: Query[] }> {
  const asked: Query[] = [];
  const list = async (query: Query): Promise<Deployment[]> => {
    asked.push(query);
    return newestFirst;
  };
  return { tally: await smokeTallyAt({ list }, here), asked };
}

const COUNTED = [{ test: 'login', runs: 40, flaky: 1 }];

it('SM-4: goes on from the newest other deployment there that kept count, past those that ran no tests', async () => {
  const { tally, asked } = await tallyAmong([
    earlier(here.id, [{ test: 'login', runs: 99, flaky: 9 }]),
    earlier('D-8'),
    earlier('D-7', COUNTED),
    earlier('D-6', [{ test: 'login', runs: 39, flaky: 0 }]),
  ]);
  expect(tally).toEqual(COUNTED);
  const { service, environment } = here.terms.envelope;
  expect(asked).toEqual([{ service, environment, limit: 20 }]);
});

it('SM-4: begins at nothing where no deployment there has kept count', async () => {
  expect((await tallyAmong([earlier('D-8')])).tally).toEqual([]);
});
