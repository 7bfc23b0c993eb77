/** The policy that a deployment is requested under, resolved from gonogo.yml and its preset; pure data. */

import type { Action, Details, Safeguards } from '../deployment/deployment.ts';
import type { Plan } from '../deployment/plan.ts';

import type { CalendarPolicy } from './calendar/policy.ts';
export interface Role {
  id: string;
  /** How people read it: "Tech lead". */
  name: string;
  /** Slack user ids. */
  members: string[];
  /** A Slack user group whose people hold the role as well: its id (`S…`) or handle. */
  usergroup?: string;
}

export interface Environment {
  id: string;
  name: string;
  /** Roles that must say go, with their quorum; by deployment type where the policy asks for more. */
  signOffs: { role: string; quorum: number; only?: Details['deploymentType'][] }[];
}

export interface Strategy {
  id: string;
  name: string;
  plan: Plan;
}

export interface ServicePolicy {
  name: string;
  /** Where its cards live: a Slack channel id. */
  channel: string;
  /** Environments it is deployed to, in the order of the hierarchy. */
  environments: string[];
  /** Adapter names; the composition root holds the adapters. */
  backend: string;
  metrics: string;
  /** The strategy that the modal offers first. */
  strategy: string;
  /** Services it needs: none of them changes while it does (WN-2). */
  dependsOn: readonly string[];
  lead?: string;
  onCall?: string;
}

export interface Policy {
  team: string;
  /** IANA zone in which "14:00" is read where a person's own zone is not known. */
  timeZone: string;
  services: ReadonlyMap<string, ServicePolicy>;
  environments: readonly Environment[];
  strategies: ReadonlyMap<string, Strategy>;
  roles: ReadonlyMap<string, Role>;
  /** Roles that may ask for a deployment; `anyone` is every full member of the workspace. */
  requesters: readonly string[];
  permissions: Readonly<Record<Action, readonly string[]>>;
  safeguards: Omit<Safeguards, 'permissions'>;
  calendar: CalendarPolicy;
}
