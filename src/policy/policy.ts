/** The policy that a deployment is requested under, resolved from gonogo.yml and its preset; pure data. */

import type { JudgePlan } from '../judge/types.ts';
import type { BaseType, Details } from '../terms/change.ts';
import type { Communication } from '../terms/communication.ts';
import type { Hours, Workdays } from '../terms/hours.ts';
import type { Plan } from '../terms/plan.ts';
import type { ChecklistGroup, ChecklistItem, Gate } from '../terms/requirements.ts';
import type { Action, Safeguards } from '../terms/safeguards.ts';
import type { SmokeTerms } from '../terms/smoke.ts';
import type { Duration } from '../time.ts';
import type { AlertPolicy } from './alerts.ts';
import type { CalendarPolicy } from './calendar/policy.ts';
import type { OnCall } from './rotation.ts';

export interface Role {
  id: string;
  /** How people read it: "Tech lead". */
  name: string;
  /** Slack user ids. */
  members: string[];
  /** Slack user groups whose people hold the role as well: their ids (`S…`) or handles. */
  usergroups: string[];
  /** Of one that stands for several: the roles that any one sign-off is asked of. Nothing else is done in it. */
  anyOf?: readonly string[];
}

/** One role's sign-off, as the policy asks for it. */
export interface SignOffRule {
  role: string;
  /** How many different people of the role must say go. */
  quorum: number;
  /** Changes that need it; unset for all. */
  when?: Concerned;
}

/** Changes that something is for: those that fit each part that is set. */
export type Concerned = Partial<{
  deploymentTypes: readonly Details['deploymentType'][];
  databases: readonly Details['database'][];
  risks: readonly Details['risk'][];
}>;

/** `on_merge`: each release once it may · `nightly`: the newest, so many minutes after midnight in the team's zone (CH-2). */
export type AutomaticRule = { kind: 'on_merge' } | { kind: 'nightly'; at: number };

export interface Environment {
  id: string;
  name: string;
  /** `none` and `on_merge`: nobody is asked (the approved merge counts) · `manual`: the sign-offs below (CH-2). */
  approval: 'none' | 'on_merge' | 'manual';
  /** Roles that must say go, with their quorum; by deployment type where the policy asks for more. */
  signOffs: SignOffRule[];
  /** Gates that must have passed before a start here, and before the hand-over after one (GT-1). */
  gates: readonly string[];
  handOverGates: readonly string[];
  /** Groups of the checklist that apply here (GT-5). */
  checklist: readonly ChecklistGroup[];
  /** Whether people are called where nobody acts; unset for no. */
  pages?: boolean;
  /** When releases come here by themselves; unset for never. */
  automatic?: AutomaticRule;
  /** How long a version runs here before the environment after it opens to it; unset for as soon as it is complete. */
  bake?: Duration;
  /** How services roll out here, where that differs from the others. */
  rollout?: RolloutRule;
}

/** What a kind of change takes wherever an environment's approval is manual (CH-1). */
export interface ChangeTypePolicy {
  /** Of a kind of the team's own: what it is built on. */
  like?: BaseType;
  /** Business days between the request and the earliest start. */
  leadTime: number;
  /** `none`: pre-approved · `before`: it waits for its sign-offs · `afterwards`: it starts, and then owes them. */
  approval: 'none' | 'before' | 'afterwards';
  /** Asked besides those of the environment. */
  signOffs: SignOffRule[];
  /** Roles that may ask for it; unset for everyone who may ask for a deployment. */
  requesters?: readonly string[];
  /** Of an emergency: the roles that may declare one, each alone; `on_call` is the service's own on-call. */
  declaredBy?: readonly string[];
  /** Of the environment's gates before the start, only these; unset for all. */
  gates?: readonly string[];
  /** Whether open required items keep it from its start. */
  checklist: 'required' | 'optional';
  /** Whether a change request must be written before the start (CH-5). */
  changeRequest: boolean;
  /** What an approval afterwards owes, and how it is asked for. */
  owed?: { within: Duration; remindEvery: Duration; documentation: boolean };
}

/** Standard changes that nobody has to approve any more; a change fits where every part of it does (CH-9). */
export interface PreApproval {
  services: readonly string[];
  deploymentTypes: readonly Details['deploymentType'][];
  highestRisk: Details['risk'];
  databases: readonly Details['database'][];
  requestedBy: readonly string[];
}

/** How long a go counts, and what happens while one is missing (CH-8); what is unset does not happen. */
export interface SignOffCare {
  goLasts?: Duration;
  remindAfter?: Duration;
  escalateAfter?: Duration;
  /** The role that is told. */
  escalateTo?: string;
  /** Roles that one person may fill together in a deployment; without, one person fills one (CH-10). */
  onePersonMayFill?: readonly (readonly string[])[];
  /** Whose go falls where only this changes: a raised risk, or another change of the database (CH-7). */
  askedAgain?: { risk?: readonly string[]; database?: readonly string[] };
}

/** An item of the checklist, and the changes that it is for. */
export interface ChecklistRule extends ChecklistItem {
  when?: Concerned;
}

