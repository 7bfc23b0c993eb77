/** Gates and the checklist in words: the card's two lines, how they fold, and the modal within Slack's limits. */

import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessage, checkView, initialState } from '../../local-slack/block-kit/index.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { GateResult } from '../../src/deployment/readiness/state.ts';
import { CHECKLIST_GROUPS, type ChecklistItem, type RequiredGate } from '../../src/terms/requirements.ts';
import { DAY, HOUR } from '../../src/time.ts';
import { boxesOf, boxOf, readChecklistModal } from '../../views/checklist-boxes.ts';
import { renderChecklistModal, type Viewer } from '../../views/checklist-modal.ts';
import { renderChecklists } from '../../views/checklists.ts';
import { renderDetailsModal } from '../../views/details-modal.ts';
import { foldedReadiness, gatesInShort, readinessLines } from '../../views/readiness.ts';
import { statusWords } from '../../views/status-words.ts';
import { link } from '../../views/text.ts';
import { startsWords, waitingWords } from '../../views/waiting-words.ts';
import { gate, item, needs } from '../deployment/readiness-builders.ts';
import { anyDeployment } from './any-deployment.ts';
import { DANA, deploymentIn, type Settings, T0, TOM } from './deployments.ts';

const result = (of: RequiredGate, more: Partial<GateResult> = {}): GateResult => ({
  report: { gate: of.id, status: 'passed', at: T0, by: 'ci' },
  passed: true,
  says: 'passed',
  ...more,
});

const some = (count: number): RequiredGate[] =>
  Array.from({ length: count }, (_, index) => gate(`g${index}`, { name: `gate ${index}` }));

function withGates(gates: RequiredGate[], results: Record<string, GateResult>): Deployment {
  return deploymentIn('preparing', { requirements: needs({ gates }), gates: results });
}

const allPassed = (gates: RequiredGate[]): Record<string, GateResult> =>
  Object.fromEntries(gates.map((one) => [one.id, result(one)]));

const tom: Viewer = {
  actor: { kind: 'person', person: TOM, roles: ['tech_lead'] },
  zone: 'Europe/Berlin',
  now: T0 + 30 * DAY,
};
const nobody: Viewer = {
  actor: { kind: 'person', person: { id: 'U0NOBODY001', name: 'Nora' }, roles: [] },
  zone: 'UTC',
  now: T0 + 30 * DAY,
};
const says = (view: ModalView): string => JSON.stringify(view.blocks).replaceAll('\\n', '\n');
/** A line for each block: the text of it, and of boxes their label and their words. */
const outline = ({ blocks }: ModalView): string[] => (blocks as KnownBlock[]).map(lineOf);

function lineOf(block: KnownBlock): string {
  switch (block.type) {
    case 'section':
    case 'header':
      return block.text?.text ?? '';
    case 'context':
      return block.elements.map((element) => ('text' in element ? element.text : '')).join(' ');
    case 'input': {
      const options = block.element.type === 'checkboxes' ? block.element.options : [];
      return [block.label.text, options.map(({ text }) => text.text).join(', ')].filter(Boolean).join(': ');
    }
    default:
      throw new Error(`the checklist draws no ${block.type}`);
  }
}

const asSubmitted = (view: ModalView) => ({
  privateMetadata: view.private_metadata ?? '',
  values: initialState(view.blocks as never),
});

