/** Checked settings → the policy: names expanded, durations in milliseconds. */

import { defined, given } from '../defined.ts';
import type { Bound, JudgePlan } from '../judge/types.ts';
import type {
  ChangeTypePolicy,
  Environment,
  Policy,
  PreApproval,
  Role,
  ServicePolicy,
  SignOffRule,
} from '../policy/policy.ts';
import type { Action } from '../terms/safeguards.ts';
import { SIGNAL_DEFAULTS, type SignalRules } from '../terms/signals.ts';
import { buildAdapters } from './build-adapters.ts';
import { buildAlerts } from './build-alerts.ts';
import { buildCalendar } from './build-calendar.ts';
import { buildCommunication, buildOverrun, buildPeople } from './build-people.ts';
import { buildChecklist, buildGates } from './build-readiness.ts';
import { buildStrategy, rolloutRule, undecidedPlan } from './build-rollout.ts';
import { buildSmoke } from './build-smoke.ts';
import { parseDuration } from './durations.ts';
import { mergeJudge, type Settings } from './merge.ts';
import { ANY_ROLE } from './schema-words.ts';
import { buildOnCall, buildScopedRoles, peopleOf, roleWords, scopedRolesOf } from './teams.ts';

/** Throws where a preset leaves out a setting that has no other source: a fault of the preset, not of the file. */
export function buildPolicy(settings: Settings): Policy {
  const { judge, safeguards } = settings;
  return {
    team: settings.team,
    timeZone: settings.time_zone ?? 'UTC',
    services: new Map(Object.keys(settings.services).map((name) => [name, service(name, settings)])),
    backends: buildAdapters(settings.backends),
    metrics: buildAdapters(settings.metrics),
    signals: buildAdapters(settings.signals),
    environments: Object.keys(settings.environments).map((id) => environment(id, settings)),
    strategies: new Map(
      Object.entries(settings.strategies ?? {}).map(([id, own]) => [id, buildStrategy(id, own)]),
    ),
    roles: new Map(Object.keys(settings.roles).map((id) => [id, role(id, settings)])),
    scopedRoles: buildScopedRoles(settings),
    teams: new Map(Object.entries(settings.teams ?? {}).map(([id, { name }]) => [id, name ?? roleWords(id)])),
    people: buildPeople(settings),
    alerts: buildAlerts(settings),
    ...buildCommunication(settings),
    gates: buildGates(settings),
    checklist: buildChecklist(settings, (id) => role(id, settings).name),
    ...defined({ announcements: settings.announcements }),
    promotion: required(settings.promotion, 'promotion'),
    preApproved: (settings.pre_approved ?? []).map(preApproval),
    changeTypes: {
      standard: changeType('standard', settings),
      normal: changeType('normal', settings),
      emergency: changeType('emergency', settings),
    },
    signOffCare: signOffCare(settings),
    workdays: {
      timeZone: settings.time_zone ?? 'UTC',
      holidays: settings.holidays ?? [],
      ...defined({ hours: settings.sign_offs?.working_hours }),
    },
    calendar: buildCalendar(settings, (ids) => expand(ids, settings)),
    requesters: required(settings.requesters, 'requesters'),
    permissions: permissionsOf(settings),
    safeguards: {
      judge: judgePlan(judge),
      lookEvery: parseDuration(required(safeguards?.look_every, 'safeguards.look_every')),
      holdAfterNoData: required(safeguards?.hold_after_no_data, 'safeguards.hold_after_no_data'),
      observeFor: parseDuration(required(safeguards?.observe_for, 'safeguards.observe_for')),
      observeEvery: parseDuration(required(safeguards?.observe_every, 'safeguards.observe_every')),
      ...defined({
        allClearAfter: given(safeguards?.all_clear_after, (text) => parseDuration(text) || undefined),
        onRegression: safeguards?.on_regression,
        breaking: safeguards?.breaking,
        signals: given(safeguards?.signals, signalRules),
      }),
      expireAfter: parseDuration(required(safeguards?.expire_after, 'safeguards.expire_after')),
      rollbackWithin: parseDuration(required(safeguards?.rollback_within, 'safeguards.rollback_within')),
      ...buildOverrun(settings),
    },
  };
}

