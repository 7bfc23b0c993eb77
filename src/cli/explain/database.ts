/** What becomes of the database where it goes back, in sentences; and where the policy lets start what it cannot safely take back. */

import { DATABASE_NAMES } from '../../../views/deployment-words.ts';
import type { Policy } from '../../policy/policy.ts';
import { any } from './words.ts';

const IRREVERSIBLE = ['breaking', 'data_migration'] as const;

export function databaseWords(policy: Policy): string[] {
  if (!policy.environments.some(({ approval }) => approval === 'manual')) return [];
  return [byItself(policy), ...unapproved(policy)];
}

const byItself = ({ safeguards: { breaking } }: Policy): string =>
  `Where going back breaks data (a breaking change, a data migration, or a version outside those declared compatible), a person is asked twice, and GoNoGo by itself ${
    breaking === 'hold_and_page'
      ? 'holds and pages people (safeguards.breaking: hold_and_page)'
      : 'goes back all the same (safeguards.breaking: roll_back)'
  }.`;

/** Nobody has said go to a change that is taken back at the price of data. */
function unapproved({ changeTypes, preApproved, safeguards }: Policy): string[] {
  if (safeguards.breaking === 'hold_and_page') return [];
  const { approval } = changeTypes.standard;
  const databases = IRREVERSIBLE.filter((one) => preApproved.some((rule) => rule.databases.includes(one)));
  if (approval !== 'none' || databases.length === 0) return [];
  return [
    `A standard change may be ${any(databases.map((one) => DATABASE_NAMES[one].toLowerCase()))} and starts without a go, and GoNoGo goes back by itself although that breaks data: nobody would have approved either. Set safeguards.breaking: hold_and_page, or take ${any(databases)} out of pre_approved.`,
  ];
}
