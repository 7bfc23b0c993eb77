import { describe, expect, it } from 'vitest';
import { criteriaGroups, criteriaOf } from '../../src/contract/criteria.ts';
import { contractTargets } from '../../src/contract/targets.ts';
import { contractChecklist } from '../../src/contract/to-checklist.ts';
import { contractIn, problemsIn, SMALLEST } from './documents.ts';

const CRITERION = '- [ ] **Health checks**: All pass';
const withCriteria = (text: string): string => SMALLEST.replace(CRITERION, text);
const followedBy = (text: string): string => `${SMALLEST}\n${text}\n`;
const named = (text: string): [string, boolean][] =>
  criteriaOf(contractIn(text)).map(({ name, checked }) => [name, checked]);

describe('a criterion is read wherever it stands and however it is marked', () => {
  it.for([
    [
      'a box in Markdown',
      withCriteria('- [ ] A\n- [x] B'),
      [
        ['A', false],
        ['B', true],
      ],
    ],
    ['a box without its space', withCriteria('- [] A'), [['A', false]]],
    ['a box with a tick in it', withCriteria('- [✓] A'), [['A', true]]],
    [
      'a box without a bullet',
      withCriteria('[ ] A\n[X] B'),
      [
        ['A', false],
        ['B', true],
      ],
    ],
    [
      'boxes as characters',
      withCriteria('☐ A\n☑ B\n☒ C'),
      [
        ['A', false],
        ['B', true],
        ['C', false],
      ],
    ],
    [
      'marks as pictures',
      withCriteria('- ✅ A\n- ❌ B\n- ⬜ C\n- ✔️ D'),
      [
        ['A', true],
        ['B', false],
        ['C', false],
        ['D', true],
      ],
    ],
    [
      'bullets of a text program',
      withCriteria('• A\n◦ B\n– C\n‣ D'),
      [
        ['A', false],
        ['B', false],
        ['C', false],
        ['D', false],
      ],
    ],
    [
      'numbers and letters',
      withCriteria('1. A\n2) B\n(3) C\na) D'),
      [
        ['A', false],
        ['B', false],
        ['C', false],
        ['D', false],
      ],
    ],
    ['a numbered box', withCriteria('1. [x] A'), [['A', true]]],
    [
      'a box below another',
      withCriteria('- [ ] A\n  - [x] B\n    - [ ] C\n  - no box'),
      [
        ['A', false],
        ['A – B', true],
        ['A – B – C', false],
      ],
    ],
    [
      'a quotation',
      withCriteria('> - [ ] A\n> - [ ] B'),
      [
        ['A', false],
        ['B', false],
      ],
    ],
    [
      'a table',
      withCriteria('| Criterion | Limit |\n|---|---|\n| A | 5 |\n| B | 6 |'),
      [
        ['A', false],
        ['B', false],
      ],
    ],
    [
      'a table that counts its rows',
      withCriteria('| # | Criterion |\n|:-:|---|\n| 1 | A |\n| 2 | B |'),
      [
        ['A', false],
        ['B', false],
      ],
    ],
    [
      'a table with marks',
      withCriteria('| Criterion | Done |\n|---|---|\n| A | ✅ |\n| B | [ ] |\n| C | |'),
      [
        ['A', true],
        ['B', false],
        ['C', false],
      ],
    ],
    [
      'a table without outer bars',
      withCriteria('Criterion | Limit\n--- | ---\nA | 5\nB | 6'),
      [
        ['A', false],
        ['B', false],
      ],
    ],
    [
      'rows without a head',
      withCriteria('| A | 5 |\n| B | 6 |'),
      [
        ['A', false],
        ['B', false],
      ],
    ],
    ['a bar in a cell', withCriteria('| A \\| B | 5 |'), [['A | B', false]]],
    [
      'below a heading of its own',
      withCriteria(`### Before\n- [ ] A\n\n### After\n- [ ] B`),
      [
        ['A', false],
        ['B', false],
      ],
    ],
    [
      'a box in the context',
      SMALLEST.replace(
        '## Acceptance',
        '## Context\nIt is ready.\n- [ ] Tell the bank\n- no box\n\n## Acceptance',
      ),
      [
        ['Health checks', false],
        ['Tell the bank', false],
      ],
    ],
    [
      'a box in the objective',
      SMALLEST.replace('Ship it.', 'Ship it.\n- [x] Really'),
      [
        ['Health checks', false],
        ['Really', true],
      ],
    ],
    [
      'a box in a part that nobody knows',
      followedBy('## Definition of done\n- [ ] Signed\n\n### Later\n- [ ] Paid'),
      [
        ['Health checks', false],
        ['Signed', false],
        ['Paid', false],
      ],
    ],
    [
      'a box among the next steps',
      followedBy('## Next Steps\n1. [ ] **Accept**: by Omar\n2. Deploy'),
      [
        ['Health checks', false],
        ['Accept', false],
      ],
    ],
    [
      'a box of a risk',
      followedBy('## Risks\n- [ ] **Risk**: It burns\n  - **Impact**: high\n  - [ ] Hose ready'),
      [
        ['Health checks', false],
        ['It burns', false],
        ['It burns – Hose ready', false],
      ],
    ],
    [
      'marks in the words of Slack',
      withCriteria(':white_large_square: A\n- :white_check_mark: B\n:x: C\n* :heavy_check_mark: D'),
      [
        ['A', false],
        ['B', true],
        ['C', false],
        ['D', true],
      ],
    ],
    [
      'squares of any colour, which say nothing of being done',
      withCriteria('🔲 A\n🟩 B\n⬛ C\n- 🗹 D'),
      [
        ['A', false],
        ['B', false],
        ['C', false],
        ['D', true],
      ],
    ],
    [
      'a table with merged cells',
      withCriteria(
        '| Criterion | Limit | Done |\n|---|---|---|\n| A | 5 | [x] |\n| | 6 | [ ] |\n| | | [x] |\n| B | | |',
      ),
      [
        ['A', true],
        ['A – 6', false],
        ['A', true],
        ['B', false],
      ],
    ],
    [
      'boxes below boxes, set in with tabs',
      withCriteria('- [ ] A\n\t- [ ] B\n\t\t- [x] C\n- [ ] D'),
      [
        ['A', false],
        ['A – B', false],
        ['A – B – C', true],
        ['D', false],
      ],
    ],
    [
      'lines that end as on Windows',
      withCriteria('- [ ] A\n  - [x] B\n\n| C | [x] |').replaceAll('\n', '\r\n'),
      [
        ['A', false],
        ['A – B', true],
        ['C', true],
      ],
    ],
    [
      'a comment between and behind',
      withCriteria('- [ ] A <!-- [x] not B -->\n<!-- - [ ] C\n- [ ] D --> \n- [x] E'),
      [
        ['A', false],
        ['E', true],
      ],
    ],
    [
      'no comment',
      withCriteria(`<!-- - [ ] Example -->\n${CRITERION}\n<!--\n- [ ] Old\n-->\n- [ ] New`),
      [
        ['Health checks', false],
        ['New', false],
      ],
    ],
    [
      'what is no comment in code',
      withCriteria('- [ ] Shows `<!--` as it is'),
      [['Shows `<!--` as it is', false]],
    ],
  ] as [string, string, [string, boolean][]][])('HO-4: %s', ([, text, criteria]) => {
    expect(named(text)).toEqual(criteria);
  });

  it('HO-4: all of them are on the checklist, each under the heading where it stands', () => {
    const contract = contractIn(followedBy('## Definition of done\n- [ ] Signed'));
    expect(criteriaGroups(contract).map(({ name, items }) => [name, items.length])).toEqual([
      ['', 1],
      ['Definition of done', 1],
    ]);
    expect(contractChecklist(contract).map(({ text }) => text)).toEqual([
      'Health checks: All pass',
      'Signed',
    ]);
  });

  it('HO-4: a row keeps each of its cells', () => {
    const [item] = criteriaOf(
      contractIn(withCriteria('| Id | What | Limit |\n|---|---|---|\n| AC-1 | Errors | 1 % |')),
    );
    expect(item).toMatchObject({ name: 'AC-1', text: 'Errors; Limit: 1 %' });
  });

  it('HO-4: what may be meant as one and is not read as one is named with its line', () => {
    const contract = contractIn(
      withCriteria(
        `${CRITERION}\n\nAC-2: It is fast\n\n\`\`\`md\n- [ ] Example\n\`\`\`\n\n<li>It is small</li>`,
      ),
    );
    expect(contractTargets(contract).notUnderstood).toMatchObject([
      {
        line: 15,
        section: 'Acceptance Criteria',
        text: 'AC-2: It is fast',
        why: 'it stands in no list and has no box',
      },
      { line: 18, text: '- [ ] Example', why: 'a box in a code block is taken for an example' },
      { line: 21, text: '<li>It is small</li>' },
    ]);
  });

  it('HO-4: a comment that never ends is said with its line', () => {
    expect(problemsIn(SMALLEST.replace(CRITERION, `${CRITERION}\n<!-- ${CRITERION}`))).toEqual([
      'line 14: a comment: it begins here and never ends; end it with "-->"',
    ]);
    expect(problemsIn(SMALLEST.replace(CRITERION, `<!-- ${CRITERION}`))).toEqual([
      'line 13: a comment: it begins here and never ends; end it with "-->"',
    ]);
  });
});

