/** The servers that stand for GitHub and for a cluster: an adapter that passes against them must not owe it to their kindness. */

import { afterEach, expect, it } from 'vitest';
import { canary, createArgoRig, stops } from './argo-rig.ts';
import { startGithub } from './github-server.ts';
import { TOKEN } from './github-state.ts';
import { createKubeRig } from './kube-rig.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const json = { 'content-type': 'application/json' };

it.each([
  [
    'an input that is no text',
    { ref: 'main', inputs: { version: { deep: 1 } }, return_run_details: 'yes' },
    422,
  ],
  ['no ref', { inputs: {} }, 422],
  ['a ref that is a commit', { ref: '1'.repeat(40), inputs: {} }, 422],
])(
  'K-9: the local GitHub refuses a dispatch with %s, as its published OpenAPI has it',
  async (_what, body, expected) => {
    const github = await startGithub();
    closing.push(() => github.close());
    const { status } = await fetch(
      `${github.url}/repos/acme/checkout/actions/workflows/deploy.yml/dispatches`,
      {
        method: 'POST',
        headers: { ...json, authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify(body),
      },
    );
    expect(status).toBe(expected);
    expect(github.runs).toEqual([]);
  },
);

async function patched(
  { server }: { server: { url: string; token: string } },
  path: string,
  operations: object[],
): Promise<number> {
  const { status } = await fetch(`${server.url}${path}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json-patch+json', authorization: `Bearer ${server.token}` },
    body: JSON.stringify(operations),
  });
  return status;
}

it('K-9: the local cluster refuses a Deployment and a Rollout that their schemas refuse, and one that was changed meanwhile', async () => {
  const [kube, argo] = await Promise.all([createKubeRig(), createArgoRig(canary(stops(5)))]);
  closing.push(
    () => kube.close(),
    () => argo.close(),
  );
  const deployment = '/apis/apps/v1/namespaces/shop/deployments/checkout';
  const rollout = '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/checkout';
  const many = [{ op: 'replace', path: '/spec/replicas', value: 'many' }];
  expect(await patched(kube, deployment, many)).toBe(422);
  expect(await patched(argo, rollout, many)).toBe(422);
  const old = [{ op: 'replace', path: '/metadata/resourceVersion', value: '1' }];
  expect(await patched(kube, deployment, old)).toBe(409);
  expect(await patched(argo, rollout, old)).toBe(409);
  expect([...kube.server.writes, ...argo.server.writes]).toEqual([]);
});
