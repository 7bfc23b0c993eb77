import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it as plain } from 'vitest';
import { waitIn } from '../../src/adapters/retry-after.ts';
import type { DeployBackend } from '../../src/backends/port.ts';
import { share } from './conformance/subject.ts';
import { testBackend } from './conformance.ts';
import { testFaults } from './faults.ts';
import { kubeFaults, READS_NO_CLOCK } from './kube-faults.ts';
import {
  changeTo,
  createKubeRig,
  digestOf,
  IMAGE,
  type KubeRig,
  onCluster,
  rbacFile,
  template,
  tlsFile,
} from './kube-rig.ts';
import type { Trouble } from './kube-server/deployments.ts';
import { rulesIn } from './kube-server/rbac.ts';
import type { Failure } from './kube-server/server.ts';

const CHANGE = changeTo('v2.1.0', 'v2.0.4');
const REPLACE = { kind: 'replace' } as const;

const subjectOf = (rig: KubeRig) => ({
  ...onCluster(rig),
  whole: true as const,
  carriedOut: () => rig.server.writes.length,
  told: () => /@(.*)$/.exec(imageIn(rig))?.[1],
});

testBackend('kubernetes', async () => subjectOf(await createKubeRig()));

testFaults(
  'kubernetes',
  { cutsWatch: 'a Deployment is looked at, and not watched', clockAhead: READS_NO_CLOCK },
  async () => {
    const rig = await createKubeRig();
    return {
      ...subjectOf(rig),
      faults: {
        ...kubeFaults(rig.server),
        deleted() {
          rig.server.remove('deployments', 'checkout');
          return { words: /no such object \(404\): deployments.apps "checkout" not found/, back: 'refused' };
        },
        changedByAnother() {
          rig.server.update('deployments', 'checkout', ({ spec }) => {
            spec.template.spec.containers[0].image = `${IMAGE}:v2.0.3`;
          });
          rig.controller.settle();
          return { stable: 'v2.0.3' };
        },
      },
    };
  },
);

function deploymentIn({ server }: KubeRig) {
  const found = server.get('deployments', 'checkout');
  if (found === undefined) throw new Error('no Deployment');
  return found;
}

function imageIn(rig: KubeRig): string {
  return deploymentIn(rig).spec.template.spec.containers[0].image;
}

/** The error's own words and whether it is final; that there is none is a failure. */
async function refusal(attempt: Promise<unknown>): Promise<{ message: string; final: boolean }> {
  return attempt.then(
    () => expect.unreachable('it was not refused'),
    ({ message, final }: { message: string; final: boolean }) => ({ message, final }),
  );
}

