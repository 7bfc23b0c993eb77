/** The units that people copy to /etc/systemd (OP-1): systemd itself reads them. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const UNITS = 'deploy/systemd';
const isHere = spawnSync('systemd-analyze', ['--version']).status === 0;

/** What systemd has to say about the units, changed as `change` says. */
function verified(change = (unit: string): string => unit): { status: number | null; said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'gonogo-units-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = readdirSync(UNITS).map((name) => {
    // It looks whether the program is there: Node may be elsewhere here.
    const unit = readFileSync(join(UNITS, name), 'utf8').replaceAll('/usr/bin/node', process.execPath);
    writeFileSync(join(folder, name), change(unit));
    return join(folder, name);
  });
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], {
    encoding: 'utf8',
  });
  return { status, said: `${stdout}${stderr}` };
}

it.skipIf(!isHere)('OP-1: the units for systemd are ones that systemd takes (needs systemd-analyze)', () => {
  expect(verified()).toEqual({ status: 0, said: '' });
  expect(verified((unit) => unit.replace('ProtectSystem=', 'ProtectSytem=')).said).toContain('ProtectSytem');
});