describe('who hands over, as it is written', () => {
  it.for([
    ['an id that is a link', SMALLEST.replace('C-1', '[C-1](https://tracker/C-1)')],
    ['an id that Slack made a link', SMALLEST.replace('C-1', '<https://tracker/C-1|C-1>')],
    ['a bold id that is a link', SMALLEST.replace('C-1', '**[C-1](https://tracker/C-1)**')],
    ['the schema in its heading', SMALLEST.replace('## Schema\n**HANDOFF/V1**', '## Schema: HANDOFF/V1')],
    [
      'the schema in its heading, in bold',
      SMALLEST.replace('## Schema\n**HANDOFF/V1**', '## **Schema** — `HANDOFF/V1`'),
    ],
    [
      'a table',
      SMALLEST.replace(
        '- **Handoff ID**: C-1\n- **From**: Dana\n- **To**: Omar',
        '| Field | Value |\n|---|---|\n| Handoff ID | C-1 |\n| From | Dana |\n| To | Omar |',
      ),
    ],
  ] as const)('HO-4: %s', ([, text]) => {
    expect(contractIn(text)).toMatchObject({ schema: 'HANDOFF/V1', id: 'C-1', from: 'Dana', to: 'Omar' });
  });

  it('HO-4: another schema in the heading is refused as one below it', () => {
    expect(problemsIn(SMALLEST.replace('## Schema\n**HANDOFF/V1**', '## Schema: HANDOFF/V2'))).toEqual([
      'line 1: section "Schema": it says "HANDOFF/V2"; the only schema that is read is HANDOFF/V1',
    ]);
  });
});