describe('a Kubernetes Deployment', () => {
  const it = plain.extend<{ rig: KubeRig }>({
    // biome-ignore lint/correctness/noEmptyPattern: the framework reads the pattern
    rig: async ({}, use) => {
      const rig = await createKubeRig();
      await use(rig);
      await rig.close();
    },
  });

  const observe = (backend: DeployBackend) => backend.observe(CHANGE);

  it('ST-3: it rolls by itself: each pod that is ready has its share, and done is updated = available = all', async ({
    rig,
  }) => {
    await rig.backend.apply(CHANGE, REPLACE, 'up');
    expect(await observe(rig.backend)).toMatchObject({ stable: 'v2.0.4', canary: null, weight: 0 });
    const shares: number[] = [];
    while (rig.controller.turn()) {
      const seen = await observe(rig.backend);
      if (seen.canary !== null) expect(seen.stable === 'v2.0.4' || seen.stable === null).toBe(true);
      shares.push(share(seen, 'v2.1.0'));
    }
    expect([...new Set(shares)]).toEqual([25, 50, 75, 100]);
    expect(await observe(rig.backend)).toMatchObject({ stable: 'v2.1.0', canary: null, health: 'passing' });
  });

  it('tells the image by digest in every container that runs it, and leaves the others alone', async ({
    rig,
  }) => {
    rig.server.update('deployments', 'checkout', ({ spec }) => {
      spec.template.spec.initContainers = [{ name: 'migrate', image: `${IMAGE}:v2.0.4` }];
    });
    const backend = rig.open({ containers: ['checkout', 'migrate'], image: `${IMAGE}:{version}@{digest}` });
    await backend.apply(CHANGE, REPLACE, 'up');
    const { metadata, spec } = deploymentIn(rig).spec.template;
    const image = `${IMAGE}:v2.1.0@${CHANGE.digest}`;
    expect(spec.initContainers).toEqual([{ name: 'migrate', image }]);
    expect(spec.containers.map((one: { image: string }) => one.image)).toEqual([
      image,
      'registry.example.com/sidecar:1',
    ]);
    expect(metadata.annotations).toEqual({
      'gonogo.dev/version': 'v2.1.0',
      'gonogo.dev/sha': CHANGE.sha,
      'gonogo.dev/digest': CHANGE.digest,
    });
    expect(deploymentIn(rig).metadata.annotations?.['kubernetes.io/change-cause']).toMatch(
      /^GoNoGo: v2.1.0 \(/,
    );
  });

  it('ST-5: back is the ReplicaSet of the old version, whole, as "kubectl rollout undo" has it', async ({
    rig,
  }) => {
    const before = structuredClone(deploymentIn(rig).spec.template);
    await rig.backend.apply(CHANGE, REPLACE, 'up');
    rig.controller.settle();
    rig.server.update('deployments', 'checkout', ({ spec }) => {
      spec.template.spec.containers[0].env = [{ name: 'ADDED', value: 'meanwhile' }];
    });
    rig.controller.settle();
    await rig.backend.rollback(CHANGE, 'v2.0.4', 'back');
    expect(deploymentIn(rig).spec.template).toEqual(before);
    rig.controller.settle();
    expect(rig.server.all('replicasets').filter(({ status }) => status.replicas > 0)).toHaveLength(1);
    expect(await observe(rig.backend)).toMatchObject({ stable: 'v2.0.4', canary: null, health: 'passing' });
  });

  it('ST-5: on the way back the version that leaves is the one on trial', async ({ rig }) => {
    await rig.backend.apply(CHANGE, REPLACE, 'up');
    rig.controller.settle();
    await rig.backend.rollback(CHANGE, 'v2.0.4', 'back');
    rig.controller.turn();
    expect(await observe(rig.backend)).toMatchObject({ stable: 'v2.0.4', canary: 'v2.1.0', weight: 75 });
  });

  it('RB-3: a version that no ReplicaSet has any more comes back by its digest', async ({ rig }) => {
    await rig.backend.rollback(CHANGE, 'v2.0.3', 'far back');
    rig.controller.settle();
    expect(imageIn(rig)).toBe(`${IMAGE}@${digestOf('v2.0.3')}`);
    expect((await observe(rig.backend)).stable).toBe('v2.0.3');
  });

  it('RB-3: a rollback lets a paused Deployment go on: else it would be back in name alone', async ({
    rig,
  }) => {
    await rig.backend.apply(CHANGE, REPLACE, 'up');
    rig.controller.turn();
    rig.server.update('deployments', 'checkout', ({ spec }) => {
      spec.paused = true;
    });
    expect((await observe(rig.backend)).problem).toBe(
      'the Deployment checkout is paused: "kubectl rollout resume" lets it go on',
    );
    await rig.backend.rollback(CHANGE, 'v2.0.4', 'back');
    rig.controller.settle();
    expect(await observe(rig.backend)).toMatchObject({ stable: 'v2.0.4', canary: null, weight: 0 });
  });

  it('takes a version out where there was none before it, and gives the next its pods back', async ({
    rig,
  }) => {
    await rig.backend.apply(CHANGE, REPLACE, 'up');
    rig.controller.settle();
    await rig.backend.rollback(CHANGE, null, 'out');
    rig.controller.settle();
    expect(await observe(rig.backend)).toMatchObject({ stable: null, canary: null, weight: 0 });
    await rig.backend.apply(changeTo('v2.1.1', 'v2.1.0'), REPLACE, 'next');
    rig.controller.settle();
    expect(deploymentIn(rig).spec.replicas).toBe(4);
    expect((await observe(rig.backend)).stable).toBe('v2.1.1');
  });

  it('refuses to tell a paused Deployment anything: it would happen when somebody resumes it', async ({
    rig,
  }) => {
    rig.server.update('deployments', 'checkout', ({ spec }) => {
      spec.paused = true;
    });
    expect(await refusal(rig.backend.apply(CHANGE, REPLACE, 'up'))).toEqual({
      final: true,
      message:
        'the Deployment checkout is paused: nothing was changed; "kubectl rollout resume" lets it roll again',
    });
    expect(imageIn(rig)).toBe(`${IMAGE}:v2.0.4`);
  });

  it.for<[Trouble, RegExp]>([
    [
      'no-image',
      /is stuck \(ProgressDeadlineExceeded\), 3 of 4 pods available: .*ImagePullBackOff: .*manifest unknown/,
    ],
    ['deadline', /is stuck \(ProgressDeadlineExceeded\).*has timed out progressing/],
    ['crash-loop', /the new pods do not start: checkout-.*CrashLoopBackOff: back-off/],
    ['quota', /cannot make its pods: .*exceeded quota: small/],
  ])(
    'a rollout that cannot go on (%s) says why, and the old version is still seen',
    async ([trouble, words], { rig }) => {
      rig.controller.trouble = trouble;
      await rig.backend.apply(CHANGE, REPLACE, 'up');
      rig.controller.settle();
      const seen = await observe(rig.backend);
      expect(seen.problem?.replace('4 of 4', '3 of 4')).toMatch(words);
      expect(seen).toMatchObject({ stable: 'v2.0.4', weight: 0, health: 'passing' });
    },
  );

  it('AN-1: pods that break down after they were rolled out are failing health, not a rollout under way', async ({
    rig,
  }) => {
    await rig.backend.apply(CHANGE, REPLACE, 'up');
    rig.controller.settle();
    const [set] = rig.server.all('replicasets').filter(({ status }) => status.replicas > 0);
    for (const pod of rig.server.all('pods').slice(0, 3)) {
      rig.server.update(
        'pods',
        pod.metadata.name,
        ({ status }) => {
          status.conditions = [{ type: 'Ready', status: 'False' }];
        },
        'status',
      );
    }
    rig.server.update(
      'replicasets',
      set?.metadata.name ?? '',
      ({ status }) => {
        status.readyReplicas = 1;
        status.availableReplicas = 1;
      },
      'status',
    );
    rig.controller.settle();
    expect(await observe(rig.backend)).toMatchObject({ stable: 'v2.1.0', canary: null, health: 'failing' });
  });

  it('CH-6: an image that somebody sets by hand is not taken for the version whose name still stands there', async ({
    rig,
  }) => {
    await rig.backend.apply(CHANGE, REPLACE, 'up');
    rig.controller.settle();
    for (const [image, version] of [
      [`${IMAGE}:v9.9.9`, 'v9.9.9'],
      [`${IMAGE}@${digestOf('v2.1.1')}`, 'v2.1.1'],
      [`${IMAGE}@${digestOf('nobody knows')}`, digestOf('nobody knows')],
    ]) {
      rig.server.update('deployments', 'checkout', ({ spec }) => {
        spec.template.spec.containers[0].image = image;
      });
      rig.controller.settle();
      const seen = await observe(rig.backend);
      expect(seen.stable).toBe(version);
      expect(seen.digests?.[version ?? '']).toMatch(/^sha256:/);
    }
  });

  it('asks neither for pods of others nor takes the ReplicaSets of another Deployment for its own', async ({
    rig,
  }) => {
    rig.server.put({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'stray', labels: { app: 'checkout' } },
      spec: {
        replicas: 5,
        selector: { matchLabels: { app: 'checkout' } },
        template: template(`${IMAGE}:v0.0.1`),
      },
      status: { replicas: 5, readyReplicas: 5 },
    });
    expect(await observe(rig.backend)).toMatchObject({ stable: 'v2.0.4', canary: null, weight: 0 });
    expect(Object.keys((await observe(rig.backend)).digests ?? {})).toEqual(['v2.0.4']);
  });

  it('RB-1: a key is carried out once, also where the answer was lost and the own file as well', async ({
    rig,
  }) => {
    let restore = (): void => {};
    rig.server.afterWrite = () => {
      restore = rig.server.breakDown();
    };
    expect(await refusal(rig.backend.apply(CHANGE, REPLACE, 'up'))).toMatchObject({ final: false });
    restore();
    rig.server.afterWrite = undefined;
    const { generation } = deploymentIn(rig).metadata;
    await rig.backend.apply(CHANGE, REPLACE, 'up');
    expect(rig.server.writes).toHaveLength(1);
    expect(deploymentIn(rig).metadata.generation).toBe(generation);
  });

  it('RB-1: a process that stood still between looking and telling does not undo what came meanwhile', async ({
    rig,
  }) => {
    const stopped = rig.open();
    let goOn = (): void => {};
    let isHeld = (): void => {};
    const held = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    const letGo = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    // The first patch is kept on its way, as a stopped process keeps it.
    rig.server.holdNextWrite(() => {
      isHeld();
      return letGo;
    });
    const late = stopped.apply(CHANGE, REPLACE, 'up');
    await held;
    await rig.backend.rollback(CHANGE, 'v2.0.4', 'back');
    goOn();
    await late;
    rig.controller.settle();
    expect(imageIn(rig)).toBe(`${IMAGE}:v2.0.4`);
  });

  it('a Deployment that changes all the time is read again, until the patch fits', async ({ rig }) => {
    let times = 0;
    rig.server.beforeCall = ({ verb }) => {
      if (verb !== 'patch' || times === 5) return;
      times += 1;
      rig.server.update(
        'deployments',
        'checkout',
        ({ status }) => {
          status.observedGeneration += 1;
        },
        'status',
      );
    };
    await rig.backend.rollback(CHANGE, 'v2.0.3', 'back');
    expect(imageIn(rig)).toContain(digestOf('v2.0.3'));
  });

  it.for<[string, Failure, RegExp]>([
    ['429 without a time', { status: 429, times: 9 }, /busy \(429\): /],
    ['500', { status: 500, times: 9 }, /answers 500/],
    [
      'an object of another shape',
      { status: 200, body: { metadata: {} }, times: 9 },
      /is not as Kubernetes says/,
    ],
  ])('%s is told in words, and is tried again', async ([, failure, words], { rig }) => {
    rig.server.fail(failure);
    const told = rig.backend.apply(CHANGE, REPLACE, 'up');
    const refused = await refusal(told);
    expect(refused.message).toMatch(words);
    expect(refused.final).toBe(false);
    expect(waitIn(await told.catch((error: unknown) => error))).toBeUndefined();
  });

  it('a server that is busy for a moment is asked again when it says so', async ({ rig }) => {
    rig.server.fail({ status: 429, headers: { 'retry-after': '0' }, times: 2 });
    await rig.backend.apply(CHANGE, REPLACE, 'up');
    expect(imageIn(rig)).toContain(CHANGE.digest);
  });

  it('a Deployment that is not there, or is being deleted, is told by its name', async ({ rig }) => {
    expect(await refusal(rig.open({ deployment: 'checkin' }).observe(CHANGE))).toMatchObject({ final: true });
    rig.server.update('deployments', 'checkout', ({ metadata }) => {
      metadata.deletionTimestamp = '2026-01-05T13:00:00Z';
    });
    expect((await observe(rig.backend)).problem).toBe('the Deployment checkout is being deleted');
  });

  it('another build under the signed name is refused', async ({ rig }) => {
    const other = { ...CHANGE, digest: digestOf('another build') };
    const refused = await refusal(rig.backend.apply(other, REPLACE, 'up'));
    expect(refused).toMatchObject({ final: true, message: expect.stringContaining('was signed') });
    expect(imageIn(rig)).toBe(`${IMAGE}:v2.0.4`);
  });

  it('a container that the template does not have is told, and nothing is added to it', async ({ rig }) => {
    const refused = await refusal(rig.open({ containers: ['checkuot'] }).apply(CHANGE, REPLACE, 'up'));
    expect(refused).toEqual({ final: true, message: 'its pod template has no container checkuot' });
  });

  it('least privilege: deploy/rbac/kubernetes.yaml permits what is called, and nothing else', async ({
    rig,
  }) => {
    await rig.backend.apply(CHANGE, REPLACE, 'up');
    rig.controller.turn();
    await observe(rig.backend);
    await rig.backend.rollback(CHANGE, 'v2.0.4', 'back');
    const called = rig.server.calls.map(({ verb, group, resource }) => `${verb} ${resource}.${group}`);
    const permitted = rulesIn(rbacFile('kubernetes')).flatMap(({ verbs, resources, apiGroups }) =>
      verbs.flatMap((verb) =>
        resources.flatMap((resource) => apiGroups.map((group) => `${verb} ${resource}.${group}`)),
      ),
    );
    expect([...new Set(called)].sort()).toEqual(permitted.sort());
  });

  it('PR-7, K-9: tries for the doctor what a deployment will need, and names what is missing; to watch it needs no right to change', async ({
    rig,
  }) => {
    const findings = async (backend = rig.backend) => (await backend.check?.(CHANGE)) ?? [];
    expect((await findings()).filter(({ ok }) => !ok)).toEqual([]);
    rig.server.rules = [];
    expect(await findings()).toContainEqual({
      what: 'patch deployments.apps checkout in shop',
      ok: false,
      problem: 'not permitted',
      remedy: 'apply deploy/rbac/kubernetes.yaml in that namespace',
    });
    rig.server.rules = rulesIn(rbacFile('kubernetes')).map((rule) => ({
      ...rule,
      verbs: rule.verbs.filter((verb) => verb !== 'patch'),
    }));
    expect((await findings()).filter(({ ok }) => !ok).map(({ what }) => what)).toEqual([
      'patch deployments.apps checkout in shop',
    ]);
    const watching = (await rig.backend.check?.({ ...CHANGE, watchOnly: true })) ?? [];
    expect(watching.length).toBeGreaterThan(0);
    expect(watching.filter(({ ok }) => !ok)).toEqual([]);
    const wrong = await findings(rig.open({ releases: { file: '/nowhere.json' } }));
    expect(wrong.at(-1)?.problem).toMatch(/cannot be read: ENOENT/);
    expect(rig.server.writes).toEqual([]);
  });

  it('settings that would send the token in the clear, or an image without its digest, are refused', async ({
    rig,
  }) => {
    expect(() => rig.open({}, { server: 'http://10.0.0.1:8080', token: 'env:KUBE_TOKEN' })).toThrow(
      /connection/,
    );
    expect(() => rig.open({ image: `${IMAGE}:latest` })).toThrow(/image/);
    expect(() => rig.open({ namespace: '../kube-system' })).toThrow(/namespace/);
  });

  it('CH-6: a pod that something on the way gave another image is told with what it runs', async ({
    rig,
  }) => {
    await rig.backend.apply(CHANGE, REPLACE, 'up');
    rig.controller.settle();
    expect((await observe(rig.backend)).digests).toEqual({ 'v2.1.0': CHANGE.digest });
    const other = digestOf('of a webhook');
    const [pod] = rig.server.all('pods');
    rig.server.update('pods', pod?.metadata.name ?? '', ({ spec }) => {
      spec.containers[0].image = `mirror.example.com/checkout@${other}`;
    });
    expect((await observe(rig.backend)).digests?.['v2.1.0']).toBe(
      [CHANGE.digest, other].sort().join(' and '),
    );
  });

  it('a list that became too old while it was read is read again', async ({ rig }) => {
    let times = 0;
    rig.server.beforeCall = ({ verb, resource }) => {
      if (verb !== 'list' || resource !== 'pods' || times > 0) return;
      times += 1;
      rig.server.fail({ status: 410, times: 1 });
    };
    expect((await observe(rig.backend)).stable).toBe('v2.0.4');
    expect(times).toBe(1);
  });
});

