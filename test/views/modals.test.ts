/** Modals: what they ask, what they carry, and how they are read back. */

import type { InputBlock, ModalView } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkView, initialState } from '../../local-slack/block-kit/index.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { type BeganFrom, FORM_FIELDS } from '../../src/deployment/request/lost-update.ts';
import { CHANGE_TYPES } from '../../src/terms/change.ts';
import { DAY, HOUR } from '../../src/time.ts';
import { NO_GO_MODAL, readNoGoModal, renderNoGoModal } from '../../views/no-go-modal.ts';
import {
  REASON_MODAL,
  REASON_PURPOSES,
  readReasonModal,
  renderReasonModal,
} from '../../views/reason-modal.ts';
import { renderReviewModal } from '../../views/review-modal.ts';
import {
  BLANK_SCHEDULE,
  readScheduleModal,
  readScheduleState,
  SCHEDULE_FIELDS,
  SCHEDULE_REDRAWS,
  type ScheduleState,
  scheduleErrors,
} from '../../views/schedule-fields.ts';
import { renderScheduleModal, type ScheduleContext, versionOption } from '../../views/schedule-modal.ts';
import type { FilledView } from '../../views/view-values.ts';
import { anyDeployment, nasty } from './any-deployment.ts';
import { CANARY, DANA, deploymentIn, OMAR, T0 } from './deployments.ts';

const ABOUT: ScheduleContext = {
  changeTypes: CHANGE_TYPES,
  services: ['checkout', 'payments'],
  environments: [
    { id: 'staging', name: 'staging' },
    { id: 'production', name: 'production' },
  ],
  strategies: [{ id: 'canary', name: 'Canary', plan: CANARY }],
  observeFor: DAY,
};

const FILLED: ScheduleState = {
  ...BLANK_SCHEDULE,
  metadata: { channel: 'C0CHECKOUT1' },
  service: 'checkout',
  environment: 'production',
  version: 'v2.1.0',
  when: 'at',
  at: T0 + HOUR,
  strategy: 'canary',
  lead: DANA.id,
  onCall: OMAR.id,
  summary: 'Adds Apple Pay.',
};

/** What Slack would send if a person submitted it as it stands. */
function asSubmitted(view: ModalView): FilledView {
  return { privateMetadata: view.private_metadata ?? '', values: initialState(view.blocks as never) };
}

const inputs = (view: ModalView): InputBlock[] =>
  view.blocks.filter((block): block is InputBlock => block.type === 'input');
const asks = (view: ModalView): string[] => inputs(view).map(({ label }) => label.text);
/** Reviewed at a length that only a record of another time can have. */
const reviewed = (d: Deployment): Deployment => ({
  ...d,
  review: { reminders: [], written: { cause: '<&>'.repeat(2000), actions: d.id, by: DANA, at: T0 } },
});
const says = (view: ModalView): string => JSON.stringify(view.blocks);

