/**
 * The fields of the schedule form (K-2), in the order in which they stand: all that asking for a deployment, changing one
 * and asking again know of a field is its entry here.
 */

import type { InputBlockElement, PlainTextInput, PlainTextOption, UsersSelect } from '@slack/types';
import { z } from 'zod';
import type { Release } from '../src/backends/port.ts';
import { defined, given } from '../src/defined.ts';
import {
  type BaseType,
  changeTypeWords,
  DATABASE_CHANGES,
  DEPLOYMENT_TYPES,
  isBaseType,
  RISKS,
} from '../src/terms/change.ts';
import { notAVersion } from '../src/terms/database-plan.ts';
import { type Instant, moment, SECOND } from '../src/time.ts';
import { option, plain } from './blocks.ts';
import { DATABASE_NAMES, DEPLOYMENT_TYPE_NAMES, planWords } from './deployment-words.ts';
import type { Chosen, Field, Form } from './schedule-form.ts';
import { aboutStart, aboutVersion, rolledBackLine } from './schedule-lines.ts';
import { capitalised, inline, inZone, mention } from './text.ts';

/** Options that a menu holds; of more, the person searches. */
const MAX_OPTIONS = 100;
/** Characters that an option's value may have. */
const MAX_VALUE = 75;

/** With this each entry is checked, and keeps the type of what it holds. */
const field = <V>(entry: Field<V>): Field<V> => entry;
const filled = <V>(entry: Field<V> & { blank: V }): Field<V> & { blank: V } => entry;

const isNew = ({ chosen }: Form): boolean => chosen.metadata.revises === undefined;
const hasService = ({ chosen }: Form): boolean => chosen.service !== undefined;
const ofService = ({ chosen }: Form): string => chosen.service?.slice(0, 80) ?? '';

function menu(
  action: string,
  placeholder: string,
  options: PlainTextOption[],
  chosen: unknown,
): InputBlockElement {
  const initial = options.find(({ value }) => value === chosen);
  return {
    type: 'static_select',
    action_id: action,
    placeholder: plain(placeholder, 150),
    options: options.slice(0, MAX_OPTIONS),
    ...(initial ? { initial_option: initial } : {}),
  };
}

function search(action: string, placeholder: string, chosen: PlainTextOption | undefined): InputBlockElement {
  return {
    type: 'external_select',
    action_id: action,
    min_query_length: 0,
    placeholder: plain(placeholder, 150),
    ...defined({ initial_option: chosen }),
  };
}

/** What is too long for an option cannot be shown as the one that is chosen. */
const optionOf = (text: string | undefined, value: string | undefined): PlainTextOption | undefined =>
  text === undefined || value === undefined || value.length > MAX_VALUE ? undefined : option(text, value);

const person = (action: string, chosen: string | undefined): UsersSelect => ({
  type: 'users_select',
  action_id: action,
  placeholder: plain('Choose a person', 150),
  ...defined({ initial_user: chosen }),
});

const words = (
  action: string,
  value: string | undefined,
  { max, placeholder, lines }: { max: number; placeholder: string; lines?: true },
): PlainTextInput => ({
  type: 'plain_text_input',
  action_id: action,
  ...defined({ multiline: lines }),
  max_length: max,
  placeholder: plain(placeholder, 150),
  ...defined({ initial_value: value?.slice(0, max) }),
});

/** One of a few fixed words. */
function oneOf<T extends string>(
  entry: Pick<Field<T>, 'label' | 'inShort' | 'of'> & {
    of: NonNullable<Field<T>['of']>;
    values: readonly [T, ...T[]];
    blank: T;
    names?: Readonly<Record<string, string>>;
  } & Partial<Field<T>>,
): Field<T> & { blank: T } {
  const { values, names = {}, ...rest } = entry;
  const shape: z.ZodType<T> = z.enum(values);
  return {
    folded: true,
    redraws: true,
    isAsked: hasService,
    element: (action, chosen) =>
      menu(
        action,
        'Choose',
        values.map((value) => option(names[value] ?? capitalised(value), value)),
        chosen,
      ),
    ...rest,
    shape,
  };
}

