/** What is deployed where, and why: the fields that the schedule form begins with. */

import { z } from 'zod';
import type { Release } from '../../src/backends/port.ts';
import { option } from '../blocks.ts';
import { aboutVersion, rolledBackLine } from '../schedule-lines.ts';
import { field, hasService, isNew, MAX_OPTIONS, menu, ofService, optionOf, search, words } from './inputs.ts';

export const RELEASE_FIELDS = {
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
};

/** `v2.1.0 · 3f9c2e1`: the same wherever the version is shown, so that a choice keeps its words. */
export function versionText({ version, sha }: Release): string {
  return `${version} · ${sha.slice(0, 7)}`;
}
