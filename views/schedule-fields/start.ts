/** When a deployment starts: as soon as it can, in a window, or at a time. */

import type { PlainTextOption } from '@slack/types';
import { z } from 'zod';
import { defined, given } from '../../src/defined.ts';
import { type Instant, moment, SECOND } from '../../src/time.ts';
import { option } from '../blocks.ts';
import type { Chosen, Form } from '../schedule-form.ts';
import { aboutStart } from '../schedule-lines.ts';
import { inZone } from '../text.ts';
import { field, filled } from './inputs.ts';

export const START_FIELDS = {
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
