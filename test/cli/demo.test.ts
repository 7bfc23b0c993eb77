/** `gonogo demo` with what somebody can mend is told in words. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EXIT } from '../../src/cli/command.ts';
import { demo } from '../../src/cli/demo.ts';
import { whatIsMissing } from '../../src/cli/real/demo.ts';

let folder = '';
let complained = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gonogo-demo-'));
  complained = '';
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    complained += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

it('K-9: the demo with real processes says which package is missing, and how it comes', () => {
  expect(whatIsMissing((name) => name !== 'haproxy')).toBe(
    '--real needs haproxy. Debian and Ubuntu: apt-get install --no-install-recommends haproxy',
  );
  expect(whatIsMissing(() => false)).toMatch(
    /^--real needs haproxy and prometheus\. .*install.* haproxy prometheus$/,
  );
  expect(whatIsMissing(() => true)).toBeUndefined();
});

it('PR-7: a mistake in the policy of the demo is said with its line, without a stack', async () => {
  const file = join(folder, 'gonogo.yml');
  writeFileSync(file, 'team: Shop\nservices:\n  checkout: { chanel: C0CHECKOUT2 }\n');
  const code = await demo.run(['--no-open', '--port', '0', '--config', file]);
  expect(code).toBe(EXIT.config);
  expect(complained).toMatch(/gonogo\.yml is not a policy:\n {2}line 3: .*did you mean channel\?/s);
  expect(complained).not.toMatch(/\n\s+at /);
  const missing = await demo.run(['--no-open', '--port', '0', '--config', join(folder, 'none.yml')]);
  expect([missing, complained]).toEqual([EXIT.config, expect.stringContaining('none.yml cannot be read')]);
});
