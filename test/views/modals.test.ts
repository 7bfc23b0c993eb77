/** Modals: what they ask, what they carry, and how they are read back. */

import type { InputBlock, ModalView } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkView, initialState } from '../../local-slack/block-kit/index.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { beganFrom } from '../../src/deployment/request/lost-update.ts';
import { CHANGE_TYPES } from '../../src/terms/change.ts';
import { HOUR } from '../../src/time.ts';
import { NO_GO_MODAL, readNoGoModal, renderNoGoModal } from '../../views/no-go-modal.ts';
import {
  REASON_MODAL,
  REASON_PURPOSES,
  readReasonModal,
  renderReasonModal,
} from '../../views/reason-modal.ts';
import { renderReviewModal } from '../../views/review-modal.ts';
import { entryOf, FIELD_NAMES, SCHEDULE_FIELDS, SCHEDULE_REDRAWS } from '../../views/schedule-fields.ts';
import type { ScheduleContext } from '../../views/schedule-form.ts';
import { SCHEDULE_BUTTONS } from '../../views/schedule-lines.ts';
import { renderScheduleModal, versionOption } from '../../views/schedule-modal.ts';
import {
  BLANK_SCHEDULE,
  comparedValues,
  completeSchedule,
  readScheduleState,
  type ScheduleState,
  scheduleErrors,
  scheduleOf,
  withTitle,
  writeSchedule,
} from '../../views/schedule-state.ts';
import type { FilledView } from '../../views/view-values.ts';
import { safeguards } from '../deployment/builders.ts';
import { anyDeployment, nasty } from './any-deployment.ts';
import { CANARY, DANA, deploymentIn, OMAR, T0 } from './deployments.ts';

const ABOUT: ScheduleContext = {
  changeTypes: CHANGE_TYPES,
  allChangeTypes: CHANGE_TYPES,
  base: 'normal',
  zone: 'Europe/Berlin',
  services: ['checkout', 'payments'],
  environments: [
    { id: 'staging', name: 'staging' },
    { id: 'production', name: 'production' },
  ],
  strategies: [{ id: 'canary', name: 'Canary', plan: CANARY }],
  guarded: { safeguards: safeguards(), hearsAlerts: false },
};

