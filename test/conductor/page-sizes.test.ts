/** What decides asks for all there are: it finds the one that matters behind however many that are newer. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSimulatedWorld } from '../../src/backends/simulator.ts';
import { conflictsAt, gatherCalendar } from '../../src/conductor/calendar.ts';
import { every } from '../../src/conductor/every.ts';
import type { Stores } from '../../src/conductor/ports/stores.ts';
import { completedBefore } from '../../src/conductor/promotion.ts';
import { gatherReports } from '../../src/conductor/reports.ts';
import type { EventBody } from '../../src/deployment/events.ts';
import { LIVE } from '../../src/deployment/lifecycle.ts';
import { createLog } from '../../src/log.ts';
import { createAdapters } from '../../src/main/adapters.ts';
import { REHEARSAL_GATE } from '../../src/policy/gates.ts';
import { HOUR } from '../../src/time.ts';
import {
  commitOf,
  type RequestParts,
  requestedBody,
  requestOf,
  SCHEDULED,
  STARTED,
  T0,
} from '../db/examples.ts';
import { open } from '../db/places.ts';
import { createManualClock } from '../manual-clock.ts';
import { examplePolicy } from './rig.ts';

let stores: Stores;
beforeEach(async () => {
  stores = await open(':memory:');
});
afterEach(() => stores.close());

const NEWER = 130;

async function commit(number: number, parts: RequestParts, ...events: EventBody[]): Promise<void> {
  const request = requestOf(`D-${number}`, parts);
  await stores.events.commit(request);
  if (events.length > 0) await stores.events.commit(commitOf(request.after, events));
}

/** Of services that nothing here is tied to, all of them newer than what the test looks for. */
async function manyNewer(environment = 'production'): Promise<void> {
  for (let n = 0; n < NEWER; n += 1)
    await commit(1_000 + n, { service: `other-${n}`, environment }, SCHEDULED, STARTED);
}

const DONE: EventBody[] = [
  SCHEDULED,
  STARTED,
  { type: 'verification_started' },
  { type: 'verified' },
] as EventBody[];

const STAGING = { environment: 'staging' };
const WENT_BACK: EventBody[] = [
  ...DONE,
  { type: 'rollback_started', to: 'v2.0.0', why: 'alerts' },
  { type: 'rolled_back' },
];

async function drill(number: number): Promise<void> {
  const request = requestedBody(STAGING);
  const asked = { ...request, terms: { ...request.terms, drill: true as const } };
  await stores.events.commit(commitOf(`D-${number}`, [asked, ...WENT_BACK]));
}

describe('However many are newer', () => {
  it('WN-2: a dependency that rolls out is in the way', async () => {
    const example = examplePolicy();
    const own = example.services.get('checkout');
    if (own === undefined) throw new Error('the example has it');
    const services = new Map([...example.services, ['checkout', { ...own, dependsOn: ['payments'] }]]);
    const policy = { ...example, services };
    await commit(1, { service: 'payments' }, SCHEDULED, STARTED);
    await manyNewer();
    const place = { service: 'checkout', environment: 'production' };
    const { conflicts } = await gatherCalendar(stores, policy, place, T0);
    expect(conflicts.map(({ id }) => id)).toEqual(['D-1']);
    const span = { from: T0, to: T0 + HOUR };
    expect((await conflictsAt(stores, policy, place, span, T0)).map(({ id }) => id)).toEqual(['D-1']);
    const dependent = { service: 'payments', environment: 'production' };
    await commit(2, { service: 'checkout' }, SCHEDULED, STARTED);
    const seen = await gatherCalendar(stores, policy, { ...dependent, id: 'D-1' }, T0);
    expect(seen.conflicts.map(({ id }) => id)).toEqual(['D-2']);
  });

  it('GT-8: only the very build that completed in the environment before is let past, and it is found', async () => {
    const policy = examplePolicy();
    const wanted = { service: 'checkout', environment: 'production', version: 'v2.1.0' };
    const { envelope } = requestedBody({ ...wanted, environment: 'staging' }).terms;
    await commit(1, { ...wanted, environment: 'staging' }, ...DONE);
    const before = await completedBefore(stores.events, policy, { ...wanted, digest: envelope.digest });
    expect(before?.id).toBe('D-1');
    const other = { ...wanted, digest: `sha256:${'c'.repeat(64)}` };
    expect(await completedBefore(stores.events, policy, other)).toBeUndefined();
  });

  it('RB-7: the rollback before a release is not hidden by drills since', async () => {
    await commit(1, STAGING, ...WENT_BACK);
    for (let n = 0; n < 5; n += 1) await drill(10 + n);
    const place = { service: 'checkout', environment: 'staging' };
    const { rolledBack } = await gatherCalendar(stores, examplePolicy(), place, T0);
    expect(rolledBack).toMatchObject({ deployment: 'D-1', why: 'alerts' });
  });

  it('RB-5: the drill of a release is found behind rollbacks of it since', async () => {
    const policy = examplePolicy();
    await drill(1);
    for (let n = 0; n < 7; n += 1) await commit(10 + n, STAGING, ...WENT_BACK);
    const { envelope } = requestedBody().terms;
    const { reports } = await gatherReports(stores, policy, envelope);
    expect(reports).toContainEqual(expect.objectContaining({ gate: REHEARSAL_GATE, by: 'D-1' }));
  });

  it('HO-4: the deployment of a contract is found', async () => {
    const request = requestedBody({ service: 'checkout' });
    const contract = { id: 'C-7', acceptedAt: T0 };
    await stores.events.commit(
      commitOf('D-1', [{ ...request, terms: { ...request.terms, contract } }, { type: 'cancelled' }]),
    );
    for (let n = 0; n < 60; n += 1) await commit(1_000 + n, {}, { type: 'cancelled' });
    expect((await stores.events.underContract('C-7'))?.id).toBe('D-1');
    expect(await stores.events.underContract('C-8')).toBeUndefined();
  });

  it('PR-3: the backend of one that is on its way is opened at the start, or the start says which cannot go on', async () => {
    const request = requestedBody();
    const simulator = { name: 'simulator', kind: 'simulator' };
    const adapters = { backend: { name: 'of-before', kind: 'simulator' }, metrics: simulator };
    await stores.events.commit(commitOf('D-1', [{ ...request, terms: { ...request.terms, adapters } }]));
    await manyNewer();
    const world = createSimulatedWorld({ seed: 1, clock: createManualClock() });
    const opened = createAdapters({
      clock: { now: () => T0 },
      log: createLog({ level: 'silent' }),
      variables: {},
      db: ':memory:',
      demo: true,
      world: () => world,
    });
    await expect(opened.openFrozen(stores, examplePolicy())).rejects.toThrow(
      /^D-1 is on its way and cannot go on/,
    );
  });

  it('a walk gives each of them once, newest first', async () => {
    await manyNewer();
    const ids: string[] = [];
    for await (const { id } of every(stores.events, { statuses: LIVE })) ids.push(id);
    expect(ids).toEqual(Array.from({ length: NEWER }, (_, n) => `D-${1_000 + NEWER - 1 - n}`));
  });
});