describe('the gates in one line', () => {
  const four = [
    gate('build'),
    gate('unit_tests'),
    gate('scan', { name: 'security scan' }),
    gate('data', { name: 'staging data', lasts: 7 * DAY }),
  ];
  const [build, tests, scan, data] = four as [RequiredGate, RequiredGate, RequiredGate, RequiredGate];

  it('GT-1: names each with its figures and its state in words, what failed first', () => {
    const d = withGates(four, {
      build: result(build),
      scan: result(scan, { passed: false, says: '1 critical, 0 high' }),
      data: result(data, { expired: true }),
    });
    expect(readinessLines(d, 'start')).toEqual([
      expect.stringMatching(
        /^🚧 \*Gates\* · security scan failed: 1 critical, 0 high · staging data too old: <!date\^\d+\^\{ago\}\|[^>]*>, counts for 7 days · unit tests missing · build ok$/,
      ),
    ]);
    expect(gatesInShort(d)).toBe(
      '3 of 4 gates open: security scan failed, staging data too old and unit tests missing',
    );
  });

  it('GT-1: says of those that passed what they passed with', () => {
    const d = withGates([build, tests], {
      build: result(build),
      unit_tests: result(tests, { says: '100 % of 412 tests' }),
    });
    expect(readinessLines(d, 'start')).toEqual(['✅ *Gates* · build ok · unit tests 100 % of 412 tests']);
    expect(gatesInShort(d)).toBe('Gates: all 2 passed');
  });

  it('GT-1: folds many: the passed are counted, a few of the open named', () => {
    const gates = some(13);
    expect(readinessLines(withGates(gates, allPassed(gates)), 'start')).toEqual([
      '✅ *Gates* · all 13 passed',
    ]);
    expect(readinessLines(withGates(gates, allPassed(gates.slice(1))), 'start')).toEqual([
      '⏳ *Gates* · 12 of 13 passed · not reported: gate 0',
    ]);
    expect(readinessLines(withGates(gates, {}), 'start')).toEqual([
      '⏳ *Gates* · 0 of 13 passed · not reported: gate 0, gate 1, gate 2 and 10 more',
    ]);
    const [first, second] = gates as [RequiredGate, RequiredGate];
    const spoken = {
      ...allPassed(gates.slice(3)),
      [first.id]: result(first, { passed: false, says: '98 %, at least 100 %' }),
      [second.id]: result(second, { passed: false, says: 'failed' }),
    };
    expect(readinessLines(withGates(gates, spoken), 'start')).toEqual([
      '🚧 *Gates* · 10 of 13 passed · gate 0 failed: 98 %, at least 100 % · gate 1 failed · not reported: gate 2',
    ]);
  });
});

describe('the checklist in one line', () => {
  const items = Array.from({ length: 6 }, (_, index) =>
    item(`i${index}`, { text: `Item ${index}`, group: index < 4 ? 'documentation' : 'environment' }),
  );
  const ticked = (...ids: string[]): Partial<Settings> => ({
    requirements: needs({ checklist: items }),
    ticks: ids.map((id) => ({ item: id })),
  });
  const line = (settings: Partial<Settings>): string | undefined =>
    readinessLines(deploymentIn('preparing', settings), 'start')[0];

  it('GT-5: counts what is done, and names a few of the open', () => {
    expect(line(ticked('i0', 'i1', 'i2', 'i3'))).toBe('⏳ *Checklist* · 4 of 6 · open: Item 4 and Item 5');
    expect(line(ticked())).toBe('⏳ *Checklist* · 0 of 6 · open: documentation 4, environment 2');
    const d = deploymentIn('preparing', {
      requirements: needs({ checklist: items }),
      ticks: [{ item: 'i5' }],
    });
    const old = {
      ...d,
      evidence: {
        ...d.evidence,
        ticks: d.evidence.ticks.map((tick) => ({ ...tick, expired: true as const })),
      },
    };
    expect(readinessLines(old, 'start')).toEqual([
      '⏳ *Checklist* · 0 of 6 · open: Item 5 (too old), documentation 4, environment 1',
    ]);
    expect(line(ticked(...items.map(({ id }) => id)))).toBe('✅ *Checklist* · all 6 done');
  });

  it('GT-5: names and counts no item besides the sign-off, the gate or the change request that ticks it', () => {
    const checklist = [
      item('go', { evidence: { kind: 'sign_off', role: 'security' } }),
      item('built', { evidence: { kind: 'gate', gate: 'build' } }),
      item('asked', { evidence: { kind: 'change_request' } }),
      item('parity', { text: 'Staging is alike', evidence: { kind: 'gate', gate: 'parity' } }),
    ];
    const requirements = needs({ gates: [gate('build')], checklist, changeRequest: true });
    const d = deploymentIn('preparing', { requirements });
    expect(readinessLines(d, 'start')[1]).toBe(
      '⏳ *Checklist* · 0 of 4 · open: Staging is alike · 3 more wait for the above',
    );
    expect(waitingWords(d)).toBe(
      'Waiting for 2 of 3 sign-offs, 1 gate, 1 checklist item and the change request',
    );
    const parity = { ...d, evidence: { ...d.evidence, gates: { parity: result(gate('parity')) } } };
    expect(readinessLines(parity, 'start')[1]).toBe('⏳ *Checklist* · 1 of 4 · 3 items wait for the above');
    expect(waitingWords(parity)).toBe('Waiting for 2 of 3 sign-offs, 1 gate and the change request');
    // A gate that nothing asks for but the item is the item's own.
    const built = { ...d, evidence: { ...d.evidence, gates: { build: result(gate('build')) } } };
    expect(waitingWords(built)).toContain('1 checklist item and the change request');
  });

  it('GT-5: says of optional items that they are not waited for', () => {
    const optional = items.map((one, index) => ({ ...one, required: index > 3 }));
    expect(line({ requirements: needs({ checklist: optional }) })).toBe(
      '⏳ *Checklist* · 0 of 6 · open: Item 4 and Item 5 · 4 optional ones not waited for',
    );
    const none = items.map((one) => ({ ...one, required: false }));
    expect(line({ requirements: needs({ checklist: none }) })).toBe(
      '☑️ *Checklist* · 0 of 6 · the rest is optional, not waited for',
    );
    const d = deploymentIn('scheduled', { requirements: needs({ checklist: none }) });
    expect(foldedReadiness(d, 'start')).toBe('checklist 0 of 6, the rest is not waited for');
  });

  it('HO-5: names the roles that an open item waits for', () => {
    const two = item('two', {
      text: 'Ready',
      roles: [
        { role: 'operations', name: 'Operations' },
        { role: 'sponsor', name: 'Sponsor' },
      ],
    });
    const d = { requirements: needs({ checklist: [two] }), ticks: [{ item: 'two', role: 'sponsor' }] };
    expect(line(d)).toBe('⏳ *Checklist* · 0 of 1 · open: Ready (Operations)');
  });
});

