import { afterEach, describe, expect } from 'vitest';
import { parseDocument } from 'yaml';
import { HOUR, MINUTE } from '../../src/time.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { SCHEDULE_FIELDS } from '../../views/schedule-fields.ts';
import { type ArgoRig, canary, createArgoRig, stops } from '../backends/argo-rig.ts';
import { share } from '../backends/conformance/subject.ts';
import { changeTo, createKubeRig, type KubeRig } from '../backends/kube-rig.ts';
import { examplePolicy } from './bot.ts';
import { request, rollingOut } from './deploying.ts';
import { it, type Stage } from './stage.ts';
import { timelineOf } from './truth.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** The example, with checkout in the cluster; the figures are still those of the simulated world. */
function policyOn(kind: string, strategy: string, settings: object): string {
  const policy = parseDocument(examplePolicy());
  policy.setIn(['backends', 'cluster'], { kind, ...settings });
  policy.setIn(['services', 'checkout', 'backend'], 'cluster');
  policy.setIn(['services', 'checkout', 'strategy'], strategy);
  policy.setIn(['environments', 'production', 'gates'], []);
  const watch = { watch: '5m' };
  const shift = (percent: number) => ({ set_weight: percent });
  const steps = [shift(5), watch, shift(25), watch, shift(75), watch, shift(100)];
  policy.setIn(['strategies', 'short'], { name: 'Short', steps });
  policy.setIn(['strategies', 'half'], {
    name: 'Half',
    steps: [{ set_weight: 50 }, watch, { set_weight: 100 }],
  });
  policy.setIn(['strategies', 'replace'], { name: 'Replace', steps: ['replace', watch] });
  return policy.toString();
}

/** The controllers look at each change, and the world's traffic follows what the cluster does with it. */
function follow(stage: Stage, rig: Pick<KubeRig | ArgoRig, 'server' | 'controller' | 'backend'>): void {
  const place = { service: 'checkout', environment: 'production' };
  const { backend } = stage.world;
  let told = 0;
  const follows = async (): Promise<void> => {
    const now = share(await rig.backend.observe(place), 'v2.1.0');
    // On its way back the simulated world knows nothing between all and none.
    if (now === told || (told === 100 && now > 0)) return;
    told = now;
    const change = {
      ...place,
      version: 'v2.1.0',
      sha: '',
      digest: '',
      previous: 'v2.0.4',
      deployment: 'elsewhere',
      sequence: 1,
    };
    const key = `follows ${stage.world.commands().length}`;
    if (now === 0) await backend.rollback(change, 'v2.0.4', key);
    else await backend.apply(change, { kind: 'set-weight', percent: now }, key);
  };
  rig.server.afterWrite = () => {
    setImmediate(() => {
      rig.controller.settle();
      void follows();
    });
  };
}

async function stageShows(stage: Stage, id: string, percent: number): Promise<void> {
  await stage.pass(3 * HOUR, async () => {
    const last = (await stage.load(id)).rollout?.stages.at(-1);
    return last?.percent === percent && last.lastLook !== undefined;
  });
  expect((await stage.card(id)).text).toContain(`${percent} % · stage`);
}

/** The judge has not passed what somebody moved by hand: going on needs a reason. */
async function promote(stage: Stage): Promise<void> {
  await stage.type('dana', 'checkout', '/deploy promote checkout the graphs of the shop are flat');
}