describe('the schedule modal', () => {
  it('ST-8: says in a line why a strategy that the place allows is not offered', () => {
    const notTaken = 'The backend cluster cannot carry out Rolling (no batch).';
    const [strategy] = inputs(renderScheduleModal(FILLED, { ...ABOUT, notTaken })).filter(
      ({ label }) => label.text === 'Strategy',
    );
    expect(strategy?.hint?.text).toBe(notTaken);
  });

  it('K-2: asks only for what applies', () => {
    expect(asks(renderScheduleModal(BLANK_SCHEDULE, ABOUT))).not.toContain('Environment');
    expect(asks(renderScheduleModal({ ...FILLED, when: 'ready' }, ABOUT))).not.toContain('Start');
    expect(asks(renderScheduleModal(FILLED, ABOUT))).toEqual([
      'Service',
      'Environment',
      'Version',
      'What and why',
      'When',
      'Start',
      'Strategy',
      'Kind of change',
      'What it brings',
      'Risk',
      'Database',
      'Lead',
      'On-call',
    ]);
  });

  it('K-2: draws itself anew when something changes that others hang on', () => {
    const redraws = inputs(renderScheduleModal(FILLED, ABOUT)).filter((block) => block.dispatch_action);
    expect(redraws.map(({ element }) => element.action_id).toSorted()).toEqual(
      [...SCHEDULE_REDRAWS].toSorted(),
    );
  });

  it('K-2: gives the fields of another service new blocks, so that Slack forgets what they held', () => {
    const block = (service: string) =>
      inputs(renderScheduleModal({ ...FILLED, service }, ABOUT)).find(({ label }) => label.text === 'Version')
        ?.block_id;
    expect(block('checkout')).not.toBe(block('payments'));
  });

  it('K-2: reads back what it was filled with', () => {
    const read = readScheduleModal(asSubmitted(renderScheduleModal(FILLED, ABOUT)));
    expect(read).toEqual({ ok: true, value: FILLED });
  });

  it('K-2: puts each error at the block that holds its field', () => {
    const view = asSubmitted(
      renderScheduleModal({ ...BLANK_SCHEDULE, service: 'checkout', when: 'at' }, ABOUT),
    );
    expect(readScheduleModal(view)).toEqual({
      ok: false,
      errors: {
        'environment:checkout': 'Choose an environment.',
        'version:checkout': 'Choose a version.',
        at: 'Choose a day and a time.',
        'strategy:checkout::': 'Choose a strategy.',
        'lead:checkout': 'Name who leads it.',
        'onCall:checkout': 'Name who is on call.',
        summary: 'Say what changes and why.',
      },
    });
    expect(scheduleErrors(view, { version: 'It runs there already.' })).toEqual({
      'version:checkout': 'It runs there already.',
    });
  });

  it('K-2: keeps what is filled in while it is drawn anew, gaps and all', () => {
    const halfway: ScheduleState = { ...BLANK_SCHEDULE, service: 'checkout', risk: 'high' };
    expect(readScheduleState(asSubmitted(renderScheduleModal(halfway, ABOUT)))).toEqual(halfway);
  });

  it('CH-4: says what runs there now, and whose go is needed', () => {
    const view = renderScheduleModal(FILLED, {
      ...ABOUT,
      running: { version: 'v2.0.4' },
      approval: { when: 'before', signOffs: ['Tech lead', 'Security'] },
    });
    expect(says(view)).toContain('Running in production now: v2.0.4');
    expect(says(view)).toContain('Needs a go from Tech lead and Security before it starts.');
    expect(
      says(
        renderScheduleModal(
          { ...FILLED, when: 'ready' },
          { ...ABOUT, approval: { when: 'none', signOffs: [] } },
        ),
      ),
    ).toContain('No sign-off is needed in production: it starts at once.');
  });

  it.each([
    [
      { gates: 5, changeRequest: true, required: 23, optional: 0 },
      'It waits for 5 gates, a change request and 23 checklist items.',
    ],
    [
      { gates: 1, changeRequest: false, required: 0, optional: 21 },
      'It waits for 1 gate; 21 checklist items are not waited for.',
    ],
    [{ gates: 0, changeRequest: false, required: 0, optional: 1 }, '1 checklist item is not waited for.'],
  ])('GT-5: says shortly what else it needs: %j', (needs, sentence) => {
    expect(says(renderScheduleModal(FILLED, { ...ABOUT, needs }))).toContain(sentence);
    const none = { gates: 0, changeRequest: false, required: 0, optional: 0 };
    expect(says(renderScheduleModal(FILLED, { ...ABOUT, needs: none }))).not.toContain('wait');
  });

  it('CH-7: changes a deployment in place, and says what that does to its sign-offs', () => {
    const revises = {
      d: 'D-1042',
      s: 4,
      began: Object.fromEntries(FORM_FIELDS.map((field) => [field, '01234567'])) as BeganFrom,
      service: 'checkout',
      environment: 'production',
    };
    const view = renderScheduleModal({ ...FILLED, metadata: { revises } }, ABOUT);
    expect(view.title.text).toBe('Change D-1042');
    expect(asks(view).slice(0, 1)).toEqual(['Version']);
    expect(says(view)).toContain('Who changes one of these will not be able to sign it.');
    expect(readScheduleModal(asSubmitted(view))).toMatchObject({
      ok: true,
      value: { service: 'checkout', metadata: { revises } },
    });
  });

  it('fits within Slack’s limits whatever the policy and the person put in', () => {
    const names = fc.array(
      nasty.filter((text) => text.length > 0 && text.length <= 75),
      { maxLength: 130 },
    );
    fc.assert(
      fc.property(
        nasty,
        names,
        nasty,
        fc.constantFrom('ready' as const, 'at' as const),
        (typed, ids, notice, when) => {
          const unique = ['checkout', ...new Set(ids)];
          const view = renderScheduleModal(
            { ...FILLED, version: typed || 'v1', summary: typed, when },
            {
              ...ABOUT,
              services: unique,
              environments: unique.map((id) => ({ id, name: typed })),
              approval: { when: 'before', signOffs: unique },
              saving: {
                falls: unique.map((id) => ({ person: { id, name: typed }, role: typed, why: typed })),
                joins: unique,
                stands: unique.map((id) => ({ person: { id, name: id }, role: id })),
              },
              running: { version: typed, since: T0 },
              release: {
                version: typed || 'v1',
                sha: 'a'.repeat(40),
                digest: 'x',
                builtAt: T0,
                title: typed,
              },
              notice,
            },
          );
          expect(checkView(view, 'modal')).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('suggests versions by their age, and marks the one that runs', () => {
    const release = {
      version: 'v2.0.4',
      sha: '3f9c2e1aa',
      digest: 'x',
      builtAt: T0 - 2 * HOUR,
      title: 'Fix rounding',
    };
    expect(versionOption(release, { running: 'v2.0.4', now: T0 })).toEqual({
      text: 'v2.0.4 · 3f9c2e1 · runs now',
      value: 'v2.0.4',
      description: 'Built 2 h ago · Fix rounding',
    });
  });

  it('names every field once', () => {
    const ids = Object.values(SCHEDULE_FIELDS);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a modal that asks for a reason', () => {
  const button = { d: 'D-1042', s: 7, n: 2 };

  const filled = (view: ModalView, block: string, action: string, value: string | null): FilledView => ({
    privateMetadata: view.private_metadata ?? '',
    values: { [block]: { [action]: { type: 'plain_text_input', value } } },
  });

  it.each(REASON_PURPOSES)('ST-6: reads back the reason and the button it came from: %s', (purpose) => {
    const view = renderReasonModal(purpose, deploymentIn('rolling_out'), button);
    expect(
      readReasonModal(purpose, filled(view, REASON_MODAL.block, REASON_MODAL.action, ' too slow ')),
    ).toEqual({
      ok: true,
      button,
      reason: 'too slow',
    });
  });

  it('needs a reason for everything but a cancellation', () => {
    const view = renderReasonModal('hold', deploymentIn('rolling_out'), button);
    const empty = filled(view, REASON_MODAL.block, REASON_MODAL.action, '   ');
    expect(readReasonModal('hold', empty)).toEqual({
      ok: false,
      errors: { reason: 'Say why in a few words.' },
    });
    expect(readReasonModal('cancel', empty)).toEqual({ ok: true, button });
  });

  it('K-4: a no-go needs its reason, and says what it does', () => {
    const view = renderNoGoModal(deploymentIn('preparing'), button);
    expect(says(view)).toContain(
      'Your no-go ends *checkout v2.1.0 → production* (D-1042). Dana is told why and can ask again.',
    );
    expect(readNoGoModal(filled(view, NO_GO_MODAL.block, NO_GO_MODAL.action, null))).toEqual({
      ok: false,
      errors: { [NO_GO_MODAL.block]: 'Say why in a few words.' },
    });
  });

  it('says so where the form is not one of ours', () => {
    const read = readReasonModal('hold', { privateMetadata: 'x', values: {} });
    expect(read).toMatchObject({
      ok: false,
      errors: { reason: expect.stringContaining('from another time') },
    });
  });

  it('fits within Slack’s limits for any deployment', () => {
    fc.assert(
      fc.property(anyDeployment(), fc.constantFrom(...REASON_PURPOSES), (d, purpose) => {
        expect(checkView(renderReasonModal(purpose, d, button), 'modal')).toEqual([]);
        expect(checkView(renderNoGoModal(d, button), 'modal')).toEqual([]);
        expect(checkView(renderReviewModal(reviewed(d), button), 'modal')).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
