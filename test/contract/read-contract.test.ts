import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/contract/contract.ts';
import { readContract } from '../../src/contract/read-contract.ts';
import { renderContract } from '../../src/contract/render-contract.ts';
import { contractIn, problemsIn, SMALLEST, WHOLE, withoutLines } from './documents.ts';

const plain = (text: string): string => text.replaceAll('Â±', '±').replace(/\*\*|\s+/g, ' ');

describe('a whole contract', () => {
  const contract = contractIn(WHOLE);

  it('HO-4: is read with every part in its place', () => {
    expect(contract).toMatchObject({
      schema: 'HANDOFF/V1',
      title: 'HANDOFF/V1 Contract: Checkout to Production',
      id: 'CHECKOUT-PROD-042',
      from: 'Checkout team',
      to: 'Operations',
      timestamp: '2026-01-05T09:30:00.000Z',
      objective: expect.stringMatching(/^Bring the new basket/),
      other: [],
    });
    const names = (groups: readonly { name: string; items: unknown[] }[]) =>
      groups.map(({ name, items }) => [name, items.length]);
    expect(names(contract.acceptanceCriteria)).toEqual([
      ['Deployment works', 6],
      ['Monitoring shows it', 5],
      ['Rollback readiness', 4],
    ]);
    expect(names(contract.artifacts)).toEqual([
      ['Required Deliverables', 5],
      ['Documentation Updates', 4],
    ]);
    expect(names(contract.risks)).toEqual([
      ['While deploying', 3],
      ['While running', 2],
    ]);
    expect(contract.risks[0]?.items[0]).toEqual({
      risk: 'The switch fails and must be undone',
      mitigation: 'Rehearsals, stages, one click back',
      impact: 'LOW (going back takes <30 minutes)',
      line: 90,
    });
    expect(contract.context.facts.map(({ name, items = [] }) => [name, items.length])).toEqual([
      ['Why it matters', 0],
      ['What stands already', 5],
    ]);
    expect(contract.remarks).toEqual({
      qualityGates: 'Each of these holds throughout:',
      nextSteps: 'With this the new basket goes out with known risks and checked quality.',
    });
    const counts = [
      'inputs',
      'dependencies',
      'successMetrics',
      'communicationPlan',
      'timeline',
      'qualityGates',
      'nextSteps',
    ] as const;
    expect(counts.map((key) => contract[key].length)).toEqual([7, 6, 6, 5, 4, 6, 6]);
  });

  it('HO-4: knows the line of each item', () => {
    const lines = WHOLE.split('\n');
    for (const { name, line } of [...contract.inputs, ...contract.successMetrics, ...contract.nextSteps])
      expect(lines[line - 1]).toContain(name);
  });

  it('HO-4: loses no heading, no item, no bold name and no figure of its document', () => {
    const [start = '', rest = ''] = WHOLE.split(/(?=## Objective)/);
    expect(start).toContain(contract.id);
    const kept = plain(JSON.stringify(contract)).replaceAll('\\n', ' ');
    const rendered = plain(renderContract(contract));
    for (const line of WHOLE.split('\n').filter((one) => one.trim() !== '')) {
      const words = plain(line.replace(/^\s*(?:#+|-|\d+\.)?\s*(?:\[ \])?/, '')).trim();
      expect(rendered).toContain(words.replace(/:$/, ''));
      if (line.startsWith('#')) continue;
      for (const figure of words.match(/[<+±]?\d[\d./,]*%?/g) ?? []) expect(kept).toContain(figure);
      if (!/mitigation|impact/i.test(line) && rest.includes(line) && !line.includes('**Risk**'))
        for (const [, name = ''] of line.matchAll(/\*\*(.+?)\*\*/g)) expect(kept).toContain(name);
    }
  });

  it('HO-4: written out and read again is the same contract, and written out again the same text', () => {
    const text = renderContract(contract);
    const again = contractIn(text);
    expect(withoutLines(again)).toEqual(withoutLines(contract));
    expect(renderContract(again)).toBe(text);
  });
});

describe('the same contract in another hand', () => {
  const same = withoutLines(contractIn(WHOLE));

  it.for([
    ['other heading levels', WHOLE.replace(/^##/gm, '#').replace(/^# HANDOFF/, '# HANDOFF')],
    ['deeper headings', WHOLE.replace(/^##/gm, '###')],
    ['capital headings', WHOLE.replace(/^## .*$/gm, (line) => line.toUpperCase())],
    ['numbered, bold headings with a colon', WHOLE.replace(/^## (.*)$/gm, '## 3. **$1:**')],
    ['stars for bullets', WHOLE.replace(/^(\s*)- /gm, '$1* ')],
    ['Windows line ends and a byte order mark', `\uFEFF${WHOLE.replaceAll('\n', '\r\n')}`],
    ['the sign as it should be', WHOLE.replaceAll('Â±', '±')],
    ['an id in smart quotes', WHOLE.replace('CHECKOUT-PROD-042', '“CHECKOUT-PROD-042”')],
    ['colons inside the bold names', WHOLE.replace(/\*\*([^*\n]+)\*\*:/g, '**$1:**')],
    ['a rule between the parts', WHOLE.replace(/^## /gm, '---\n\n## ')],
    ['underscores for bold', WHOLE.replace(/\*\*([^*\n]+)\*\*/g, '__$1__')],
  ] as const)('HO-4: %s', ([, text]) => {
    expect(withoutLines(contractIn(text))).toEqual(same);
  });
});

describe('what a contract may leave out, and what it may have besides', () => {
  it('HO-4: needs no more than schema, id, parties, objective, a criterion, a metric and a time', () => {
    expect(contractIn(SMALLEST)).toMatchObject({ id: 'C-1', inputs: [], risks: [], other: [], remarks: {} });
  });

  it('HO-4: parts, paragraphs, lists below lists and code that nobody asked for are kept', () => {
    const more = `${SMALLEST}
Said at the end of the timeline.

## Budget
About 3 % of the year.

### By month
- January
  - 1,000
    more of it

\`\`\`sh
# not a heading
- not an item
\`\`\`
`;
    const contract = contractIn(more);
    expect(contract.remarks.timeline).toBe('Said at the end of the timeline.');
    expect(contract.other).toEqual([{ title: 'Budget', text: expect.stringContaining('### By month') }]);
    expect(contract.other[0]?.text).toContain('  - 1,000\n    more of it');
    expect(contract.other[0]?.text).toContain('# not a heading\n- not an item');
    expect(withoutLines(contractIn(renderContract(contract)))).toEqual(withoutLines(contract));
  });

  it('HO-4: code below an item stays with it, and marks of code in a line begin none', () => {
    const code =
      '- **Run**:\n  ```sh\n  # once\n\n    - indented\n  ```\n- Marks: ~~~\n- **Bold marks**: ```';
    const contract = contractIn(
      SMALLEST.replace('- **Deployment Window**', `${code}\n- **Deployment Window**`),
    );
    expect(contract.timeline.map(({ name, text }) => [name, text])).toEqual([
      ['Run', '```sh\n# once\n\n  - indented\n```'],
      ['', 'Marks: ~~~'],
      ['', '**Bold marks**: ```'],
      ['Deployment Window', 'Within 48 hours of acceptance'],
    ]);
    expect(withoutLines(contractIn(renderContract(contract)))).toEqual(withoutLines(contract));
  });

  it('HO-4: a criterion without a bold name is named by its words, and a tick is read as one', () => {
    const text = SMALLEST.replace(
      '- [ ] **Health checks**: All pass',
      '- [x] Probes: all answer\n- [ ] It works',
    );
    expect(contractIn(text).acceptanceCriteria).toEqual([
      {
        name: '',
        text: '',
        items: [
          { name: 'Probes', text: 'all answer', checked: true, line: 13 },
          { name: 'It works', text: '', checked: false, line: 14 },
        ],
      },
    ]);
  });
});

describe('a document that is no contract', () => {
  it.for([
    [
      '## Schema\n**HANDOFF/V1**\n\n',
      '',
      'line 1: section "Schema": it is missing; a contract says "**HANDOFF/V1**" there',
    ],
    [
      'HANDOFF/V1',
      'HANDOFF/V2',
      'line 2: section "Schema": it says "HANDOFF/V2"; the only schema that is read is HANDOFF/V1',
    ],
    [
      '- **Handoff ID**: C-1\n',
      '',
      'line 4: section "Handoff Details", Handoff ID: it is missing; write it as "- **Handoff ID**: …"',
    ],
    [
      'C-1',
      'number one',
      /^line 5: section "Handoff Details", Handoff ID: it is "number one"; an id is letters, digits/,
    ],
    ['C-1', 'list', /^line 5: .*not the word "list"$/],
    ['- **From**: Dana\n', '', /^line 4: .*From: it is missing/],
    ['- **To**: Omar\n', '- **To**:\n', /^line 7: .*To: it is missing/],
    [
      '- **To**: Omar\n',
      '- **To**: Omar\n- **To**: Tom\n',
      'line 8: section "Handoff Details", To: it is there twice; name it once',
    ],
    [
      '- **To**: Omar\n',
      '- **To**: Omar\n- **Timestamp**: yesterday\n',
      /^line 8: .*Timestamp: it is "yesterday"; write 2026-/,
    ],
    [
      'Ship it.',
      '',
      'line 9: section "Objective": it is empty; a contract says there in a sentence what it is for',
    ],
    [
      '## Acceptance Criteria\n- [ ] **Health checks**: All pass\n',
      '',
      'line 13: section "Acceptance Criteria": it is missing; a contract needs at least one criterion as "- [ ] **Name**: text"',
    ],
    [
      '- [ ] **Health checks**: All pass',
      'All must be well.',
      'line 12: section "Acceptance Criteria": it has words and no list; a contract needs at least one criterion as "- [ ] **Name**: text"',
    ],
    [
      '- **Downtime**: 0 minutes',
      '',
      'line 15: section "Success Metrics": it is empty; a contract needs at least one metric as "- **Name**: figure"',
    ],
    [
      '## Timeline\n- **Deployment Window**: Within 48 hours of acceptance\n',
      '',
      /^line \d+: section "Timeline": it is missing/,
    ],
    [
      '## Timeline',
      '## Timeline\n- **A**: b\n\n## TIMELINE',
      'line 21: section "Timeline": it stands at line 18 already; a contract has one',
    ],
    [
      'Ship it.',
      'Ship it.\n\n```\nand never end',
      'line 12: a code block: it begins here and never ends; end it with the line it began with',
    ],
  ] as const)('HO-4: %j as %j is refused with its place', ([part, instead, says]) => {
    expect(SMALLEST).toContain(part);
    expect(problemsIn(SMALLEST.replace(part, instead))).toEqual([
      typeof says === 'string' ? says : expect.stringMatching(says),
    ]);
  });

  it('HO-4: all that is wrong is said at once, in the order of the document', () => {
    const wrong = problemsIn('# Notes\n\nNothing of the kind.\n');
    expect(wrong).toHaveLength(6);
    expect(problemsIn('')).toHaveLength(6);
  });

  it('HO-4: limits are said with what was found', () => {
    const criteria = (count: number) =>
      SMALLEST.replace(
        '- [ ] **Health checks**: All pass',
        Array.from({ length: count }, (_, n) => `- [ ] C${n}`).join('\n'),
      );
    expect(problemsIn(criteria(LIMITS.criteria))).toEqual([]);
    expect(problemsIn(criteria(LIMITS.criteria + 1))).toEqual([
      'line 12: section "Acceptance Criteria": it has 201 criteria; at most 200 are taken',
    ]);
    const inputs = `\n## Inputs\n${'- **A**: b\n'.repeat(LIMITS.checklist)}`;
    expect(problemsIn(SMALLEST + inputs)[0]).toMatch(
      /together they have 401 items; a checklist holds at most 400/,
    );
    const filled = (bytes: number) => `${SMALLEST}${'x'.repeat(bytes - SMALLEST.length)}`;
    expect(problemsIn(filled(LIMITS.bytes))).toEqual([]);
    expect(problemsIn(filled(LIMITS.bytes + 1))).toEqual([
      'line 1: the document: it has 65,537 bytes; at most 65,536 are read',
    ]);
    const lines = (count: number) =>
      SMALLEST.padEnd(SMALLEST.length + count - SMALLEST.split('\n').length, '\n');
    expect(problemsIn(lines(LIMITS.lines))).toEqual([]);
    expect(problemsIn(lines(LIMITS.lines + 1))).toEqual([
      'line 2001: the document: it has 2,001 lines; at most 2,000 are read',
    ]);
  });
});

/** Text made of what Markdown means something by. */
const marked = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '# ',
        '## ',
        '### ',
        '- ',
        '  - ',
        '1. ',
        '- [ ] ',
        '- [x] ',
        '**',
        '**: ',
        '__',
        '```',
        '~~~',
        '---',
        '===',
        ': ',
        '\n',
        '\n\n',
        '    ',
        '\t',
        '> ',
        '`',
        '|',
        '\\',
        '\r\n',
        '\u00a0',
        '| ',
        ' |\n',
        '|-|-|\n',
        '---|---',
        '☐ ',
        '✅ ',
        '[] ',
        '[x] ',
        '(a) ',
        '– ',
        '<!--',
        '-->',
      ),
      fc.constantFrom(
        'Schema',
        'HANDOFF/V1',
        'Timeline',
        'Objective',
        'Risk',
        'Impact',
        'Inputs',
        '60 minutes',
        '±10 %',
      ),
      fc.string({ maxLength: 8 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('whatever is given', () => {
  it('HO-4: reading ends with a contract or with problems, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(marked, fc.string({ unit: 'binary', maxLength: 300 })), (text) => {
        const read = readContract(text);
        if (!read.ok) expect(read.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('HO-4: what is added to a contract is kept, and survives being written out and read again', () => {
    fc.assert(
      fc.property(
        marked,
        fc.constantFrom(
          '\n## Notes\n',
          '\n## Context\n',
          '\n## Inputs\n',
          '\n## Risks\n',
          '\n## Artifacts\n',
          '\n',
        ),
        (text, under) => {
          const read = readContract(SMALLEST + under + text);
          if (!read.ok) return;
          const rendered = renderContract(read.contract);
          expect(withoutLines(contractIn(rendered))).toEqual(withoutLines(read.contract));
          const kept = rendered.replace(/[^\p{L}\p{N}]+/gu, '');
          // What is commented out is not said.
          if (text.includes('<!--')) return;
          const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
          // Numbers of a list, ticks and the schema's own headings are drawn anew.
          const own = /^(?:\d+|x|a|schema|timeline|objective|inputs|risk|impact)$/i;
          const lost = words.filter((word) => !kept.includes(word) && !own.test(word));
          expect(lost).toEqual([]);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it.for([
    ['quotes', '> '],
    ['bullets on one line', '- '],
    ['brackets', '['],
    ['stars', '*'],
    ['underscores', '_ '],
    ['spaces', ' '],
    ['hashes', '# '],
    ['colons', 'a: '],
    ['figures', '- **Window**: 1 hour\n'],
    ['bullets', '- a\n'],
    ['headings', '# x\n'],
    ['fences', '```\n'],
    ['bold names', '**a**'],
    ['bars', '|'],
    ['rows', '| a | b |\n'],
    ['dividers', '|-'],
    ['comments', '<!---->'],
    ['comments that never end', '<!--'],
    ['backticks', '`'],
    ['boxes below boxes', '- [ ] a\n  '],
  ] as const)(
    'HO-4, OP-9: four times as many %s, up to 64 KiB, take no more than their share longer',
    ([, piece]) => {
      const took = (bytes: number): number => {
        const text = `${SMALLEST}${piece.repeat(Math.floor((bytes - SMALLEST.length) / piece.length))}`;
        const before = process.cpuUsage();
        readContract(text);
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1_000;
      };
      took(LIMITS.bytes / 4);
      // What grows with the square takes sixteen times as long; below some milliseconds nothing can be told.
      expect(took(LIMITS.bytes)).toBeLessThan(10 * Math.max(took(LIMITS.bytes / 4), 10));
    },
  );
});
