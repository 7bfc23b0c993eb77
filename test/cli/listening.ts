/** A folder of its own and what was written to the terminal, anew for each test of a command. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';

export interface Listening {
  readonly folder: string;
  said: { out: string; err: string };
}

/** Called once at the top of a file. */
export function listening(): Listening {
  const now = { folder: '', said: { out: '', err: '' } };
  beforeEach(() => {
    now.folder = mkdtempSync(join(tmpdir(), 'gonogo-cli-'));
    now.said = { out: '', err: '' };
    const keep = (where: 'out' | 'err') => (text: unknown) => {
      now.said[where] += String(text);
      return true;
    };
    vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'));
    vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(now.folder, { recursive: true, force: true });
  });
  return now;
}
