/** What the command line says of itself: what there is, what a word was meant to be, and each command's options. */

import { describe, expect, it } from 'vitest';
import { audit } from '../../src/cli/audit.ts';
import { EXIT, helpOf } from '../../src/cli/command.ts';
import { run } from '../../src/cli/commands.ts';
import { demo } from '../../src/cli/demo.ts';
import { record } from '../../src/cli/record.ts';
import { listening } from './listening.ts';

const terminal = listening();

describe('gonogo, asked about itself', () => {
  it('PR-7: lists its commands, and names the one that a mistyped word is near', async () => {
    expect(await run(['docter'])).toBe(EXIT.usage);
    expect(terminal.said.err).toContain('There is no command "docter". Did you mean doctor?');
    expect(terminal.said.err).toMatch(/^ {2}check +check a policy file/m);
    expect(await run([])).toBe(EXIT.ok);
    expect(terminal.said.out).toMatch(/^ {2}check +check a policy file/m);
  });

  it('PR-7: says of one command how it is called, with each of its options', async () => {
    for (const asked of [
      ['demo', '--help'],
      ['demo', '--port', '4600', '-h'],
      ['help', 'demo'],
    ])
      expect(await run(asked)).toBe(EXIT.ok);
    expect(terminal.said.out).toBe(`${helpOf(demo)}\n`.repeat(3));
    expect(helpOf(demo)).toMatch(/--speed N +times as fast as real time; 1 is real time \(120\)/);
  });

  it('PR-7: says which version it is', async () => {
    expect(await run(['--version'])).toBe(EXIT.ok);
    expect(terminal.said.out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('PR-7: names both ways of a command that has two', () => {
    const lines = helpOf(audit).split('\n');
    expect(lines[0]).toMatch(/^Usage: gonogo audit verify /);
    expect(lines[1]).toMatch(/^ {7}gonogo audit export /);
  });

  it('PR-7: answers an unknown option and a missing word with how it is called', async () => {
    expect(await record.run(['refold', '--force'])).toBe(EXIT.usage);
    expect(terminal.said.err).toBe(
      "Unknown option '--force'.\nUsage: gonogo record refold [--db FILE] [--dry-run]\n",
    );
    expect(await record.run([])).toBe(EXIT.usage);
  });
});
