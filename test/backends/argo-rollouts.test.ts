import { afterEach, describe, expect, it } from 'vitest';
import type { BackendStep } from '../../src/terms/plan.ts';
import { type ArgoRig, BLUE_GREEN, canary, createArgoRig, PREVIEW, stops } from './argo-rig.ts';
import { type Limit, testBackend } from './conformance.ts';
import { testFaults } from './faults.ts';
import { kubeFaults, READS_NO_CLOCK } from './kube-faults.ts';
import { changeTo, digestOf, IMAGE, onCluster, rbacFile } from './kube-rig.ts';
import { rulesIn } from './kube-server/rbac.ts';

const CHANGE = changeTo('v2.1.0', 'v2.0.4');

const subjectOf = (rig: ArgoRig) => ({
  ...onCluster(rig),
  /** New templates: what leads a Rollout from one pause to the next is told in more than one request. */
  carriedOut: () => rig.server.writes.filter(({ body }) => JSON.stringify(body).includes('/spec/')).length,
  told: () => /@(.*)$/.exec(rig.rollout().spec.template.spec.containers[0].image)?.[1],
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

testFaults('argo-rollouts, canary', { clockAhead: READS_NO_CLOCK }, async () => {
  const rig = await createArgoRig();
  const { server, controller } = rig;
  return {
    ...subjectOf(rig),
    faults: {
      ...kubeFaults(server),
      cutsWatch() {
        let watches = 0;
        server.afterWrite = undefined;
        server.beforeCall = ({ verb }) => {
          if (verb !== 'watch') return;
          watches += 1;
          setImmediate(watches === 1 ? server.cutWatches : controller.turn);
        };
      },
      deleted() {
        server.remove('rollouts', 'checkout');
        return {
          words: /no such object \(404\): rollouts.argoproj.io "checkout" not found/,
          back: 'refused',
        };
      },
      changedByAnother() {
        rig.byHand(({ status }) => {
          status.pauseConditions = undefined;
        }, 'status');
        return { stable: 'v2.0.4', canary: 'v2.1.0', weight: 50 };
      },
    },
  };
});

/** The error's own words and whether it is final; that there is none is a failure. */
async function refusal(attempt: Promise<unknown>): Promise<{ message: string; final: boolean }> {
  return attempt.then(
    () => expect.unreachable('it was not refused'),
    ({ message, final }: { message: string; final: boolean }) => ({ message, final }),
  );
}

const weight = (percent: number) => ({ kind: 'set-weight', percent }) as const;
const REPLACE = { kind: 'replace' } as const;

describe('a Rollout of Argo Rollouts', () => {
  const opened: ArgoRig[] = [];
  const open = async (...given: Parameters<typeof createArgoRig>): Promise<ArgoRig> => {
    const rig = await createArgoRig(...given);
    opened.push(rig);
    return rig;
  };
  afterEach(async () => {
    for (const rig of opened.splice(0)) await rig.close();
  });

  const observe = (rig: ArgoRig) => rig.backend.observe(CHANGE);
  const to = async (rig: ArgoRig, percent: number, key = `to-${percent}`): Promise<void> => {
    await rig.backend.apply(CHANGE, weight(percent), key);
    rig.controller.settle();
  };
  const told = (rig: ArgoRig) =>
    rig.server.writes.map(({ resource, body }) => `${resource} ${JSON.stringify(body)}`);

  /** Told, and not looked at by the controller: the order waits. */
  async function waiting(rig: ArgoRig): Promise<{ order: Promise<void>; isDone: () => boolean }> {
    rig.server.afterWrite = undefined;
    let done = false;
    const order = rig.backend.apply(CHANGE, REPLACE, 'all').finally(() => {
      done = true;
    });
    await expect.poll(() => rig.server.openWatches()).toBe(1);
    return { order, isDone: () => done };
  }

  it('ST-1: each share is one promotion through /status, and the end is 100 %', async () => {
    const rig = await open();
    for (const percent of [5, 25, 50, 75]) {
      await to(rig, percent);
      expect(await observe(rig)).toMatchObject({ stable: 'v2.0.4', canary: 'v2.1.0', weight: percent });
      expect(rig.rollout().status).toMatchObject({ phase: 'Paused' });
    }
    await to(rig, 100);
    expect(await observe(rig)).toMatchObject({ stable: 'v2.1.0', canary: null, health: 'passing' });
    const promotions = told(rig).filter((one) => one.startsWith('rollouts/status'));
    expect(promotions).toHaveLength(4);
    for (const one of promotions) expect(one).toContain('"status":{"pauseConditions":null}');
    expect(rig.rollout().metadata.annotations?.['kubernetes.io/change-cause']).toMatch(/v2.1.0 .* to 100 %/);
  });

  it('a promotion on the main path is answered with success and changes nothing: that is why it is not sent there', async () => {
    const rig = await open();
    await to(rig, 5);
    const before = rig.rollout().status;
    const answer = await fetch(
      `${rig.server.url}/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/checkout`,
      {
        method: 'PATCH',
        headers: {
          authorization: `Bearer ${rig.server.token}`,
          'content-type': 'application/merge-patch+json',
        },
        body: JSON.stringify({ status: { pauseConditions: null } }),
      },
    );
    expect(answer.status).toBe(200);
    expect(rig.rollout().status).toEqual(before);
  });

  it('RB-3: back before the end is the stable template, whole, in one patch', async () => {
    const rig = await open();
    const before = structuredClone(rig.rollout().spec.template);
    await to(rig, 5);
    await to(rig, 25);
    const writes = rig.server.writes.length;
    await rig.backend.rollback(CHANGE, 'v2.0.4', 'back');
    expect(rig.server.writes).toHaveLength(writes + 1);
    rig.controller.settle();
    expect(rig.rollout().spec.template).toEqual(before);
    expect(await observe(rig)).toMatchObject({
      stable: 'v2.0.4',
      canary: null,
      weight: 0,
      health: 'passing',
    });
  });

  it('RB-3: back after the end does not stop at 5 %: it is promoted in full, once the old template has been seen', async () => {
    const rig = await open();
    await rig.backend.apply(CHANGE, REPLACE, 'all');
    rig.controller.settle();
    // Argo Rollouts takes its time: what is told before it has looked is forgotten.
    let looks = 0;
    rig.server.afterWrite = ({ resource }) => {
      if (resource !== 'rollouts') return;
      setImmediate(() => {
        looks += 1;
        rig.controller.turn();
      });
    };
    await rig.backend.rollback(CHANGE, 'v2.0.4', 'back');
    expect(looks).toBe(1);
    expect(told(rig).at(-1)).toContain('"status":{"promoteFull":true}');
    rig.controller.settle();
    expect(await observe(rig)).toMatchObject({ stable: 'v2.0.4', canary: null, weight: 0 });
  });

  it('RB-3: what Argo Rollouts put on the pods of the old version is not taken for a part of its template', async () => {
    const rig = await open();
    const before = structuredClone(rig.rollout().spec.template);
    const [stable] = rig.server.all('replicasets');
    rig.server.update('replicasets', stable?.metadata.name ?? '', ({ metadata, spec }) => {
      metadata.annotations = {
        ...metadata.annotations,
        'rollout.argoproj.io/ephemeral-metadata': JSON.stringify({ labels: { role: 'stable' } }),
      };
      spec.template.metadata.labels = { ...spec.template.metadata.labels, role: 'stable' };
    });
    await rig.backend.apply(CHANGE, weight(5), 'up');
    await rig.backend.rollback(CHANGE, 'v2.0.4', 'back');
    expect(rig.rollout().spec.template).toEqual(before);
  });

  it('RB-3: a version that no ReplicaSet has any more comes back by its digest', async () => {
    const rig = await open();
    await rig.backend.rollback(CHANGE, 'v2.0.3', 'far back');
    rig.controller.settle();
    expect((await observe(rig)).stable).toBe('v2.0.3');
  });

  it('RB-3: where the old template is not taken any more, the update is aborted: the traffic is back all the same', async () => {
    const rig = await open();
    await to(rig, 25);
    rig.server.beforeCall = ({ verb, resource }) => {
      const body = { message: 'admission webhook "images" denied the request: too old', kind: 'Status' };
      if (verb === 'patch' && resource === 'rollouts') rig.server.fail({ status: 403, body, times: 1 });
    };
    await rig.backend.rollback(CHANGE, 'v2.0.4', 'back');
    rig.controller.settle();
    expect(await observe(rig)).toMatchObject({ stable: 'v2.0.4', canary: null, weight: 0 });
    expect(rig.rollout().status.abort).toBe(true);
    // As it should be: nothing that would hold the next deployment.
    expect((await observe(rig)).problem).toBeUndefined();
    rig.server.beforeCall = undefined;
    await to(rig, 5, 'the same version once more');
    expect(await observe(rig)).toMatchObject({ canary: 'v2.1.0', weight: 5 });
  });

  it('RB-3: a Rollout that was paused by hand is resumed by a rollback, and told nothing else', async () => {
    const rig = await open();
    await to(rig, 5);
    rig.byHand(({ spec }) => {
      spec.paused = true;
    });
    const words = /the Rollout checkout is paused by hand: .*kubectl argo rollouts promote checkout/;
    expect((await observe(rig)).problem).toMatch(words);
    expect(await refusal(rig.backend.apply(CHANGE, weight(25), 'on'))).toEqual({
      final: true,
      message: expect.stringMatching(words),
    });
    await rig.backend.rollback(CHANGE, 'v2.0.4', 'back');
    rig.controller.settle();
    expect(await observe(rig)).toMatchObject({ stable: 'v2.0.4', canary: null, weight: 0 });
    expect(rig.rollout().spec.paused).toBe(false);
  });

  it('takes a version out where there was none before it, and gives the pods back to the next one alone', async () => {
    const rig = await open();
    await rig.backend.apply(CHANGE, REPLACE, 'up');
    rig.controller.settle();
    await rig.backend.rollback(CHANGE, null, 'out');
    rig.controller.settle();
    expect(await observe(rig)).toMatchObject({ stable: null, canary: null, weight: 0 });
    const next = changeTo('v2.1.1', 'v2.1.0');
    expect((await refusal(rig.backend.apply(next, weight(5), 'some'))).message).toMatch(
      /runs nothing beside/,
    );
    let most = 0;
    rig.server.afterWrite = () => {
      setImmediate(() => {
        rig.controller.settle();
        const old = rig.server
          .all('pods')
          .filter(({ spec }) => !spec.containers[0].image.includes(next.digest));
        most = Math.max(most, old.length);
      });
    };
    await rig.backend.apply(next, REPLACE, 'next');
    rig.controller.settle();
    expect(rig.rollout().spec.replicas).toBe(4);
    expect(await observe(rig)).toMatchObject({ stable: 'v2.1.1', canary: null });
    expect(most).toBe(0);
  });

  describe('changed behind the back', () => {
    it('K-9: promoted by hand it shows the share that it has, and the same step brings it back to where the plan is', async () => {
      const rig = await open();
      await to(rig, 5);
      rig.byHand(({ status }) => {
        status.pauseConditions = undefined;
      }, 'status');
      expect(await observe(rig)).toMatchObject({ canary: 'v2.1.0', weight: 25 });
      await to(rig, 5, 'after the hold');
      expect(await observe(rig)).toMatchObject({ canary: 'v2.1.0', weight: 5 });
      expect(rig.rollout().status).toMatchObject({ phase: 'Paused', currentStepIndex: 1 });
    });

    it('K-9: aborted by hand it says so, and the same step tries it again', async () => {
      const rig = await open();
      await to(rig, 25);
      rig.byHand(({ status }) => {
        status.abort = true;
      }, 'status');
      expect(await observe(rig)).toMatchObject({
        stable: 'v2.0.4',
        canary: null,
        weight: 0,
        problem: 'the Rollout checkout was aborted: Rollout aborted update to revision 2',
      });
      await to(rig, 25, 'again');
      expect(await observe(rig)).toMatchObject({ canary: 'v2.1.0', weight: 25 });
      expect((await observe(rig)).problem).toBeUndefined();
    });

    it('K-9: promoted in full by hand it is the stable one, and a share is refused in words', async () => {
      const rig = await open();
      await to(rig, 5);
      rig.byHand(({ status }) => {
        status.promoteFull = true;
      }, 'status');
      expect(await observe(rig)).toMatchObject({ stable: 'v2.1.0', canary: null });
      expect(await refusal(rig.backend.apply(CHANGE, weight(5), 'again'))).toEqual({
        final: true,
        message: 'v2.1.0 is what the Rollout checkout calls stable: it cannot have 5 %',
      });
    });

    it('K-9: another image by hand is shown as what it is, with its digest', async () => {
      const rig = await open();
      await to(rig, 5);
      rig.byHand(({ spec }) => {
        spec.template.spec.containers[0].image = `${IMAGE}@${digestOf('v2.1.1')}`;
      });
      const seen = await observe(rig);
      expect(seen).toMatchObject({ stable: 'v2.0.4', canary: 'v2.1.1', weight: 5 });
      expect(seen.digests?.['v2.1.1']).toBe(digestOf('v2.1.1'));
    });
  });

  it('RB-1: a process that stood still before a promotion does not promote what was rolled back meanwhile', async () => {
    const rig = await open();
    await to(rig, 5);
    const stopped = rig.open();
    let goOn = (): void => {};
    let isHeld = (): void => {};
    const letGo = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const held = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    let isClaimed = false;
    rig.server.afterWrite = () => {
      setImmediate(() => rig.controller.turn());
      if (isClaimed) return;
      isClaimed = true;
      // Its key is written; the promotion itself is kept on its way, as a stopped process keeps it.
      rig.server.holdNextWrite(() => {
        isHeld();
        return letGo;
      });
    };
    const late = stopped.apply(CHANGE, weight(25), 'on');
    await held;
    await rig.backend.rollback(CHANGE, 'v2.0.4', 'back');
    await rig.backend.apply(CHANGE, weight(5), 'once more');
    rig.controller.settle();
    goOn();
    await late.catch(() => {});
    rig.controller.settle();
    expect(await observe(rig)).toMatchObject({ canary: 'v2.1.0', weight: 5 });
  });

  it('RB-1: a promotion whose answer was lost is not made again by the same key', async () => {
    const rig = await open();
    await to(rig, 5);
    let restore = (): void => {};
    rig.server.afterWrite = ({ resource }) => {
      if (resource === 'rollouts/status') restore = rig.server.breakDown();
    };
    expect(await refusal(rig.backend.apply(CHANGE, weight(25), 'on'))).toMatchObject({ final: false });
    restore();
    rig.server.afterWrite = undefined;
    rig.controller.settle();
    await rig.backend.apply(CHANGE, weight(25), 'on');
    rig.controller.settle();
    expect(await observe(rig)).toMatchObject({ weight: 25 });
  });

  describe('waits for Argo Rollouts by a watch', () => {
    it('which is cut, and goes on from the last bookmark', async () => {
      const rig = await open();
      const { order, isDone } = await waiting(rig);
      rig.server.bookmark();
      rig.server.cutWatches();
      await expect.poll(() => rig.server.calls.filter(({ verb }) => verb === 'watch').length).toBe(2);
      const [first, second] = rig.server.calls.filter(({ verb }) => verb === 'watch');
      expect(Number(second?.query.resourceVersion)).toBeGreaterThanOrEqual(
        Number(first?.query.resourceVersion),
      );
      expect(isDone()).toBe(false);
      rig.controller.turn();
      await order;
      expect(rig.rollout().status.promoteFull).toBe(true);
    });

    it('and lists again where its place is too long ago (410)', async () => {
      const rig = await open();
      const { order } = await waiting(rig);
      rig.server.compact();
      rig.server.cutWatches();
      const lists = () =>
        rig.server.calls.filter(({ verb, resource }) => verb === 'list' && resource === 'rollouts');
      await expect.poll(() => lists().length).toBe(2);
      rig.controller.turn();
      await order;
      expect(rig.rollout().status.promoteFull).toBe(true);
    });

    it('and ends where the Rollout is deleted meanwhile', async () => {
      const rig = await open();
      const { order } = await waiting(rig);
      const refused = refusal(order);
      rig.server.remove('rollouts', 'checkout');
      expect(await refused).toEqual({ final: true, message: 'checkout was deleted' });
    });

    it('no longer than the call may take, and says what it waited for', async () => {
      const rig = await open();
      rig.server.afterWrite = undefined;
      const late = refusal(rig.backend.apply(CHANGE, REPLACE, 'all', AbortSignal.timeout(300)));
      expect(await late).toEqual({
        final: false,
        message:
          'Argo Rollouts was waited for to see the new template (observedGeneration), and did not: does its controller run?',
      });
    });
  });

  describe('with an analysis of its own', () => {
    const steps = [{ setWeight: 5 }, { analysis: { templates: [] } }, { pause: {} }, ...stops(25)];

    it('nobody goes past it while it runs, nor where it is inconclusive', async () => {
      const rig = await open(canary(steps));
      rig.controller.analysis = 'running';
      await to(rig, 5);
      expect(await observe(rig)).toMatchObject({ weight: 5 });
      expect(await refusal(rig.backend.apply(CHANGE, weight(25), 'on'))).toEqual({
        final: false,
        message: 'the analysis of the Rollout checkout in step 2 still runs',
      });
      rig.controller.analysis = 'inconclusive';
      rig.controller.settle();
      const words = 'the Rollout checkout is paused: InconclusiveAnalysisRun';
      expect((await observe(rig)).problem).toBe(words);
      expect((await refusal(rig.backend.apply(CHANGE, weight(25), 'past it'))).final).toBe(true);
    });

    it('nor does the end of the plan leave out one that runs at the last stop', async () => {
      const rig = await open(canary(steps.slice(0, 3)));
      rig.controller.analysis = 'running';
      await to(rig, 5);
      expect((await refusal(rig.backend.apply(CHANGE, weight(100), 'end'))).message).toMatch(/still runs/);
      rig.controller.analysis = 'successful';
      rig.controller.settle();
      await rig.backend.apply(CHANGE, weight(100), 'end');
      rig.controller.settle();
      expect(await observe(rig)).toMatchObject({ stable: 'v2.1.0', canary: null });
    });

    it('what it aborts is a problem, and the old version has all traffic', async () => {
      const rig = await open(canary(steps));
      rig.controller.analysis = 'failed';
      await to(rig, 5);
      const seen = await observe(rig);
      expect(seen).toMatchObject({ stable: 'v2.0.4', canary: null, weight: 0 });
      expect(seen.problem).toMatch(/^the Rollout checkout was aborted/);
    });
  });

  it('a share is not told before whatever routes the traffic has followed', async () => {
    const rig = await open();
    await to(rig, 5);
    rig.controller.verified = false;
    await to(rig, 25);
    expect(await observe(rig)).toMatchObject({ weight: 5 });
    rig.controller.verified = true;
    rig.controller.settle();
    expect(await observe(rig)).toMatchObject({ weight: 25 });
  });

  it('ST-1: without traffic routing the share is that of the pods, by the name of what was asked', async () => {
    const rig = await open(canary(stops(10, 50), {}), { replicas: 10 });
    await to(rig, 10);
    expect(await observe(rig)).toMatchObject({ stable: 'v2.0.4', canary: 'v2.1.0', weight: 10 });
    await to(rig, 50);
    expect(await observe(rig)).toMatchObject({ weight: 50, health: 'passing' });
    await rig.backend.rollback(CHANGE, 'v2.0.4', 'back');
    rig.controller.settle();
    expect(await observe(rig)).toMatchObject({ stable: 'v2.0.4', canary: null, weight: 0 });
  });

  it('ST-2: blue-green stands up whole, is switched by promotion, and back as long as blue is there', async () => {
    const rig = await open(BLUE_GREEN);
    rig.controller.keepsOld = true;
    await rig.backend.apply(CHANGE, { kind: 'stand-up' }, 'green');
    rig.controller.settle();
    expect(await observe(rig)).toMatchObject({ stable: 'v2.0.4', standby: 'v2.1.0' });
    await to(rig, 100);
    expect(told(rig).at(-1)).toContain('"status":{"pauseConditions":null}');
    expect(await observe(rig)).toMatchObject({ stable: 'v2.1.0', standby: 'v2.0.4' });
    expect(await refusal(rig.backend.apply(CHANGE, weight(25), 'some'))).toEqual({
      final: true,
      message: 'the Rollout checkout switches all traffic at once: it cannot have 25 %',
    });
    await rig.backend.rollback(CHANGE, 'v2.0.4', 'back');
    rig.controller.settle();
    expect(await observe(rig)).toMatchObject({ stable: 'v2.0.4', canary: null });
  });

  it('AN-1: pods of the canary that break down at a pause are failing health', async () => {
    const rig = await open();
    await to(rig, 50);
    const [set] = rig.server.all('replicasets').filter(({ status }) => status.replicas === 2);
    rig.server.update(
      'replicasets',
      set?.metadata.name ?? '',
      ({ status }) => {
        status.readyReplicas = 1;
      },
      'status',
    );
    expect(await observe(rig)).toMatchObject({ canary: 'v2.1.0', weight: 50, health: 'failing' });
  });

  it('least privilege: deploy/rbac/argo-rollouts.yaml permits what is called, and nothing else', async () => {
    const rig = await open();
    const { order } = await waiting(rig);
    rig.controller.turn();
    await order;
    await observe(rig);
    await rig.backend.rollback(CHANGE, 'v2.0.4', 'back');
    await rig.backend.planProblem?.(CHANGE, [weight(5)]);
    const called = rig.server.calls.map(({ verb, group, resource }) => `${verb} ${resource}.${group}`);
    const permitted = rulesIn(rbacFile('argo-rollouts')).flatMap(({ verbs, resources, apiGroups }) =>
      verbs.flatMap((verb) =>
        resources.flatMap((resource) => apiGroups.map((group) => `${verb} ${resource}.${group}`)),
      ),
    );
    expect([...new Set(called)].sort()).toEqual(permitted.sort());
  });

  it('tries for the doctor what a deployment will need, and names what is missing', async () => {
    const rig = await open(canary([{ setWeight: 5 }, { pause: { duration: '10m' } }]));
    const findings = async (backend = rig.backend) =>
      ((await backend.check?.(CHANGE)) ?? []).filter(({ ok }) => !ok);
    expect(await findings()).toEqual([
      {
        what: 'lead the Rollout checkout',
        ok: false,
        problem: 'the Rollout checkout goes on by itself after 10m in step 2: write "pause: {}" there',
        remedy: 'see its strategy',
      },
    ]);
    rig.server.rules = [];
    expect(await findings()).toContainEqual({
      what: 'patch rollouts/status.argoproj.io checkout in shop',
      ok: false,
      problem: 'not permitted',
      remedy: 'apply deploy/rbac/argo-rollouts.yaml in that namespace',
    });
    expect(rig.server.writes).toEqual([]);
  });

  it('the permission that is missing is told by its name, also where it is that for /status', async () => {
    const rig = await open();
    await to(rig, 5);
    rig.server.rules = rig.server.rules.filter(({ resources }) => !resources.includes('rollouts/status'));
    expect(await refusal(rig.backend.apply(CHANGE, weight(25), 'on'))).toMatchObject({
      final: true,
      message: expect.stringContaining(
        'cannot patch resource "rollouts/status" in API group "argoproj.io" in the namespace "shop"',
      ),
    });
  });

  it('a template that stands elsewhere (workloadRef) is refused in words', async () => {
    const rig = await open(undefined, {
      spec: { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'checkout' } },
    });
    expect(await refusal(observe(rig))).toEqual({
      final: true,
      message: 'the Rollout checkout takes its pods from a workloadRef: its template must stand in itself',
    });
  });

  it('what Argo Rollouts finds invalid, and pods that do not start, are problems in words', async () => {
    const rig = await open();
    rig.controller.trouble = 'crash-loop';
    await to(rig, 5);
    expect((await observe(rig)).problem).toMatch(/^the new pods do not start: .*CrashLoopBackOff/);
    rig.server.update(
      'rollouts',
      'checkout',
      ({ status }) => {
        const at = { lastTransitionTime: '2026-01-05T13:00:00Z', lastUpdateTime: '2026-01-05T13:00:00Z' };
        const message = 'spec.strategy: Invalid value';
        status.conditions = [{ type: 'InvalidSpec', status: 'True', reason: 'InvalidSpec', message, ...at }];
      },
      'status',
    );
    expect((await observe(rig)).problem).toBe(
      'the Rollout checkout is invalid to Argo Rollouts: spec.strategy: Invalid value',
    );
  });

  describe('and a plan', () => {
    const problem = async (rig: ArgoRig, ...steps: BackendStep[]) => rig.backend.planProblem?.(CHANGE, steps);

    it('that stops where it does is taken; one at 100 % at once leaves out every stop', async () => {
      const rig = await open(canary([...PREVIEW, ...stops(5, 25)]));
      const same = [{ kind: 'stand-up' }, weight(5), weight(25), weight(100)] as const;
      expect(await problem(rig, ...same)).toBeUndefined();
      expect(await problem(rig, weight(100))).toBeUndefined();
      expect(await problem(rig, REPLACE)).toBeUndefined();
    });

    it.for<[string, object, BackendStep[], string]>([
      [
        'other shares',
        canary(stops(5, 25, 75)),
        [weight(10), weight(50), weight(100)],
        'the Rollout checkout stops at 5, 25 and 75 %, and the plan at 10 and 50 %',
      ],
      ['no stops', canary([]), [weight(10)], 'the Rollout checkout stops nowhere, and the plan at 10 %'],
      [
        'a pause that ends by itself',
        canary([{ setWeight: 5 }, { pause: { duration: 600 } }]),
        [weight(5)],
        'the Rollout checkout goes on by itself after 600 in step 2: write "pause: {}" there',
      ],
      [
        'a pause before anything',
        canary([{ pause: {} }, ...stops(5)]),
        [weight(5)],
        'the Rollout checkout pauses in step 1 where nothing has changed: take that pause out',
      ],
      [
        'a pause at the end',
        canary(stops(5, 100)),
        [weight(5)],
        'the Rollout checkout pauses at 100 % in step 4: take that pause out, what comes after is observed',
      ],
      [
        'a share that so few pods cannot have',
        canary(stops(5), {}),
        [weight(5)],
        'the Rollout checkout shares traffic by its number of pods, and with 4 of them comes no closer to 5 % than 20 %: more pods or trafficRouting are needed',
      ],
      [
        'shares of blue-green',
        BLUE_GREEN,
        [weight(10), weight(100)],
        'the Rollout checkout stops at 0 % (blue-green knows no shares), and the plan at 10 %',
      ],
      [
        'blue-green that switches by itself',
        { blueGreen: { activeService: 'active' } },
        [{ kind: 'stand-up' }, weight(100)],
        'the Rollout checkout switches by itself: set autoPromotionEnabled: false',
      ],
    ])('is refused in words: %s', async ([, strategy, steps, words]) => {
      expect(await problem(await open(strategy), ...steps)).toBe(words);
    });

    it('is refused at the step as well, where the stops have changed since', async () => {
      const rig = await open();
      expect(await refusal(rig.backend.apply(CHANGE, weight(10), 'x'))).toEqual({
        final: true,
        message: 'the Rollout checkout stops at 5, 25, 50 and 75 %: it cannot be brought to 10 %',
      });
    });
  });
});
