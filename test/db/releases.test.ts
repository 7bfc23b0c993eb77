/** What CI says of releases, in the record: what counts, what it wakes, and what nobody can change. */

import { beforeEach, describe, expect, it } from 'vitest';
import { KEEP_SIGNATURES } from '../../db/prune.ts';
import type { Stores } from '../../src/conductor/ports/stores.ts';
import type { Artifact } from '../../src/policy/artifacts.ts';
import type { GateReport } from '../../src/policy/gates.ts';
import { HOUR, MINUTE } from '../../src/time.ts';
import { dueAt } from './due.ts';
import { CANCELLED, commitOf, requestOf, T0 } from './examples.ts';
import { freshFile, open, rawly } from './places.ts';

const OF = { service: 'checkout', version: 'v2.1.0' };
const SHA = '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d';
const UNIT: GateReport = {
  gate: 'unit_tests',
  status: 'passed',
  tests: { passed: 412, failed: 0, skipped: 3 },
  at: T0,
  by: 'github',
};
const ARTIFACT: Artifact = { ...OF, sha: SHA, digest: `sha256:${'b'.repeat(64)}`, at: T0, by: 'github' };
const OTHER_DIGEST = `sha256:${'c'.repeat(64)}`;

let file: string;
let stores: Stores;

beforeEach(async () => {
  file = freshFile();
  stores = await open(file, { now: () => T0 });
});

describe('A report', () => {
  it('GT-1: counts from when it was measured, and the last one measured counts', async () => {
    const { releases } = stores;
    expect(await releases.report(OF, UNIT, T0)).toBe('new');
    const later = { ...UNIT, status: 'failed' as const, at: T0 + HOUR };
    expect(await releases.report(OF, later, T0)).toBe('new');
    expect(await releases.report(OF, { ...UNIT, at: T0 + MINUTE }, T0)).toBe('older');
    expect(await releases.reports(OF)).toEqual([later]);
  });

  it('GT-1: the very same again changes nothing, even where a later one came between', async () => {
    const { releases } = stores;
    await releases.report(OF, UNIT, T0);
    await releases.report(OF, { ...UNIT, at: T0 + HOUR }, T0);
    expect(await releases.report(OF, UNIT, T0 + HOUR)).toBe('same');
    expect(rawly(file).prepare('select count(*) n from gate_reports').get()).toEqual({ n: 2 });
  });

  it('GT-1: of two measured at one moment the one that came last counts', async () => {
    const { releases } = stores;
    await releases.report(OF, UNIT, T0);
    const corrected = { ...UNIT, status: 'failed' as const };
    expect(await releases.report(OF, corrected, T0)).toBe('new');
    expect(await releases.reports(OF)).toEqual([corrected]);
  });

  it('GT-1: is kept apart by gate, commit, version and service', async () => {
    const { releases } = stores;
    const smoke = { ...UNIT, gate: 'smoke' };
    const about = { ...UNIT, sha: SHA };
    for (const report of [UNIT, smoke, about]) expect(await releases.report(OF, report, T0)).toBe('new');
    await releases.report({ ...OF, version: 'v2.1.1' }, { ...UNIT, at: T0 + 1 }, T0);
    await releases.report({ ...OF, service: 'search' }, { ...UNIT, at: T0 + 1 }, T0);
    expect(await releases.reports(OF)).toEqual([smoke, UNIT, about]);
    expect(await releases.reports({ ...OF, version: 'v9.9.9' })).toEqual([]);
  });

  it('GT-1: is there after a restart, with when it came', async () => {
    await stores.releases.report(OF, UNIT, T0 + 7);
    await stores.close();
    const again = await open(file);
    expect(await again.releases.reports(OF)).toEqual([UNIT]);
    expect(rawly(file).prepare('select at, received_at from gate_reports').all()).toEqual([
      { at: T0, received_at: T0 + 7 },
    ]);
  });
});

describe('What a report wakes', () => {
  const due = () => dueAt(stores.events, T0);

  beforeEach(async () => {
    await stores.events.commit(requestOf('D-1', { ...OF, wakeAt: T0 + HOUR }));
    await stores.events.commit(requestOf('D-2', { ...OF, environment: 'staging', wakeAt: null }));
    await stores.events.commit(requestOf('D-3', { service: 'search', version: 'v2.1.0', wakeAt: T0 + HOUR }));
    await stores.events.commit(
      requestOf('D-4', { service: 'checkout', version: 'v2.2.0', environment: 'test', wakeAt: T0 + HOUR }),
    );
    const ended = requestOf('D-5', { ...OF, environment: 'qa' });
    await stores.events.commit(ended);
    await stores.events.commit(commitOf(ended.after, [CANCELLED]));
  });

  it('GT-1: are the live deployments of the version, and no other', async () => {
    expect(await due()).toEqual([]);
    await stores.releases.report(OF, UNIT, T0);
    expect((await due()).sort()).toEqual(['D-1', 'D-2']);
  });

  it('GT-1: is nobody where it changes nothing', async () => {
    await stores.releases.report(OF, UNIT, T0);
    rawly(file).exec('update deployments set wake_at = null');
    await stores.releases.report(OF, UNIT, T0);
    await stores.releases.report(OF, { ...UNIT, at: T0 - 1 }, T0);
    expect(await due()).toEqual([]);
  });

  it('GT-3: a registered artifact wakes as well', async () => {
    await stores.releases.register(ARTIFACT, T0);
    expect((await due()).sort()).toEqual(['D-1', 'D-2']);
  });

  it('GT-1: is woken in the same transaction: where the one fails, the other is not there', async () => {
    rawly(file).exec(
      `create trigger no_waking before update of wake_at on deployments begin select raise(abort, 'no'); end`,
    );
    await expect(stores.releases.report(OF, UNIT, T0)).rejects.toThrow('no');
    await expect(stores.releases.register(ARTIFACT, T0)).rejects.toThrow('no');
    expect(await stores.releases.reports(OF)).toEqual([]);
    expect(await stores.releases.artifact(OF)).toBeUndefined();
  });
});

