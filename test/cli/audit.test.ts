/** `gonogo audit` as an auditor types it: what it says, and the exit codes that a script asks for (AU-3, AU-7). */

import { writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { audit } from '../../src/cli/audit.ts';
import { CANCELLED, commitOf, requestOf, T0, TOM } from '../db/examples.ts';
import { tamper } from '../db/forger.ts';
import { freshFile, open } from '../db/places.ts';

const KEY = 'the key that only the bot and the auditor have';
/** In this process: a process of its own takes a second to begin. */
async function gonogo(args: string[], env: Record<string, string> = {}) {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += String(text);
      return true;
    });
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  try {
    return { status: await audit.run(args), ...said };
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
}

async function recorded(): Promise<{ file: string; head: string }> {
  const file = freshFile();
  const { events, calendar, close } = await open(file, { keys: { current: KEY, earlier: [] } });
  const request = requestOf('D-1001', { version: '=HYPERLINK("v2")' });
  await events.commit(request);
  const head = await events.commit(commitOf(request.after, [CANCELLED], { at: T0 + 1 }));
  await calendar.freeze({ reason: 'year end', from: T0, until: T0 + 9, overrides: [], by: TOM }, T0);
  await close();
  return { file, head };
}

describe('gonogo audit', () => {
  it('AU-7: verifies with the key and a published checkpoint, and says what it cannot prove without them', async () => {
    const { file, head } = await recorded();
    const proven = await gonogo(['verify', '--db', file, '--head', head], { GONOGO_RECORD_KEY: KEY });
    expect(proven).toMatchObject({ status: 0, stderr: '' });
    expect(proven.stdout).toMatch(/^1 deployments, 2 events, checkpoint 5-[0-9a-f]{32}: nothing/);
    expect(proven.stdout).not.toContain('Not proven');
    const bare = await gonogo(['verify', '--json', '--db', file]);
    expect(bare.status).toBe(0);
    expect(JSON.parse(bare.stdout)).toMatchObject({ ok: true, deployments: 1, problems: [] });
    expect((JSON.parse(bare.stdout) as { unproven: string[] }).unproven).toHaveLength(2);
  });

  it('AU-3: answers 1 where something does not fit, and names it', async () => {
    const { file } = await recorded();
    tamper(file, `update events set by = replace(by, 'Dana', 'Tim') where seq = 2`).close();
    const found = await gonogo(['verify', '--db', file]);
    expect(found.status).toBe(1);
    expect(found.stderr).toContain('D-1001 #2: event 2 is not what was recorded');
    expect(found.stdout).toContain('1 do not fit');
  });

  it('answers 65 for a file that is no record, and 64 for what it does not understand', async () => {
    const file = freshFile();
    writeFileSync(file, 'service: checkout\n'.repeat(100));
    expect(await gonogo(['verify', '--db', file])).toMatchObject({
      status: 65,
      stderr: expect.stringContaining(`${file} cannot be read: file is not a database`),
    });
    expect((await gonogo(['verify', '--head', 'x', '--db', (await recorded()).file])).status).toBe(64);
  });

  it('AU-3: exports every entry as JSON and as CSV, of one deployment or of a period', async () => {
    const { file } = await recorded();
    const all = JSON.parse((await gonogo(['export', '--db', file])).stdout) as object[];
    expect(all).toMatchObject([
      { stream: 'event', subject: 'D-1001', seq: 1, what: 'requested', by: { name: 'Dana' } },
      { stream: 'event', subject: 'D-1001', seq: 2, what: 'cancelled', facts: { reason: 'not today' } },
      { stream: 'calendar', subject: 'F-1', what: 'frozen', by: { name: 'Tom' } },
    ]);
    const csv = (await gonogo(['export', '--db', file, '--format', 'csv', '--deployment', 'D-1001'])).stdout;
    expect(csv.split('\r\n')).toEqual([
      'stream,subject,seq,at,by_kind,by_id,by_name,what,facts,hash',
      expect.stringMatching(
        /^event,D-1001,1,2026-01-05T13:00:00.000Z,person,U0DANA,Dana,requested,"\{""envelopeHash""/,
      ),
      expect.stringMatching(/^event,D-1001,2,/),
      '',
    ]);
    const later = (await gonogo(['export', '--db', file, '--from', new Date(T0 + 1).toISOString()])).stdout;
    expect(JSON.parse(later)).toMatchObject([{ seq: 2, what: 'cancelled' }]);
    expect(JSON.parse((await gonogo(['export', '--db', file, '--until', '2026-01-01'])).stdout)).toEqual([]);
  });
});
