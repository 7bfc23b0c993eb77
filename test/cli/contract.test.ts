/** `gonogo contract`: a document in sentences, or what is wrong with it (HO-4). */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/command.ts';
import { contract } from '../../src/cli/contract.ts';
import { contractIn, SMALLEST, WHOLE, withoutLines } from '../contract/documents.ts';
import { listening } from './listening.ts';

const terminal = listening();

function file(text: string | Uint8Array): string {
  const path = join(terminal.folder, 'contract.md');
  writeFileSync(path, text);
  return path;
}

describe('gonogo contract FILE', () => {
  it('HO-4: says in sentences what was understood', async () => {
    expect(await contract.run([file(WHOLE)])).toBe(EXIT.ok);
    expect(terminal.said.err).toBe('');
    const lines = terminal.said.out.split('\n');
    expect(lines[0]).toMatch(/contract\.md is a HANDOFF\/V1 contract\.$/);
    expect(lines).toEqual(
      expect.arrayContaining([
        'CHECKOUT-PROD-042: from Checkout team to Operations.',
        'It has 15 criteria in 3 groups, 7 inputs, 9 deliverables, 6 dependencies, 6 success metrics, 5 risks, 5 messages to send, 4 times, 6 quality gates and 6 next steps.',
        'Before the start, 18 items:',
        'Before the hand-over, 25 items:',
        '  Environment: Health checks: Each probe answers',
        '  line 81: deployed within 1 h, from the start to all of the traffic',
        '  line 116: the deployment begins within 2 days of the acceptance',
        '  line 119: Timeline: Handover: Operations own it from then on (no figure is understood here)',
      ]),
    );
  });

  it('HO-4: says what is wrong and in which line, and ends as gonogo check does', async () => {
    const wrong = SMALLEST.replace('HANDOFF/V1', 'HANDOFF/V2').replace('- **To**: Omar\n', '');
    expect(await contract.run([file(wrong)])).toBe(EXIT.config);
    expect(terminal.said.out).toBe('');
    expect(terminal.said.err.trim().split('\n')).toEqual([
      expect.stringMatching(/is not a HANDOFF\/V1 contract:$/),
      '  line 2: section "Schema": it says "HANDOFF/V2"; the only schema that is read is HANDOFF/V1',
      '  line 4: section "Handoff Details", To: it is missing; write it as "- **To**: …"',
    ]);
  });

  it('HO-4: --json prints the contract, --markdown the document in its one form', async () => {
    expect(await contract.run([file(WHOLE), '--json'])).toBe(EXIT.ok);
    expect(JSON.parse(terminal.said.out)).toEqual(contractIn(WHOLE));
    terminal.said.out = '';
    expect(await contract.run([file(WHOLE), '--markdown'])).toBe(EXIT.ok);
    expect(withoutLines(contractIn(terminal.said.out))).toEqual(withoutLines(contractIn(WHOLE)));
  });

  it.for([
    [[], EXIT.usage, /Usage: gonogo contract FILE/],
    [['a.md', 'b.md'], EXIT.usage, /Usage/],
    [['a.md', '--json', '--markdown'], EXIT.usage, /Usage/],
    [['a.md', '--yaml'], EXIT.usage, /--yaml[\s\S]*Usage/],
    [['/nowhere/a.md'], EXIT.badData, /cannot be read/],
  ] as const)('HO-4: %j is answered with how it is meant', async ([args, code, says]) => {
    expect(await contract.run([...args])).toBe(code);
    expect(terminal.said.err).toMatch(says);
  });

  it('HO-4: bytes that are no text in UTF-8 are said to be none', async () => {
    expect(await contract.run([file(Buffer.from([0xff, 0xb1, 0x31]))])).toBe(EXIT.badData);
    expect(terminal.said.err).toMatch(/not text in UTF-8/);
  });
});
