/** A key is for named services and gates: whatever else it is used for is refused, with what it may do. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { isAmong } from '../../src/config/api-keys.ts';
import { type ApiStage, ARTIFACT, BUILD, JENKINS, SECRET, startApi } from './api-stage.ts';

let stage: ApiStage;
beforeEach(async () => {
  stage = await startApi({
    keys: new Map([
      ['github', { secret: SECRET, services: ['checkout'], gates: ['build', 'artifact_*'] }],
      ['jenkins', { secret: JENKINS, services: ['sea*'], gates: ['*'] }],
    ]),
  });
  await stage.release(ARTIFACT);
});
afterEach(() => stage.close());

const jenkins = { key: 'jenkins', secret: JENKINS };
const refused = (detail: string) => ({
  status: 403,
  body: { type: 'urn:gonogo:problem:not_for_this_key', detail },
});

it('GT-1: a key reports the gates of its services', async () => {
  expect((await stage.gate(BUILD)).status).toBe(201);
  expect((await stage.known('v2.1.0')).status).toBe(200);
});

it.each([
  [
    'another gate',
    { ...BUILD, gate: 'coverage', percent: 99 },
    {},
    'The key github may report build, artifact_* of checkout, and not coverage. GONOGO_API_KEYS says what a key is for.',
  ],
  [
    'another service, whether there is one or not',
    { ...BUILD, service: 'basket' },
    {},
    'The key github may report build, artifact_* of checkout, and not basket. GONOGO_API_KEYS says what a key is for.',
  ],
  [
    "another key's service",
    BUILD,
    jenkins,
    'The key jenkins may report every gate of sea*, and not checkout. GONOGO_API_KEYS says what a key is for.',
  ],
])('GT-1: %s is refused, and nothing is kept', async (_, body, key, detail) => {
  expect(await stage.gate(body, key)).toMatchObject(refused(detail));
  const { gates } = (await stage.known('v2.1.0')).body;
  expect(gates.map(({ gate }) => gate)).toEqual(['artifact_version']);
});

it('GT-3: an artifact needs the gates that its facts answer', async () => {
  const offered = { ...ARTIFACT, version: 'v2.2.0' };
  const answer = await stage.release({ ...offered, configuration: CONFIGURATION });
  expect([answer.status, answer.body.detail]).toEqual([
    403,
    expect.stringContaining('and not configuration.'),
  ]);
  expect(await stage.stores.releases.artifact(offered)).toBeUndefined();
  expect((await stage.release({ ...offered, checksum_verified: true })).status).toBe(201);
});

const CONFIGURATION = { schema_validated: true, secrets_found: 0, separate: true };

it('GT-1: what is known of a service is for its keys as well', async () => {
  expect((await stage.known('v2.1.0', jenkins)).status).toBe(403);
});

it.each([
  [['*'], 'build', true],
  [['artifact_*'], 'artifact_tag', true],
  [['artifact_*'], 'artifact', false],
  [['build'], 'builder', false],
  [[], 'build', false],
])('of %j: %s → %s', (names, name, among) => {
  expect(isAmong(names, name)).toBe(among);
});