/** What an environment says of how a service rolls out, or a service of one environment; what is unset is as it is for all. */
export interface RolloutRule {
  /** The only strategies that may be used there. */
  strategies?: readonly string[];
  /** Where that does not name them: strategies that may not. */
  without?: readonly string[];
  /** The one that is suggested. */
  strategy?: string;
  /** The one that is suggested where the risk is high. */
  highRisk?: string;
  safeguards?: Partial<Omit<Safeguards, 'permissions' | 'judge' | 'overrun'>>;
  undecided?: JudgePlan['undecided'];
  /** What every stage must show there, instead of what the judge asks of all and of single ones. */
  criteria?: JudgePlan['criteria'];
}

export interface ServiceRolloutRule extends RolloutRule {
  /** Where it differs from what the service usually has. */
  traffic?: Traffic;
}

/** Requests a minute and percent of errors as they usually are. */
export interface Traffic {
  per_minute: number;
  errors: number;
}

export interface Strategy {
  id: string;
  name: string;
  plan: Plan;
}

/** An adapter as the file declares it: what a service and a request name. */
export interface AdapterInstance {
  name: string;
  kind: string;
  /** Calls to it that may be under way at once. */
  limit: number;
  /** Its own settings, checked by its kind. */
  settings: unknown;
  /** False for the built-in simulator where the file does not name it: good enough for a demo, and for nothing else. */
  declared: boolean;
}

export interface ServicePolicy {
  name: string;
  /** Whether GoNoGo conducts its deployments, or only looks at those of others. */
  mode: 'drive' | 'watch';
  /** Of one that is only watched: whether its backend is asked, or only reports over HTTP count. */
  watchedBy: 'backend' | 'reports';
  /** Where its cards live: a Slack channel id. */
  channel: string;
  /** Environments it is deployed to, in the order of the hierarchy. */
  environments: string[];
  /** Names of instances, see `Policy.backends` and `Policy.metrics`. */
  backend: string;
  metrics: string;
  /** Sources of alerts and log errors, see `Policy.signals`. */
  signals: readonly string[];
  /** Who is called where nobody acts, see `Policy.notifiers`. */
  notifiers: readonly string[];
  /** The strategy that is suggested where its environment names none. */
  strategy: string;
  /** How it rolls out in single environments, by their id. */
  in?: Readonly<Record<string, ServiceRolloutRule>>;
  /** What is tried of a version once it is there, by environment. */
  smoke: ReadonlyMap<string, SmokeTerms>;
  /** How its versions are tagged, where that is not `v2.1.0`. */
  versionPatterns?: readonly string[];
  /** Services it needs: none of them changes while it does (WN-2). */
  dependsOn: readonly string[];
  /** How it is judged, where that differs from the others. */
  judge?: JudgePlan;
  /** For what its stages can decide. */
  traffic?: Traffic;
  /** The team it belongs to, by its name in the file. */
  team?: string;
  /** Roles that others fill here than elsewhere, by the id in `Policy.scopedRoles` under which these hold them. */
  approvers?: ReadonlyMap<string, string>;
  lead?: string;
  /** How its on-call is found, and in single environments. */
  onCall?: OnCall;
  onCallIn?: Readonly<Record<string, OnCall>>;
  /** Who is told when a rollout runs over and nobody acts. */
  escalation?: string;
}

/** How a person is reached (WN-5). The phone is for those who take part in a run to see, never for a record or a log. */
export interface PersonPolicy {
  hours?: Hours;
  phone?: string;
}

export interface Policy {
  team: string;
  /** Where the team is told that the policy changed, or could not: a Slack channel id. */
  announcements?: string;
  /** IANA zone in which "14:00" is read where a person's own zone is not known. */
  timeZone: string;
  services: ReadonlyMap<string, ServicePolicy>;
  /** By their names. */
  backends: ReadonlyMap<string, AdapterInstance>;
  metrics: ReadonlyMap<string, AdapterInstance>;
  signals: ReadonlyMap<string, AdapterInstance>;
  notifiers: ReadonlyMap<string, AdapterInstance>;
  /** How long something may wait for a person before they are called. */
  pageAfter: Duration;
  environments: readonly Environment[];
  strategies: ReadonlyMap<string, Strategy>;
  roles: ReadonlyMap<string, Role>;
  /** Roles that people hold for some services only, and on-call groups: see `rolesAt`. */
  scopedRoles: ReadonlyMap<string, Role>;
  /** How teams are called, by their names in the file. */
  teams: ReadonlyMap<string, string>;
  /** By Slack user id. */
  people: ReadonlyMap<string, PersonPolicy>;
  /** Where alerts are watched, and how services are found in them. */
  alerts: AlertPolicy;
  /** Every gate that may be reported. */
  gates: ReadonlyMap<string, Gate>;
  checklist: readonly ChecklistRule[];
  /** Whether a version goes up the environments one by one (GT-8). */
  promotion: 'in_order' | 'any_order';
  preApproved: readonly PreApproval[];
  /** The three, and those of the team's own; see `changeTypeOf`. */
  changeTypes: Readonly<Record<BaseType, ChangeTypePolicy> & Record<string, ChangeTypePolicy>>;
  signOffCare: SignOffCare;
  /** Unset where nobody has to be told ahead. */
  communication?: Communication;
  /** Business days, and the hours in which people are reminded, in the team's zone. */
  workdays: Workdays;
  calendar: CalendarPolicy;
  /** Roles that may ask for a deployment; `anyone` is every full member of the workspace. */
  requesters: readonly string[];
  permissions: Readonly<Record<Action, readonly string[]>>;
  safeguards: Omit<Safeguards, 'permissions'>;
}
