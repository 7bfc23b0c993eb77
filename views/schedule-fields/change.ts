/** What kind of change it is, what it risks, and what it does to the database. */

import { z } from 'zod';
import {
  type BaseType,
  changeTypeWords,
  DATABASE_CHANGES,
  DEPLOYMENT_TYPES,
  isBaseType,
  RISKS,
} from '../../src/terms/change.ts';
import { notAVersion } from '../../src/terms/database-plan.ts';
import { option } from '../blocks.ts';
import { DATABASE_NAMES, DEPLOYMENT_TYPE_NAMES } from '../deployment-words.ts';
import type { Form } from '../schedule-form.ts';
import { capitalised } from '../text.ts';
import { field, filled, hasService, menu, oneOf, words } from './inputs.ts';

export const CHANGE_FIELDS = {
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
};

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