describe('what it waits for, in one phrase', () => {
  const requirements = needs({
    gates: [gate('build')],
    checklist: [item('a'), item('b'), item('c', { required: false })],
    changeRequest: true,
  });

  it('GT-5: counts sign-offs, gates, items and the change request alike', () => {
    const d = deploymentIn('preparing', { requirements });
    expect(waitingWords(d)).toBe(
      'Waiting for 2 of 3 sign-offs, 1 gate, 2 checklist items and the change request',
    );
    expect(statusWords(d)).toBe('waits for 2 sign-offs, 1 gate, 2 checklist items and the change request');
    expect(startsWords(d)).toBe('starts as soon as all that it needs is there');
  });

  it('GT-5: leaves the sign-offs out once they are there, or are not waited for', () => {
    expect(waitingWords(deploymentIn('preparing', { requirements, goes: 3 }))).toBe(
      'Waiting for 1 gate, 2 checklist items and the change request',
    );
    const d = deploymentIn('preparing');
    expect(startsWords(d)).toBe('starts as soon as all have said go');
    const workdays = { timeZone: 'UTC', holidays: [] };
    const emergency = {
      ...d,
      terms: { ...d.terms, approval: { when: 'afterwards' as const, leadTime: 0, workdays } },
    };
    expect(statusWords({ ...emergency, terms: { ...emergency.terms, requirements } })).toMatch(
      /^waits for 1 gate/,
    );
  });
});

const twenty = (d: Deployment): Deployment[] =>
  Array.from({ length: 20 }, (_, index) => ({ ...d, id: `D-${index + 1}` }));