export const FIELDS = {
  service: field({
    label: 'Service',
    shape: z.string({ error: 'Choose a service.' }),
    redraws: true,
    isAsked: isNew,
    element: (action, chosen, { about: { services } }) =>
      services.length > MAX_OPTIONS
        ? search(action, 'Type a part of its name', optionOf(chosen, chosen))
        : menu(
            action,
            'Choose a service',
            services.map((service) => option(service, service)),
            chosen,
          ),
    of: ({ terms }) => terms.envelope.service,
    compared: false,
    refusals: ['locked', 'not_allowed'],
  }),
  environment: field({
    label: 'Environment',
    shape: z.string({ error: 'Choose an environment.' }),
    redraws: true,
    isAsked: (form) => isNew(form) && hasService(form) && form.about.environments.length > 0,
    block: (form) => [ofService(form), form.chosen.metadata.sentTo?.slice(0, 80)].filter(Boolean).join(':'),
    element: (action, chosen, { about: { environments } }) =>
      menu(
        action,
        'Choose an environment',
        environments.map(({ id, name }) => option(name, id)),
        chosen,
      ),
    ofService: ({ environments: [only, ...others] }) => (others.length === 0 ? only : undefined),
    standsWith: (typed, { environments }) => environments.includes(typed),
    of: ({ terms }) => terms.envelope.environment,
    compared: false,
  }),
  version: field({
    label: 'Version',
    shape: z.string({ error: 'Choose a version.' }),
    redraws: true,
    isAsked: hasService,
    block: ofService,
    element: (action, chosen, { about: { release } }) =>
      search(action, 'Newest first', optionOf(release ? versionText(release) : chosen, chosen)),
    below: aboutVersion,
    ofService: () => undefined,
    standsWith: () => true,
    of: ({ terms }) => terms.envelope.version,
    refusals: ['occupied', 'already_running', 'not_promoted', 'other_build'],
    elseAt: 'service',
  }),
  again: field({
    label: 'Why is it right now?',
    shape: z.string().max(3000).optional(),
    isAsked: ({ about }) => about.rolledBack !== undefined,
    // Another version is another question.
    block: ({ about }) => about.rolledBack?.deployment ?? '',
    above: rolledBackLine,
    element: (action, typed) =>
      words(action, typed, {
        max: 500,
        placeholder: 'What was mended or understood since; those who approve it read this',
      }),
    refusals: ['rolled_back_before'],
  }),
  summary: field({
    label: 'What and why',
    shape: z.string({ error: 'Say what changes and why.' }).max(3000),
    // A title of another version is filled in anew; what was typed stays where it is.
    block: ({ chosen }) => chosen.metadata.titled?.version.slice(0, 80) ?? '',
    element: (action, typed) =>
      words(action, typed, { max: 2000, placeholder: 'Those who approve it read this first', lines: true }),
    fromRelease: ({ title }) => title?.trim() || undefined,
    of: ({ terms }) => terms.details.summary,
    // More than this the form does not hold.
    compared: (typed = '') => typed.slice(0, 2_000).trim(),
  }),
  when: filled<Chosen['when']>({
    label: 'When',
    shape: z.enum(['ready', 'window', 'at']),
    blank: 'ready',
    redraws: true,
    block: (form) =>
      startChoices(form)
        .map(({ text, value }) => `${value} ${text.text}`)
        .join('|')
        .slice(0, 200),
    element: (action, chosen, form) => {
      const choices = startChoices(form);
      const initial = choices.find(({ value }) => value === chosen) ?? choices[0];
      return {
        type: 'radio_buttons',
        action_id: action,
        options: choices,
        ...defined({ initial_option: initial }),
      };
    },
    below: (form) => (form.chosen.when === 'at' ? [] : aboutStart(form)),
    of: ({ terms }) => (terms.envelope.start.kind === 'at' ? 'at' : 'ready'),
    compared: false,
  }),
  at: field({
    label: 'Start',
    shape: z.int({ error: 'Choose a day and a time.' }).optional(),
    redraws: true,
    isAsked: ({ chosen }) => chosen.when === 'at',
    element: (action, at) => ({
      type: 'datetimepicker',
      action_id: action,
      ...defined({ initial_date_time: given(at, (at) => Math.floor(at / SECOND)) }),
    }),
    hint: () => 'In your own time zone',
    below: aboutStart,
    read: (text) => Number(text) * SECOND,
    write: (at) => String(Math.floor((at ?? 0) / SECOND)),
    problem: (at, { when }) => (when === 'at' && at === undefined ? 'Choose a day and a time.' : undefined),
    of: ({ terms: { envelope } }) => (envelope.start.kind === 'at' ? envelope.start.at : undefined),
    // Its picker knows no less than a second.
    compared: (at, { when }) => (when === 'at' ? `at ${Math.floor((at ?? 0) / SECOND)}` : when),
    told: (at, { when }) => START_WORDS[when](at ?? 0),
    refusals: ['start_in_past', 'start_too_far', 'frozen', 'window_closed', 'lead_time', 'contract_window'],
    elseAt: 'when',
  }),
  changeType: filled({
    label: 'Kind of change',
    shape: z.string(),
    blank: 'normal',
    folded: true,
    redraws: true,
    isAsked: hasService,
    element: (action, chosen, { about }) =>
      menu(
        action,
        'Choose',
        about.changeTypes.map((type) => option(capitalised(changeTypeWords(type)), type)),
        chosen,
      ),
    // Another choice of kinds is another block.
    block: ({ about }) => about.changeTypes.join('-').slice(0, 200),
    hint: ({ about }) => kindsHint(about),
    inShort: (type) => `${capitalised(changeTypeWords(type))} change`,
    of: ({ terms }) => terms.details.changeType,
    refusals: ['wrong_change_type'],
  }),
  deploymentType: oneOf({
    label: 'What it brings',
    values: DEPLOYMENT_TYPES,
    blank: 'feature',
    names: DEPLOYMENT_TYPE_NAMES,
    inShort: (type) => DEPLOYMENT_TYPE_NAMES[type].toLowerCase(),
    of: ({ terms }) => terms.details.deploymentType,
  }),
  risk: oneOf({
    label: 'Risk',
    values: RISKS,
    blank: 'medium',
    inShort: (risk) => `${risk} risk`,
    of: ({ terms }) => terms.details.risk,
  }),
  database: oneOf({
    label: 'Database',
    values: DATABASE_CHANGES,
    blank: 'none',
    names: DATABASE_NAMES,
    inShort: (change) => (change === 'none' ? 'no database change' : `database: ${DATABASE_NAMES[change]}`),
    of: ({ terms }) => terms.details.database,
  }),
  compatible: field({
    label: 'Versions that work with the changed database',
    shape: z.string().max(1000).optional(),
    isAsked: ({ chosen }) => chosen.database !== 'none',
    element: (action, typed) =>
      words(action, typed, { max: 500, placeholder: 'v2.0.4, v2.0.5: going back to another asks twice' }),
    problem: (typed, { database }) => {
      const wrong = database === 'none' ? undefined : notAVersion(typed ?? '');
      return wrong === undefined
        ? undefined
        : `"${wrong.slice(0, 60)}" is no version. Write them as v2.0.4, v2.0.5.`;
    },
    of: ({ terms }) => terms.details.compatible,
  }),
  reverseScript: field({
    label: 'Reverse script',
    shape: z.string().max(1000).optional(),
    isAsked: ({ chosen }) => chosen.database === 'data_migration',
    element: (action, typed) =>
      words(action, typed, { max: 300, placeholder: 'The name of an artifact, or the link to its run' }),
    of: ({ terms }) => terms.details.reverseScript,
  }),
  strategy: field({
    label: 'Strategy',
    shape: z.string({ error: 'Choose a strategy.' }),
    folded: true,
    redraws: true,
    isAsked: hasService,
    // A suggestion for another place or risk is a field of its own, or Slack would keep what stood in it.
    block: ({ chosen }) =>
      [chosen.service, chosen.environment, chosen.risk === 'high' ? 'high' : '']
        .map((part = '') => part.slice(0, 80))
        .join(':'),
    element: (action, chosen, { about: { strategies } }) =>
      menu(
        action,
        'Choose a strategy',
        strategies.map(({ id, name, plan }) => option(planWords(plan, name), id)),
        chosen,
      ),
    hint: ({ about }) => about.notTaken,
    inShort: (chosen, { about }) => {
      const strategy = about.strategies.find(({ id }) => id === chosen);
      return strategy === undefined ? inline(chosen, 60) : planWords(strategy.plan, strategy.name);
    },
    ofService: () => undefined,
    of: ({ terms }) => terms.envelope.plan.strategy,
    refusals: ['not_supported'],
  }),
  lead: field({
    label: 'Lead',
    shape: z.string({ error: 'Name who leads it.' }),
    folded: true,
    redraws: true,
    isAsked: hasService,
    block: ofService,
    element: (action, chosen) => person(action, chosen),
    hint: () => 'Answers for it, and cannot approve it',
    inShort: (id) => `lead ${mention({ id })}`,
    ofService: ({ lead }, userId) => lead ?? userId,
    of: ({ terms }) => terms.details.lead.id,
    told: 'person',
  }),
  onCall: field({
    label: 'On-call',
    shape: z.string({ error: 'Name who is on call.' }),
    folded: true,
    redraws: true,
    isAsked: hasService,
    block: ofService,
    element: (action, chosen) => person(action, chosen),
    hint: () => 'May roll it back at any moment',
    inShort: (id) => `on-call ${mention({ id })}`,
    // Whoever has the turn when it would start is asked for besides: it may need Slack.
    ofService: () => undefined,
    of: ({ terms }) => terms.details.onCall.id,
    told: 'person',
    refusals: ['on_call_gone'],
  }),
};

