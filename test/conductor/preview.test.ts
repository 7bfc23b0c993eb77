/** Looking ahead writes nothing, and what it foresees is what then happens. */

import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { rehearse } from '../../src/deployment/rehearsal/rehearsal.ts';
import { DAY, HOUR } from '../../src/time.ts';
import { firstDue } from '../db/due.ts';
import { createRig } from './rig.ts';

/** Every row of every table. */
function contentOf(file: string): Record<string, unknown[]> {
  const db = new Database(file, { readonly: true });
  try {
    const tables = db.prepare("select name from sqlite_master where type = 'table' order by name").all() as {
      name: string;
    }[];
    return Object.fromEntries(tables.map(({ name }) => [name, db.prepare(`select * from "${name}"`).all()]));
  } finally {
    db.close();
  }
}

/** When each thing began and ended. */
const timesOf = (d: Deployment) => ({
  status: d.status,
  startedAt: d.rollout?.startedAt,
  stages: d.rollout?.stages.map(({ percent, startedAt, watchedSince, endedAt }) => ({
    percent,
    startedAt,
    watchedSince,
    endedAt,
  })),
  completedAt: d.rollout?.completedAt,
  endedAt: d.ending?.at,
});

describe('a preview', () => {
  it('ST-7: writes nothing: every table of the file is as it was, and the next number is not used up', async () => {
    const file = join(tmpdir(), `gonogo-preview-${randomUUID()}.db`);
    const rig = await createRig({ file });
    try {
      await rig.request('v9.4.0', { service: 'payments', strategy: 'blue-green' });
      await rig.conductor.idle();
      const before = contentOf(file);
      expect(before.deployments).toHaveLength(1);
      const told = rig.world.commands();
      const accepted = await rig.foresee('v2.1.0');
      const refused = await rig.foresee('v9.4.0', { service: 'payments' });
      await rig.pass(HOUR, async () => true);
      expect([accepted.decision.kind, refused.decision.kind]).toEqual(['accepted', 'refused']);
      expect(contentOf(file)).toEqual(before);
      expect(await rig.stores.events.nextId()).toBe('D-1002');
      expect(rig.world.commands()).toEqual(told);
    } finally {
      await rig.close();
      for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
    }
  });

  it('ST-7: answers the state, the effects and the next waking that the request then has', async () => {
    const rig = await createRig();
    const { played, decision, wakeAt } = await rig.foresee('v2.1.0', { at: rig.clock.now() + HOUR });
    const outcome = await rig.ask('v2.1.0', { at: rig.clock.now() + HOUR });
    const [event] = await rig.stores.events.events('D-1001');
    expect(decision).toEqual({ kind: 'accepted', events: outcome.kind === 'accepted' ? outcome.events : [] });
    const { id: _id, ...foreseen } = played?.after ?? {};
    const { id, ...real } = await rig.load('D-1001');
    expect({ id, foreseen }).toEqual({ id: 'D-1001', foreseen: real });
    expect(played?.applied[0]?.event.at).toBe(event?.at);
    expect(await firstDue(rig.stores.events)).toBe(wakeAt);
    await rig.close();
  });

  it('ST-7: refuses in the words in which the request is refused', async () => {
    const rig = await createRig();
    await rig.request('v2.1.0');
    const { decision, played } = await rig.foresee('v2.1.1');
    const outcome = await rig.ask('v2.1.1');
    if (decision.kind !== 'refused' || outcome.kind !== 'refused') throw new Error('not refused');
    expect([decision.code, decision.message, played]).toEqual([outcome.code, outcome.message, undefined]);
    await rig.close();
  });

  it.each([
    ['checkout', 'v2.1.0', 'canary'],
    ['payments', 'v9.4.0', 'blue-green'],
    ['reports', 'v0.8.0', 'all-at-once'],
  ] as const)(
    'ST-7: rehearsed, %s %s by %s runs as it then really does',
    async (service, version, strategy) => {
      const rig = await createRig();
      const more = { service, strategy, at: rig.clock.now() + 3 * HOUR };
      const { played, facts } = await rig.foresee(version, more);
      if (played === undefined) throw new Error('refused');
      const { end, stopped } = rehearse(played, facts.calendar);
      const { id } = await rig.request(version, more);
      await rig.signAll(id);
      await rig.pass(3 * DAY, async () => (await rig.load(id)).ending?.at !== undefined);
      expect(stopped).toBeUndefined();
      expect(timesOf(end)).toEqual(timesOf(await rig.load(id)));
      await rig.close();
    },
  );
});
