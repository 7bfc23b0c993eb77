/** The modal that asks for a deployment, or changes one that has not started (K-2); only what applies is asked. */

import type {
  InputBlock,
  InputBlockElement,
  KnownBlock,
  ModalView,
  PlainTextOption,
  StaticSelect,
} from '@slack/types';
import type { Release } from '../src/backends/port.ts';
import type { ContractRecord } from '../src/contract/record.ts';
import { defined } from '../src/defined.ts';
import type { ShortNotice } from '../src/deployment/request/notice.ts';
import type { Criteria } from '../src/policy/calendar/criteria.ts';
import type { Strategy } from '../src/policy/policy.ts';
import {
  CHANGE_TYPES,
  DATABASE_CHANGES,
  DEPLOYMENT_TYPES,
  type Details,
  RISKS,
} from '../src/terms/change.ts';
import type { Changes } from '../src/terms/changes.ts';
import type { RolledBackBefore } from '../src/terms/comes-back.ts';
import { type Duration, type Instant, SECOND } from '../src/time.ts';
import { actions, button, context, option, plain, section } from './blocks.ts';
import { changesInFull } from './changes-words.ts';
import { rolledBackWords } from './comes-back-words.ts';
import { forContractLines } from './contract-terms.ts';
import { criteriaLines } from './criteria.ts';
import { DATABASE_NAMES, DEPLOYMENT_TYPE_NAMES, planWords } from './deployment-words.ts';
import { DRY_RUN } from './dry-run.ts';
import { noticeWords } from './notice-words.ts';
import { type Saving, savingWords } from './saving-words.ts';
import {
  SCHEDULE_FIELDS,
  SCHEDULE_REDRAWS,
  type ScheduleField,
  type ScheduleState,
  writeMetadata,
} from './schedule-fields.ts';
import { capitalised, dateTime, duration, inline, listOf, plural } from './text.ts';

export const SCHEDULE_MODAL = { callback: 'schedule' } as const;

export interface ScheduleContext {
  services: readonly string[];
  /** Those of the chosen service, in their order. */
  environments: readonly { id: string; name: string }[];
  strategies: readonly Pick<Strategy, 'id' | 'name' | 'plan'>[];
  /** Why some that the place allows are not among them. */
  notTaken?: string;
  /** What runs at the chosen place; null for nothing, unset where that is not known. */
  running?: { version: string | null; since?: Instant };
  /** Roles that must say go at the chosen place, as people read them; unset while no place is chosen. */
  approval?: {
    when: 'none' | 'before' | 'afterwards';
    signOffs: readonly string[];
    /** From when this kind of change may start; unset for at once. */
    earliest?: Instant;
  };
  /** What it needs before it starts besides: gates, a change request, and items of the checklist, waited for or not. */
  needs?: { gates: number; changeRequest: boolean; required: number; optional: number };
  /** What is known of the chosen version. */
  release?: Release;
  /** The chosen version was rolled back there before (RB-8). */
  rolledBack?: RolledBackBefore;
  /** What it changes of what runs there, where that is known. */
  changes?: Changes;
  /** When it could start next, where windows or freezes keep the chosen place closed at times. */
  nextStart?: Instant;
  observeFor: Duration;
  /** What each stage can tell at the usual traffic, in words; unset where that is not known. */
  power?: readonly string[];
  /** Where the chosen start is known later than those who must know were promised (CM-5). */
  shortNotice?: ShortNotice;
  /** What speaks for the chosen or offered start; unset where the place has no windows. */
  criteria?: Criteria;
  /** The kinds of change that are for whoever has it open. */
  changeTypes: readonly Details['changeType'][];
  /** Of a form that changes what is on its way: what saving it would do to the gos that stand. */
  saving?: Saving;
  /** What it is to carry out (HO-4). */
  contract?: ContractRecord;
  /** Something the person must know first: why a choice of theirs was not taken over. */
  notice?: string;
}

const MAX_OPTIONS = 100;
/** Characters that an option's value may have. */
const MAX_VALUE = 75;