describe('the checklist modal', () => {
  it('GT-5: fits within Slack’s limits for any deployment, checklist and person', () => {
    const actors = [
      tom,
      nobody,
      { ...tom, actor: { ...tom.actor, person: DANA, roles: ['role_0', 'role_1'] } },
    ];
    fc.assert(
      fc.property(anyDeployment(), fc.constantFrom(...actors), (d, viewer) => {
        const view = renderChecklistModal(d, viewer);
        expect(checkView(view, 'modal')).toEqual([]);
        expect(readChecklistModal(asSubmitted(view))).toMatchObject({ ok: true, wishes: [] });
        expect(checkMessage(renderChecklists('Which one?', twenty(d)))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('GT-5: fits with 400 items of the longest texts and ids, and says what it leaves out', () => {
    const roles = ['tech_lead'.padEnd(40, 'x'), 'tech_lead'].map((role) => ({ role, name: role }));
    const checklist = Array.from({ length: 400 }, (_, index) =>
      item(`item_${index}`.padEnd(40, 'y'), {
        text: `${'&<>'.repeat(index % 2 === 0 ? 49 : 20)} ${index}`,
        group: index % 3 === 0 ? 'artifacts' : 'environment',
        before: index % 5 === 0 ? 'hand_over' : 'start',
        ...(index % 10 === 0 ? { after: HOUR } : {}),
        ...(index % 4 === 0 ? { roles } : {}),
      }),
    );
    const settings = { requirements: needs({ checklist, gates: some(200) }) };
    const ticks = checklist.filter(({ roles: asked }) => !asked).map(({ id }) => ({ item: id }));
    for (const d of [
      deploymentIn('preparing', settings),
      deploymentIn('preparing', { ...settings, ticks }),
    ]) {
      for (const viewer of [tom, nobody]) {
        const view = renderChecklistModal(d, viewer);
        expect(checkView(view, 'modal')).toEqual([]);
        expect(says(view)).toMatch(/and \d+ more/);
        expect(readChecklistModal(asSubmitted(view))).toMatchObject({ ok: true, wishes: [] });
      }
    }
  });

  it('GT-5: offers a box for what this person may tick by hand, and for nothing else', () => {
    const checklist = [
      item('hand'),
      item('proved', { evidence: { kind: 'gate', gate: 'ok' } }),
      item('failing', { evidence: { kind: 'gate', gate: 'bad' } }),
      item('silent', { evidence: { kind: 'gate', gate: 'none' } }),
      item('signed', { evidence: { kind: 'sign_off', role: 'tech_lead' } }),
      item('theirs', { roles: [{ role: 'security', name: 'Security' }] }),
      item('mine', { roles: [{ role: 'tech_lead', name: 'Tech lead' }] }),
    ];
    const gates = ['ok', 'bad', 'none'].map((id) => gate(id, { before: 'evidence' }));
    const d = deploymentIn('preparing', {
      requirements: needs({ checklist, gates }),
      gates: {
        ok: result(gate('ok')),
        bad: result(gate('bad'), { passed: false, says: 'failed' }),
      },
    });
    const offered = checklist.flatMap((one) => boxesOf(d, one, tom)).map(({ item: { id } }) => id);
    expect(offered).toEqual(['hand', 'silent', 'mine']);
    const view = renderChecklistModal(d, tom);
    expect(says(view)).toContain('Ticks itself with gate none');
    expect(says(view)).toMatch(
      /🚧 \*failing is done\* · bad failed, <!date\^.* · a tick does not stand against it/,
    );
    expect(says(view)).toContain('⬜ *theirs is done* · open · waits for Security');
    expect(says(view)).toContain('✅ Done: proved is done · signed is done"');
    expect(view.blocks.filter(({ type }) => type === 'input')).toHaveLength(2);
  });

  it('GT-5: opens with what is open in full, then the ticks to take back, and folds what else has passed', () => {
    const theirs = { roles: [{ role: 'security', name: 'Security' }] };
    const checklist = [
      item('seen', { evidence: { kind: 'gate', gate: 'ok' } }),
      item('ticked'),
      item('asked', { evidence: { kind: 'on_call' } }),
      item('theirs', theirs),
      item('mine'),
      item('packed', { group: 'artifacts', evidence: { kind: 'on_call' } }),
    ];
    const gates = [gate('ok', { before: 'evidence' })];
    const d = deploymentIn('preparing', {
      requirements: needs({ checklist, gates }),
      gates: { ok: result(gate('ok')) },
      ticks: [{ item: 'ticked' }],
    });
    expect(outline(renderChecklistModal(d, tom)).slice(1)).toEqual([
      'Documentation · 3 of 5',
      'Tick what is done: mine is done',
      '⬜ *theirs is done* · open · waits for Security',
      'Done: untick what is open again: ticked is done',
      '✅ Done: seen is done · asked is done',
      '✅ *Artifacts* · 1 of 1',
      'What is folded here, who ticked it and when: *Details*, in the menu of the card',
      'Note',
    ]);
    const closed = outline(renderChecklistModal(d, nobody));
    expect(closed).toContain('✅ Done: seen is done · ticked is done · asked is done');
  });

  it('GT-5: an item that this person ticked and others must tick as well stands with what is open', () => {
    const both = ['tech_lead', 'security'].map((role) => ({ role, name: role }));
    const d = deploymentIn('preparing', {
      requirements: needs({ checklist: [item('both', { roles: both })] }),
      ticks: [{ item: 'both', role: 'tech_lead' }],
    });
    expect(outline(renderChecklistModal(d, tom)).slice(1)).toEqual([
      'Documentation · 0 of 1',
      'Tick what is done: both is done',
      'Note',
    ]);
  });

  it('HO-1: what nobody can tick before all traffic has moved is one line until then, and boxes afterwards', () => {
    const later = (id: string, more: Partial<ChecklistItem> = {}) =>
      item(id, { before: 'hand_over', after: 0, ...more });
    const checklist = [
      later('fast'),
      later('calm', { after: 24 * HOUR }),
      later('kept', { group: 'artifacts', after: 24 * HOUR }),
      later('known', { group: 'environment' }),
      item('written', { group: 'environment', before: 'hand_over' }),
      later('fails', { group: 'approvals', evidence: { kind: 'gate', gate: 'bad' } }),
    ];
    const settings = {
      requirements: needs({ checklist, gates: [gate('bad', { before: 'evidence' })] }),
      gates: { bad: result(gate('bad'), { passed: false, says: 'failed' }) },
    };
    for (const status of ['preparing', 'rolling_out', 'held'] as const) {
      const lines = outline(renderChecklistModal(deploymentIn(status, settings), tom)).slice(1);
      expect(lines).toEqual([
        'Approvals · before the hand-over · 0 of 1',
        expect.stringMatching(/^🚧 \*fails is done\*/),
        'Environment · before the hand-over · 0 of 2',
        'Tick what is done: written is done',
        '⬜ 1 item, ticked once all traffic has moved',
        [
          '⬜ *Artifacts · before the hand-over* · 1 item, ticked 24 h after all traffic has moved',
          '⬜ *Documentation · before the hand-over* · 2 items, ticked once all traffic has moved, the last after 24 h',
        ].join('\n'),
        expect.stringContaining('*Details*'),
        'Note',
      ]);
    }
    const soon = deploymentIn('observing', settings);
    const early = outline(renderChecklistModal(soon, { ...tom, now: T0 + 12 * HOUR })).join('\n');
    expect(early).toContain('Tick what is done: fast is done');
    expect(early).not.toContain('calm is done,');
    expect(early).toMatch(
      /⬜ \*calm is done\* · open · can be ticked <!date[^>]*>, 24 h after all traffic has moved/,
    );
    const there = outline(renderChecklistModal(soon, tom)).join('\n');
    expect(there).toContain('Tick what is done: fast is done, calm is done');
    expect(there).not.toContain('once all traffic has moved, the last');
    const back = outline(renderChecklistModal(deploymentIn('rolling_back', settings), tom)).join('\n');
    expect(back).toContain('⬜ *fast is done* · open');
    expect(back).not.toContain('ticked once all traffic has moved');
  });

  it('GT-5: Details say of what is folded who ticked it, when and in what words, and what comes later', () => {
    const checklist = [
      item('ticked'),
      item('named', { evidence: { kind: 'on_call' } }),
      item('fast', { before: 'hand_over', after: HOUR }),
      item('open'),
    ];
    const built = gate('built');
    const d = deploymentIn('preparing', {
      requirements: needs({ checklist, gates: [built] }),
      gates: { built: result(built) },
      ticks: [{ item: 'ticked', note: 'Read twice.' }],
    });
    const words = says(renderDetailsModal(d, { contacts: [], roleName: (role) => role }));
    expect(words).toMatch(
      /\*What is done of gates and checklist\*\n✅ built ok · <!date.* · by ci\n✅ \*ticked is done\* · ticked by Tom <!date.*: Read twice\.\n✅ \*named is done\* · Omar is on call"/,
    );
    expect(words).toMatch(/\*Ticked after all traffic has moved\*\n⬜ \*fast is done\* · open"/);
    expect(words).not.toContain('open is done');
  });

  it('GT-5: folds as many as Slack takes, and counts the others', () => {
    const checklist = Array.from({ length: 300 }, (_, index) =>
      item(`i${index}`, {
        text: `Item ${index} &`,
        ...(index === 0 ? {} : { evidence: { kind: 'on_call' } }),
      }),
    );
    const d = deploymentIn('preparing', { requirements: needs({ checklist }) });
    const done = outline(renderChecklistModal(d, nobody)).find((line) => line.startsWith('✅ Done: ')) ?? '';
    expect(done.length).toBeGreaterThan(1_500);
    expect(done.length).toBeLessThan(2_000);
    const [, more] = done.match(/ and (\d+) more$/) ?? [];
    expect(done.split(' · ').length + Number(more)).toBe(299);
  });

  it('GT-5: a group that has passed is a single line with its count', () => {
    const checklist = CHECKLIST_GROUPS.flatMap((group) =>
      Array.from({ length: 7 }, (_, index) =>
        item(`${group}_${index}`, { group, evidence: { kind: 'on_call' } }),
      ),
    );
    const d = deploymentIn('preparing', { requirements: needs({ checklist }) });
    const lines = outline(renderChecklistModal(d, tom));
    expect(lines.slice(1)).toEqual([
      'Nothing is open on its checklist.',
      CHECKLIST_GROUPS.map(
        (group) => `✅ *${group.slice(0, 1).toUpperCase()}${group.slice(1)}* · 7 of 7`,
      ).join('\n'),
      expect.stringContaining('*Details*'),
    ]);
  });

  it('GT-5: shows a report’s link only where it is one', () => {
    const one = gate('build');
    const at = (url: string) =>
      says(
        renderChecklistModal(
          withGates([one], { build: result(one, { report: { ...result(one).report, url } }) }),
          tom,
        ),
      );
    expect(at('https://ci.example/runs/7?a=1&b=2')).toContain(
      '<https://ci.example/runs/7?a=1&amp;b=2|report>',
    );
    expect(at('javascript:alert(1)')).not.toContain('|report>');
    expect(at('build/7')).not.toContain('|report>');
    expect(link('https://x.example/a|b>c', 'report')).toBe('<https://x.example/a%7Cb%3Ec|report>');
  });

  it('GT-5: knows what a person changed, short ids and long ones, and not what it did not draw', () => {
    const long = 'a'.repeat(40);
    const checklist = [
      item('one'),
      item('two'),
      item(long, { roles: [{ role: 'tech_lead'.padEnd(40, 'b'), name: 'Long' }] }),
    ];
    const d = deploymentIn('preparing', {
      requirements: needs({ checklist }),
      ticks: [{ item: 'one' }],
    });
    const viewer = { ...tom, actor: { ...tom.actor, roles: ['tech_lead'.padEnd(40, 'b')] } };
    const view = renderChecklistModal(d, viewer);
    const [input] = view.blocks.filter((block): block is InputBlock => block.type === 'input');
    const element = input?.element;
    if (element?.type !== 'checkboxes') throw new Error('no boxes');
    const open = element.options.map(({ value }) => ({ value }));
    const filled = asSubmitted(view);
    filled.values['checklist.boxes.0'] = { 'checklist.boxes.0': { selected_options: open } };
    filled.values['checklist.boxes.1'] = { 'checklist.boxes.1': { selected_options: [] } };
    const read = readChecklistModal(filled);
    if (!read.ok) throw new Error('not read');
    expect(read.wishes.map((wish) => [boxOf(d, wish)?.item.id, wish.ticked])).toEqual([
      ['two', true],
      [long, true],
      ['one', false],
    ]);
    for (const block of ['checklist.boxes.0', 'checklist.boxes.1']) delete filled.values[block];
    expect(readChecklistModal(filled)).toMatchObject({ ok: true, wishes: [] });
    expect(readChecklistModal({ privateMetadata: '{}', values: {} }).ok).toBe(false);
  });

  it('GT-5: tells whoever has no box why, and who has', () => {
    const d = deploymentIn('preparing', { requirements: needs({ checklist: [item('one')] }) });
    expect(says(renderChecklistModal(d, nobody))).toContain(
      'You can look here, and Dana (lead) or Omar (on call) can tick.',
    );
    expect(renderChecklistModal(d, nobody).submit).toBeUndefined();
    const over = deploymentIn('cancelled', { requirements: needs({ checklist: [item('one')] }) });
    expect(says(renderChecklistModal(over, tom))).toContain('It has ended, and its checklist is closed.');
  });
});