const START_WORDS: Record<Chosen['when'], (at: number) => string> = {
  ready: () => 'as soon as it is ready',
  window: () => 'in the next open window',
  at: (at) => moment(at),
};

/** Only what will not be refused: a kind of change that is announced ahead never starts at once. */
function startChoices({ chosen, about: { approval, nextStart, zone } }: Form): PlainTextOption[] {
  const earliest = chosen.metadata.revises === undefined ? approval?.earliest : undefined;
  const next = nextStart === undefined ? '' : inZone(nextStart, zone);
  return [
    ...(earliest === undefined ? [option('As soon as it is ready', 'ready')] : []),
    ...(nextStart === undefined ? [] : [option(`${offerWords(nextStart, earliest)}: ${next}`, 'window')]),
    option('At a time', 'at'),
  ];
}

function offerWords(next: Instant, earliest: Instant | undefined): string {
  if (earliest === undefined) return 'In the next open window';
  return next === earliest ? 'Earliest' : 'Next open';
}

/** Why fewer are offered than there are. */
function kindsHint({ changeTypes, allChangeTypes }: Form['about']): string | undefined {
  const missing = allChangeTypes.filter((type) => !changeTypes.includes(type));
  return missing.map(missingKind).join(' ') || undefined;
}

const MISSING_KINDS: Record<BaseType, string> = {
  standard: 'Standard only where the policy approves it beforehand.',
  normal: '',
  emergency: 'Emergency only for who may declare one.',
};

