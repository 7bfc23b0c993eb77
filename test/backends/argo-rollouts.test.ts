import { type ArgoRig, BLUE_GREEN, canary, createArgoRig, PREVIEW, stops } from './argo-rig.ts';
import { type Limit, testBackend } from './conformance.ts';
import { changeTo } from './kube-rig.ts';

const CHANGE = changeTo('v2.1.0', 'v2.0.4');

const subjectOf = (rig: ArgoRig) => ({
  backend: rig.backend,
  change: CHANGE,
  next: 'v2.1.1',
  async settle() {
    rig.controller.settle();
  },
  /** New templates: what leads a Rollout from one pause to the next is told in more than one request. */
  carriedOut: () => rig.server.writes.filter(({ body }) => JSON.stringify(body).includes('/spec/')).length,
  told: () => /@(.*)$/.exec(rig.rollout().spec.template.spec.containers[0].image)?.[1],
  async breakDown() {
    const restore = rig.server.breakDown();
    return async () => restore();
  },
  async hang() {
    const goOn = rig.server.hang();
    return async () => goOn();
  },
  async getStuck() {
    rig.controller.trouble = 'no-image' as const;
  },
  async reopen() {
    return rig.open();
  },
  close: () => rig.close(),
});

testBackend('argo-rollouts, canary', async () =>
  subjectOf(await createArgoRig(canary([...PREVIEW, ...stops(5, 25, 50, 75)]))),
);

const NO_SHARES: Limit = {
  reason: 'blue-green switches all traffic at once',
  tests: [
    'ST-2: a version that is brought up stands by whole and without traffic, and then takes its shares',
  ],
};

testBackend(
  'argo-rollouts, blue-green',
  async () => ({ ...subjectOf(await createArgoRig(BLUE_GREEN)), whole: true as const }),
  [NO_SHARES],
);