function signalRules(own: NonNullable<NonNullable<Settings['safeguards']>['signals']>): SignalRules {
  const { critical_error: criticalError, critical_alert: criticalAlert, alert } = own;
  return { ...SIGNAL_DEFAULTS, ...defined({ criticalError, criticalAlert, alert }) };
}

function required<T>(value: T | undefined, setting: string): T {
  if (value === undefined) throw new Error(`the preset does not say ${setting}`);
  return value;
}

function permissionsOf(settings: Settings): Policy['permissions'] {
  const roles = (action: Action) =>
    expand(required(settings.permissions?.[action], `permissions.${action}`), settings);
  return {
    promote: roles('promote'),
    hold: roles('hold'),
    resume: roles('resume'),
    extend: roles('extend'),
    roll_back: roles('roll_back'),
    revise: roles('revise'),
    cancel: roles('cancel'),
    tick: roles('tick'),
  };
}

function expand(ids: readonly string[], settings: Settings): string[] {
  return [...new Set(ids.flatMap((id) => (id === ANY_ROLE ? Object.keys(settings.roles) : [id])))];
}

function service(name: string, settings: Settings): ServicePolicy {
  const { services, environments, defaults } = settings;
  const own = services[name];
  const all = Object.keys(environments);
  const people = peopleOf(settings, name);
  const approvers = scopedRolesOf(settings, name);
  return {
    name,
    channel: required(people.channel, `services.${name}.channel`),
    environments: own?.environments ? all.filter((id) => own.environments?.includes(id)) : all,
    backend: required(own?.backend ?? defaults?.backend, 'defaults.backend'),
    metrics: required(own?.metrics ?? defaults?.metrics, 'defaults.metrics'),
    signals: own?.signals ?? defaults?.signals ?? [],
    strategy: required(own?.strategy ?? defaults?.strategy, 'defaults.strategy'),
    in: Object.fromEntries(Object.entries(own?.in ?? {}).map(([id, rule]) => [id, rolloutRule(rule)])),
    dependsOn: own?.depends_on ?? [],
    smoke: buildSmoke(name, settings),
    ...(own?.judge === undefined ? {} : { judge: judgePlan(mergeJudge(settings.judge, own.judge)) }),
    ...defined({ traffic: own?.traffic, team: own?.team, lead: people.lead, escalation: people.escalation }),
    ...buildOnCall(settings, name),
    ...(approvers.size === 0 ? {} : { approvers }),
  };
}

function environment(id: string, { environments }: Settings): Environment {
  const own = environments[id];
  return {
    id,
    name: own?.name ?? id,
    approval: own?.approval ?? 'none',
    signOffs: signOffRules(own?.sign_offs),
    gates: own?.gates ?? [],
    handOverGates: own?.hand_over_gates ?? [],
    checklist: own?.checklist ?? [],
    rollout: rolloutRule(own ?? {}),
  };
}

function signOffRules(
  entries: NonNullable<Settings['environments'][string]>['sign_offs'] = [],
): SignOffRule[] {
  return entries.map((entry) =>
    typeof entry === 'string'
      ? { role: entry, quorum: 1 }
      : { role: entry.role, quorum: entry.quorum ?? 1, ...(entry.only ? { only: entry.only } : {}) },
  );
}