const FOLDED: ScheduleState = {
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

/** The same with all of it in sight. */
const FILLED: ScheduleState = { ...FOLDED, metadata: { ...FOLDED.metadata, unfolded: true } };

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
const whenBlock = ({ values }: FilledView): string =>
  Object.keys(values).find((block) => block.startsWith('when')) ?? '';
const says = (view: ModalView): string => JSON.stringify(view.blocks);

describe('the schedule modal', () => {
  it('ST-8: says in a line why a strategy that the place allows is not offered', () => {
    const notTaken = 'The backend cluster cannot carry out Rolling (no batch).';
    const [strategy] = inputs(renderScheduleModal(FILLED, { ...ABOUT, notTaken })).filter(
      ({ label }) => label.text === 'Strategy',
    );
    expect(strategy?.hint?.text).toBe(notTaken);
  });

  it('K-2: has five fields in sight, and the rest in a line with what it is', () => {
    const view = renderScheduleModal({ ...FOLDED, when: 'ready' }, ABOUT);
    expect(asks(view)).toEqual(['Service', 'Environment', 'Version', 'What and why', 'When']);
    expect(says(view)).toContain(
      `Normal change · feature · medium risk · no database change · Canary 5 → 25 → 75 → 100 %, 3 h 30 min · lead <@${DANA.id}> · on-call <@${OMAR.id}>`,
    );
    expect(says(view)).toContain(SCHEDULE_BUTTONS.unfold);
  });

  it('K-2: asks only for what applies', () => {
    expect(asks(renderScheduleModal(BLANK_SCHEDULE, ABOUT))).toEqual(['Service', 'What and why', 'When']);
    expect(asks(renderScheduleModal({ ...FILLED, when: 'ready' }, ABOUT))).not.toContain('Start');
    const { onCall: _onCall, ...nobody } = FOLDED;
    expect(asks(renderScheduleModal(nobody, ABOUT))).toContain('On-call');
    const all = renderScheduleModal(FILLED, ABOUT);
    expect(asks(all)).toEqual(
      FIELD_NAMES.filter((name) => !['again', 'compatible', 'reverseScript'].includes(name)).map(
        (name) => entryOf(name).label,
      ),
    );
    expect(says(all)).not.toContain(SCHEDULE_BUTTONS.unfold);
  });

  it.each([
    ['none', []],
    ['additive', ['compatible']],
    ['breaking', ['compatible']],
    ['data_migration', ['compatible', 'reverseScript']],
  ] as const)('RB-4: a change of the database that is %s asks for %j besides', (database, more) => {
    const asked = asks(renderScheduleModal({ ...FOLDED, database }, ABOUT));
    const labels = (['compatible', 'reverseScript'] as const).map((name) => entryOf(name).label);
    expect(labels.filter((label) => asked.includes(label))).toEqual(more.map((name) => entryOf(name).label));
  });

  it('K-2: of more services than a menu holds, the person searches', () => {
    const services = Array.from({ length: 101 }, (_, index) => `service-${index}`);
    const kind = (of: readonly string[]) =>
      inputs(renderScheduleModal({ ...FOLDED, service: 'service-99' }, { ...ABOUT, services: of }))[0]
        ?.element;
    expect(kind(services.slice(0, 100))).toMatchObject({ type: 'static_select' });
    expect(kind(services)).toMatchObject({
      type: 'external_select',
      initial_option: { value: 'service-99' },
    });
  });

  it('CH-1: never offers a start that would be refused, and names the earliest in the zone of who reads', () => {
    const starts = (about: Partial<ScheduleContext>, state = FOLDED) =>
      inputs(renderScheduleModal(state, { ...ABOUT, ...about }))
        .flatMap(({ element }) => (element.type === 'radio_buttons' ? element.options : []))
        .map(({ text }) => text.text);
    expect(starts({})).toEqual(['As soon as it is ready', 'At a time']);
    const next = { nextStart: T0 + 3 * HOUR };
    const ahead = { approval: { when: 'before' as const, signOffs: ['CAB'], earliest: T0 + 3 * HOUR } };
    const at = 'Mon 5 Jan 17:00';
    expect(starts(next)).toEqual(['As soon as it is ready', `In the next open window: ${at}`, 'At a time']);
    expect(starts({ ...next, ...ahead })).toEqual([`Earliest: ${at}`, 'At a time']);
    const morning = { nextStart: T0 + 19 * HOUR };
    expect(starts({ ...morning, ...ahead })).toEqual(['Next open: Tue 6 Jan 09:00', 'At a time']);
  });

  it('GT-8: says why a version cannot go there yet, with the way to where it can; an emergency may', () => {
    const cameFrom = { environment: 'staging', isRequired: true };
    const view = renderScheduleModal(FOLDED, { ...ABOUT, cameFrom });
    expect(says(view)).toContain('v2.1.0 has not completed in staging yet, so production is closed to it.');
    expect(says(view)).toContain('Deploy it to staging');
    const urgent = renderScheduleModal(
      { ...FOLDED, changeType: 'emergency' },
      { ...ABOUT, base: 'emergency', cameFrom },
    );
    expect(says(urgent)).not.toContain('closed');
    const there = renderScheduleModal(FOLDED, { ...ABOUT, cameFrom: { ...cameFrom, since: T0 } });
    expect(says(there)).toContain('In staging since <!date');
  });

  it('K-2: the title of the version says what and why, until somebody says it in words of their own', () => {
    const release = { version: 'v2.1.0', sha: 'a', digest: 'x', builtAt: T0, title: 'Add Apple Pay' };
    const { summary: _summary, ...silent } = FOLDED;
    const titled = withTitle(silent, release);
    expect(titled.summary).toBe('Add Apple Pay');
    const other = withTitle(
      { ...titled, version: 'v2.1.2' },
      { ...release, version: 'v2.1.2', title: 'Faster' },
    );
    expect(other.summary).toBe('Faster');
    const block = (state: ScheduleState) =>
      inputs(renderScheduleModal(state, ABOUT)).find(({ label }) => label.text === 'What and why')?.block_id;
    expect(block(other)).not.toBe(block(titled));
    const typed = withTitle({ ...other, version: 'v2.1.0', summary: 'My own.' }, release);
    expect([typed.summary, block(typed)]).toEqual(['My own.', block(other)]);
    const { title: _title, ...untitled } = release;
    expect(
      withTitle({ ...other, version: 'v2.1.3' }, { ...untitled, version: 'v2.1.3' }).summary,
    ).toBeUndefined();
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
    for (const state of [FILLED, FOLDED]) {
      const read = readScheduleState(asSubmitted(renderScheduleModal(state, ABOUT)));
      expect(read).toEqual(state);
      expect(completeSchedule(read)).toEqual({ ok: true, value: state });
    }
  });

  it('K-2: every field survives being folded away, whatever it holds', () => {
    const carried = { privateMetadata: writeSchedule(FILLED, new Set()), values: {} };
    expect(readScheduleState(carried)).toEqual(FILLED);
  });

  it('K-2: puts each error at the block that holds its field', () => {
    const view = asSubmitted(
      renderScheduleModal({ ...BLANK_SCHEDULE, service: 'checkout', when: 'at' }, ABOUT),
    );
    const complete = completeSchedule(readScheduleState(view));
    expect(scheduleErrors(view, complete.ok ? {} : complete.problems)).toEqual({
      'environment:checkout': 'Choose an environment.',
      'version:checkout': 'Choose a version.',
      at: 'Choose a day and a time.',
      'strategy:checkout::': 'Choose a strategy.',
      'lead:checkout': 'Name who leads it.',
      'onCall:checkout': 'Name who is on call.',
      summary: 'Say what changes and why.',
    });
    expect(scheduleErrors(view, { version: 'It runs there already.' })).toEqual({
      'version:checkout': 'It runs there already.',
    });
    const blank = asSubmitted(renderScheduleModal(BLANK_SCHEDULE, ABOUT));
    const gaps = completeSchedule(readScheduleState(blank));
    expect(scheduleErrors(blank, gaps.ok ? {} : gaps.problems)).toEqual({
      service: 'Choose a service.',
      summary: 'Say what changes and why.',
    });
    expect(scheduleErrors(blank, { at: 'It is frozen.' })).toEqual({ [whenBlock(blank)]: 'It is frozen.' });
  });

  it('K-2: what is wrong with a field that lay folded away stands above it', () => {
    const problems = { onCall: 'This account is deactivated.' };
    const { blocks } = renderScheduleModal(FILLED, { ...ABOUT, problems });
    const at = blocks.findIndex((block) => JSON.stringify(block).includes(problems.onCall));
    expect(blocks[at + 1]).toMatchObject({ type: 'input', label: { text: 'On-call' } });
  });

  it('CH-7: compares a start to the second, and a summary as far as its field goes', () => {
    const at = comparedValues({ ...FILLED, at: 7_250, summary: `${'x'.repeat(2_000)}y` });
    expect(comparedValues({ ...FILLED, at: 7_000, summary: 'x'.repeat(2_000) })).toEqual(at);
    const when = (way: ScheduleState['when']) => comparedValues({ ...FILLED, when: way }).at;
    expect(new Set((['ready', 'window', 'at'] as const).map(when)).size).toBe(3);
  });

  it('CH-7: begins a change with all that was asked for', () => {
    const { metadata: _metadata, ...values } = scheduleOf(deploymentIn('preparing'));
    expect(Object.keys(values).toSorted()).toEqual(
      FIELD_NAMES.filter((name) => !['again', 'at', 'compatible', 'reverseScript'].includes(name)).toSorted(),
    );
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
    const revises = { d: 'D-1042', s: 4, began: beganFrom(comparedValues(FILLED)) };
    const view = renderScheduleModal({ ...FILLED, metadata: { revises, unfolded: true } }, ABOUT);
    expect(view.title.text).toBe('Change D-1042');
    expect(asks(view).slice(0, 1)).toEqual(['Version']);
    expect(says(view)).toContain('Who changes one of these will not be able to sign it.');
    expect(readScheduleState(asSubmitted(view))).toMatchObject({
      service: 'checkout',
      metadata: { revises },
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
  const button = { d: 'D-1042', n: 2 };

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
