/** How it rolls out, who leads it and who is on call for it. */

import { z } from 'zod';
import { option } from '../blocks.ts';
import { planWords } from '../deployment-words.ts';
import { inline, mention } from '../text.ts';
import { field, hasService, menu, ofService, person } from './inputs.ts';

export const ROLLOUT_FIELDS = {
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
