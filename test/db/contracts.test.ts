/** Contracts in the record: one text per id, accepted once, and nobody can change either. */

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HOUR } from '../../src/time.ts';
import { contractIn, SMALLEST } from '../contract/documents.ts';
import { DANA, OMAR, SANA, T0 } from './examples.ts';
import { freshFile, open, rawly } from './places.ts';

const asked = (source = SMALLEST) => ({
  source,
  contract: contractIn(source),
  service: 'checkout',
  environment: 'production',
  by: DANA,
});

describe('A contract', () => {
  it('HO-4: is kept with its text, what was understood, who imported it and when', async () => {
    const file = freshFile();
    const first = await open(file);
    const { kind, record } = await first.contracts.import(asked(), T0);
    expect(kind).toBe('imported');
    expect(record).toEqual({
      id: 'C-1',
      contract: contractIn(SMALLEST),
      sha256: createHash('sha256').update(SMALLEST).digest('hex'),
      service: 'checkout',
      environment: 'production',
      imported: { by: DANA, at: T0 },
    });
    await first.contracts.posted('C-1', { channel: 'C0DEPLOYS', ts: '1.000001' });
    await first.close();
    const { contracts } = await open(file);
    expect(await contracts.find('c-1')).toEqual({
      ...record,
      card: { channel: 'C0DEPLOYS', ts: '1.000001' },
    });
    expect(await contracts.source('C-1')).toBe(SMALLEST);
    expect(await contracts.find('C-2')).toBeUndefined();
    expect(await contracts.source('C-2')).toBeUndefined();
  });

  it('HO-4: comes once: the same text is there already, another one with its id is not taken', async () => {
    const { contracts } = await open(':memory:');
    const { record } = await contracts.import(asked(), T0);
    expect(await contracts.import({ ...asked(), by: SANA }, T0 + 1)).toEqual({ kind: 'same', record });
    const other = SMALLEST.replace('Ship it.', 'Ship it soon.').replace('C-1', 'c-1');
    expect(await contracts.import({ ...asked(other), by: SANA }, T0 + 1)).toEqual({ kind: 'other', record });
    expect(await contracts.list(10)).toEqual([record]);
  });

  it('HO-4: is accepted once, with what was moved; whoever comes second learns who was first', async () => {
    const { contracts } = await open(':memory:');
    const { record } = await contracts.import(asked(), T0);
    const moves = { 'c-1-health-checks': 'start' as const };
    const accepted = { ...record, accepted: { by: OMAR, at: T0 + HOUR, moves } };
    expect(await contracts.accept('C-1', { by: OMAR, moves }, T0 + HOUR)).toEqual({
      ok: true,
      record: accepted,
    });
    expect(await contracts.accept('C-1', { by: SANA, moves: {} }, T0 + HOUR + 1)).toEqual({
      ok: false,
      record: accepted,
    });
    expect(await contracts.find('C-1')).toEqual(accepted);
    expect(await contracts.accept('C-9', { by: SANA, moves: {} }, T0)).toBeUndefined();
  });

  it('HO-4: is listed with the others, the newest first', async () => {
    const { contracts } = await open(':memory:');
    for (const number of [1, 2, 3])
      await contracts.import(asked(SMALLEST.replace('C-1', `C-${number}`)), T0 + number);
    expect((await contracts.list(2)).map(({ id }) => id)).toEqual(['C-3', 'C-2']);
  });
});

it('AU-3: what was imported, and what was accepted, refuses to be changed, deleted or replaced', async () => {
  const file = freshFile();
  const { contracts } = await open(file);
  await contracts.import(asked(), T0);
  const other = rawly(file);
  const refused = /contracts: what was written stays/;
  for (const column of ['id', 'source', 'contract', 'sha256', 'service', 'environment', 'imported_by'])
    expect(() => other.exec(`update contracts set ${column} = 'x'`), column).toThrow(refused);
  expect(() => other.exec('delete from contracts')).toThrow(refused);
  expect(() => other.exec('insert or replace into contracts select * from contracts')).toThrow(refused);
  await contracts.accept('C-1', { by: OMAR, moves: {} }, T0 + HOUR);
  for (const change of ['accepted_at = 1', 'accepted_by = null', `moves = '{"a":"start"}'`])
    expect(() => other.exec(`update contracts set ${change}`), change).toThrow(refused);
  await contracts.posted('C-1', { channel: 'C0DEPLOYS', ts: '1.000001' });
});