const missingKind = (type: string): string =>
  isBaseType(type)
    ? MISSING_KINDS[type]
    : `${capitalised(changeTypeWords(type))} only for who may ask for it.`;

/** `v2.1.0 · 3f9c2e1`: the same wherever the version is shown, so that a choice keeps its words. */
export function versionText({ version, sha }: Release): string {
  return `${version} · ${sha.slice(0, 7)}`;
}

export type ScheduleField = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as ScheduleField[];

/** The entry of a field, whatever it holds. */
export const entryOf = (name: ScheduleField): Field => FIELDS[name] as unknown as Field;

/** Action ids. */
export const SCHEDULE_FIELDS = Object.fromEntries(
  FIELD_NAMES.map((name) => [name, `schedule.${name}`]),
) as Record<ScheduleField, string>;

/** Changing one of these draws the form anew. */
export const SCHEDULE_REDRAWS: readonly string[] = FIELD_NAMES.filter((name) => entryOf(name).redraws).map(
  (name) => SCHEDULE_FIELDS[name],
);

type ValueOf<N extends ScheduleField> = (typeof FIELDS)[N] extends { shape: z.ZodType<infer V> } ? V : never;
/** Those that are never empty. */
type FilledField = {
  [N in ScheduleField]: (typeof FIELDS)[N] extends { blank: unknown } ? N : never;
}[ScheduleField];
type OptionalField = { [N in ScheduleField]: undefined extends ValueOf<N> ? N : never }[ScheduleField];

/** What each field holds, those aside that hold nothing yet. */
export type ScheduleValues = { [N in FilledField]: ValueOf<N> } & {
  [N in Exclude<ScheduleField, FilledField>]?: Exclude<ValueOf<N>, undefined>;
};

/** What each field holds in a form that can be sent. */
export type CompleteValues = { [N in Exclude<ScheduleField, OptionalField>]: ValueOf<N> } & {
  [N in OptionalField]?: Exclude<ValueOf<N>, undefined>;
};