describe('a deployment to a cluster, conducted through Slack', () => {
  it('K-9: a canary on Argo Rollouts: somebody promotes it by kubectl, people decide, and it goes back after its end', async ({
    open,
  }) => {
    const rig = await createArgoRig(canary(stops(5, 25, 75)));
    closing.push(() => rig.close());
    const stage = await open({ policy: policyOn('argo-rollouts', 'short', rig.settings()) });
    follow(stage, rig);
    await expect(request(stage, undefined, { [SCHEDULE_FIELDS.strategy]: 'half' })).rejects.toThrow(
      'the Rollout checkout stops at 5, 25 and 75 %, and the plan at 50 %',
    );
    const id = await rollingOut(stage);
    await stageShows(stage, id, 5);

    rig.byHand(({ status }) => {
      status.pauseConditions = undefined;
    }, 'status');
    await stage.pass(HOUR, async () => (await stage.load(id)).status === 'held');
    const moved = 'it should have 5 % of traffic and has 25 %: someone else moved it';
    expect((await stage.card(id)).text).toContain(moved);
    expect(await timelineOf(stage, id)).toContainEqual(expect.stringContaining(moved));

    for (const percent of [25, 75]) {
      await promote(stage);
      await stageShows(stage, id, percent);
    }
    await promote(stage);
    await stage.pass(3 * HOUR, async () => (await stage.load(id)).status === 'observing');
    expect((await stage.card(id)).text).toContain('checkout v2.1.0 is live in production');
    expect(rig.rollout().status).toMatchObject({ phase: 'Healthy' });

    await stage.click('omar', await stage.card(id), CARD_ACTIONS.rollBack);
    await stage.pass(10 * MINUTE, async () => (await stage.load(id)).status === 'rolled_back');
    expect((await stage.load(id)).status).toBe('rolled_back');
    expect(rig.rollout().status).toMatchObject({ phase: 'Healthy' });
    expect(rig.rollout().spec.template.spec.containers[0].image).toMatch(/:v2\.0\.4$/);
  });

  it('K-9: an Argo Rollout with mode: watch: what somebody else moves there is shown, and nothing is told to the cluster', async ({
    open,
  }) => {
    const rig = await createArgoRig(canary(stops(5, 25, 75)));
    closing.push(() => rig.close());
    const policy = parseDocument(policyOn('argo-rollouts', 'short', rig.settings()));
    policy.setIn(['services', 'checkout', 'mode'], 'watch');
    const stage = await open({ policy: policy.toString() });
    const other = rig.open();
    closing.push(async () => other.close?.());
    await stage.pass(2 * MINUTE);
    await other.apply(changeTo('v2.1.0', 'v2.0.4'), { kind: 'set-weight', percent: 25 }, 'of somebody else');
    rig.controller.settle();
    const writes = rig.server.writes.length;
    await stage.pass(2 * MINUTE);
    const [d] = await stage.bot.stores.events.list({
      service: 'checkout',
      environment: 'production',
      limit: 1,
    });
    if (d === undefined) throw new Error('nothing is watched');
    const card = await stage.card(d.id);
    expect(card.text).toContain('Only watched, seen at cluster · 25 %');
    expect(JSON.stringify(card.blocks)).not.toContain('"actions"');
    await other.apply(changeTo('v2.1.0', 'v2.0.4'), { kind: 'set-weight', percent: 100 }, 'and all');
    rig.controller.settle();
    const after = rig.server.writes.length;
    await stage.pass(10 * MINUTE, async () => (await stage.load(d.id)).status === 'observing');
    expect((await stage.card(d.id)).text).toContain('Only watched, seen at cluster');
    expect(after).toBeGreaterThan(writes);
    expect(rig.server.writes).toHaveLength(after);
  });

  it('ST-4: a Kubernetes Deployment is replaced whole and watched, and a plan with shares is not offered', async ({
    open,
  }) => {
    const rig = await createKubeRig();
    closing.push(() => rig.close());
    const stage = await open({ policy: policyOn('kubernetes', 'replace', rig.settings()) });
    follow(stage, rig);
    await expect(request(stage, undefined, { [SCHEDULE_FIELDS.strategy]: 'canary' })).rejects.toThrow(
      'There is no option "canary"',
    );
    const id = await rollingOut(stage);
    await stage.pass(HOUR, async () => (await stage.load(id)).status === 'observing');
    expect((await stage.card(id)).text).toContain('checkout v2.1.0 is live in production');
    expect(rig.server.all('pods').map(({ spec }) => spec.containers[0].image)).toEqual(
      Array.from({ length: 4 }, () => expect.stringContaining('@sha256:')),
    );
  });
});