export function renderScheduleModal(state: ScheduleState, about: ScheduleContext): ModalView {
  const { revises } = state.metadata;
  return {
    type: 'modal',
    callback_id: SCHEDULE_MODAL.callback,
    private_metadata: writeMetadata(state.metadata),
    title: plain(revises ? `Change ${revises.d}` : 'Schedule a deployment', 24),
    submit: plain(revises ? 'Save changes' : 'Schedule', 24),
    close: plain('Close', 24),
    blocks: [
      ...(about.notice === undefined ? [] : [section(`⚠️ ${inline(about.notice, 500)}`)]),
      ...forContract(state, about),
      ...place(state, about),
      ...version(state, about),
      summary(state),
      ...when(state, about),
      ...how(state, about),
      ...people(state),
      ...dryRun(state),
      ...saving(about),
      context(...consequences(state, about)),
    ],
  };
}

function forContract({ strategy }: ScheduleState, { contract, strategies }: ScheduleContext): KnownBlock[] {
  if (contract === undefined) return [];
  return [context(...forContractLines(contract, strategies.find(({ id }) => id === strategy)?.plan))];
}

/** Fields that hang on the service are drawn anew with it: Slack keeps what a block of the same id held. */
const ofService = (field: ScheduleField, { service }: ScheduleState): string =>
  service === undefined ? field : `${field}:${service.slice(0, 80)}`;

/** A suggestion for another place or risk is a field of its own, or Slack would keep what stood in it. */
const ofPlace = (state: ScheduleState): string =>
  [ofService('strategy', state), state.environment?.slice(0, 40) ?? '', state.risk === 'high' ? 'high' : '']
    .join(':')
    .slice(0, 255);

function place(state: ScheduleState, about: ScheduleContext): KnownBlock[] {
  const { revises } = state.metadata;
  if (revises) return [section(`*${inline(revises.service, 60)} → ${inline(revises.environment, 60)}*`)];
  const services = about.services.map((service) => option(service, service));
  const environments = about.environments.map(({ id, name }) => option(name, id));
  return [
    field('service', 'Service', select('service', 'Choose a service', services, state.service)),
    ...(state.service === undefined || environments.length === 0
      ? []
      : [
          field(
            'environment',
            'Environment',
            select('environment', 'Choose an environment', environments, state.environment),
            {
              block: ofService('environment', state),
            },
          ),
        ]),
  ];
}

function version(state: ScheduleState, about: ScheduleContext): KnownBlock[] {
  if (state.service === undefined) return [];
  const chosen = about.release ? versionText(about.release) : state.version;
  return [
    field(
      'version',
      'Version',
      {
        type: 'external_select',
        action_id: SCHEDULE_FIELDS.version,
        min_query_length: 0,
        placeholder: plain('Newest first', 150),
        ...(state.version === undefined || chosen === undefined || state.version.length > MAX_VALUE
          ? {}
          : { initial_option: option(chosen, state.version) }),
      },
      { block: ofService('version', state) },
    ),
    ...running(state, about),
    ...again(state, about),
  ];
}

/** What happened stands above the field that asks why it is right now; another version is another field. */
function again(state: ScheduleState, { rolledBack }: ScheduleContext): KnownBlock[] {
  if (rolledBack === undefined) return [];
  return [
    section(`⏪ ${rolledBackWords(rolledBack)}`),
    field(
      'again',
      'Why is it right now?',
      {
        type: 'plain_text_input',
        action_id: SCHEDULE_FIELDS.again,
        max_length: 500,
        placeholder: plain('What was mended or understood since; those who approve it read this', 150),
        ...defined({ initial_value: state.again?.slice(0, 500) }),
      },
      { block: `again:${rolledBack.deployment}` },
    ),
  ];
}

function running(
  { environment }: ScheduleState,
  { running: now, release, changes }: ScheduleContext,
): KnownBlock[] {
  const lines: string[] = [];
  if (now && environment !== undefined) {
    const since = now.since === undefined ? '' : ` since ${dateTime(now.since)}`;
    const where = inline(environment, 40);
    lines.push(
      now.version === null
        ? `Nothing runs in ${where} yet`
        : `Running in ${where} now: ${inline(now.version, 60)}${since}`,
    );
  }
  if (release) {
    const title = inline(release.title ?? '', 100);
    lines.push(
      `${inline(release.version, 60)} was built ${dateTime(release.builtAt)}${title === '' ? '' : ` · ${title}`}`,
    );
  }
  if (changes !== undefined) lines.push(...changesInFull(changes));
  return lines.length === 0 ? [] : [context(...lines)];
}