function changeType(id: keyof Settings['change_types'], settings: Settings): ChangeTypePolicy {
  const own = settings.change_types[id];
  const approval = required(own?.approval, `change_types.${id}.approval`);
  const terms: ChangeTypePolicy = {
    approval,
    leadTime: own?.lead_time ?? 0,
    signOffs: signOffRules(own?.sign_offs),
    checklist: own?.checklist ?? 'required',
    changeRequest: own?.change_request ?? false,
    ...defined({ gates: own?.gates, requesters: own?.requesters }),
    ...(id === 'emergency'
      ? {
          declaredBy: required(
            settings.change_types.emergency?.declared_by,
            `change_types.${id}.declared_by`,
          ),
        }
      : {}),
  };
  if (approval !== 'afterwards') return terms;
  return {
    ...terms,
    owed: {
      within: parseDuration(required(own?.owed_within, `change_types.${id}.owed_within`)),
      remindEvery: parseDuration(required(own?.remind_every, `change_types.${id}.remind_every`)),
      documentation: own?.documentation ?? false,
    },
  };
}

function signOffCare({ sign_offs: own = {} }: Settings): Policy['signOffCare'] {
  const { expire_after: lasts, remind_after: remind, escalate_after: escalate, escalate_to: to } = own;
  return {
    ...defined({
      goLasts: given(lasts, parseDuration),
      remindAfter: given(remind, parseDuration),
      escalateAfter: given(escalate, parseDuration),
      escalateTo: to,
      onePersonMayFill: own.one_person_may_fill,
      askedAgain: given(own.asked_again, askedAgain),
    }),
  };
}

function askedAgain({
  risk,
  database,
}: NonNullable<NonNullable<Settings['sign_offs']>['asked_again']>): NonNullable<
  Policy['signOffCare']['askedAgain']
> {
  return { ...defined({ risk, database }) };
}

/** What a rule does not say is read as the least. */
function preApproval(rule: NonNullable<Settings['pre_approved']>[number]): PreApproval {
  return {
    services: rule.services,
    deploymentTypes: rule.deployment_types,
    highestRisk: rule.highest_risk ?? 'low',
    databases: rule.databases ?? ['none'],
    requestedBy: rule.requested_by,
  };
}

function role(id: string, { roles }: Settings): Role {
  const own = roles[id];
  return {
    id,
    name: own?.name ?? roleWords(id),
    members: own?.members ?? [],
    usergroups: [own?.usergroup ?? []].flat(),
  };
}

function judgePlan(judge: Settings['judge']): JudgePlan {
  return {
    alpha: required(judge?.alpha, 'judge.alpha'),
    margin: required(judge?.margin, 'judge.margin'),
    harm: required(judge?.harm, 'judge.harm'),
    ...(judge?.negligible === undefined || judge.negligible === 0 ? {} : { negligible: judge.negligible }),
    criteria: criteria(required(judge?.criteria, 'judge.criteria')),
    triggers: triggers(required(judge?.triggers, 'judge.triggers')),
    metrics: (judge?.metrics ?? []).map(({ name, direction, action }) => ({
      name,
      worse: direction === 'lower_is_worse' ? 'lower' : 'higher',
      action: action ?? 'hold',
    })),
    undecided: undecidedPlan(judge?.undecided),
    stages: (judge?.stages ?? []).map((own) => ({
      stage: own.stage,
      ...defined({
        criteria: given(own.criteria, criteria),
        triggers: given(own.triggers, triggers),
        undecided: own.undecided,
      }),
    })),
  };
}

type JudgeSettings = NonNullable<Settings['judge']>;

function criteria(list: NonNullable<JudgeSettings['criteria']>): JudgePlan['criteria'] {
  return list.map(bound);
}

function triggers(list: NonNullable<JudgeSettings['triggers']>): JudgePlan['triggers'] {
  return list.map((rule) => ({
    ...bound(rule),
    breaches: rule.breaches,
    of: rule.of,
    action: rule.action,
  }));
}

/** Where less is worse, the line is under the figure. */
function bound(rule: NonNullable<JudgeSettings['criteria']>[number]): Bound {
  const { metric, kind, over, under, min_sample: minSample } = rule;
  const limit = under === undefined ? {} : { worse: 'lower' as const };
  return { metric, kind, over: required(under ?? over, 'over or under of a rule'), ...limit, minSample };
}