describe('the credentials for a Kubernetes API server', () => {
  const it = plain.extend<{ rig: KubeRig; over: KubeRig }>({
    // biome-ignore lint/correctness/noEmptyPattern: the framework reads the pattern
    rig: async ({}, use) => {
      const rig = await createKubeRig();
      await use(rig);
      await rig.close();
    },
    // biome-ignore lint/correctness/noEmptyPattern: as above
    over: async ({}, use) => {
      const rig = await createKubeRig({ tls: true });
      await use(rig);
      await rig.close();
    },
  });

  /** Written to the rig's folder; the connection that names it. */
  function kubeconfig({ server, folder }: KubeRig, cluster: object, user: object) {
    const file = join(folder, 'kubeconfig');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: server.url, ...cluster } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'eu', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'eu',
    };
    writeFileSync(file, JSON.stringify(config));
    return { kubeconfig: `file:${file}` };
  }
  const LOCAL = { 'insecure-skip-tls-verify': true };

  it('may be a token in a kubeconfig, and the one that stands there now counts', async ({ rig }) => {
    const connection = kubeconfig(rig, LOCAL, { token: 'expired' });
    const backend = rig.open({}, { ...connection, context: 'eu' });
    expect(await refusal(backend.observe(CHANGE))).toMatchObject({ final: true });
    kubeconfig(rig, LOCAL, { token: rig.server.token });
    expect((await backend.observe(CHANGE)).stable).toBe('v2.0.4');
    const nowhere = rig.open({}, { ...connection, context: 'us' });
    expect((await refusal(nowhere.observe(CHANGE))).message).toBe('the kubeconfig has no context us');
    const outside = rig.open({}, { in_cluster: true });
    expect((await refusal(outside.observe(CHANGE))).message).toMatch(/this is not a pod/);
  });

  it('may be a certificate, beside the files that the kubeconfig names', async ({ over }) => {
    copyFileSync(tlsFile('server.pem'), join(over.folder, 'ca.pem'));
    const certificate = {
      'client-certificate': tlsFile('server.pem'),
      'client-key-data': readFileSync(tlsFile('server.key')).toString('base64'),
    };
    const known = kubeconfig(over, { 'certificate-authority': 'ca.pem' }, certificate);
    expect((await over.open({}, known).observe(CHANGE)).stable).toBe('v2.0.4');
    const unknown = kubeconfig(over, {}, certificate);
    expect((await refusal(over.open({}, unknown).observe(CHANGE))).message).toMatch(
      /cannot be reached: self-signed certificate/,
    );
  });

  it('are told over TLS alone, to the server that the certificate authority vouches for', async ({
    over,
  }) => {
    const { url } = over.server;
    const vouched = { server: url, token: 'env:KUBE_TOKEN', ca: `file:${tlsFile('server.pem')}` };
    expect((await over.open({}, vouched).observe(CHANGE)).stable).toBe('v2.0.4');
    const open = over.open({}, { server: url, token: 'env:KUBE_TOKEN' });
    expect((await refusal(open.observe(CHANGE))).final).toBe(false);
    const clear = kubeconfig(
      over,
      { server: 'http://10.0.0.1:8080', ...LOCAL },
      { token: over.server.token },
    );
    expect(await refusal(over.open({}, clear).observe(CHANGE))).toEqual({
      final: true,
      message: 'the kubeconfig would send credentials in the clear, to http://10.0.0.1:8080',
    });
  });

  it('may come from a program, which is asked again once they are refused, and not waited for without end', async ({
    rig,
  }) => {
    const token = join(rig.folder, 'withdrawn');
    writeFileSync(token, 'withdrawn');
    const credential = `JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token: fs.readFileSync(process.argv[1], 'utf8'), expirationTimestamp: '2999-01-01T00:00:00Z' } })`;
    const exec = (script: string) => ({
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: process.execPath,
        args: ['-e', script, token],
      },
    });
    const asked = rig.open({}, kubeconfig(rig, LOCAL, exec(`console.log(${credential})`)));
    expect(await refusal(asked.observe(CHANGE))).toMatchObject({ final: true });
    writeFileSync(token, rig.server.token);
    expect((await asked.observe(CHANGE)).stable).toBe('v2.0.4');
    const hangs = rig.open({}, kubeconfig(rig, LOCAL, exec(`setTimeout(() => {}, 3000)`)));
    const late = refusal(hangs.observe(CHANGE, AbortSignal.timeout(100)));
    expect(await late).toMatchObject({ final: false });
    const broken = rig.open(
      {},
      kubeconfig(rig, LOCAL, exec(`console.error('log in first'); process.exit(1)`)),
    );
    expect((await refusal(broken.observe(CHANGE))).message).toMatch(/log in first/);
  });
});
