/** What a request must satisfy before the core decides it: the same answer for every door, without Slack. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkRequest, type Given, type RequestContext } from '../../src/conductor/request-checks.ts';
import { createLog } from '../../src/log.ts';
import { createRig, PEOPLE, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig.close());

const GIVEN: Given = {
  service: 'checkout',
  environment: 'production',
  version: 'v2.1.0',
  strategy: 'canary',
  when: 'ready',
  changeType: 'normal',
  deploymentType: 'feature',
  risk: 'medium',
  database: 'none',
  summary: 'Adds Apple Pay.',
  lead: PEOPLE.dana.id,
  onCall: PEOPLE.omar.id,
};

function context(change: Partial<RequestContext> = {}): RequestContext {
  return {
    policy: () => rig.policy,
    stores: rig.stores,
    conductor: rig.conductor,
    clock: rig.clock,
    log: createLog({ level: 'silent' }),
    people: {
      resolve: async (id) =>
        id === 'U0GUEST0006' ? { ok: false, why: 'guest' } : { ok: true, person: { id, name: id } },
      gone: async () => undefined,
      known: async (id) => ({ id, name: id }),
    },
    ...change,
  };
}

it.each<[Partial<Given>, string, RegExp]>([
  [{ service: 'basket' }, 'service', /There is no service basket any more/],
  [{ environment: 'integration' }, 'environment', /checkout is deployed to staging, production/],
  [{ strategy: 'yolo' }, 'strategy', /There is no such strategy any more/],
  [{ version: 'v2.1.9' }, 'version', /There is no v2\.1\.9 of checkout\. Did you mean v2\.1\.\d\?/],
  [{ when: 'window' }, 'when', /No window is long enough/],
  [{ lead: 'U0GUEST0006' }, 'lead', /A guest cannot answer for a deployment/],
  [{ onCall: 'U0GUEST0006' }, 'onCall', /A guest cannot answer for a deployment/],
  [{ contract: 'C-404' }, 'service', /Contract C-404 is not accepted/],
])('a request with %j is refused at %s', async (change, field, words) => {
  const checked = await checkRequest(context(), { ...GIVEN, ...change });
  expect(checked).toMatchObject({ ok: false, problems: { [field]: expect.stringMatching(words) } });
});

it('a request that is all right brings what is to be planned: the release as the backend has it', async () => {
  const checked = await checkRequest(context(), GIVEN);
  expect(checked).toMatchObject({
    ok: true,
    asked: { service: 'checkout', release: { version: 'v2.1.0', digest: expect.stringMatching(/^sha256:/) } },
  });
});

it('K-11: a request brings what it changes, and does not wait for a backend that is slow to say it', async () => {
  const checked = await checkRequest(context(), GIVEN);
  expect(checked).toMatchObject({ asked: { changes: { from: 'v2.0.4', to: 'v2.1.0', commits: 1 } } });
  const conductorWith = (changes: () => Promise<never>) => ({
    ...rig.conductor,
    backendFor: () => Object.assign(Object.create(rig.world.backend), { changes }),
  });
  const begun = Date.now();
  for (const changes of [
    () => new Promise<never>(() => {}),
    () => Promise.reject(new Error('no such tag')),
  ]) {
    const without = await checkRequest(context({ conductor: conductorWith(changes) }), GIVEN);
    expect(without).toMatchObject({ ok: true });
    expect(without).not.toHaveProperty('asked.changes');
  }
  expect(Date.now() - begun).toBeLessThan(1_500);
});

it('a step that the backend cannot take is refused before anything is planned', async () => {
  const backend = Object.assign(Object.create(rig.world.backend), {
    steps: new Set(['watch']),
    name: 'plain',
  });
  const unable = context({ conductor: { backendFor: () => backend } });
  expect(await checkRequest(unable, GIVEN)).toEqual({
    ok: false,
    problems: { strategy: 'The backend plain cannot set-weight. Choose another.' },
  });
});