function when(state: ScheduleState, about: ScheduleContext): KnownBlock[] {
  const { nextStart } = about;
  const choices = [
    option('As soon as it is ready', 'ready'),
    ...(nextStart === undefined ? [] : [option('In the next open window', 'window')]),
    option('At a time', 'at'),
  ];
  const chosen = choices.find(({ value }) => value === state.when) ?? choices[0];
  return [
    field('when', 'When', {
      type: 'radio_buttons',
      action_id: SCHEDULE_FIELDS.when,
      options: choices,
      ...(chosen ? { initial_option: chosen } : {}),
    }),
    ...(state.when === 'at'
      ? [
          field(
            'at',
            'Start',
            {
              type: 'datetimepicker',
              action_id: SCHEDULE_FIELDS.at,
              ...(state.at === undefined ? {} : { initial_date_time: Math.floor(state.at / SECOND) }),
            },
            { hint: 'In your own time zone' },
          ),
        ]
      : []),
    ...aboutStart(about),
  ];
}

/** What speaks for the start that is chosen or offered, in one place. */
function aboutStart({ nextStart, shortNotice, criteria }: ScheduleContext): KnownBlock[] {
  const offered = criteria === undefined || criteria.at === nextStart;
  const lines = [
    ...(nextStart === undefined
      ? []
      : [offered ? `*Next open: ${dateTime(nextStart)}*` : `Next open: ${dateTime(nextStart)}`]),
    ...(criteria === undefined || offered ? [] : [`*Start ${dateTime(criteria.at)}*`]),
    ...(criteria === undefined ? [] : criteriaLines(criteria).map((line) => `• ${line}`)),
    ...(shortNotice === undefined ? [] : [noticeWords(shortNotice)]),
  ];
  return lines.length === 0 ? [] : [context(...lines)];
}

function how(state: ScheduleState, about: ScheduleContext): KnownBlock[] {
  const named = (ids: readonly string[], names: Record<string, string>) =>
    ids.map((id) => option(names[id] ?? capitalised(id), id));
  const strategies = about.strategies.map(({ id, name, plan }) => option(planWords(plan, name), id));
  const none = {};
  return [
    field('strategy', 'Strategy', select('strategy', 'Choose a strategy', strategies, state.strategy), {
      block: ofPlace(state),
      ...(about.notTaken === undefined ? {} : { hint: about.notTaken }),
    }),
    field(
      'changeType',
      'Kind of change',
      select('changeType', 'Choose', named(about.changeTypes, none), state.changeType),
      // Slack keeps what a block of the same id held: another choice of kinds is another block.
      { block: `changeType:${about.changeTypes.join('-')}`, ...kindsHint(about) },
    ),
    field(
      'deploymentType',
      'What it brings',
      select(
        'deploymentType',
        'Choose',
        named(DEPLOYMENT_TYPES, DEPLOYMENT_TYPE_NAMES),
        state.deploymentType,
      ),
    ),
    field('risk', 'Risk', select('risk', 'Choose', named(RISKS, none), state.risk)),
    field(
      'database',
      'Database',
      select('database', 'Choose', named(DATABASE_CHANGES, DATABASE_NAMES), state.database),
    ),
  ];
}

/** Why fewer are offered than there are. */
function kindsHint({ changeTypes }: ScheduleContext): { hint?: string } {
  const missing = CHANGE_TYPES.filter((type) => !changeTypes.includes(type));
  if (missing.length === 0) return {};
  return { hint: missing.map((type) => MISSING_KINDS[type]).join(' ') };
}

const MISSING_KINDS: Record<Details['changeType'], string> = {
  standard: 'Standard only where the policy approves it beforehand.',
  normal: '',
  emergency: 'Emergency only for who may declare one.',
};

function people(state: ScheduleState): KnownBlock[] {
  const person = (of: 'lead' | 'onCall', label: string, hint: string) =>
    field(
      of,
      label,
      {
        type: 'users_select',
        action_id: SCHEDULE_FIELDS[of],
        placeholder: plain('Choose a person', 150),
        ...defined({ initial_user: state[of] }),
      },
      { block: ofService(of, state), hint },
    );
  return [
    person('lead', 'Lead', 'Answers for it, and cannot approve it'),
    person('onCall', 'On-call', 'May roll it back at any moment'),
  ];
}

