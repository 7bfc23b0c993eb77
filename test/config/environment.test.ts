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
  describe('the keys of the API', () => {
    const [GITHUB, JENKINS] = ['g'.repeat(32), 'j'.repeat(40)];
    const keysOf = (GONOGO_API_KEYS: string) => {
      const read = readEnvironment({ ...SECRETS, GONOGO_API_KEYS });
      if (!read.ok) throw new Error(read.problems.join('\n'));
      return read.environment.GONOGO_API_KEYS;
    };

    it('GT-1: are none unless they are given', () => {
      expect(readEnvironment(SECRETS)).toMatchObject({ environment: { GONOGO_API_KEYS: new Map() } });
    });

    it('GT-1: are secrets by name, each with what it is for, in the variable or in a file', () => {
      const both = new Map([
        ['github', { secret: GITHUB, services: ['checkout', 'payments'], gates: ['build', 'artifact_*'] }],
        ['jenkins-2', { secret: JENKINS, services: ['*'], gates: ['*'] }],
      ]);
      const github = `github=${GITHUB};services=checkout payments;gates=build artifact_*`;
      const jenkins = `jenkins-2=${JENKINS}; services=*; gates=*`;
      expect(keysOf(`${github}, ${jenkins}`)).toEqual(both);
      const file = join(folder, 'keys');
      writeFileSync(file, `${github}\n${jenkins}\n`);
      expect(readEnvironment({ ...SECRETS, GONOGO_API_KEYS_FILE: file })).toMatchObject({
        environment: { GONOGO_API_KEYS: both },
      });
      expect(keysOf(`a=b=${GITHUB};services=*;gates=*`).get('a')?.secret).toBe(`b=${GITHUB}`);
    });

    const ALL = ';services=*;gates=*';
    const MUST = 'must be name=secret;services=…;gates=…';
    it.each([
      ['a secret that is too short', `github=${'g'.repeat(31)}${ALL}`, `entry 1 of 1 ${MUST}`],
      ['no name', `${GITHUB}${ALL}`, `entry 1 of 1 ${MUST}`],
      ['a name in capitals', `GitHub=${GITHUB}${ALL}`, `entry 1 of 1 ${MUST}`],
      ['a comma too many', `github=${GITHUB}${ALL},`, `entry 2 of 2 ${MUST}`],
      ['nothing that they are for', `github=${GITHUB}`, `entry 1 of 1 ${MUST}`],
      ['no services', `github=${GITHUB};gates=*`, `entry 1 of 1 ${MUST}`],
      ['empty gates', `github=${GITHUB};services=*;gates=`, `entry 1 of 1 ${MUST}`],
      ['a star in the middle', `github=${GITHUB};services=a*b;gates=*`, `entry 1 of 1 ${MUST}`],
      ['gates twice', `github=${GITHUB};services=*;gates=a;gates=b`, `entry 1 of 1 ${MUST}`],
      [
        'a name twice',
        `github=${GITHUB}${ALL},github=${JENKINS}${ALL}`,
        'entry 2 of 2 has the name of another entry',
      ],
    ])('GT-1: with %s are refused, and what they hold is not printed', (_what, text, says) => {
      const read = readEnvironment({ ...SECRETS, GONOGO_API_KEYS: text });
      if (read.ok) throw new Error('they were taken');
      expect(read.problems.join()).toContain(`GONOGO_API_KEYS ${says}`);
      expect(read.problems.join()).not.toMatch(/g{10}|j{10}/);
    });
  });
});
