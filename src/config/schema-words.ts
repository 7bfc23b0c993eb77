/** The words that every part of the schema of gonogo.yml is written in: names, people, lengths of time. */

import { z } from 'zod';
import { DATABASE_CHANGES, DEPLOYMENT_TYPES, RISKS } from '../terms/change.ts';
import { DURATION_PATTERN } from './durations.ts';

/** Roles that every deployment brings along: its own people. */
export const OWN_ROLES = ['lead', 'on_call', 'requester'] as const;
/** In a permission: everyone who holds any role. */
export const ANY_ROLE = 'any_role';
/** Among the requesters: every full member of the workspace. */
export const ANYONE = 'anyone';

/** A name becomes a key: `constructor` is there in every object before anybody sets it. */
const idPattern = /^(?!constructor$)[a-z][a-z0-9_-]{0,39}$/;
export const ID_WORDS = 'small letters, digits, "-" and "_", at most 40, a letter first; not "constructor"';
export const isId = (text: string): boolean => idPattern.test(text);
export const id = (what: string) =>
  z
    .string()
    .regex(idPattern)
    .meta({ description: `${what}: ${ID_WORDS}` });

/** What every object has before anybody sets it. */
const TAKEN = Object.getOwnPropertyNames(Object.prototype).filter((word) => /^[a-z]/i.test(word));
export const SERVICE_NAME = new RegExp(
  `^(?!(?:${TAKEN.join('|')})$)(?=.{1,60}$)[A-Za-z][A-Za-z0-9]*(?:[._/-]+[A-Za-z0-9]+)*$`,
);

/** Of services, environments and teams, as they are called elsewhere: `WebAPI`, `api.v2`, `apps/web`. */
export const name = (what: string) =>
  z
    .string()
    .max(60)
    .regex(SERVICE_NAME)
    .meta({
      description: `${what}: letters, digits, and ".", "_", "/" or "-" between them, at most 60, a letter first`,
    });

export const line = (what: string) =>
  z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^[^\n\r`]+$/)
    .meta({ description: `${what}: 1 to 60 characters on one line, without backticks` });

export const person = z
  .string()
  .regex(/^[UW][A-Z0-9]{6,20}$/)
  .meta({ description: 'a Slack member id such as U012AB3CDE4 (in a profile: ⋮, "Copy member ID")' });

export const duration = z
  .string()
  .regex(DURATION_PATTERN)
  .meta({ description: 'a duration such as "90s", "30m", "1h 30m" or "7d"' });

export const people = z.array(person).meta({ description: 'a list of Slack member ids' });

export const usergroup = z
  .string()
  .regex(/^(S[A-Z0-9]{6,20}|@[\w.-]{1,80})$/)
  .meta({ description: 'a Slack user group: its id (S…) or its handle (@ops)' });

export const roleList = z.array(id('a role')).min(1).meta({ description: 'a list of roles, at least one' });

export const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .meta({ description: 'a time of day such as "09:00"' });

const few = <T extends readonly [string, ...string[]]>(values: T, what: string) =>
  z.array(z.enum(values)).min(1).meta({ description: what }).optional();

/** Of an item or a sign-off: the changes that it is for. */
export const concerned = z.strictObject({
  deployment_types: few(DEPLOYMENT_TYPES, 'deployment types that it is for'),
  databases: few(DATABASE_CHANGES, 'changes of the database that it is for'),
  risks: few(RISKS, 'risks that it is for'),
});

export const channel = (what: string) =>
  z
    .string()
    .regex(/^[CG][A-Z0-9]{6,20}$/)
    .meta({ description: what });
