import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { DAY, MINUTE } from '../../src/time.ts';
import { createRig } from '../conductor/rig.ts';
import { commitOf, REMARK, requestOf } from './examples.ts';

const folder = mkdtempSync(join(tmpdir(), 'gonogo-kept-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('AU-3: what is kept of a deployment is what another process reads of it, after every step of its whole life', async () => {
  const file = join(folder, 'whole.db');
  const rig = await createRig({ file });
  const { id } = await rig.request('v2.1.0');
  let compared = 0;
  const compare = async (): Promise<Deployment | undefined> => {
    const kept = await rig.stores.events.load(id);
    const another = await openDatabase({ file });
    expect(await another.events.load(id)).toStrictEqual(kept);
    await another.close();
    compared += 1;
    return kept;
  };
  await compare();
  await rig.signAll(id);
  await compare();
  for (let step = 0; step < 20; step += 1) {
    await rig.pass(7 * MINUTE);
    await compare();
  }
  await rig.pass(2 * DAY, async () => (await rig.load(id)).status === 'handed_over');
  expect((await compare())?.status).toBe('handed_over');
  expect(compared).toBe(23);
  await rig.close();
});

it('AU-3: what another process wrote is read, although something older is kept', async () => {
  const file = join(folder, 'two.db');
  const [one, other] = [await openDatabase({ file }), await openDatabase({ file })];
  const request = requestOf('D-1001');
  await one.events.commit(request);
  expect((await one.events.load('D-1001'))?.seq).toBe(1);
  await other.events.commit(commitOf(request.after, [REMARK]));
  expect((await one.events.load('D-1001'))?.seq).toBe(2);
  await Promise.all([one.close(), other.close()]);
});