describe('An artifact', () => {
  it('GT-3: is registered once, and answers its gates', async () => {
    const { releases } = stores;
    expect(await releases.register(ARTIFACT, T0)).toEqual({ kind: 'created', artifact: ARTIFACT });
    expect(await releases.register({ ...ARTIFACT, at: T0 + 1 }, T0 + 1)).toEqual({
      kind: 'same',
      artifact: ARTIFACT,
      judgedAnew: false,
    });
    expect(await releases.artifact(OF)).toEqual(ARTIFACT);
    expect(await releases.reports(OF)).toMatchObject([{ gate: 'artifact_version', status: 'passed' }]);
  });

  it('GT-3: is completed by what was missing', async () => {
    const { releases } = stores;
    await releases.register(ARTIFACT, T0);
    const signed = { ...ARTIFACT, signature: { verified: true, by: 'cosign' }, at: T0 + 5 };
    expect(await releases.register(signed, T0 + 5)).toMatchObject({ kind: 'completed' });
    expect(await releases.artifact(OF)).toEqual({ ...signed, at: T0 });
    expect(await releases.reports(OF)).toMatchObject([
      { gate: 'artifact_signature', at: T0 + 5 },
      { gate: 'artifact_version', at: T0 },
    ]);
  });

  it('GT-3: with another digest is refused, remembered once, and changes nothing', async () => {
    const { releases } = stores;
    await releases.register(ARTIFACT, T0);
    const other = { ...ARTIFACT, digest: OTHER_DIGEST, by: 'jenkins', checksumVerified: true };
    const refusal = {
      ...OF,
      digest: OTHER_DIGEST,
      sha: SHA,
      differs: ['digest'],
      by: 'jenkins',
      at: T0 + 5,
    };
    expect(await releases.register(other, T0 + 5)).toEqual({
      kind: 'refused',
      registered: ARTIFACT,
      refusal,
      again: false,
    });
    expect(await releases.register(other, T0 + 6)).toMatchObject({ kind: 'refused', again: true });
    expect(await releases.refusals(OF)).toEqual([refusal]);
    expect(await releases.artifact(OF)).toEqual(ARTIFACT);
    expect(await releases.reports(OF)).toHaveLength(1);
  });

  it('GT-3: offered twice at once by two builds is registered by one of them', async () => {
    const other = await open(file);
    const both = await Promise.all([
      stores.releases.register(ARTIFACT, T0),
      other.releases.register({ ...ARTIFACT, digest: OTHER_DIGEST }, T0),
    ]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(['created', 'refused']);
  });
});

describe('GT-3: the database itself', () => {
  it('refuses to change or delete a report or a refusal', async () => {
    await stores.releases.register(ARTIFACT, T0);
    await stores.releases.register({ ...ARTIFACT, digest: OTHER_DIGEST }, T0);
    const other = rawly(file);
    for (const table of ['gate_reports', 'artifact_refusals']) {
      expect(() => other.exec(`update ${table} set version = 'v0.0.0'`)).toThrow('append-only');
      expect(() => other.exec(`delete from ${table}`)).toThrow('append-only');
      expect(() => other.exec(`insert or replace into ${table} select * from ${table}`)).toThrow(
        'append-only',
      );
    }
  });

  it('refuses to give a version another build', async () => {
    await stores.releases.register(ARTIFACT, T0);
    const other = rawly(file);
    const kept = 'artifacts: what was written stays';
    expect(() => other.exec(`update artifacts set digest = 'sha256:0'`)).toThrow(kept);
    expect(() => other.exec(`update artifacts set sha = '0'`)).toThrow(kept);
    expect(() => other.exec(`update artifacts set version = 'v0.0.0'`)).toThrow(kept);
    expect(() => other.exec('delete from artifacts')).toThrow(kept);
    expect(() => other.exec('insert or replace into artifacts select * from artifacts')).toThrow(kept);
  });
});

describe('A signature', () => {
  it('is accepted once, by whatever process asks', async () => {
    expect(await stores.signatures.use('aa')).toBe(true);
    expect(await stores.signatures.use('aa')).toBe(false);
    await stores.close();
    const again = await open(file);
    expect(await again.signatures.use('aa')).toBe(false);
    expect(await again.signatures.use('bb')).toBe(true);
  });

  it('AU-4: is forgotten when its timestamp has been too old for a while, on the system clock', async () => {
    let now = T0;
    const { signatures, prune } = await open(freshFile(), { now: () => now });
    await signatures.use('aa');
    now = T0 + KEEP_SIGNATURES;
    expect(await prune(T0 + 365 * 24 * HOUR)).toMatchObject({ signatures: 0 });
    now += 1;
    expect(await prune(T0)).toMatchObject({ signatures: 1 });
    expect(await signatures.use('aa')).toBe(true);
  });
});
