/** The process environment: what is needed, where secrets may lie, and that they are never printed. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';

const SECRETS = { SLACK_BOT_TOKEN: 'xoxb-1-secret', SLACK_APP_TOKEN: 'xapp-1-secret' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gonogo-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the process environment', () => {
  it('is enough with the two tokens', () => {
    expect(readEnvironment(SECRETS)).toMatchObject({
      ok: true,
      environment: {
        SLACK_DELIVERY: 'socket',
        GONOGO_CONFIG: 'gonogo.yml',
        GONOGO_PORT: 3000,
        LOG_LEVEL: 'info',
      },
    });
  });

  it('OP-4: takes secrets from files as well', () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'xoxb-from-file\n');
    const read = readEnvironment({ SLACK_BOT_TOKEN_FILE: file, SLACK_APP_TOKEN: 'xapp-1' });
    expect(read).toMatchObject({ ok: true, environment: { SLACK_BOT_TOKEN: 'xoxb-from-file' } });
  });

  it('OP-4: names what is wrong and never what it holds', () => {
    const read = readEnvironment({
      SLACK_BOT_TOKEN: 'hunter2',
      SLACK_APP_TOKEN: 'hunter3',
      GONOGO_PORT: '99999',
    });
    if (read.ok) throw new Error('it was taken');
    const said = read.problems.join('\n');
    expect(said).toContain('SLACK_BOT_TOKEN must be a bot token (xoxb-…)');
    expect(said).toContain('SLACK_APP_TOKEN must be an app-level token (xapp-…)');
    expect(said).toContain('GONOGO_PORT');
    expect(said).not.toMatch(/hunter|99999/);
  });

  it('says which variable is missing, an empty one included', () => {
    expect(readEnvironment({ SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: 'xapp-1' })).toEqual({
      ok: false,
      problems: ['SLACK_BOT_TOKEN is not set'],
    });
  });

  it('needs the signing secret for HTTP, and the app token for sockets', () => {
    const { SLACK_BOT_TOKEN } = SECRETS;
    expect(readEnvironment({ SLACK_BOT_TOKEN, SLACK_DELIVERY: 'http' })).toMatchObject({
      problems: ['SLACK_SIGNING_SECRET is needed where SLACK_DELIVERY is "http"'],
    });
    expect(readEnvironment({ SLACK_BOT_TOKEN })).toMatchObject({
      problems: ['SLACK_APP_TOKEN is needed where SLACK_DELIVERY is "socket"'],
    });
  });

  it('says why a file cannot be read', () => {
    const read = readEnvironment({ ...SECRETS, SLACK_SIGNING_SECRET_FILE: join(folder, 'nowhere') });
    expect(read).toMatchObject({ ok: false, problems: ['SLACK_SIGNING_SECRET_FILE cannot be read: ENOENT'] });
  });
});
