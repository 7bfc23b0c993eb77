/** The modal that asks for a deployment, or changes one that has not started (K-2): the fields of its table, as far as they apply. */

import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { Release } from '../src/backends/port.ts';
import { defined, given } from '../src/defined.ts';
import type { Duration, Instant } from '../src/time.ts';
import { actions, button, context, plain, section } from './blocks.ts';
import { forContractLines } from './contract-terms.ts';
import { DRY_RUN } from './dry-run.ts';
import { savingWords } from './saving-words.ts';
import { versionText } from './schedule-fields/release.ts';
import { entryOf, FIELD_NAMES, SCHEDULE_FIELDS, type ScheduleField } from './schedule-fields.ts';
import type { Form, ScheduleContext } from './schedule-form.ts';
import { aboutGuards, consequences, SCHEDULE_BUTTONS } from './schedule-lines.ts';
import { type ScheduleState, writeSchedule } from './schedule-state.ts';
import { capitalised, duration, inline, momentsIn } from './text.ts';

export const SCHEDULE_MODAL = { callback: 'schedule' } as const;

export function renderScheduleModal(state: ScheduleState, about: ScheduleContext): ModalView {
  const { revises } = state.metadata;
  const form = { chosen: state, about };
  const asked = FIELD_NAMES.filter((name) => entryOf(name).isAsked?.(form) !== false);
  const folded = asked.filter((name) => isFolded(state, name));
  const drawn = asked.filter((name) => !folded.includes(name));
  const draw = (names: readonly ScheduleField[]): KnownBlock[] =>
    names.flatMap((name) => blocksOf(name, state, form));
  return {
    type: 'modal',
    callback_id: SCHEDULE_MODAL.callback,
    private_metadata: writeSchedule(state, new Set(drawn)),
    title: plain(revises ? `Change ${revises.d}` : 'Schedule a deployment', 24),
    submit: plain(revises ? 'Save changes' : 'Schedule', 24),
    close: plain('Close', 24),
    blocks: [
      ...(about.notice === undefined ? [] : [section(`⚠️ ${inline(about.notice, 500)}`)]),
      ...forContract(state, about),
      ...place(state),
      ...draw(drawn.filter((name) => entryOf(name).folded !== true)),
      ...inShort(folded, state, form),
      ...draw(drawn.filter((name) => entryOf(name).folded === true)),
      ...dryRun(state),
      ...saving(about),
      context(...consequences(form)),
      ...aboutGuards(form),
    ],
  };
}

/** What is missing is asked at once; the rest lies behind "Change…" until somebody wants it otherwise. */
function isFolded(state: ScheduleState, name: ScheduleField): boolean {
  return entryOf(name).folded === true && state.metadata.unfolded !== true && state[name] !== undefined;
}

function forContract({ strategy }: ScheduleState, { contract, strategies }: ScheduleContext): KnownBlock[] {
  if (contract === undefined) return [];
  return [context(...forContractLines(contract, strategies.find(({ id }) => id === strategy)?.plan))];
}

/** What is changed stays where it is. */
function place({ metadata: { revises }, service = '', environment = '' }: ScheduleState): KnownBlock[] {
  return revises === undefined ? [] : [section(`*${inline(service, 60)} → ${inline(environment, 60)}*`)];
}

function blocksOf(name: ScheduleField, state: ScheduleState, form: Form): KnownBlock[] {
  const { above, below } = entryOf(name);
  const problem = form.about.problems?.[name];
  return [
    ...(above?.(form) ?? []),
    ...(problem === undefined ? [] : [section(`⚠️ ${momentsIn(inline(problem, 600))}`)]),
    input(name, state, form),
    ...(below?.(form) ?? []),
  ];
}

function input(name: ScheduleField, state: ScheduleState, form: Form): InputBlock {
  const { label, block, hint, redraws, element } = entryOf(name);
  const end = block?.(form) ?? '';
  const says = hint?.(form);
  return {
    type: 'input',
    block_id: (end === '' ? name : `${name}:${end}`).slice(0, 255),
    label: plain(label, 100),
    element: element(SCHEDULE_FIELDS[name], state[name], form),
    ...(redraws ? { dispatch_action: true } : {}),
    ...defined({ hint: given(says, (says) => plain(says, 150)) }),
  };
}

/** One line for all that is as the policy has it, with the button that opens it. */
function inShort(folded: readonly ScheduleField[], state: ScheduleState, form: Form): KnownBlock[] {
  if (folded.length === 0) return [];
  const words = folded.map((name) => entryOf(name).inShort?.(state[name], form) ?? '').filter(Boolean);
  return [
    {
      ...section(words.join(' · ')),
      block_id: 'schedule.folded',
      accessory: button({
        action: SCHEDULE_BUTTONS.unfold,
        text: 'Change…',
        value: 'unfold',
        label: 'Change kind, risk, strategy or people',
      }),
    },
  ];
}

/** What would come of it, before it is sent; a change of what is on its way is no new request. */
function dryRun({ metadata, service }: ScheduleState): KnownBlock[] {
  if (metadata.revises !== undefined || service === undefined) return [];
  const words = { action: DRY_RUN.button, text: 'Dry run', value: 'dry-run' };
  return actions('schedule.actions', [button({ ...words, label: `Dry run of ${service}` })]);
}

function saving({ saving: told }: ScheduleContext): KnownBlock[] {
  const lines = told === undefined ? [] : savingWords(told);
  return lines.length === 0 ? [] : [section(lines.map(capitalised).join('\n'))];
}

/** One suggestion of the version field; `now` for how long ago it was built. */
export function versionOption(
  release: Release,
  { running, now }: { running?: string | null; now: Instant },
): { text: string; value: string; description: string } {
  const state = release.version === running ? ' · runs now' : '';
  const { text } = plain(`${versionText(release)}${state}`, 75);
  const title = release.title === undefined ? '' : ` · ${release.title}`;
  const age: Duration = now - release.builtAt;
  const description = plain(`Built ${duration(age)} ago${title}`, 75).text;
  return { text, value: release.version, description };
}
