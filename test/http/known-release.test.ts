/** Which releases are known without an artifact, with a real record and a simulated backend. */

import { expect } from 'vitest';
import { createSimulatedWorld } from '../../src/backends/simulator.ts';
import { createLog } from '../../src/log.ts';
import { createKnownRelease } from '../../src/main/known-release.ts';
import { examplePolicy } from '../conductor/rig.ts';
import { requestOf } from '../db/examples.ts';
import { open } from '../db/places.ts';
import { createManualClock } from '../manual-clock.ts';
import { startBot } from '../slack/bot.ts';
import { it } from '../slack/stage.ts';
import { ARTIFACT, answerOf, signedHeaders } from './api-stage.ts';

async function rig() {
  const clock = createManualClock();
  const world = createSimulatedWorld({ seed: 1, clock });
  const { events } = await open(':memory:');
  const known = createKnownRelease({
    policy: examplePolicy,
    events,
    backendFor: () => world.backend,
    log: createLog({ level: 'silent' }),
  });
  return { known, events, world };
}

it('GT-1: are those that the backend lists, and no other', async () => {
  const { known, world } = await rig();
  const listed = (await world.backend.versions({ service: 'checkout', environment: 'production' })).find(
    ({ version }) => version === 'v2.1.0',
  );
  expect(await known('checkout', 'v2.1.0')).toContainEqual({ sha: listed?.sha, digest: listed?.digest });
  expect(await known('checkout', 'v9.9.9')).toEqual([]);
  expect(await known('nothing', 'v2.1.0')).toEqual([]);
  world.close();
});

it('GT-1: are not found out where the backend does not answer, unless a deployment brought them', async () => {
  const { known, events, world } = await rig();
  const { backend } = world;
  backend.versions = () => Promise.reject(new Error('the backend does not answer'));
  expect(await known('checkout', 'v2.1.0')).toBeUndefined();
  const requested = requestOf('D-1', { service: 'checkout', version: 'v9.9.9', environment: 'test' });
  await events.commit(requested);
  const { sha, digest } = requested.after.terms.envelope;
  expect(await known('checkout', 'v9.9.9')).toEqual([{ sha, digest }]);
  expect(await known('search', 'v9.9.9')).toBeUndefined();
  world.close();
});

it('GT-1, GT-3: the running bot takes artifacts and gates, and knows what its backend lists', async ({
  stage,
}) => {
  const secret = 'a-secret-of-more-than-thirty-two-characters';
  const bot = await startBot({
    ...stage.settings,
    environment: { GONOGO_API_KEYS: `github=${secret};services=*;gates=*` },
  });
  try {
    const call = async (method: string, path: string, body = '') => {
      const timestamp = String(Math.floor(stage.settings.messageClock.now() / 1000));
      const signed = signedHeaders({ key: 'github', secret, timestamp, method, path, body });
      const json = { 'content-type': 'application/json' };
      return answerOf(
        await fetch(
          `${bot.url}${path}`,
          body === '' ? { headers: signed } : { method, headers: { ...signed, ...json }, body },
        ),
      );
    };
    const listed = await call('GET', '/api/v1/releases/checkout/v2.1.0');
    expect([listed.status, listed.body.release]).toEqual([200, null]);
    expect((await call('GET', '/api/v1/releases/checkout/v9.9.9')).status).toBe(404);
    const created = await call('POST', '/api/v1/releases', JSON.stringify(ARTIFACT));
    expect(created.status).toBe(201);
    expect(await bot.stores.releases.artifact(ARTIFACT)).toMatchObject(ARTIFACT);
    const tests = { passed: 999, failed: 1, skipped: 0 };
    const report = { service: 'checkout', version: 'v2.1.0', gate: 'unit_tests', status: 'passed', tests };
    const reported = await call('POST', '/api/v1/gates', JSON.stringify(report));
    expect(reported.body.gate).toMatchObject({ verdict: 'failed', says: expect.stringContaining('99.9 %') });
    const known = await call('GET', '/api/v1/releases/checkout/v2.1.0?again');
    expect(known.body.release).toMatchObject(ARTIFACT);
    expect(known.body.gates.find(({ gate }) => gate === 'artifact_version')).toMatchObject({
      verdict: 'passed',
    });
  } finally {
    await bot.stop();
  }
});

it('GT-1: the running bot without keys says which variable to set', async ({ stage }) => {
  const { status, body } = await answerOf(await fetch(`${stage.bot.url}/api/v1/releases/checkout/v2.1.0`));
  expect([status, body.type]).toEqual([503, 'urn:gonogo:problem:api_off']);
  expect(body.detail).toContain('GONOGO_API_KEYS');
});
