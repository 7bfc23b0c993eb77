import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractChecklist, type Moves } from '../../src/contract/to-checklist.ts';
import { contractIn, SMALLEST, WHOLE } from './documents.ts';

const items = contractChecklist(contractIn(WHOLE));
const named = (name: string) => items.filter(({ text }) => text.startsWith(`${name}:`));

describe('a contract as a checklist', () => {
  it('HO-4: asks before the start for what can be ready, and before the hand-over for what only shows then', () => {
    const criteria = (wanted: string) =>
      items
        .slice(0, 15)
        .filter((item) => item.before === wanted)
        .map(({ text }) => text.split(':')[0]);
    expect(criteria('start')).toEqual([
      'Error alerts',
      'Rollback procedure',
      'Data integrity',
      'Settings',
      'Who is told',
    ]);
    expect(criteria('hand_over')).toEqual([
      'Zero-downtime switch',
      'Health checks',
      'Performance validation',
      'Security verification',
      'Accessibility',
      'User acceptance',
      'Application metrics',
      'Response times',
      'User analytics',
      'Security events',
    ]);
  });

  it('HO-4: has inputs, dependencies, deliverables and gates too, each required and in its group', () => {
    expect(items).toHaveLength(15 + 7 + 6 + 9 + 6);
    expect(items.every(({ required }) => required)).toBe(true);
    expect(named('Source code')).toMatchObject([{ group: 'artifacts', before: 'start' }]);
    expect(named('Database')).toMatchObject([{ group: 'environment', before: 'start' }]);
    expect(named('Payment provider')).toMatchObject([{ group: 'prerequisites', before: 'start' }]);
    expect(named('Runbook')).toMatchObject([{ group: 'documentation', before: 'hand_over' }]);
    expect(named('Operations guide')).toMatchObject([{ group: 'documentation', before: 'hand_over' }]);
    expect(named('Accurate')).toMatchObject([{ group: 'approvals', before: 'hand_over' }]);
    expect(named('User acceptance')).toMatchObject([{ group: 'approvals' }]);
    expect(named('Health checks')).toMatchObject([
      { group: 'environment', text: 'Health checks: Each probe answers' },
    ]);
  });

  it('HO-4: has ids that follow from the contract and the name, and tell equal names apart', () => {
    expect(named('Health checks')[0]?.id).toBe('checkout-prod-042-health-checks');
    const notes = named('Deployment notes').map(({ id }) => id);
    expect(notes).toEqual([
      expect.stringMatching(/^checkout-prod-042-deployment-notes-[0-9a-f]{8}$/),
      expect.stringMatching(/^checkout-prod-042-deployment-notes-[0-9a-f]{8}$/),
    ]);
    expect(new Set(notes).size).toBe(2);
    expect(
      contractChecklist(contractIn(WHOLE.replace(/^- \[ \] \*\*Health.*\n/m, ''))).map(({ id }) => id),
    ).toEqual(items.map(({ id }) => id).filter((id) => id !== 'checkout-prod-042-health-checks'));
  });

  it('HO-4: ids are unique, short and plain whatever the names', () => {
    const name = fc.oneof(
      fc.string({ minLength: 1, maxLength: 90 }),
      fc.constantFrom('Same', 'same', 'Gleich', '検証', '…', 'a-2', 'a', 'a 2'),
    );
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 20 }),
        fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/),
        (names, id) => {
          fc.pre(id.toLowerCase() !== 'list');
          const lines = names
            .map((one) => `- [ ] **C ${one.replace(/[\r\n*_`\u2028\u2029]/g, ' ')}**: x`)
            .join('\n');
          const text = SMALLEST.replace('- [ ] **Health checks**: All pass', () => lines).replace('C-1', id);
          const ids = contractChecklist(contractIn(text)).map((item) => item.id);
          expect(new Set(ids).size).toBe(ids.length);
          for (const one of ids) expect(one).toMatch(/^[a-z0-9_-]{1,60}$/);
        },
      ),
    );
  });

  it('HO-4: a person moves items, and nothing else changes', () => {
    const moves: Moves = { 'checkout-prod-042-health-checks': 'start', 'of-no-item': 'start' };
    const moved = contractChecklist(contractIn(WHOLE), moves);
    expect(moved.filter((item, index) => item.before !== items[index]?.before).map(({ id }) => id)).toEqual([
      'checkout-prod-042-health-checks',
    ]);
    expect(moved.map(({ before: _before, ...item }) => item)).toEqual(
      items.map(({ before: _before, ...item }) => item),
    );
  });
});
