/** `gonogo init`: a policy to begin with, that `gonogo check` accepts (PR-7). */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { BACKENDS } from '../../src/backends/index.ts';
import { check } from '../../src/cli/check.ts';
import { EXIT } from '../../src/cli/command.ts';
import { init } from '../../src/cli/init.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import { METRICS } from '../../src/metrics/index.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { listening } from './listening.ts';

const PRESETS = readPresets();
const ROOT = new URL('../..', import.meta.url);

const terminal = listening();
let file = '';

beforeEach(() => {
  file = join(terminal.folder, 'gonogo.yml');
});

const withYes = (...flags: string[]): Promise<number> => init.run(['--out', file, '--yes', ...flags]);

function written(): Policy {
  const loaded = loadPolicy(readFileSync(file, 'utf8'), PRESETS);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.policy;
}

describe('gonogo init --yes', () => {
  it.each(Object.keys(PRESETS))(
    'PR-7: writes a policy of %s that check accepts, and asks nothing',
    async (preset) => {
      expect(await withYes('--preset', preset)).toBe(EXIT.ok);
      expect(terminal.said.err).toBe('');
      expect(await check.run([file])).toBe(EXIT.ok);
    },
  );

  it.each([
    ...BACKENDS.kinds.map((kind) => ['backend', kind] as const),
    ...METRICS.kinds.map((kind) => ['metrics', kind] as const),
  ])('PR-7: writes the %s %s for the service that was named, and check accepts it', async (flag, kind) => {
    expect(await withYes(`--${flag}`, kind, '--service', 'cart')).toBe(EXIT.ok);
    expect(await check.run([file])).toBe(EXIT.ok);
    const { services, backends, metrics } = written();
    const name = flag === 'backend' ? services.get('cart')?.backend : services.get('cart')?.metrics;
    expect((flag === 'backend' ? backends : metrics).get(name ?? '')).toMatchObject({ kind, declared: true });
  });

  it('PR-7: takes what the flags say', async () => {
    const flags = ['--team', 'Payments: core', '--time-zone', 'Asia/Tokyo', '--channel', 'C0PAYMENTS3'];
    const roles = ['--role', 'sre=U0SRE00001, U0SRE00002', '--lead', 'U0LEAD0001', '--on-call', 'U0CALL0001'];
    expect(await withYes('--preset', 'handoff-v1', ...flags, ...roles)).toBe(EXIT.ok);
    const policy = written();
    expect(policy).toMatchObject({ team: 'Payments: core', timeZone: 'Asia/Tokyo' });
    expect(policy.roles.get('sre')?.members).toEqual(['U0SRE00001', 'U0SRE00002']);
    expect(policy.services.get('checkout')).toMatchObject({
      channel: 'C0PAYMENTS3',
      lead: 'U0LEAD0001',
      onCall: { kind: 'people', people: ['U0CALL0001'] },
    });
  });

  it('CH-10, PR-7: where one person holds several roles, it lets them answer for these and for no others, and says so', async () => {
    expect(await withYes('--role', 'cab=U0SANA00003')).toBe(EXIT.ok);
    expect(written().signOffCare.onePersonMayFill).toEqual([['security', 'cab']]);
    expect(terminal.said.out).toContain('One person may answer for security and cab now');
  });

  it('PR-7: never overwrites: the file stays as it is, and the answer names what to do', async () => {
    writeFileSync(file, 'team: Ours\n');
    expect(await withYes()).toBe(EXIT.cannotCreate);
    expect(terminal.said.err).toContain(
      'is there already and stays as it is: move it away, or name another with --out',
    );
    expect(readFileSync(file, 'utf8')).toBe('team: Ours\n');
  });

  it('PR-7: says where a file cannot be written', async () => {
    expect(await init.run(['--yes', '--out', join(terminal.folder, 'nowhere', 'gonogo.yml')])).toBe(
      EXIT.cannotCreate,
    );
    expect(terminal.said.err).toContain('cannot be written: ENOENT');
  });

  it.each([
    [['--preset', 'gold'], '--preset: there is no "gold"; there are: gold-standard,'],
    [['--channel', '#checkout'], '--channel: "#checkout" is not the id of a Slack channel'],
    [['--lead', 'dana'], '--lead: "dana" is not a Slack member id'],
    [['--time-zone', 'Berlin'], '--time-zone: "Berlin" is no time zone'],
    [['--service', 'constructor'], '--service: "constructor" is not a name of letters'],
    [['--backend', 'ssh'], '--backend: there is no "ssh"; there are:'],
    [['--role', 'security'], '--role takes ROLE=U…,U…, not "security"'],
    [['--role', 'security='], 'at least one person is needed'],
    [
      ['--role', 'tester=U0TOM000002'],
      '--role: nobody waits for tester in this preset; it asks for tech_lead,',
    ],
    [['somewhere.yml'], 'init takes no "somewhere.yml"; --out names the file'],
    [['--force'], "Unknown option '--force'"],
  ])('PR-7: refuses %j in words and writes nothing', async (flags, words) => {
    expect(await withYes(...flags)).toBe(EXIT.usage);
    expect(terminal.said.err).toContain(words);
    expect(existsSync(file)).toBe(false);
  });
});

describe('gonogo init with somebody who answers', () => {
  const run = (answers: readonly string[]) =>
    spawnSync(
      process.execPath,
      ['--import', 'tsx', 'src/cli.ts', 'init', '--out', file, '--preset', 'handoff-v1'],
      {
        cwd: ROOT,
        input: answers.map((line) => `${line}\n`).join(''),
        encoding: 'utf8',
      },
    );

  it('PR-7: asks again where an answer cannot be one, and before it replaces a file', () => {
    writeFileSync(file, 'team: Ours\n');
    const answers = ['Shop', 'Berlin', 'Europe/Berlin', 'cart', '', '', '', 'U0OMAR00004', '', ''];
    const refused = run([...answers, 'no']);
    expect(refused.stdout).toContain('"Berlin" is no time zone such as "Europe/Berlin"');
    expect(refused.status).toBe(EXIT.cannotCreate);
    expect(readFileSync(file, 'utf8')).toBe('team: Ours\n');
    expect(run([...answers, 'y']).status).toBe(EXIT.ok);
    expect(written()).toMatchObject({ team: 'Shop', timeZone: 'Europe/Berlin' });
    expect([...written().services.keys()]).toEqual(['cart']);
  }, 30_000);

  it('PR-7: writes nothing where the answers end too early', () => {
    const ended = run(['Shop']);
    expect(ended.status).toBe(EXIT.usage);
    expect(ended.stderr).toContain('Nothing was written: there was no answer. --yes asks nothing.');
    expect(existsSync(file)).toBe(false);
  }, 30_000);
});
