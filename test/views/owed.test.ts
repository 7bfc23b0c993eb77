/** What emergencies owe, wherever it is drawn, whatever people typed (CH-1, CH-8). */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessage, checkView } from '../../local-slack/block-kit/index.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { DeploymentEvent } from '../../src/deployment/events.ts';
import type { Approval } from '../../src/terms/approval.ts';
import { DAY } from '../../src/time.ts';
import { renderCard } from '../../views/card.ts';
import { readDelegateModal, renderDelegateModal } from '../../views/delegate-modal.ts';
import { renderDm } from '../../views/dm.ts';
import { renderNudge } from '../../views/nudge.ts';
import { renderOwed } from '../../views/owed.ts';
import { owedWords } from '../../views/owed-words.ts';
import { renderPolicyRefused, renderPolicyTaken } from '../../views/policy-notice.ts';
import { readWriteUpModal, renderWriteUpModal } from '../../views/write-up-modal.ts';
import { anyDeployment } from './any-deployment.ts';
import { DANA, deploymentIn, OMAR, SANA, T0 } from './deployments.ts';

const APPROVAL: Approval = {
  when: 'afterwards',
  leadTime: 0,
  workdays: { timeZone: 'UTC', holidays: [] },
  owed: { within: 3 * DAY, remindEvery: DAY, documentation: true },
};

/** The same deployment, as an emergency that has started without a go. */
const owing = (d: Deployment): Deployment => ({
  ...d,
  terms: { ...d.terms, approval: APPROVAL },
  approval: { ...d.approval, signOffs: [] },
  rollout: d.rollout ?? {
    startedAt: T0,
    step: { index: 0, since: T0 },
    stages: [],
    extendedBy: 0,
    actionsNeeded: [],
  },
});

const reminded = (d: Deployment, type: 'reminded' | 'escalated'): DeploymentEvent => ({
  ...(type === 'reminded'
    ? { type, people: [SANA], about: 'owed' as const }
    : { type, to: [OMAR], role: 'Operations', about: 'owed' as const }),
  deployment: d.id,
  seq: d.seq,
  at: T0,
  by: { kind: 'system', name: 'clock' },
});

describe('what is owed', () => {
  it('CH-1: names each role with its people, the write-up and the deadline', () => {
    expect(owedWords(owing(deploymentIn('observing')))).toMatch(
      /^Tech lead \(Tom\), Security \(Sana\) and Operations \(Omar\) · a write-up by Dana · due <!date\^/,
    );
    expect(owedWords(deploymentIn('observing'))).toBe('');
  });

  it('CH-1: /deploy owed says so where there is nothing', () => {
    expect(renderOwed([]).text).toContain('Nothing is owed');
    expect(renderOwed([owing(deploymentIn('observing'))]).text).toContain('D-1042');
  });

  it('CH-8: a reminder that another followed has no buttons; the newest has', () => {
    const d = owing(deploymentIn('observing'));
    const older = {
      ...d,
      approval: {
        ...d.approval,
        reminders: [
          { seq: d.seq, people: [SANA] },
          { seq: d.seq + 5, people: [SANA] },
        ],
      },
    };
    const first = renderNudge(older, reminded(d, 'reminded'), SANA.id);
    expect(first?.text).toContain('You were reminded again since.');
    expect(JSON.stringify(first)).not.toContain('card.go');
    const newest = { ...d, approval: { ...d.approval, reminders: [{ seq: d.seq, people: [SANA] }] } };
    expect(JSON.stringify(renderNudge(newest, reminded(d, 'reminded'), SANA.id))).toContain('card.go');
  });

  it('fits within what Slack draws, whatever people typed', () => {
    fc.assert(
      fc.property(anyDeployment(), (any) => {
        const d = owing(any);
        const people = [...d.terms.required.flatMap(({ asked }) => asked), d.terms.details.lead].map(
          ({ id }) => id,
        );
        const drawn = [
          renderCard(d),
          renderOwed([d, d]),
          ...people.map((id) => renderDm(d, id)),
          ...people.map((id) => renderNudge(d, reminded(d, 'reminded'), id)),
          renderNudge(d, reminded(d, 'escalated'), OMAR.id),
        ];
        for (const message of drawn) {
          if (message !== undefined) expect(checkMessage(message)).toEqual([]);
        }
        expect(checkView(renderDelegateModal(d, { d: 'D-1' }), 'modal')).toEqual([]);
        expect(checkView(renderWriteUpModal(d, { d: 'D-1' }), 'modal')).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the two modals', () => {
  const shown = { d: 'D-1042', r: 'security' };
  const filled = (action: string, state: Record<string, unknown>, metadata = JSON.stringify(shown)) => ({
    privateMetadata: metadata,
    values: { block: { [action]: state } },
  });

  it('CH-8: delegating reads who, and says where nobody is chosen or the form is old', () => {
    expect(readDelegateModal(filled('delegate.who', { selected_user: DANA.id }))).toEqual({
      ok: true,
      button: shown,
      userId: DANA.id,
    });
    expect(readDelegateModal(filled('delegate.who', {}))).toMatchObject({ ok: false });
    expect(readDelegateModal(filled('delegate.who', { selected_user: DANA.id }, 'x'))).toMatchObject({
      ok: false,
    });
  });

  it('CH-1: a write-up is read as it was typed, and must say something', () => {
    expect(readWriteUpModal(filled('write_up.words', { value: 'Why.' }))).toMatchObject({ reason: 'Why.' });
    expect(readWriteUpModal(filled('write_up.words', { value: ' ' }))).toMatchObject({ ok: false });
  });
});

it('PR-4: the team reads which mistakes a policy has, however many', () => {
  const problems = Array.from({ length: 40 }, (_, index) => `line ${index}: ${'x'.repeat(400)} <!channel>`);
  const refused = renderPolicyRefused('gonogo.yml', problems);
  expect(checkMessage(refused)).toEqual([]);
  expect(checkMessage(renderPolicyTaken())).toEqual([]);
  expect(refused.text).toContain('and 30 more problems');
  expect(JSON.stringify(refused)).not.toContain('<!channel>');
});