function summary(state: ScheduleState): KnownBlock {
  return field('summary', 'What and why', {
    type: 'plain_text_input',
    action_id: SCHEDULE_FIELDS.summary,
    multiline: true,
    max_length: 2000,
    placeholder: plain('Those who approve it read this first', 150),
    ...defined({ initial_value: state.summary?.slice(0, 2000) }),
  });
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

/** What happens when this is sent. */
function consequences(state: ScheduleState, about: ScheduleContext): string[] {
  const lines = about.approval ? approvalWords(state, about.approval) : [];
  lines.push(...needsWords(about.needs));
  if (about.power !== undefined && about.power.length > 0)
    lines.push(`At its usual traffic, ${listOf(about.power, 'and', 8)}.`);
  lines.push(
    `Watched for ${duration(about.observeFor)} after the last stage; rolled back by itself if it gets worse.`,
  );
  if (state.metadata.revises)
    lines.push(
      'A go falls, and is asked for again, with another version, plan, start outside its window, kind of change, risk or database. Who changes one of these will not be able to sign it.',
    );
  return lines;
}

function approvalWords(state: ScheduleState, approval: NonNullable<ScheduleContext['approval']>): string[] {
  const roles = listOf(
    approval.signOffs.map((role) => inline(role, 40)),
    'and',
    8,
  );
  const start = state.when === 'at' ? 'at that time' : 'at once';
  const words = {
    none: `No sign-off is needed in ${inline(state.environment ?? '', 40)}: it starts ${start}.`,
    before: `Needs a go from ${roles} before it starts. They are asked when you send this.`,
    afterwards: `It starts ${start} without a go. ${capitalised(roles)} are asked now, and owe theirs once it has started.`,
  };
  const { earliest } = approval;
  return [
    ...(earliest === undefined
      ? []
      : [`A ${state.changeType} change is announced ahead: it can start from ${dateTime(earliest)} on.`]),
    words[approval.when],
  ];
}

function needsWords(needs: ScheduleContext['needs']): string[] {
  if (needs === undefined) return [];
  const { gates, changeRequest, required, optional } = needs;
  const waited = [
    ...(gates === 0 ? [] : [plural(gates, 'gate')]),
    ...(changeRequest ? ['a change request'] : []),
    ...(required === 0 ? [] : [plural(required, 'checklist item')]),
  ];
  const shown = `${plural(optional, 'checklist item is', 'checklist items are')} not waited for`;
  const words = [
    ...(waited.length === 0 ? [] : [`it waits for ${listOf(waited)}`]),
    ...(optional === 0 ? [] : [shown]),
  ];
  return words.length === 0 ? [] : [`${capitalised(words.join('; '))}.`];
}

function select(
  of: ScheduleField,
  placeholder: string,
  options: PlainTextOption[],
  chosen: string | undefined,
): StaticSelect {
  const initial = options.find(({ value }) => value === chosen);
  const rest = options.slice(0, MAX_OPTIONS);
  const shown = initial && !rest.includes(initial) ? [...rest.slice(0, -1), initial] : rest;
  return {
    type: 'static_select',
    action_id: SCHEDULE_FIELDS[of],
    placeholder: plain(placeholder, 150),
    options: shown,
    ...(initial ? { initial_option: initial } : {}),
  };
}

function field(
  of: ScheduleField,
  label: string,
  element: InputBlockElement,
  more: { block?: string; hint?: string } = {},
): InputBlock {
  const redraws = (SCHEDULE_REDRAWS as readonly string[]).includes(SCHEDULE_FIELDS[of]);
  return {
    type: 'input',
    block_id: more.block ?? of,
    label: plain(label, 100),
    element,
    ...(redraws ? { dispatch_action: true } : {}),
    ...(more.hint === undefined ? {} : { hint: plain(more.hint, 150) }),
  };
}

/** `v2.1.0 · 3f9c2e1`: the same wherever the version is shown, so that a choice keeps its words. */
function versionText({ version, sha }: Release): string {
  return `${version} · ${sha.slice(0, 7)}`;
}

/** One suggestion of the version field; `now` for how long ago it was built. */
export function versionOption(
  release: Release,
  { running, now }: { running?: string | null; now: Instant },
): { text: string; value: string; description: string } {
  const state = release.version === running ? ' · runs now' : '';
  const { text } = plain(`${versionText(release)}${state}`, 75);
  const title = release.title === undefined ? '' : ` · ${release.title}`;
  const description = plain(`Built ${duration(now - release.builtAt)} ago${title}`, 75).text;
  return { text, value: release.version, description };
}
