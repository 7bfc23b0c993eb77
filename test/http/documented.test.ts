/** docs/ci.md does what it says: its curl line and its workflow are run as they stand, against the API. */

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROBLEMS } from '../../src/http/api/problem.ts';
import { type ApiStage, ARTIFACT, DIGEST, SECRET, SHA, startApi } from './api-stage.ts';

const DOC = readFileSync(new URL('../../docs/ci.md', import.meta.url), 'utf8');

let stage: ApiStage;
let folder: string;
beforeEach(async () => {
  // The machine's own clock signs here.
  stage = await startApi({ wallClock: { now: () => Date.now() } });
  folder = mkdtempSync(join(tmpdir(), 'gonogo-ci-'));
});
afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

function block(language: string): string {
  const found = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(DOC)?.[1];
  if (found === undefined) throw new Error(`docs/ci.md shows no ${language}`);
  return found;
}

async function bash(script: string, env: Record<string, string> = {}): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)('bash', ['-eu', '-o', 'pipefail', '-c', script], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      GONOGO_URL: stage.url,
      GONOGO_KEY: 'github',
      GONOGO_SECRET: SECRET,
      RUNNER_TEMP: folder,
      ...env,
    },
  });
  expect(`${stdout}${stderr}`).not.toContain(SECRET);
  return stdout;
}

it('GT-1: the curl line reports a gate', async () => {
  await stage.stores.releases.register({ ...ARTIFACT, at: 0, by: 'github' }, 0);
  const line = block('bash');
  expect(line.trim().split('\n')).toHaveLength(1);
  const answer = JSON.parse(await bash(line)) as { result: string; gate: { says: string } };
  expect(answer).toMatchObject({ result: 'new', gate: { says: '100 % of 412 tests' } });
});

it('GT-1: the curl line fails with the reason where the secret is wrong', async () => {
  const wrong = bash(block('bash'), { GONOGO_SECRET: 'x'.repeat(40) });
  await expect(wrong).rejects.toMatchObject({
    code: 22,
    stdout: expect.stringContaining('urn:gonogo:problem:not_authentic'),
  });
});

it('GT-1, GT-3: the steps of the workflow register an artifact and report its tests', async () => {
  interface Step {
    name?: string;
    run?: string;
  }
  const { jobs } = parse(block('yaml')) as { jobs: { release: { steps: Step[] } } };
  const step = (name: string): string => {
    const run = jobs.release.steps.find((one) => one.name === name)?.run;
    if (run === undefined) throw new Error(`no step ${name}`);
    return run;
  };
  const env = { SERVICE: 'checkout', VERSION: 'v2.1.0', GITHUB_SHA: SHA, DIGEST };
  writeFileSync(join(folder, 'tests.json'), '{"passed": 411, "failed": 1, "skipped": 0}');
  await bash(step('How to tell GoNoGo'));
  expect(await bash(step('Register the artifact'), env)).toContain('"result":"created"');
  expect(await bash(step('Report the unit tests'), env)).toContain('"verdict":"failed"');
  const refused = bash(step('Register the artifact'), { ...env, DIGEST: `sha256:${'c'.repeat(64)}` });
  await expect(refused).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('urn:gonogo:problem:another_build'),
  });
});

it('every refusal there is stands in the table, with its status', () => {
  const rows = [...DOC.matchAll(/^\| `(\d{3})` \| `(\w+)` \|/gm)].map(([, status, kind]) => [
    kind,
    Number(status),
  ]);
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(PROBLEMS).map(([kind, { status }]) => [kind, status])),
  );
});
