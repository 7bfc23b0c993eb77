/** Checked settings → the policy: names expanded, durations in milliseconds. */

import { patternsIn } from '../adapters/version-pattern.ts';
import { defined, given } from '../defined.ts';
import type {
  AutomaticRule,
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
import { type Duration, MINUTE } from '../time.ts';
import { namedRoles, signOffOf, standingFor } from './any-of.ts';
import { buildAdapters, buildInstances } from './build-adapters.ts';
import { buildAlerts } from './build-alerts.ts';
import { buildCalendar } from './build-calendar.ts';
import { judgePlan } from './build-judge.ts';
import { buildCommunication, buildOverrun, buildPeople } from './build-people.ts';
import { buildChecklist, buildGates, when } from './build-readiness.ts';
import { buildStrategy, rolloutRule, serviceRolloutRule } from './build-rollout.ts';
import { buildSmoke } from './build-smoke.ts';
import { parseDuration } from './durations.ts';
import { mergeJudge, type Settings } from './merge.ts';
import { required } from './required.ts';
import { roleWords } from './role-words.ts';
import { ANY_ROLE } from './schema-words.ts';
import { buildOnCall, buildScopedRoles, peopleOf, scopedRolesOf } from './teams.ts';

/** Long enough to read a direct message, short enough for traffic that stands half-way. */
const PAGE_AFTER: Duration = 5 * MINUTE;

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
    notifiers: buildInstances(settings.notifiers),
    pageAfter: given(settings.safeguards?.page_after, parseDuration) ?? PAGE_AFTER,
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
      ...Object.fromEntries(Object.keys(settings.change_types).map((id) => [id, changeType(id, settings)])),
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
        reviewWithin: given(safeguards?.review_within, parseDuration),
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
  return [...new Set(ids.flatMap((id) => (id === ANY_ROLE ? namedRoles(settings) : [id])))];
}

function service(name: string, settings: Settings): ServicePolicy {
  const { services, environments, defaults } = settings;
  const own = services[name];
  const all = Object.keys(environments);
  const people = peopleOf(settings, name);
  const approvers = scopedRolesOf(settings, name);
  return {
    name,
    mode: own?.mode ?? 'drive',
    watchedBy: own?.watched_by ?? 'backend',
    channel: required(people.channel, `services.${name}.channel`),
    environments: own?.environments ? all.filter((id) => own.environments?.includes(id)) : all,
    backend: required(own?.backend ?? defaults?.backend, 'defaults.backend'),
    metrics: required(own?.metrics ?? defaults?.metrics, 'defaults.metrics'),
    signals: own?.signals ?? defaults?.signals ?? [],
    notifiers: own?.notifiers ?? defaults?.notifiers ?? [],
    strategy: required(own?.strategy ?? defaults?.strategy, 'defaults.strategy'),
    in: Object.fromEntries(Object.entries(own?.in ?? {}).map(([id, rule]) => [id, serviceRolloutRule(rule)])),
    dependsOn: own?.depends_on ?? [],
    smoke: buildSmoke(name, settings),
    ...defined({ judge: given(own?.judge, (judge) => judgePlan(mergeJudge(settings.judge, judge))) }),
    ...defined({
      versionPatterns: patternsIn(own?.version_pattern),
      traffic: own?.traffic,
      team: own?.team,
      lead: people.lead,
      escalation: people.escalation,
    }),
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
    pages: own?.pages ?? own?.approval === 'manual',
    rollout: rolloutRule(own ?? {}),
    ...defined({ automatic: automaticRule(own ?? {}), bake: given(own?.bake, parseDuration) }),
  };
}

function automaticRule({
  on_merge: onMerge,
  nightly,
}: NonNullable<Settings['environments'][string]>): AutomaticRule | undefined {
  if (onMerge === true) return { kind: 'on_merge' };
  const [hours = 0, minutes = 0] = (nightly ?? '').split(':').map(Number);
  return nightly === undefined ? undefined : { kind: 'nightly', at: hours * 60 + minutes };
}

function signOffRules(
  entries: NonNullable<Settings['environments'][string]>['sign_offs'] = [],
): SignOffRule[] {
  return entries.map(signOffOf).map(({ role, quorum, ...own }) => ({ role, quorum, ...when(own) }));
}

function changeType(id: string, settings: Settings): ChangeTypePolicy {
  const own = settings.change_types[id];
  const approval = required(own?.approval, `change_types.${id}.approval`);
  const terms: ChangeTypePolicy = {
    approval,
    leadTime: own?.lead_time ?? 0,
    signOffs: signOffRules(own?.sign_offs),
    checklist: own?.checklist ?? 'required',
    changeRequest: own?.change_request ?? false,
    ...defined({ gates: own?.gates, requesters: own?.requesters, like: own?.like }),
    ...((own?.like ?? id) === 'emergency'
      ? { declaredBy: required(own?.declared_by, `change_types.${id}.declared_by`) }
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

function signOffCare({ sign_offs: own = {}, roles }: Settings): Policy['signOffCare'] {
  const { expire_after: lasts, remind_after: remind, escalate_after: escalate, escalate_to: to } = own;
  return {
    ...defined({
      goLasts: given(lasts, parseDuration),
      remindAfter: given(remind, parseDuration),
      escalateAfter: given(escalate, parseDuration),
      escalateTo: to,
      onePersonMayFill: own.one_person_may_fill,
      askedAgain: given(own.asked_again, (said) => askedAgain(said, roles)),
    }),
  };
}

function askedAgain(
  { risk, database }: NonNullable<NonNullable<Settings['sign_offs']>['asked_again']>,
  roles: Settings['roles'],
): NonNullable<Policy['signOffCare']['askedAgain']> {
  const all = (ids: readonly string[]) => [...ids, ...standingFor(roles, ids)];
  return { ...defined({ risk: given(risk, all), database: given(database, all) }) };
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
    ...defined({ anyOf: own?.any_of }),
  };
}
