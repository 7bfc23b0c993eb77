/** The audit trail of one deployment is its execution log: who, what, when, where, how, and what went wrong on the way. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ExportedEntry, exportRecord } from '../../db/export.ts';
import { openToRead } from '../../db/open.ts';
import { MINUTE } from '../../src/time.ts';
import { createRig } from '../conductor/rig.ts';

const folder = mkdtempSync(join(tmpdir(), 'gonogo-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Exporting = ReturnType<typeof exportRecord>;

async function all(entries: Exporting): Promise<ExportedEntry[]> {
  const found: ExportedEntry[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

it('AU-1, AU-2: the log of a deployment says who asked for which build where and how, each go, each step with its time, an outage and its end, and the way back', async () => {
  const file = join(folder, 'log.db');
  const rig = await createRig({ file });
  const from = rig.clock.now() + 4 * MINUTE;
  rig.world.setOutage({ from, to: from + 2 * MINUTE });
  const { id } = await rig.request('v2.1.1');
  await rig.signAll(id);
  await rig.pass(60 * MINUTE, async () => (await rig.load(id)).status === 'rolled_back');
  const done = await rig.load(id);
  await rig.close();

  const record = await openToRead(file);
  const log = await all(record.export({ deployment: id }));
  await record.close();

  const [requested] = log;
  expect(requested).toMatchObject({ what: 'requested', by: { kind: 'person', name: 'Dana' } });
  expect(requested?.facts).toMatchObject({
    terms: {
      envelope: {
        service: 'checkout',
        environment: 'production',
        version: 'v2.1.1',
        sha: expect.stringMatching(/^[0-9a-f]{40}$/),
        digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        plan: { strategy: 'canary' },
      },
    },
  });
  const signed = log.filter(({ what }) => what === 'signed').map(({ by, facts }) => [by.name, facts.role]);
  expect(signed).toEqual([
    ['Tom', 'tech_lead'],
    ['Sana', 'security'],
    ['Omar', 'operations'],
  ]);
  const told = [
    'started',
    'step_started',
    'backend_troubled',
    'backend_recovered',
    'rollback_started',
    'rolled_back',
  ];
  const steps = log.map(({ what }) => what).filter((what) => told.includes(what));
  expect(steps.filter((what, index) => what !== steps[index - 1])).toEqual(told);
  expect(log.find(({ what }) => what === 'backend_troubled')).toMatchObject({
    by: { kind: 'system', name: 'backend' },
    facts: { message: expect.stringMatching(/\w/) },
  });
  expect(log.find(({ what }) => what === 'rollback_started')?.facts).toMatchObject({
    to: 'v2.0.4',
    why: done.rollback?.why,
  });
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  expect(log.map(({ at }) => at)).toEqual(log.map(({ at }) => at).toSorted((a, b) => a - b));
});
